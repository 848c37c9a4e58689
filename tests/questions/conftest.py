"""People with telephones around one transaction on a real database, undone afterwards; on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot.services import search_index
from db.engine import Database
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Town
from tests.questions.counter import Counter


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with Session(database.writer, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    database.writer.dispose()


@pytest.fixture
def town(session: Session) -> Town:
    """Kota Tebing Tinggi takes part."""
    town = Town(session)
    stage.region(town.work())
    search_index.keep_current(town.work())
    return town


@pytest.fixture
def counter(town: Town) -> Counter:
    """An official of Kota Tebing Tinggi who asks, and the mentor who looks after the region."""
    asker = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti Rahma")
    mentor = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang Wijaya")
    return Counter(town, asker, mentor)
