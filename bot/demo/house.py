"""The demo as one process: who starts first, who ends last."""

import asyncio
import errno
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import App, CannotStart, build
from bot.demo.clock import DemoClock, first_morning, keep_time_until, kept_time
from bot.demo.home import DemoHome
from bot.demo.players import CAUSE
from bot.demo.sample import Sample, build_sample
from bot.demo.settings import TOKEN, demo_settings
from bot.lock import FileLock, LockRefused
from bot.program.loading import load_edition, shipped_edition
from bot.settings import Settings
from bot.waiting import pause
from db import inbox, outbox, schema, tables
from db.engine import Database
from db.models import AuditEntry
from db.schema import SchemaState
from db.vocabulary import OutboxState
from simulator import acts
from simulator.server import Simulator

# With a busy machine; two seconds are usual.
FIRST_ANSWERS_SECONDS = 60.0


class Demo:
    """Simulator, sample and Pandu together. `say_building` is called before a sample is built, which takes a while;
    `say_ready` once with the address of the chat page."""

    def __init__(
        self,
        home: DemoHome,
        database_url: str,
        port: int,
        say_building: Callable[[], None],
        say_ready: Callable[[str], None],
    ) -> None:
        self._home = home
        self._database_url = database_url
        self._say_building = say_building
        self._say_ready = say_ready
        self._simulator = Simulator(port=port, state=home.directory / "simulator", token=TOKEN)
        self._clock = DemoClock(self._simulator)

    async def run(self, stop: asyncio.Event, *, reset: bool = False) -> None:
        """Begin or go on, until told to stop. Raises `CannotStart` for a port taken or a database of others."""
        lock = _take(self._home)
        try:
            goes_on = self._home.is_built_in(self._database_url) and not reset
            if not goes_on:
                await asyncio.to_thread(self._clear)
            await self._open_simulator()
            try:
                await self._play(stop, goes_on=goes_on)
            finally:
                await self._simulator.stop()
        finally:
            lock.release()

    def _clear(self) -> None:
        """Empty what an earlier demo left, whole or half built. Raises `CannotStart` for a database of others."""
        database = Database(self._database_url)
        try:
            if not database.is_sqlite:
                _empty(database)
        finally:
            database.writer.dispose()
        self._home.clear()

    async def _open_simulator(self) -> None:
        port = self._simulator.port
        try:
            await self._simulator.start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise CannotStart(f"port {port} is taken: end what uses it, or take another with --port", 2) from None
        except ValueError:
            raise CannotStart(f"{self._home.directory} cannot be read any more: begin anew with --reset", 2) from None

    async def _play(self, stop: asyncio.Event, *, goes_on: bool) -> None:
        settings = demo_settings(self._simulator.url, self._database_url, self._home.directory)
        sample = None
        if goes_on:
            self._go_on()
        else:
            self._say_building()
            sample = self._build(settings)
        keeping = asyncio.create_task(keep_time_until(stop, self._home.clock_path, self._clock))
        try:
            await self._work(build(settings, self._clock), sample, stop)
        finally:
            stop.set()
            await keeping

    def _go_on(self) -> None:
        """Time goes on from where it stood; tables of an earlier release are brought up to this one."""
        self._clock.move_to(kept_time(self._home.clock_path) or self._clock.now())
        database = Database(self._database_url)
        try:
            if schema.state(database) is SchemaState.OLDER:
                schema.migrate(database)
        finally:
            database.writer.dispose()

    def _build(self, settings: Settings) -> Sample:
        """The sample's story up to its morning. It runs in the loop's thread, as the simulator does."""
        morning = first_morning(load_edition(shipped_edition(), _today()).closing)
        database = Database(self._database_url)
        try:
            schema.migrate(database)
            sample = build_sample(database, settings, self._simulator.x, morning)
        finally:
            database.writer.dispose()
        self._clock.move_to(morning)
        return sample

    async def _work(self, app: App, sample: Sample | None, stop: asyncio.Event) -> None:
        working = asyncio.create_task(app.run(stop))
        ready = asyncio.create_task(app.ready.wait())
        await asyncio.wait([working, ready], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not working.done():
            if sample:
                await self._open_phones(app, sample, stop)
                self._home.set_built_in(self._database_url)
            self._say_ready(self._simulator.url)
        await working

    async def _open_phones(self, app: App, sample: Sample, stop: asyncio.Event) -> None:
        """The letters of the last day arrive, then everybody presses Start and looks at the answer."""
        exchange = self._simulator.x
        for person_id in sample.phones:
            acts.person(exchange, person_id).started = True
        await self._until_quiet(app.database, stop)
        for person_id in sample.phones:
            acts.starts(exchange, acts.person(exchange, person_id))
        await self._until_quiet(app.database, stop)
        for person_id in sample.phones:
            acts.reads(exchange, acts.person(exchange, person_id))

    async def _until_quiet(self, database: Database, stop: asyncio.Event) -> None:
        """Until every update is answered and everything is sent, or patience ends."""
        ends = time.monotonic() + FIRST_ANSWERS_SECONDS
        while not stop.is_set() and time.monotonic() < ends:
            # What Telegram still holds is asked first: an update is never between the two, only in both.
            if not self._simulator.x.updates.waiting() and not await database.read(_anything_open):
                return
            await pause(stop, 0.1)


def _anything_open(session: Session) -> bool:
    """Whether an update waits for its answer, or a message to be sent."""
    depth = outbox.depth(session)
    return bool(inbox.waiting(session) or depth.get(OutboxState.WAITING) or depth.get(OutboxState.SENDING))


def _take(home: DemoHome) -> FileLock:
    try:
        return FileLock(home.directory / "demo").acquire()
    except LockRefused:
        raise CannotStart(f"another demo is running in {home.directory}: end it first", 3) from None


def _empty(database: Database) -> None:
    """Erase the tables of an earlier demo. Raises `CannotStart` where others have worked."""
    if schema.state(database) is SchemaState.EMPTY:
        return
    if not database.write_now(_is_of_a_demo):
        raise CannotStart("this database was not filled by a demo: nothing was touched; name an empty one", 2)
    with database.writer.begin() as connection:
        tables.erase(connection)


def _is_of_a_demo(session: Session) -> bool:
    first = session.scalar(select(AuditEntry.cause).order_by(AuditEntry.id).limit(1))
    return first in (None, CAUSE)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
