"""Reminders: what is due is looked up at each person's hour and said in one digest a day, once for ever.

Nothing is planned ahead: what to say follows, at the moment of saying it, from deadlines, calendars and items as they
are. So whatever changes needs no recomputing, only another look (`clocks.look_again`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from bot.program.calendar import WorkingCalendar
from bot.services import boards, clocks, digest_words, digests, reminding
from bot.services.boards import Board
from bot.services.reminding import Decision, Entry, Why
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from db.inbox import insert_ignoring
from db.models import DigestClock, Person, Reminder, Snooze
from db.vocabulary import Lane, Policy, ReminderState

# People of one transaction: small enough that a press in between waits for a fraction of a second.
BATCH = 500
_clocks = cast(Table, DigestClock.__table__)
_MOVE = (
    update(_clocks)
    .where(_clocks.c.person_id == bindparam("row_person"))
    .values(next_at=bindparam("new_next_at"), last_day=bindparam("new_last_day"), extra=bindparam("new_extra"))
)


@dataclass(frozen=True, slots=True)
class Attended:
    """A person's clock and zone, and the calendars of their regions."""

    clock: DigestClock
    zone: str
    calendars: Sequence[WorkingCalendar]


def is_due(session: Session, now: datetime) -> bool:
    """Whether anybody's reminders are to be looked at."""
    return session.scalar(select(DigestClock.person_id).where(DigestClock.next_at <= now).limit(1)) is not None


def run(work: Work) -> int:
    """The duty: look at whoever's time has come, at most `BATCH` people. Returns how many were looked at."""
    due = _claim(work)
    if not due:
        return 0
    persons = [clock.person_id for clock, _zone in due]
    board = boards.open_board(work, persons)
    digests.forget_lost(work, [clock for clock, _zone in due])
    attended = [_attended(board, clock, zone) for clock, zone in due]
    moves = [_first_look(work, board, one) for one in attended]
    ready = [one for one, next_at in zip(attended, moves, strict=True) if next_at is None]
    later = [_move(one.clock, at) for one, at in zip(attended, moves, strict=True) if at is not None]
    told = _speak(work, board, ready)
    work.session.connection().execute(_MOVE, [*later, *told])
    return len(due)


def _claim(work: Work) -> list[tuple[DigestClock, str | None]]:
    """Clocks that have struck, people of one region together. Another process takes others."""
    rows = work.session.execute(
        select(DigestClock, Person.timezone)
        .join(Person, Person.id == DigestClock.person_id)
        .where(DigestClock.next_at <= work.now)
        .order_by(DigestClock.next_at, DigestClock.region_code, DigestClock.person_id)
        .limit(BATCH)
        .with_for_update(of=DigestClock, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def _attended(board: Board, clock: DigestClock, zone: str | None) -> Attended:
    regions = board.regions(clock.person_id)
    known = board.work.programme.regions.by_code
    calendars = [board.work.calendar_for(code) for code in regions] or [board.work.calendar]
    own = zone or (known[regions[0]].timezone if regions else DEFAULT_ZONE)
    return Attended(clock, own, calendars)


def _first_look(work: Work, board: Board, one: Attended) -> datetime | None:
    """When to look instead of now; None if it is the person's hour, or later on the same day."""
    hours, here = board.timing.hours, work.now.astimezone(ZoneInfo(one.zone))
    if not any(place.active for place in board.places.get(one.clock.person_id, ())):
        return _next(board, one, here.date())
    allowed = clocks.allowed_from(work.now, one.zone, hours, one.calendars)
    if allowed > work.now:
        day = allowed.astimezone(ZoneInfo(one.zone)).date()
        return allowed if day == here.date() else _hour(board, one, day)
    at = _hour(board, one, here.date())
    return at if at > work.now and one.clock.last_day != here.date() else None


def _hour(board: Board, one: Attended, day: date) -> datetime:
    hour = one.clock.hour or board.timing.reminders.at
    return clocks.digest_time(day, hour, one.zone, board.timing.hours)


def _next(board: Board, one: Attended, after: date) -> datetime:
    hour = one.clock.hour or board.timing.reminders.at
    return clocks.next_digest(after, hour, one.zone, board.timing.hours, one.calendars)


def _move(clock: DigestClock, next_at: datetime, day: date | None = None, *, extra: bool = False) -> dict[str, object]:
    return {
        "row_person": clock.person_id,
        "new_next_at": next_at,
        "new_last_day": day or clock.last_day,
        "new_extra": extra if day else clock.extra,
    }


# --- Speaking


def _speak(work: Work, board: Board, ready: Sequence[Attended]) -> list[dict[str, object]]:
    """Say to everybody what there is to say. Returns how their clocks move."""
    days = {one.clock.person_id: work.now.astimezone(ZoneInfo(one.zone)).date() for one in ready}
    subjects = reminding.subjects(board, [one.clock for one in ready], max(days.values(), default=date.min))
    boards.read_told(board, days.keys(), subjects)
    rows: list[dict[str, object]] = []
    moves = [_attend(work, board, one, days[one.clock.person_id], rows) for one in ready]
    if rows:
        work.session.connection().execute(insert_ignoring(work.session, Reminder).on_conflict_do_nothing(), rows)
    _forget_snoozes(work, rows)
    return moves


def _attend(work: Work, board: Board, one: Attended, today: date, rows: list[dict[str, object]]) -> dict[str, object]:
    next_at = _next(board, one, today)
    second = one.clock.last_day == today
    if second and one.clock.extra:
        return _move(one.clock, next_at)
    decision = reminding.decide(board, one.clock, work.now, today)
    entries = _pressing(decision.entries, next_at, one.zone) if second else decision.entries
    name = digests.key(one.clock.person_id, today, 1 + second)
    rows += _records(work, one.clock.person_id, decision, entries, name)
    if not entries:
        return _move(one.clock, next_at)
    _tell(work, board, one, today, entries, name)
    return _move(one.clock, next_at, today, extra=second)


def _pressing(entries: Sequence[Entry], next_at: datetime, zone: str) -> tuple[Entry, ...]:
    """What would come later than it was meant, if it waited for the next digest."""
    day = next_at.astimezone(ZoneInfo(zone)).date()
    return tuple(entry for entry in entries if entry.raw < day and entry.why not in (Why.CLOSING, Why.THANKS))


def _records(
    work: Work, person: int, decision: Decision, entries: Sequence[Entry], name: str
) -> list[dict[str, object]]:
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
        for entry in entries
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
        for one in decision.passed
    ]
    return said + passed


def _tell(work: Work, board: Board, one: Attended, today: date, entries: tuple[Entry, ...], name: str) -> None:
    """Put the digest into the outbox; it leaves within today's hours or not at all."""
    latest = datetime.combine(today, board.timing.hours.latest, ZoneInfo(one.zone))
    digest = digest_words.digest(board, one.clock.person_id, today, entries)
    work.tell(
        one.clock.person_id,
        digest.say,
        key=name,
        rows=digest.rows,
        lane=Lane.BULK,
        policy=Policy.AT_LEAST_ONCE,
        expires_at=latest if latest > work.now else work.now + timedelta(minutes=1),
    )


def _forget_snoozes(work: Work, rows: Sequence[dict[str, object]]) -> None:
    """What somebody asked to hear of has been told."""
    for row in rows:
        if str(row["occasion"]).startswith("snooze:"):
            item = int(str(row["subject"]).partition(":")[2])
            work.session.execute(delete(Snooze).where(Snooze.person_id == row["person_id"], Snooze.item_id == item))
