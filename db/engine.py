"""One database, two doors: `write` runs a deed in one transaction, `read` looks without ever writing.

A deed is a plain function of a synchronous session, so no network call can slip into a transaction. SQLite has
one writing connection in one thread (below 3.51.3 a second writer can damage the WAL) and read-only aiosqlite
connections beside it; PostgreSQL has a small pool for each. Measured in `bench/`: a synchronous session in a
writer thread is four times as fast as awaiting each statement.
"""

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from sqlite3 import SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_TOOBIG
from sqlite3 import Connection as SqliteConnection
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

T = TypeVar("T")
Deed = Callable[[Session], T]

BUSY_SECONDS = 5
ATTEMPTS = 3
WRITERS_ON_POSTGRESQL = 5
READERS = 4
# Serialization failure and deadlock: PostgreSQL asks for the whole transaction again.
_RETRIED_STATES = frozenset({"40001", "40P01"})
# Program limits exceeded.
_LIMITS_CLASS = "54"
_OF_A_STATEMENT = frozenset({SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_TOOBIG})


class Database:
    """Opens nothing until first used. `close` ends every connection and thread."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.writer: Engine = _sqlite_writer(self.url) if self.is_sqlite else _postgresql_writer(self.url)
        self._reader: AsyncEngine = _sqlite_reader(self.url) if self.is_sqlite else _postgresql_reader(self.url)
        workers = 1 if self.is_sqlite else WRITERS_ON_POSTGRESQL
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="writer")
        self._student: Engine = _sqlite_student(self.url) if self.is_sqlite else _postgresql_student(self.url)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    async def write(self, deed: Deed[T]) -> T:
        """Run the deed in one transaction and commit it; roll back if it raises.

        A transaction that the database itself refuses (busy, deadlock, lost connection) is run again as a whole,
        up to three times: a deed must read what it changes by key, so that a commit whose answer was lost does
        nothing twice.
        """
        future = asyncio.get_running_loop().run_in_executor(self._threads, self.write_now, deed)
        # A cancelled wait must not abandon a transaction half way: the thread finishes it in any case.
        return await asyncio.shield(future)

    def write_now(self, deed: Deed[T]) -> T:
        """The same from a thread without an event loop: command line, migrations, tests."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with Session(self.writer, expire_on_commit=False) as session, session.begin():
                    return deed(session)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not _worth_repeating(error):
                    raise
                _pause(attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def read(self, look: Deed[T]) -> T:
        """Run a look on a read-only connection. Raises the driver's error if it tries to write."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            return await session.run_sync(look)

    async def study(self, look: Deed[T]) -> T:
        """The same for a look that takes long: in a thread of its own, for which neither loop nor writer nor the end of
        the process waits."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        Thread(target=_fulfil, args=(future, partial(self._study, look)), name="study", daemon=True).start()
        return await asyncio.wrap_future(future)

    def _study(self, look: Deed[T]) -> T:
        with Session(self._student, expire_on_commit=False) as session:
            return look(session)

    async def close(self) -> None:
        await self._reader.dispose()
        await asyncio.to_thread(self._threads.shutdown, wait=True)
        self.writer.dispose()
        self._student.dispose()


def _fulfil(future: Future[T], deed: Callable[[], T]) -> None:
    try:
        future.set_result(deed())
    except BaseException as error:  # noqa: BLE001 (whoever waits decides)
        future.set_exception(error)


def is_databases_own(error: BaseException) -> bool:
    """A fault of the database, not of what was written: the whole transaction is given up."""
    if not isinstance(error, DBAPIError) or isinstance(error, InterfaceError):
        return False
    return error.connection_invalidated or (isinstance(error, OperationalError) and not _is_of_a_statement(error))


def _is_of_a_statement(error: OperationalError) -> bool:
    """SQLite tells so of a statement that it cannot take, PostgreSQL of one that is too large."""
    said = error.driver_exception
    too_large = str(getattr(said, "sqlstate", None)).startswith(_LIMITS_CLASS)
    return too_large or getattr(said, "sqlite_errorcode", None) in _OF_A_STATEMENT


def _worth_repeating(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    locked = isinstance(error, OperationalError) and "locked" in str(error.orig)
    return locked or state in _RETRIED_STATES


def _pause(attempt: int) -> None:
    time.sleep(0.05 * attempt * (1 + random.random()))  # noqa: S311 - jitter, not a secret


def _sqlite_writer(url: URL) -> Engine:
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), pool_size=1, max_overflow=0, pool_timeout=60)
    event.listen(engine, "connect", _prepare_sqlite_writer)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite_writer(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A read that later becomes a write fails at once under WAL, whatever the timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_reader(url: URL) -> AsyncEngine:
    engine = create_async_engine(_read_only(url, "aiosqlite"), pool_size=READERS, max_overflow=0)
    _prepare_reading(engine.sync_engine)
    return engine


def _sqlite_student(url: URL) -> Engine:
    engine = create_engine(_read_only(url, "pysqlite"), poolclass=NullPool)
    _prepare_reading(engine)
    return engine


def _read_only(url: URL, driver: str) -> URL:
    address = f"file:{quote(str(Path(url.database or '').absolute()))}"
    return url.set(drivername=f"sqlite+{driver}", database=address, query={"mode": "ro", "uri": "true"})


def _prepare_reading(engine: Engine) -> None:
    event.listen(engine, "connect", _prepare_sqlite_reader)
    event.listen(engine, "begin", _begin_reading)


def _prepare_sqlite_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("query_only=ON", f"busy_timeout={BUSY_SECONDS * 1000}", "trusted_schema=OFF"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


_POSTGRESQL_OPTIONS = (
    "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=15s -c timezone=UTC"
    " -c random_page_cost=1.1"
)


def _postgresql_arguments(**more: str) -> dict[str, Any]:
    options = " ".join([_POSTGRESQL_OPTIONS, *(f"-c {name}={value}" for name, value in more.items())])
    # Server-side prepared statements break behind a transaction pooler.
    return {"options": options, "prepare_threshold": None, "connect_timeout": 10}


def _postgresql_writer(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=WRITERS_ON_POSTGRESQL,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=_postgresql_arguments(),
    )


def _postgresql_reader(url: URL) -> AsyncEngine:
    return create_async_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=READERS,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args=_postgresql_arguments(default_transaction_read_only="on"),
    )


def _postgresql_student(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args=_postgresql_arguments(default_transaction_read_only="on"),
    )
