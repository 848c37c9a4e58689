"""A play of many people on one Pandu, and what befalls it meanwhile."""

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
from tests.killing.lives import Cradle, House, Life, settings_for
from tests.killing.oracle import Account, account_of, at_rest
from tests.killing.phones import People
from tests.killing.plays import Play
from tests.killing.points import Where

# Longer than the third wait of a message in doubt.
REST_SECONDS = 240
# Longer than any claim or lease (on PostgreSQL only time proves that a process is dead), and than the first waits of
# what is in doubt.
LEASES_RUN_OUT = 125.0
MOST_WORDS = 12
# How long a process may take to its first word.
WORK_SECONDS = 10.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has led to. `codes` are the exits in their order, `endings` how many seconds each took; `foreign`
    is how often Telegram told somebody that another polls."""

    account: Account
    state: Mapping[str, Any]
    complaints: list[str]
    codes: list[int]
    endings: list[float]
    foreign: int
    seconds: float


@dataclass
class Journey:
    """One run on one database, undisturbed. `run` it once. `faults` are Telegram's all the while."""

    url: str
    directory: Path
    cradle: Cradle
    play: Play
    hurry: bool = False
    seed: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    codes: list[int] = field(default_factory=list)
    endings: list[float] = field(default_factory=list)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Outcome:
        """Everybody lives their journey, then all comes to rest and is judged."""
        began = time.monotonic()
        scene = await asyncio.to_thread(self.play.sets, self.url)
        async with Simulator(limits=False, strict=False) as sim:
            settings = settings_for(sim.url, self.url, self.directory) | dict(self.settings)
            house = House(self.cradle, self.directory, settings)
            self.calms(sim)
            crowd = self.play.people(sim, scene, self.pace, random.Random(self.seed + 1), self.hurry)
            try:
                await self._lived(sim, house, crowd)
                await self._comes_to_rest(sim, house)
            finally:
                await house.clear()
            account, state = await asyncio.to_thread(self._judged, sim, crowd)
        foreign = sum(one["code"] == 409 for one in sim.ledger.refusals)
        seconds = time.monotonic() - began
        return Outcome(account, state, house.complaints(), self.codes, self.endings, foreign, seconds)

    # What a kind of run is like

    async def pace(self, _part: float) -> None:
        """Wait until this part (0 to 1) of the journey may be reached."""

    async def begin(self, house: House) -> None:
        await house.begin()

    async def befalls(self, sim: Simulator, house: House, crowd: People) -> None:
        """What happens while people live."""

    async def tends(self, sim: Simulator, house: House) -> None:
        """What is done while all comes to rest."""

    # Common to all

    async def _lived(self, sim: Simulator, house: House, crowd: People) -> None:
        await self.begin(house)
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.live())
            group.create_task(self.befalls(sim, house, crowd))

    def calms(self, sim: Simulator) -> None:
        """Telegram has only the faults of this run."""
        sim.plan.set({"preset": "normal", **self.faults})

    def came(self) -> None:
        """One more of what befalls has come; somebody may go on."""
        self.done += 1
        self.stirred.set()

    async def ended(self, life: Life, by: signal.Signals) -> None:
        began = time.monotonic()
        life.gets(by)
        self.codes.append(await life.end())
        self.endings.append(time.monotonic() - began)

    def leases_run_out(self, sim: Simulator, house: House) -> None:
        """Let everybody's clock go on until nothing holds any more what a killed process held."""
        house.advance(LEASES_RUN_OUT)
        sim.clock.advance(LEASES_RUN_OUT)

    async def _comes_to_rest(self, sim: Simulator, house: House) -> None:
        """Wait until nothing waits any more, and let everybody end."""
        await self._rests(sim, house)
        for life in house.lives:
            if not await life.ended():
                assert await life.ready(), life.said
                await self.ended(life, signal.SIGTERM)

    async def _rests(self, sim: Simulator, house: House) -> None:
        database = Database(self.url)
        try:
            async with asyncio.timeout(REST_SECONDS):
                while sim.x.updates.waiting() or not await database.read(at_rest):
                    await self.tends(sim, house)
                    await asyncio.sleep(0.1)
        finally:
            await database.close()

    def _judged(self, sim: Simulator, crowd: People) -> tuple[Account, Mapping[str, Any]]:
        database = Database(self.url)
        try:
            account = account_of(database, sim.ledger, crowd.sent, self.directory / "data")
            account.kills = self.done
            return account, database.write_now(lambda session: self.play.judged(session, crowd, account))
        finally:
            database.writer.dispose()


@dataclass
class Siege(Journey):
    """Pandu is ended `kills` times at moments of chance, and started anew at once. Nobody arrives before the last.

    With several `replicas` one of them is ended each time, and the others live on.
    """

    kills: int = 20
    by: signal.Signals = signal.SIGKILL
    replicas: int = 1

    async def pace(self, part: float) -> None:
        while self.done < self.kills * part:
            self.stirred.clear()
            await self.stirred.wait()

    async def begin(self, house: House) -> None:
        for _ in range(self.replicas):
            await house.begin()

    async def befalls(self, sim: Simulator, house: House, crowd: People) -> None:
        chance = random.Random(self.seed)
        living = list(house.lives)
        while self.done < self.kills:
            life = living.pop(chance.randrange(len(living)))
            await self._moment(sim, life, chance)
            await self.ended(life, self.by)
            self.calms(sim)
            if self.by is signal.SIGKILL:
                self.leases_run_out(sim, house)
            living.append(await house.begin())
            self.came()

    async def _moment(self, sim: Simulator, life: Life, chance: random.Random) -> None:
        """Wait for one: while it starts, some time after, the instant a message of its reaches Telegram, or the
        instant one is lost on its way there."""
        kind = chance.random()
        if kind < 0.1 and self.by is signal.SIGKILL:
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            return
        assert await life.ready(), life.said
        # A process that never finishes a thing would rightly blame what it was given: five deaths set an update aside.
        await _hears(sim, 1, "message", WORK_SECONDS)
        if kind < 0.4:
            await asyncio.sleep(chance.uniform(0.0, 0.9))
            return
        if kind < 0.55 and self.by is signal.SIGKILL:
            await _loses(sim)
            return
        await _hears(sim, chance.randint(1, MOST_WORDS), chance.choice(("message", "callback_answer")))


@dataclass
class Fall(Journey):
    """The first process ends itself at one point; the second finishes. `done` tells whether the point was reached."""

    where: Where = Where.AFTER_COMMIT
    number: int = 1
    about: str = ""

    async def begin(self, house: House) -> None:
        await house.begin(fatal={"where": self.where, "number": self.number, "about": self.about})

    async def befalls(self, sim: Simulator, house: House, crowd: People) -> None:
        while not self.done and not crowd.over.is_set():
            await self.tends(sim, house)
            await asyncio.sleep(LOOK_SECONDS)

    async def tends(self, sim: Simulator, house: House) -> None:
        if not self.done and await house.lives[0].ended():
            await self._rises(sim, house)

    async def _rises(self, sim: Simulator, house: House) -> None:
        self.leases_run_out(sim, house)
        await house.begin()
        self.came()

    async def _comes_to_rest(self, sim: Simulator, house: House) -> None:
        await super()._comes_to_rest(sim, house)
        if not self.done and house.lives[0].code != 0:
            # The point lay in the very last things it did.
            await self._rises(sim, house)
            await super()._comes_to_rest(sim, house)


@dataclass
class Faint(Journey):
    """Two replicas; each in turn is stopped for a while, so that it wakes up in a world that has gone on."""

    stops: int = 2
    stopped_seconds: float = 20.0

    async def pace(self, part: float) -> None:
        while self.done < self.stops * part:
            self.stirred.clear()
            await self.stirred.wait()

    async def begin(self, house: House) -> None:
        for _ in range(2):
            life = await house.begin()
            assert await life.ready(), life.said

    async def befalls(self, sim: Simulator, house: House, crowd: People) -> None:
        for life in house.lives[: self.stops]:
            await _hears(sim, 3, "message")
            life.gets(signal.SIGSTOP)
            self.came()
            await asyncio.sleep(self.stopped_seconds)
            life.gets(signal.SIGCONT)
            await asyncio.sleep(self.stopped_seconds / 4)


async def _loses(sim: Simulator) -> None:
    """Let no message through any more; return when one was lost, or when none has come for a second."""
    before = len(sim.ledger.refusals)
    sim.plan.set({"drop_before": 1.0, "methods": ["sendMessage", "editMessageText"]})
    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            while len(sim.ledger.refusals) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.001)


async def _hears(sim: Simulator, count: int, kind: str, seconds: float = 1.0) -> None:
    """Return within the very call that makes the `count`-th event of this kind, or when the time is over."""
    heard = asyncio.Event()
    left = [count]

    def hear(event: Mapping[str, Any]) -> None:
        if event["type"] == kind and not event.get("message", {}).get("outgoing", False):
            left[0] -= 1
            if left[0] == 0:
                heard.set()

    deaf: Callable[[], None] = sim.x.feed.listen(hear)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await heard.wait()
    deaf()
