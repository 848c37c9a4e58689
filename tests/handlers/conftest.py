"""The same people as in the tests of items, on SQLite alone: a look at every screen writes nothing of its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from db.engine import Database
from tests import stage
from tests.people.phone import Town


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    database = Database(sqlite_url)
    with Session(database.writer, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    database.writer.dispose()


@pytest.fixture
def town(session: Session) -> Town:
    town = Town(session)
    stage.region(town.work())
    return town
