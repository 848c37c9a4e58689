"""Two processes at the same moment: a second person's word and the clock take hold of a series in one order."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from db.engine import Database
from db.models import Announcement, Series
from db.vocabulary import AnnouncementState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.announcements.test_series import MONDAY, TUESDAY, at, confirms, nine, repeats
from tests.people.phone import Town

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@pytest.fixture
def processes(postgresql_url: str) -> Iterator[list[Newsroom]]:
    """Tuesday's time of a daily series waits for a second person; it is Wednesday. The clock, that person, two more."""
    databases = [Database(postgresql_url) for _process in range(4)]
    sessions = [Session(database.writer, expire_on_commit=False) for database in databases]
    town = Town(sessions[0])
    stage.region(town.work())
    clock = Newsroom(town, town.member(Role.COORDINATOR, None, "Sari Wulandari"))
    second = town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    clock.reader("Siti Rahma")
    repeats(clock, "Every working day")
    confirms(clock)
    at(clock, nine(MONDAY))
    sessions[0].commit()
    at(clock, nine(TUESDAY))
    clock.newest().state = AnnouncementState.APPROVAL
    sessions[0].commit()
    town.now = nine(date(2026, 11, 18))
    towns = [Town(session, town.now, _numbers=count(1000)) for session in sessions[1:]]
    yield [clock, *(Newsroom(one, one.newcomer("Yohanes Lelang", second.account)) for one in towns)]
    for session, database in zip(sessions, databases, strict=True):
        session.close()
        database.writer.dispose()


def test_neither_waits_for_the_other_for_ever(processes: list[Newsroom]) -> None:
    clock, second, other, looking = processes
    waiting = clock.newest()
    other.town.session.execute(select(Series.id).with_for_update())
    faults: list[Exception] = []

    def begin(newsroom: Newsroom, deed: Callable[[], object], number: int) -> threading.Thread:
        def live() -> None:
            try:
                deed()
                newsroom.town.session.commit()
            except SQLAlchemyError as fault:
                faults.append(fault)

        thread = threading.Thread(target=live)
        thread.start()
        while thread.is_alive() and (looking.town.session.scalar(_WAITING) or 0) < number:
            looking.town.session.rollback()
            time.sleep(0.01)
        return thread

    press = f"a:ann-approve:{waiting.id}:{waiting.version}"
    threads = [begin(clock, clock.ticks, 1), begin(second, lambda: second.coordinator.sends_data(press), 2)]
    other.town.session.commit()
    for thread in threads:
        thread.join()

    assert faults == []
    assert second.coordinator.toast == "It was changed meanwhile. Please look once more."
    states = other.town.session.scalars(select(Announcement.state).order_by(Announcement.id)).all()
    assert states[1] is AnnouncementState.SKIPPED
