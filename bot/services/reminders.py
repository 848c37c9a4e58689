"""Reminders: what is due is looked up at each person's hour and said in one digest a day, once for ever.

Nothing is planned ahead: what to say follows, at the moment of saying it, from deadlines, calendars and items as they
are. So whatever changes needs no recomputing, only another look (`clocks.look_again`).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from bot.services import boards, digests, faults, reminding, rounds
from bot.services.boards import Board
from bot.services.digest_words import Wording
from bot.services.rounds import Alike, Attended, Round
from bot.services.work import Work
from db.bulk import add_missing, change
from db.models import DigestClock, Person, Reminder, Snooze
from db.vocabulary import Lane, Policy, ReminderState

T = TypeVar("T")
# People of one transaction: small enough that a press in between waits for a fraction of a second.
BATCH = 500


def is_due(session: Session, now: datetime) -> bool:
    """Whether anybody's reminders are to be looked at."""
    first = session.scalar(select(DigestClock.next_at).order_by(DigestClock.next_at).limit(1))
    return first is not None and first <= now


def run(work: Work) -> int:
    """The duty: look at whoever's time has come, at most `BATCH` people. Returns how many were looked at."""
    due = _claim(work)
    if not due:
        return 0
    persons = [clock.person_id for clock, _zone in due]
    board = boards.open_board(work, persons)
    digests.forget_lost(work, [clock for clock, _zone in due])
    attended = [_try(work, clock, rounds.attended, board, clock, zone) for clock, zone in due]
    moves = [_try(work, one.clock, rounds.wait, board, one, work.now) for one in attended]
    ready = [one for one, next_at in zip(attended, moves, strict=True) if next_at is None]
    later = [_move(one.clock, at) for one, at in zip(attended, moves, strict=True) if at is not None]
    told = _speak(work, board, ready)
    change(work.session, cast(Table, DigestClock.__table__), [*later, *told])
    return len(due)


def _try(work: Work, clock: DigestClock, deed: Callable[..., T], *args: Any) -> T:
    return faults.attempt(work, f"person:{clock.person_id}", deed, *args)


def _claim(work: Work) -> list[tuple[DigestClock, str | None]]:
    """Clocks that have struck, people of one region together. Another process takes others."""
    rows = work.session.execute(
        select(DigestClock, Person.timezone)
        .join(Person, Person.id == DigestClock.person_id)
        .where(DigestClock.next_at <= work.now, DigestClock.person_id.not_in(faults.numbers(work, "person")))
        .order_by(DigestClock.next_at, DigestClock.region_code, DigestClock.person_id)
        .limit(BATCH)
        .with_for_update(of=DigestClock, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def _move(clock: DigestClock, next_at: datetime, day: date | None = None, *, extra: bool = False) -> dict[str, object]:
    return {
        "person_id": clock.person_id,
        "next_at": next_at,
        "last_day": day or clock.last_day,
        "extra": extra if day else clock.extra,
    }


# --- Speaking


def _speak(work: Work, board: Board, ready: Sequence[Attended]) -> list[dict[str, object]]:
    """Say to everybody what there is to say. Returns how their clocks move."""
    if not ready:
        return []
    last = max(one.today(work.now) for one in ready)
    boards.read_told(board, [one.clock.person_id for one in ready], reminding.subjects(board, last))
    rows: list[dict[str, object]] = []
    words, alike = Wording(work, board), Alike(board, work.now)
    moves = [_try(work, one.clock, _attend, work, words, alike, one, rows) for one in ready]
    add_missing(work.session, cast(Table, Reminder.__table__), rows)
    _forget_snoozes(work, rows)
    return moves


def _attend(
    work: Work, words: Wording, alike: Alike, one: Attended, rows: list[dict[str, object]]
) -> dict[str, object]:
    found = alike.speak(one)
    rows += _records(work, one.clock.person_id, found, digests.key(one.clock.person_id, found.today, found.number))
    if not found.entries:
        return _move(one.clock, found.next_at)
    _tell(work, words, one, found)
    return _move(one.clock, found.next_at, found.today, extra=found.second)


def _records(work: Work, person: int, found: Round, name: str) -> list[dict[str, object]]:
    usual = {"person_id": person, "at": work.now}
    said = [
        usual
        | {
            "subject": entry.subject,
            "occasion": entry.occasion,
            "due_day": entry.due.day,
            "state": ReminderState.SENT,
            "digest": name,
        }
        for entry in found.entries
    ]
    passed = [
        usual
        | {
            "subject": one.subject,
            "occasion": one.occasion,
            "due_day": one.due_day,
            "state": ReminderState.SKIPPED,
            "digest": "",
        }
        for one in found.passed
    ]
    return said + passed


def _tell(work: Work, words: Wording, one: Attended, found: Round) -> None:
    """Put the digest into the outbox; it leaves within today's hours or not at all."""
    person, hours = one.clock.person_id, words.board.timing.hours
    latest = datetime.combine(found.today, hours.latest, ZoneInfo(one.zone))
    digest = words.digest(person, found)
    work.tell(
        person,
        digest.say,
        key=digests.key(person, found.today, found.number),
        rows=digest.rows,
        lane=Lane.BULK,
        policy=Policy.AT_LEAST_ONCE,
        expires_at=latest if latest > work.now else work.now + timedelta(minutes=1),
    )


def _forget_snoozes(work: Work, rows: Sequence[dict[str, object]]) -> None:
    """What somebody asked to hear of has been told."""
    for row in rows:
        if str(row["occasion"]).startswith("snooze:"):
            item = digests.item_of(str(row["subject"]))
            work.session.execute(delete(Snooze).where(Snooze.person_id == row["person_id"], Snooze.item_id == item))
