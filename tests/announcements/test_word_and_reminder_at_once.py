"""Two processes at the same moment: whoever confirmed is not reminded, and no two announcements get one number."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.services.announcements import change, next_number
from db.engine import Database
from db.models import OutboxMessage, Reader
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import Town

MONDAY = datetime(2026, 11, 16, 9, tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)


@pytest.fixture
def processes(postgresql_url: str) -> Iterator[list[Newsroom]]:
    """Two newsrooms on one database, a day after an announcement that Siti has not confirmed; and one that looks on."""
    databases = [Database(postgresql_url) for _process in range(3)]
    sessions = [Session(database.writer, expire_on_commit=False) for database in databases]
    first = Newsroom(Town(sessions[0], MONDAY), Town(sessions[0]).newcomer())
    stage.region(first.town.work())
    first.coordinator = first.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    siti = first.reader("Siti Rahma")
    first.drafts()
    first.coordinator.presses("No reminder")
    first.chooses("official of the region")
    first.sends()
    first.arrive()
    sessions[0].commit()
    first.town.later(days=1, minutes=5)
    towns = [first.town, *(Town(session, first.town.now, _numbers=count(1000)) for session in sessions[1:])]
    yield [Newsroom(town, town.newcomer("Siti Rahma", siti.account)) for town in towns]
    for session, database in zip(sessions, databases, strict=True):
        session.close()
        database.writer.dispose()


@contextmanager
def beside(looking: Session, deed: Callable[[], object]) -> Iterator[None]:
    """Do something in a thread of its own, and go on once it waits for a lock."""
    thread = threading.Thread(target=deed)
    thread.start()
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while thread.is_alive() and not looking.scalar(waiting):
        looking.rollback()
        time.sleep(0.01)
    yield
    thread.join()


def reminders(session: Session) -> list[OutboxState]:
    session.rollback()
    return list(session.scalars(select(OutboxMessage.state).where(OutboxMessage.unique_key.contains(":follow:"))))


def test_a_word_that_is_being_written_down_is_waited_for_before_anybody_is_reminded(processes: list[Newsroom]) -> None:
    reader, clock, looking = processes
    number = reader.newest().id
    reader.coordinator.sends_data(f"a:ann-read:{number}:0")

    def remind() -> None:
        clock.follows_up()
        clock.town.session.commit()

    with beside(looking.town.session, remind):
        reader.town.session.commit()

    assert reminders(looking.town.session) == []
    assert looking.town.session.scalars(select(Reader.followed)).all() == [None]


def test_a_word_that_comes_while_the_reminder_is_written_down_calls_it_back(processes: list[Newsroom]) -> None:
    clock, reader, looking = processes
    number = clock.newest().id
    clock.follows_up()

    def confirm() -> None:
        reader.coordinator.sends_data(f"a:ann-read:{number}:0")
        reader.town.session.commit()

    with beside(looking.town.session, confirm):
        clock.town.session.commit()

    assert reminders(looking.town.session) == [OutboxState.CANCELLED]
    assert looking.town.session.scalars(select(Reader.read_at)).one() is not None


def test_of_two_announcements_that_are_numbered_at_once_the_second_waits_for_the_first(
    processes: list[Newsroom],
) -> None:
    first, second, looking = processes
    work = first.town.work()
    found = first.newest()
    taken = next_number(work)
    change(work, found, number=taken)
    numbers: list[int] = []

    with beside(looking.town.session, lambda: numbers.append(next_number(second.town.work()))):
        first.town.session.commit()

    assert numbers == [taken + 1]
