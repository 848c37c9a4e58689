"""From one confirmed announcement to a row for each reader, into the outbox in waves, and back with what became of it.

The outbox is the only truth about sending: what is written here is read from there, as often as one likes.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from bot.services import announcement_letters, audiences, schedule
from bot.services.audiences import Audience
from bot.services.work import Work
from db.inbox import insert_ignoring
from db.models import Announcement, OutboxMessage, Person, Reader, Seat
from db.outbox import says_gone
from db.vocabulary import OutboxState, ReaderState

# How long the rows of one wave keep the bulk lane busy: longer than the time between two waves.
WAVE_SECONDS = 3
# So many readers are written to in one transaction, so that whoever presses a button meanwhile waits for little.
BATCH = 100
# Consecutive readers whose result nobody knows, or whose message Telegram could not read: something is wrong.
SUSPICIOUS = 5
# Why an announcement stands still: after a restore, or because of so many strange results.
RESTORED = "restore"
STRANGE = "unknown results in a row"
UNREACHABLE = "unreachable"
T = TypeVar("T")
_readers = cast(Table, Reader.__table__)
_OPEN = (ReaderState.PLANNED, ReaderState.QUEUED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many readers stand where; `confirmed` have read or answered."""

    total: int
    planned: int
    queued: int
    sent: int
    in_doubt: int
    failed: int
    dropped: int
    confirmed: int

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def waiting(self) -> int:
        return self.planned + self.queued

    @property
    def settled(self) -> int:
        return self.total - self.waiting


NOBODY = Tally(0, 0, 0, 0, 0, 0, 0, 0)


# --- Before

_FROZEN = (
    "announcement_id",
    "person_id",
    "seat_id",
    "region_code",
    "state",
    "why",
    "due_at",
    "tries",
    "message_ids",
)


def freeze(work: Work, announcement: Announcement) -> int:
    """Write the list of readers down, once. Returns how many. Whoever cannot be reached may be back by its hour."""
    meant = audiences.people(work, Audience.model_validate(announcement.audience)).subquery()
    holder, seat, region = meant.c
    rows = select(
        literal(announcement.id),
        holder,
        seat,
        region,
        literal(ReaderState.PLANNED.value),
        literal(""),
        schedule.due(work, announcement, region, seat),
        literal(0),
        literal([], _readers.c.message_ids.type),
    ).join(Person, Person.id == holder)
    insert = insert_ignoring(work.session, _readers).from_select(_FROZEN, rows.where(literal(True)))
    work.session.execute(insert.on_conflict_do_nothing())
    mine = Reader.announcement_id == announcement.id
    return work.session.scalar(select(func.count()).select_from(Reader).where(mine)) or 0


def thaw(work: Work, announcement: Announcement) -> None:
    """Forget the list of an announcement that was called off before anything left."""
    work.session.execute(_readers.delete().where(_readers.c.announcement_id == announcement.id))


def first_and_last(work: Work, announcement: Announcement) -> tuple[datetime, datetime] | None:
    """The first and the last moment at which readers get it; None where all get it at one."""
    mine = Reader.announcement_id == announcement.id
    first, last = work.session.execute(select(func.min(Reader.due_at), func.max(Reader.due_at)).where(mine)).one()
    return (first, last) if first and last else None


# --- Out


def feed(work: Work, announcement: Announcement, rate: int) -> int:
    """Put a portion of the next wave into the outbox: readers who still hold their seat and whose chat takes messages.
    Returns how many were looked at."""
    room = min(BATCH, rate * WAVE_SECONDS - _queued(work, announcement))
    if room <= 0:
        return 0
    wave = work.session.execute(_next(work, announcement, room)).all()
    fit = [row for row in wave if row.fit and not row.lost]
    for row in fit:
        announcement_letters.tell(work, announcement, row.person_id, row.tries + 1)
    _mark(work, announcement, [row.person_id for row in fit], ReaderState.QUEUED, tried=True)
    gone = [row.person_id for row in wave if not row.fit]
    _mark(work, announcement, gone, ReaderState.DROPPED, why="no longer in this seat")
    lost = [row.person_id for row in wave if row.fit and row.lost]
    _mark(work, announcement, lost, ReaderState.FAILED, why=UNREACHABLE)
    return len(wave)


def _queued(work: Work, announcement: Announcement) -> int:
    mine = and_(Reader.announcement_id == announcement.id, Reader.state == ReaderState.QUEUED)
    return work.session.scalar(select(func.count()).where(mine)) or 0


def _next(work: Work, announcement: Announcement, room: int) -> Any:
    """The next planned readers whose moment has come, each with whether they still hold their seat, and whether they
    cannot be reached."""
    lost = Person.unreachable_at.is_not(None).label("lost")
    return (
        select(Reader.person_id, Reader.tries, still_theirs().label("fit"), lost)
        .join(Person, Person.id == Reader.person_id)
        .join(Seat, Seat.id == Reader.seat_id)
        .where(
            Reader.announcement_id == announcement.id,
            Reader.state == ReaderState.PLANNED,
            or_(Reader.due_at.is_(None), Reader.due_at <= work.now),
        )
        .order_by(Reader.person_id)
        .limit(room)
    )


def still_theirs() -> ColumnElement[bool]:
    """Whether the person still holds the seat, and may be written to."""
    return and_(
        Seat.holder_id == Person.id,
        Seat.ended_at.is_(None),
        Seat.suspended_at.is_(None),
        Person.suspended_at.is_(None),
        Person.telegram_id.is_not(None),
    )


# One reader each: the rows name `row_announcement` and `row_person`.
MARK = (
    update(_readers)
    .where(_readers.c.announcement_id == bindparam("row_announcement"))
    .where(_readers.c.person_id == bindparam("row_person"))
)


def _mark(
    work: Work,
    announcement: Announcement,
    persons: Sequence[int],
    state: ReaderState,
    *,
    why: str = "",
    tried: bool = False,
) -> None:
    if not persons:
        return
    values: dict[str, Any] = {"state": state, "why": why}
    if tried:
        values |= {"tries": _readers.c.tries + 1, "wording": announcement.corrections}
    mine = and_(_readers.c.announcement_id == announcement.id, _readers.c.person_id.in_(persons))
    work.session.execute(update(_readers).where(mine).values(values))


def ask_again(work: Work, announcement: Announcement) -> None:
    """Nobody has confirmed the new wording yet, nor was anybody reminded of it; what waits to remind does not leave."""
    announcement.asked_at = work.now
    mine = _readers.c.announcement_id == announcement.id
    values = {"read_at": None, "attends": None, "answered_at": None}
    work.session.execute(update(_readers).where(mine).values(values))
    settled = _readers.c.followed != ReaderState.QUEUED
    work.session.execute(update(_readers).where(mine, settled).values(followed=None, followed_at=None))
    reminders = _letters(announcement) & OutboxMessage.unique_key.contains(":follow:")
    for state in (OutboxState.WAITING, OutboxState.HELD):
        _change(work, reminders, state, OutboxState.CANCELLED, error="asked anew")


# --- Back


def harvest(work: Work, announcement: Announcement) -> int:
    """Read from the outbox what became of everybody whose message was queued. Returns how many are settled now."""
    settled = [
        {"row_announcement": announcement.id, "row_person": person} | _outcome(parts)
        for person, parts in _ended(work, announcement).items()
        if len(parts) == announcement.parts
    ]
    announcement.streak = _streak(announcement.streak, settled)
    if settled:
        names = ("state", "why", "message_ids", "sent_at")
        statement = MARK.values({name: bindparam(f"new_{name}") for name in names})
        work.session.connection().execute(statement, settled)
        _believe(work, announcement)
    return len(settled)


def _believe(work: Work, announcement: Announcement) -> None:
    """Whoever has confirmed it has it, whatever Telegram said."""
    confirmed = _readers.c.read_at.is_not(None) | _readers.c.answered_at.is_not(None)
    unknown = and_(_readers.c.announcement_id == announcement.id, _readers.c.state == ReaderState.IN_DOUBT)
    work.session.execute(update(_readers).where(unknown, confirmed).values(state=ReaderState.SENT, why=""))


def _streak(before: int, settled: Sequence[dict[str, Any]]) -> int:
    """Readers in a row, in the order in which their messages left, of whom nobody knows what they got."""
    for one in settled:
        if one["new_state"] is ReaderState.SENT:
            before = 0
        elif _is_strange(one["new_state"], one["new_why"]):
            before += 1
    return before


def was_closed(why: str) -> bool:
    """Whether a copy failed because the chat took none, then or before."""
    return why == UNREACHABLE or says_gone(why)


def _is_strange(state: ReaderState, why: str) -> bool:
    """Whether something of ours may be wrong; a chat that is closed to us is nothing strange."""
    return state is ReaderState.IN_DOUBT or (state is ReaderState.FAILED and not says_gone(why))


def _ended(work: Work, announcement: Announcement) -> dict[int, list[Any]]:
    """What is no longer on its way of the present try of each queued reader: readers in the order of writing."""
    rows: list[Any] = []
    for part in range(1, announcement.parts + 1):
        rows += work.session.execute(_part_ended(announcement, part))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.id):
        found[row.person_id].append(row)
    return found


def _part_ended(announcement: Announcement, part: int) -> Select[*tuple[Any, ...]]:
    key = announcement_letters.key_of(announcement.id, _readers.c.person_id, _readers.c.tries, part)
    columns = ("id", "state", "message_id", "album", "sent_at", "error")
    return (
        select(Reader.person_id, *(getattr(OutboxMessage, name) for name in columns))
        .join(OutboxMessage, OutboxMessage.unique_key == key)
        .where(
            Reader.announcement_id == announcement.id,
            Reader.state == ReaderState.QUEUED,
            OutboxMessage.state.not_in(_ON_ITS_WAY),
        )
    )


_ON_ITS_WAY = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD)


def _outcome(parts: Sequence[Any]) -> dict[str, Any]:
    """What the parts together mean."""
    states = {part.state for part in parts}
    state, why = _verdict(states), next((part.error for part in parts if part.error), "")
    return {
        "new_state": state,
        "new_why": (why or "")[:200] if state is not ReaderState.SENT else "",
        "new_message_ids": _messages(parts),
        "new_sent_at": max((part.sent_at for part in parts if part.sent_at), default=None),
    }


def _messages(parts: Sequence[Any]) -> list[int]:
    """Every message that became of the parts, the one with the words last: 0 where nobody knows its number."""
    *files, words = parts
    known = [int(number) for part in files for number in (part.album or str(part.message_id or "")).split()]
    return [*known, words.message_id or 0] if known or words.message_id else []


def _verdict(states: set[OutboxState]) -> ReaderState:
    if OutboxState.DEAD in states:
        return ReaderState.FAILED
    if OutboxState.IN_DOUBT in states:
        return ReaderState.IN_DOUBT
    return ReaderState.DROPPED if OutboxState.CANCELLED in states else ReaderState.SENT


def tally(work: Work, announcement: Announcement) -> Tally:
    """Where the readers of an announcement stand."""
    return sum(tallies(work, announcement).values(), NOBODY)


def tallies(work: Work, announcement: Announcement) -> dict[str | None, Tally]:
    """The same by region, in the order of their codes; None are those of the whole programme."""
    return _tallied(work, Reader.region_code, Reader.announcement_id == announcement.id)


def tally_each(work: Work, announcements: Sequence[Announcement]) -> Mapping[int, Tally]:
    """Where the readers of each of several announcements stand, by its number in the database."""
    some = Reader.announcement_id.in_([one.id for one in announcements])
    return _tallied(work, Reader.announcement_id, some)


def _tallied(work: Work, by: InstrumentedAttribute[T], which: ColumnElement[bool]) -> dict[T, Tally]:
    confirmed = case((Reader.read_at.is_not(None) | Reader.answered_at.is_not(None), 1), else_=0)
    rows = work.session.execute(
        select(by, Reader.state, func.count(), func.sum(confirmed)).where(which).group_by(by, Reader.state).order_by(by)
    )
    found: dict[T, Tally] = defaultdict(lambda: NOBODY)
    for key, state, count, heard in rows:
        found[key] += replace(NOBODY, total=count, confirmed=int(heard or 0), **{state.value: count})
    return found


def ready_at(work: Work, announcement: Announcement, counts: Tally) -> datetime:
    """When the last reader will have got it at the pace of the bulk lane."""
    rate = work.programme.bulk_rate
    mine = and_(Reader.announcement_id == announcement.id, Reader.state.in_(_OPEN), Reader.due_at > work.now)
    later = select(Reader.due_at, func.count()).where(mine).group_by(Reader.due_at)
    ends = [at + timedelta(seconds=count / rate) for at, count in work.session.execute(later) if at]
    return max([work.now + timedelta(seconds=counts.waiting / rate), *ends])


def is_moving(now: datetime) -> ColumnElement[bool]:
    """Whether somebody's turn has come, or nobody is left; until the hour of a later zone there is nothing to do."""
    left = Reader.announcement_id == Announcement.id, Reader.state.in_(_OPEN)
    turn = or_(Reader.state == ReaderState.QUEUED, Reader.due_at.is_(None), Reader.due_at <= now)
    return or_(exists().where(*left, turn), ~exists().where(*left))


def is_stirring() -> ColumnElement[bool]:
    """Whether, while it is paused, a copy under way has come to its end, or came back unsent and is to be held."""
    words = announcement_letters.key_of(Announcement.id, Reader.person_id, Reader.tries, Announcement.parts)
    copy = (Reader.announcement_id == Announcement.id, Reader.state == ReaderState.QUEUED)
    ended = exists().where(*copy, OutboxMessage.unique_key == words, OutboxMessage.state.not_in(_ON_ITS_WAY))
    mine = OutboxMessage.unique_key.startswith(announcement_letters.keys_of(Announcement.id))
    return or_(ended, exists().where(mine, _stands(OutboxState.WAITING)))


def _stands(state: OutboxState) -> ColumnElement[bool]:
    """Written out, so that the partial index of what waits serves."""
    return OutboxMessage.state == literal_column(f"'{state}'")


# --- By a person's word


def hold(work: Work, announcement: Announcement) -> None:
    """What already stands in the outbox waits for a word; so does, when called again, what came back unsent."""
    _change(work, _letters(announcement), OutboxState.WAITING, OutboxState.HELD)


def release(work: Work, announcement: Announcement) -> None:
    """What was held may leave."""
    _change(work, _letters(announcement), OutboxState.HELD, OutboxState.WAITING)


def cancel(work: Work, announcement: Announcement, why: str = "stopped") -> int:
    """What has not left never will; what is under way has its end later. Returns how many readers are settled now."""
    for state in (OutboxState.WAITING, OutboxState.HELD):
        _change(work, _letters(announcement), state, OutboxState.CANCELLED, error=why)
    planned = and_(_readers.c.announcement_id == announcement.id, _readers.c.state == ReaderState.PLANNED)
    work.session.execute(update(_readers).where(planned).values(state=ReaderState.DROPPED, why=why))
    return harvest(work, announcement)


def _letters(announcement: Announcement) -> ColumnElement[bool]:
    """All that its readers get: copies, reminders, and the word of a move."""
    return OutboxMessage.unique_key.startswith(f"announcement:{announcement.id}:", autoescape=True)


def _change(work: Work, letters: ColumnElement[bool], before: OutboxState, after: OutboxState, **more: str) -> None:
    work.session.execute(update(OutboxMessage).where(letters, _stands(before)).values(state=after, **more))


def again(work: Work, announcement: Announcement, person_id: int) -> bool:
    """Plan one reader anew whose message failed, or of whom nobody knows. False where it is not so any more."""
    return _moved(work, announcement, person_id, (ReaderState.IN_DOUBT, ReaderState.FAILED), ReaderState.PLANNED)


def assume_sent(work: Work, announcement: Announcement, person_id: int) -> bool:
    """Take an uncertain message as sent. False where it is not uncertain any more."""
    return _moved(work, announcement, person_id, (ReaderState.IN_DOUBT,), ReaderState.SENT)


def _moved(
    work: Work, announcement: Announcement, person_id: int, before: Sequence[ReaderState], after: ReaderState
) -> bool:
    one = and_(_readers.c.announcement_id == announcement.id, _readers.c.person_id == person_id)
    moved = work.session.execute(update(_readers).where(one, _readers.c.state.in_(before)).values(state=after, why=""))
    return bool(getattr(moved, "rowcount", 0))
