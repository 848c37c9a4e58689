"""People with telephones around one transaction on a real database, undone afterwards; on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from db.engine import Database
from tests import stage
from tests.items.evidence import Desk
from tests.people.phone import Town


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
    return town


@pytest.fixture
def desk(town: Town) -> Desk:
    """The lead and the mentor of Kota Tebing Tinggi, and what they do with items."""
    return Desk.open(town)
