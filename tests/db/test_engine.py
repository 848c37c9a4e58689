"""One transaction per deed, whole or not at all, whatever happens to whoever waits for it."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from db import inbox
from db.engine import Database, is_databases_own
from tests.db.queues import NOW, arrivals


def stores(*chats: int) -> Callable[[Session], int]:
    return lambda session: inbox.store(session, arrivals(*chats), NOW)


async def test_a_deed_that_raises_leaves_nothing(database: Database) -> None:
    def deed(session: Session) -> None:
        stores(1)(session)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(deed)
    assert await database.read(inbox.waiting) == 0


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.read(stores(1))
    assert await database.read(inbox.waiting) == 0


async def test_a_long_look_holds_up_neither_the_loop_nor_a_writer_and_cannot_write(database: Database) -> None:
    begun, go = threading.Event(), threading.Event()

    def looks(session: Session) -> int:
        found = inbox.waiting(session)
        begun.set()
        go.wait(10)
        return found

    looking = asyncio.create_task(database.study(looks))
    await asyncio.to_thread(begun.wait, 10)
    await database.write(stores(1))
    go.set()

    assert await looking == 0
    assert await database.study(inbox.waiting) == 1
    with pytest.raises(DBAPIError):
        await database.study(stores(2))


async def test_a_deed_whose_waiter_was_cancelled_is_whole_all_the_same(database: Database) -> None:
    begun, go = threading.Event(), threading.Event()

    def deed(session: Session) -> None:
        stores(1)(session)
        begun.set()
        go.wait(10)
        inbox.store(session, arrivals(2, first=2), NOW)

    waiter = asyncio.create_task(database.write(deed))
    await asyncio.to_thread(begun.wait, 10)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    go.set()
    await database.write(lambda session: None)

    async with asyncio.timeout(10):
        while await database.read(inbox.waiting) != 2:  # noqa: ASYNC110 (another connection may still be committing)
            await asyncio.sleep(0.01)


async def test_what_the_database_refuses_for_a_moment_is_done_again_as_a_whole(database: Database) -> None:
    tries = []

    def deed(session: Session) -> int:
        tries.append(session)
        stored = stores(1)(session)
        if len(tries) == 1:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked"))
        return stored

    assert await database.write(deed) == 1
    assert len(tries) == 2


async def test_what_the_database_refuses_for_good_is_told(database: Database) -> None:
    tries = []

    def deed(session: Session) -> None:
        tries.append(1)
        session.execute(text("SELECT * FROM no_such_table"))

    with pytest.raises(DBAPIError):
        await database.write(deed)
    assert len(tries) == 1


async def test_a_fault_of_a_statement_is_not_the_databases_own(database: Database) -> None:
    with pytest.raises(DBAPIError) as unreadable:
        await database.read(lambda session: session.execute(text("SELECT no_such_column")))
    with pytest.raises(DBAPIError) as unknown:
        await database.read(lambda session: session.execute(text("SELECT * FROM no_such_table")))

    assert not is_databases_own(unreadable.value)
    assert not is_databases_own(unknown.value)
    assert is_databases_own(OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked")))


async def test_a_killed_connection_costs_one_repetition(postgresql_url: str) -> None:
    database, other = Database(postgresql_url), Database(postgresql_url)
    pids: list[int] = []

    def deed(session: Session) -> int:
        pids.append(session.scalar(text("SELECT pg_backend_pid()")) or 0)
        if len(pids) == 1:
            other.write_now(lambda s: s.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pids[0]}))
        return stores(1)(session)

    assert await database.write(deed) == 1
    assert len(set(pids)) == 2
    await database.close()
    await other.close()


def test_sqlite_loses_no_commit_to_a_power_cut(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "trusted_schema": 0}

    def pragmas(session: Session) -> dict[str, object]:
        return {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in wanted}

    assert database.write_now(pragmas) == wanted
    database.writer.dispose()


async def test_a_sqlite_path_with_odd_characters_is_opened_as_it_is(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "data pandu #1.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.write(stores(1))

    assert await database.read(inbox.waiting) == 1
    await database.close()
