"""What commands share that work on the database: a look without writing, and a time alone with it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.app import CannotStart, programme_of, require_release
from bot.lock import FileLock
from bot.services import editions
from bot.services.editions import Opened
from bot.services.work import Work
from bot.settings import Settings
from db import schema
from db.engine import Database
from db.leases import anybody_holds

T = TypeVar("T")


def existing(settings: Settings) -> Database:
    """The database of these settings. Raises `CannotStart` where there is no file yet."""
    database = Database(settings.database_url)
    if database.path and not database.path.exists():
        raise CannotStart(f"there is no database at {database.path}", 2)
    return database


def look(database: Database, deed: Callable[[Session], T]) -> T:
    """Read without ever writing, also beside a running Pandu, and close the database."""

    async def read() -> T:
        try:
            return await database.read(deed)
        finally:
            await database.close()

    return asyncio.run(read())


def require_tables(session: Session) -> None:
    """For a command that only looks. Raises `CannotStart` for tables that are not of this release."""
    require_release(schema.judged(schema.present_in(session.connection())))


def work_of(session: Session, settings: Settings, command: str) -> Work:
    """The programme as this database has it, to look things up. Raises `ContentError` or `EditionMismatch` for content
    that Pandu would not start with."""
    now = datetime.now(UTC)
    row = editions.present(session)
    content = editions.load_for(row, settings.edition, now.date())
    opened = Opened(row.id if row else 0, content, (), is_new=row is None, has_changed=False)
    return Work(session, now, programme_of(settings, opened, ""), opened.row_id, command)


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Hold the database while nobody else works on it. Raises `LockRefused` or `CannotStart` while Pandu runs."""
    if database.path:
        database.path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(database.path).acquire() if database.path else None
    try:
        yield
    finally:
        database.writer.dispose()
        if lock:
            lock.release()


def require_stopped(database: Database, now: datetime) -> None:
    """On PostgreSQL the lease tells whether Pandu runs. Raises `CannotStart`."""
    if schema.present(database) is None:
        return
    if database.write_now(lambda session: anybody_holds(session, now)):
        raise CannotStart("Pandu is running on this database: end every process first, then wait 15 seconds", 3)
