"""The main journey of many people while Pandu is killed and started anew under their hands."""

import asyncio
import random
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.engine import Database
from simulator.server import Simulator
from tests.killing.crowd import Crowd, at_once
from tests.killing.lives import Cradle, House, Life, settings_for
from tests.killing.oracle import Account, account_of, at_rest, state_of
from tests.killing.scene import Scene, Size, set_scene

REST_SECONDS = 90
# Longer than any claim or lease: on PostgreSQL only time proves that a process is dead.
LEASES_RUN_OUT = 125.0
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has led to."""

    account: Account
    state: Mapping[str, Any]
    complaints: list[str]
    exit_code: int
    seconds: float


@dataclass
class Siege:
    """One run of the journey on one database. `kills` 0 is the undisturbed run."""

    url: str
    directory: Path
    cradle: Cradle
    size: Size
    kills: int = 0
    seed: int = 1
    by: signal.Signals = signal.SIGKILL
    done: int = 0
    codes: list[int] = field(default_factory=list)
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Outcome:
        began = time.monotonic()
        scene = await asyncio.to_thread(set_scene, self.url, self.size)
        async with Simulator(limits=False, strict=False) as sim:
            house = House(self.cradle, self.directory, settings_for(sim.url, self.url, self.directory))
            try:
                crowd = await self._besieged(sim, house, scene)
                code = await self._comes_to_rest(sim, house)
            finally:
                await house.clear()
            account, state = await asyncio.to_thread(self._judged, sim, crowd, scene)
            return Outcome(account, state, house.complaints(), code, time.monotonic() - began)

    async def _besieged(self, sim: Simulator, house: House, scene: Scene) -> Crowd:
        chance = random.Random(self.seed)
        crowd = Crowd(sim, scene, self._pace if self.kills else at_once, random.Random(self.seed + 1))
        await house.begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.live())
            group.create_task(self._kills(sim, house, chance))
        return crowd

    # The pace: nobody's journey is over before the last kill.

    async def _pace(self, part: float) -> None:
        while self.done < self.kills * part:
            self._stirred.clear()
            await self._stirred.wait()

    async def _kills(self, sim: Simulator, house: House, chance: random.Random) -> None:
        while self.done < self.kills:
            await self._moment(sim, house.lives[-1], chance)
            await self._ends(sim, house)
            self.done += 1
            self._stirred.set()

    async def _ends(self, sim: Simulator, house: House) -> None:
        life = house.lives[-1]
        life.gets(self.by)
        self.codes.append(await life.end())
        if self.by is signal.SIGKILL and not self.url.startswith("sqlite"):
            house.clock += LEASES_RUN_OUT
            sim.clock.advance(LEASES_RUN_OUT)
        await house.begin()

    async def _moment(self, sim: Simulator, life: Life, chance: random.Random) -> None:
        """Wait for one: while it starts, some time after, or the instant a message of its reaches Telegram."""
        kind = chance.random()
        if kind < 0.1:
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            return
        assert await life.ready(), life.said
        if kind < 0.5:
            await asyncio.sleep(chance.uniform(0.0, 0.9))
            return
        await _hears(sim, chance.randint(1, MOST_WORDS), chance.choice(("message", "callback_answer")))

    # The end

    async def _comes_to_rest(self, sim: Simulator, house: House) -> int:
        assert await house.lives[-1].ready(), house.lives[-1].said
        database = Database(self.url)
        try:
            async with asyncio.timeout(REST_SECONDS):
                while sim.x.updates.waiting() or not await database.read(at_rest):
                    await asyncio.sleep(0.1)
        finally:
            await database.close()
        house.lives[-1].gets(signal.SIGTERM)
        return await house.lives[-1].end()

    def _judged(self, sim: Simulator, crowd: Crowd, scene: Scene) -> tuple[Account, Mapping[str, Any]]:
        database = Database(self.url)
        try:
            account = account_of(database, sim.ledger, crowd.sent, crowd.links)
            account.kills = self.done
            return account, state_of(database, [one.region_code for one in scene.officials])
        finally:
            database.writer.dispose()


async def _hears(sim: Simulator, count: int, kind: str) -> None:
    """Return within the very call that makes the `count`-th event of this kind, or when none has come for a second."""
    heard = asyncio.Event()
    left = [count]

    def hear(event: Mapping[str, Any]) -> None:
        if event["type"] == kind and not event.get("message", {}).get("outgoing", False):
            left[0] -= 1
            if left[0] == 0:
                heard.set()

    deaf: Callable[[], None] = sim.x.feed.listen(hear)
    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            await heard.wait()
    deaf()
