"""An index of the shipped edition on each database."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from bot.services import search_index
from bot.services.work import Work
from db.engine import Database
from tests import stage

T = TypeVar("T")


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    """The work of one open transaction, with everything of the content indexed."""
    database = Database(database_url)
    with Session(database.writer) as session, session.begin():
        opened = stage.open_work(session)
        search_index.keep_current(opened)
        yield opened
    database.writer.dispose()


@pytest.fixture
def on_both(sqlite_url: str, postgresql_url: str) -> Iterator[Callable[[Callable[[Work], T]], tuple[T, T]]]:
    """Do the same on SQLite and on PostgreSQL, each with the index made anew."""
    databases = [Database(url) for url in (sqlite_url, postgresql_url)]

    def run(deed: Callable[[Work], T]) -> tuple[T, T]:
        def indexed(session: Session) -> T:
            opened = stage.open_work(session)
            search_index.keep_current(opened)
            return deed(opened)

        one, other = (database.write_now(indexed) for database in databases)
        return one, other

    yield run
    for database in databases:
        database.writer.dispose()
