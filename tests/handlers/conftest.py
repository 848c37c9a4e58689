"""On SQLite alone: a look at every screen writes nothing of its own."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.vocabulary import Role
from tests import stage
from tests.items.sample import sample
from tests.people.phone import Phone, Town


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture(scope="module")
def worked(sqlite_common: Engine) -> Iterator[Mapping[Role, Phone]]:
    """Everybody's telephone after the region has worked for a while: once, for all who look around in it."""
    with Session(sqlite_common, expire_on_commit=False) as session:
        town = Town(session)
        stage.region(town.work())
        yield sample(town)
        session.rollback()


@pytest.fixture
def phones(worked: Mapping[Role, Phone]) -> Iterator[Mapping[Role, Phone]]:
    """The same, and what a test does with them is taken back."""
    town = worked[Role.LEAD].town
    letters = len(town.letters)
    with town.session.begin_nested() as savepoint:
        yield {role: replace(phone, chat=deepcopy(phone.chat)) for role, phone in worked.items()}
        savepoint.rollback()
    town.session.expire_all()
    del town.letters[letters:]
