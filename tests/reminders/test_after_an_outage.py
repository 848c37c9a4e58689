"""Pandu was away for 26 hours over three reminder times; then two workers look at the same moment, a hundred times."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import pytest_asyncio
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.services import reminders
from bot.services.items import of_region
from bot.services.letters import post_letters
from db.engine import Database
from db.models import DigestClock, OutboxMessage, Reminder
from db.vocabulary import ReminderState, Role
from tests import stage
from tests.people.phone import TEXTS
from tests.reminders.alarm import wib
from tests.stage import HALMAHERA_SELATAN, TEBING_TINGGI

TIMES = 100
# Away from Monday, 23 November, 08.00 WIB to Tuesday, 10.00: over H of what was due on Monday, and over H+1 of it
# and H-7 of the closing day, which come together on Tuesday.
FRIDAY, BACK = wib("2026-11-20"), wib("2026-11-24", "10:00")
EXPIRED, LATE, AHEAD = "bp-slide", "bp-slide", "pn-hadir"
PEOPLE = 7


@pytest_asyncio.fixture
async def workers(database: Database, database_url: str) -> AsyncIterator[Sequence[Database]]:
    """Two of them: each with connections of its own on PostgreSQL, one after the other at SQLite's single writer."""
    if database.is_sqlite:
        yield (database, database)
        return
    other = Database(database_url)
    yield (database, other)
    await other.close()


def _people(session: Session) -> None:
    work = stage.open_work(session)
    for code in (TEBING_TINGGI, HALMAHERA_SELATAN):
        stage.region(work, code)
        stage.member(work, Role.LEAD, code, "Siti Rahma")
        for name in ("Rudi Hartono", "Ana Lestari"):
            stage.member(work, Role.OFFICIAL, code, name)
    stage.member(work, Role.COORDINATOR, None, "Sari Wulandari")


def _look(session: Session, now: datetime) -> int:
    work = stage.open_work(session, now=now, cause="tick")
    count = reminders.run(work)
    post_letters(session, work.letters, TEXTS, now)
    return count


async def _works(database: Database, now: datetime) -> None:
    """One worker, until nobody's time has come."""
    while await database.write(lambda session: _look(session, now)):
        continue


def _again(session: Session) -> None:
    """As it was on Monday morning, when Pandu went away."""
    session.execute(delete(OutboxMessage).where(OutboxMessage.unique_key.startswith("digest:")))
    session.execute(delete(Reminder).where(Reminder.at >= BACK))
    monday = {"next_at": wib("2026-11-23"), "last_day": FRIDAY.date(), "extra": False}
    session.execute(update(DigestClock).values(**monday))


def _digests(session: Session) -> Counter[int]:
    rows = select(OutboxMessage.chat_id).where(OutboxMessage.unique_key.startswith("digest:"))
    return Counter(session.scalars(rows))


def _occasions(session: Session, state: ReminderState) -> Counter[tuple[str, str]]:
    """What happened since, by item and occasion, over the officials of both regions."""
    work = stage.open_work(session)
    keys = {
        f"item:{item.id}": key
        for code in (TEBING_TINGGI, HALMAHERA_SELATAN)
        for key, item in of_region(work, code).items()
    }
    rows = session.execute(
        select(Reminder.subject, Reminder.occasion).where(Reminder.at >= BACK, Reminder.state == state)
    )
    return Counter((keys[subject], occasion) for subject, occasion in rows if subject in keys)


async def test_two_workers_after_26_hours_say_everything_once_a_hundred_times(workers: Sequence[Database]) -> None:
    one = workers[0]
    await one.write(_people)
    await _works(one, wib("2026-11-16"))
    await one.write(lambda session: session.execute(update(DigestClock).values(next_at=FRIDAY)))
    await _works(one, FRIDAY)
    for _time in range(TIMES):
        await one.write(_again)

        await asyncio.gather(*(_works(worker, BACK) for worker in workers))

        told = await one.read(_digests)
        assert set(told.values()) == {1}
        assert len(told) == PEOPLE
        sent = await one.read(lambda session: _occasions(session, ReminderState.SENT))
        assert (sent[LATE, "+1"], sent[AHEAD, "-7"]) == (4, 4)
        assert (EXPIRED, "0") not in sent
        skipped = await one.read(lambda session: _occasions(session, ReminderState.SKIPPED))
        assert skipped[EXPIRED, "0"] == 4
        assert not await one.read(lambda session: reminders.is_due(session, BACK))


async def test_a_leader_that_is_paused_in_the_middle_and_wakes_up_says_nothing_twice(postgresql_url: str) -> None:
    paused, successor = Database(postgresql_url), Database(postgresql_url)
    await paused.write(_people)
    with Session(paused.writer) as open_transaction:
        assert _look(open_transaction, BACK) == PEOPLE

        await _works(successor, BACK)
        assert await successor.read(_digests) == {}

        open_transaction.commit()
    await asyncio.gather(_works(paused, BACK), _works(successor, BACK))

    told = await successor.read(_digests)
    assert (len(told), set(told.values())) == (PEOPLE, {1})
    await paused.close()
    await successor.close()


async def test_a_leader_that_is_stopped_in_the_middle_leaves_all_to_the_next(postgresql_url: str) -> None:
    stopped, successor = Database(postgresql_url), Database(postgresql_url)
    await stopped.write(_people)
    with Session(stopped.writer) as open_transaction:
        _look(open_transaction, BACK)
        open_transaction.rollback()

    await _works(successor, BACK)

    assert len(await successor.read(_digests)) == PEOPLE
    await stopped.close()
    await successor.close()


async def test_what_was_told_before_the_outage_is_not_told_again(workers: Sequence[Database]) -> None:
    one = workers[0]
    await one.write(_people)
    await _works(one, wib("2026-11-24", "09:00"))
    before = await one.read(_digests)

    await asyncio.gather(*(_works(worker, BACK) for worker in workers))

    assert len(before) == PEOPLE
    assert await one.read(_digests) == before
