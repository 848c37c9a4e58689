"""One transaction on a real database, undone afterwards, with the programme opened in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot.services.work import Work
from db.engine import Database
from tests import stage
from tests.people.phone import Town


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """What holds on both databases alike is tested on one; races and statements have tests of their own."""
    database = Database(sqlite_url)
    with Session(database.writer, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    database.writer.dispose()


@pytest.fixture
def work(session: Session) -> Work:
    return stage.open_work(session)


@pytest.fixture
def town(session: Session) -> Town:
    """People with telephones, and a region that takes part."""
    town = Town(session)
    stage.region(town.work())
    return town
