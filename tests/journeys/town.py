"""A whole Pandu beside a stand-in Telegram, in one process: people at their phones, a real database, real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import App, build
from bot.services.items import enrol
from bot.services.work import Work
from bot.settings import Settings
from db.audit import OPERATOR
from db.models import Evidence, InboxUpdate, OutboxMessage
from db.vocabulary import EvidenceState, InboxState, OutboxState, Role
from simulator.person import Person
from simulator.server import Simulator
from tests import stage

T = TypeVar("T")
TOKEN = "1:demo"


@dataclass
class Town:
    """Pandu at work. `restart` ends it as SIGTERM does and starts it anew on the same database."""

    sim: Simulator
    settings: Settings
    app: App
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    @property
    def now(self) -> datetime:
        return self.sim.clock.now()

    async def begin(self) -> None:
        self.stop = asyncio.Event()
        self.app = build(self.settings, self.sim.clock)
        self.running = asyncio.create_task(self.app.run(self.stop))
        ready = asyncio.create_task(self.app.ready.wait())
        await asyncio.wait({ready, self.running}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        if self.running.done():
            await self.running
        assert self.app.ready.is_set(), "Pandu did not get ready"

    async def end(self) -> None:
        self.stop.set()
        if self.running:
            await self.running

    async def restart(self) -> None:
        await self.end()
        await self.begin()

    async def write(self, deed: Callable[[Work], T]) -> T:
        """Do something in a transaction of the running Pandu's database."""
        assert self.app.front is not None
        front = self.app.front
        return await self.app.database.write(
            lambda session: deed(Work(session, self.now, front.programme, front.edition_id, "stage", OPERATOR))
        )

    async def read(self, look: Callable[[Any], T]) -> T:
        return await self.app.database.read(look)

    async def files_are_checked(self) -> None:
        """Return when no file waits to be looked into."""
        statement = select(Evidence.id).where(Evidence.state == EvidenceState.CHECKING).limit(1)
        async with asyncio.timeout(20):
            while await self.read(lambda session: session.scalar(statement)):  # noqa: ASYNC110 - rows tell no event
                await asyncio.sleep(0.05)

    async def quiet(self) -> None:
        """Return when nothing waits to be fetched, worked on or sent at this moment."""
        async with asyncio.timeout(20):
            while self.sim.x.updates.waiting() or await self.read(lambda session: _is_busy(session, self.now)):  # noqa: ASYNC110 - rows tell no event
                await asyncio.sleep(0.03)

    async def ticks(self) -> None:
        """What the clock brings comes now: its turns are counted in real time, which a test does not wait for."""
        assert self.app.ticker is not None
        await self.app.ticker.beat()

    def later(self, **time: float) -> None:
        """Let simulated time pass."""
        self.sim.clock.advance(timedelta(**time).total_seconds())

    async def moves_in(self, name: str, role: Role, region_code: str | None = None, **scope: Any) -> Person:
        """Somebody who already has a seat, with Pandu's home screen before them."""
        member = await self.write(lambda work: stage.member(work, role, region_code, name, **scope).telegram_id)
        phone = Person(self.sim, member or 0, name)
        await phone.start()
        await phone.sees(name)
        return phone

    def stranger(self, user_id: int, name: str) -> Person:
        return Person(self.sim, user_id, name)


def _is_busy(session: Session, now: datetime) -> bool:
    coming = select(InboxUpdate.id).where(InboxUpdate.state == InboxState.NEW)
    open_states = (OutboxState.WAITING, OutboxState.SENDING)
    # A message put off for the pace of its chat leaves within the second.
    soon = OutboxMessage.due_at <= now + timedelta(seconds=1)
    going = select(OutboxMessage.id).where(OutboxMessage.state.in_(open_states), soon)
    return any(session.scalar(statement.limit(1)) is not None for statement in (coming, going))


@asynccontextmanager
async def open_town(database_url: str, directory: Path, **settings: Any) -> AsyncIterator[Town]:
    """A town at H-17, 09.00 WIB, with Kota Tebing Tinggi taking part."""
    sim = Simulator(limits=False, state=directory / "simulator")
    sim.clock.move_to(stage.NOW)
    await sim.start()
    sim.clock.move_to(stage.NOW)
    usual: dict[str, Any] = {
        "_env_file": None,
        "bot_token": TOKEN,
        "api_url": sim.url,
        "database_url": database_url,
        "data_dir": directory / "data",
        "help_contact": "Ibu Sari, 021-5550101",
        "privacy_contact": "privasi@contoh.go.id",
        "total_rate": 100_000,
        "bulk_rate": 100_000,
        "flood_per_minute": 100_000,
    }
    chosen = Settings(**(usual | settings))
    town = Town(sim, chosen, build(chosen, sim.clock))
    with pytest.MonkeyPatch.context() as here:
        # On a busy machine a step may take a second; here its own words are wanted, not the empty answer before them.
        here.setattr("bot.worker.LATE_SECONDS", 60.0)
        try:
            await town.begin()
            await town.write(lambda work: enrol(work, stage.TEBING_TINGGI))
            yield town
        finally:
            await town.end()
            await sim.stop()
