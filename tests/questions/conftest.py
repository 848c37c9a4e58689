"""People with telephones around one transaction on a database in which what the content says can be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.services import search_index
from bot.services.work import Work
from db.vocabulary import Role
from tests import databases, stage
from tests.people.phone import Town
from tests.questions.counter import Counter


def index(session: Session) -> None:
    """What Pandu does at its first start; no edition is open yet."""
    search_index.keep_current(Work(session, stage.NOW, stage.programme(), 0, "start"))


@pytest.fixture(scope="session")
def sqlite_common(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with databases.common(databases.copied(sqlite_template, tmp_path_factory.mktemp("indexed")), index) as engine:
        yield engine


@pytest.fixture(scope="session")
def postgresql_common(postgresql_server: str) -> Iterator[Engine]:
    with databases.made(postgresql_server) as url, databases.common(url, index) as engine:
        yield engine


@pytest.fixture
def counter(town: Town) -> Counter:
    """An official of Kota Tebing Tinggi who asks, and the mentor who looks after the region."""
    asker = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti Rahma")
    mentor = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang Wijaya")
    return Counter(town, asker, mentor)
