"""What people may live while Pandu is killed: who comes, what they do, and what must be true at the end."""

import random
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from sqlalchemy.orm import Session

from simulator.server import Simulator
from tests.killing import broadcast_scene, crowd_scene, hour_scene
from tests.killing.broadcast import Broadcast
from tests.killing.broadcast_oracle import judge_broadcast
from tests.killing.broadcast_scene import BroadcastScene, Reach
from tests.killing.crowd import Crowd
from tests.killing.crowd_scene import Scene, Size
from tests.killing.hour import Hour
from tests.killing.hour_oracle import judge_hour
from tests.killing.hour_scene import HourScene, Rush
from tests.killing.oracle import Account, Rows, links_kept, state_of
from tests.killing.phones import Pace, People
from tests.killing.scene import set_scene


class Play(Protocol):
    """Two equal plays end in the same state if nothing is lost and nothing done twice."""

    def sets(self, url: str) -> Any:
        """Fill a migrated, empty database; the scene."""

    def people(self, sim: Simulator, scene: Any, pace: Pace, chance: random.Random, hurry: bool) -> People:
        """Everybody, not yet acting."""

    def judged(self, session: Session, people: Any, account: Account) -> dict[str, Rows]:
        """Write down what is wrong; what was brought about, in words that two runs have in common."""


@dataclass(frozen=True, slots=True)
class MainJourney:
    """Invitations, items proven, handed back and accepted."""

    size: Size

    def sets(self, url: str) -> Scene:
        return set_scene(url, partial(crowd_scene.fill, size=self.size))

    def people(self, sim: Simulator, scene: Scene, pace: Pace, chance: random.Random, hurry: bool) -> Crowd:
        return Crowd(sim, scene, pace, chance, hurry)

    def judged(self, session: Session, people: Crowd, account: Account) -> dict[str, Rows]:
        links_kept(session, account, people.links)
        return state_of(session, [one.region_code for one in people.scene.officials])


@dataclass(frozen=True, slots=True)
class BusyHour:
    """Questions to the mentors: asked, taken, given away, asked back, answered, doubted, thanked for."""

    rush: Rush

    def sets(self, url: str) -> HourScene:
        return set_scene(url, partial(hour_scene.fill, rush=self.rush))

    def people(self, sim: Simulator, scene: HourScene, pace: Pace, chance: random.Random, hurry: bool) -> Hour:
        return Hour(sim, scene, pace, chance, hurry)

    def judged(self, session: Session, people: Hour, account: Account) -> dict[str, Rows]:
        return judge_hour(session, people, account)


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement to many, while some ask and are answered."""

    rush: Rush
    reach: Reach

    def sets(self, url: str) -> BroadcastScene:
        return set_scene(url, partial(broadcast_scene.fill, rush=self.rush, reach=self.reach))

    def people(
        self, sim: Simulator, scene: BroadcastScene, pace: Pace, chance: random.Random, hurry: bool
    ) -> Broadcast:
        return Broadcast(sim, scene, pace, chance, hurry)

    def judged(self, session: Session, people: Broadcast, account: Account) -> dict[str, Rows]:
        state = judge_hour(session, people, account)
        judge_broadcast(session, people, account)
        return state
