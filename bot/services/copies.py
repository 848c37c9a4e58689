"""The copies that readers have of an announcement: each brought to its present wording, or taken back.

What is edited or deleted leaves in waves through the bulk lane, like the announcement itself did.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from bot.services import announcement_letters, announcement_reminders, faults, follow_ups, readers, recall_letters
from bot.services.announcement_reminders import FOLLOW, MOVED
from bot.services.work import Work
from db.models import Announcement, OutboxMessage, Person, Reader
from db.vocabulary import AnnouncementState, OutboxState, ReaderState

_OPEN = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD)
# Telegram's words for a message that its reader has taken away already.
_AWAY = ("message to edit not found", "message to delete not found")


@dataclass(frozen=True, slots=True)
class Recall:
    """How many copies were taken back, could not be, and are still under way."""

    done: int
    kept: int
    waiting: int


def is_behind() -> ColumnElement[bool]:
    """Whether copies have an earlier wording."""
    return Announcement.level < Announcement.corrections


def is_due() -> ColumnElement[bool]:
    """Whether copies can be brought up to date, or none is left; those that are held while it is paused wait."""
    old = and_(Reader.announcement_id == Announcement.id, Reader.wording < Announcement.corrections)
    held = and_(Announcement.state == AnnouncementState.PAUSED, exists().where(old, Reader.state == ReaderState.QUEUED))
    return and_(is_behind(), or_(~held, exists().where(old, _has_copy())))


def run(work: Work) -> int:
    """A second's worth of edits for everything that was corrected or recalled. Returns how many copies moved on."""
    found = work.session.scalars(select(Announcement).where(is_behind()).order_by(Announcement.id)).all()
    if found:
        follow_ups.harvest(work)
    return faults.each(work, "announcement", found, _bring_up)


def _bring_up(work: Work, announcement: Announcement) -> int:
    if announcement.state is AnnouncementState.RECALLED:
        moved = _settle(work, announcement) + _take_back(work, announcement)
    else:
        moved = _correct(work, announcement, work.programme.bulk_rate)
    if not moved and not _any_left(work, announcement):
        announcement.level = announcement.corrections
        if announcement.state is AnnouncementState.RECALLED:
            announcement.ended_at = work.now
            counts = recall(work, announcement)
            recall_letters.tell_outcome(work, announcement, counts.done, counts.kept)
        return 1
    return moved


def _has_copy() -> ColumnElement[bool]:
    """Who has something of it, or may have: also one that failed half way."""
    return or_(Reader.state.in_((ReaderState.SENT, ReaderState.IN_DOUBT)), Reader.sent_at.is_not(None))


def _old(announcement: Announcement) -> ColumnElement[bool]:
    return and_(Reader.announcement_id == announcement.id, Reader.wording < announcement.corrections)


def _any_left(work: Work, announcement: Announcement) -> bool:
    """Whether a copy still is, or may still become, one that has to be changed."""
    still = or_(_has_copy(), Reader.state == ReaderState.QUEUED)
    left = and_(_old(announcement), still)
    if announcement.state is AnnouncementState.RECALLED:
        left = or_(left, _unsettled(announcement))
    return work.session.scalar(select(Reader.person_id).where(left).limit(1)) is not None


def _next(work: Work, announcement: Announcement, limit: int) -> Sequence[Any]:
    """The next readers whose copy is to be changed; whom a reminder is just leaving for waits."""
    return work.session.execute(
        select(Reader.person_id, Reader.message_ids, Reader.sent_at, Reader.wording)
        .where(_old(announcement), _has_copy(), Reader.followed.is_distinct_from(ReaderState.QUEUED))
        .order_by(Reader.person_id)
        .limit(limit)
    ).all()


def _mark(work: Work, announcement: Announcement, rows: Sequence[Any]) -> None:
    if rows:
        marks = [{"row_announcement": announcement.id, "row_person": row.person_id} for row in rows]
        work.session.connection().execute(readers.MARK.values(wording=announcement.corrections), marks)


def _correct(work: Work, announcement: Announcement, limit: int) -> int:
    """Edit the next copies that carry an earlier wording; where a session was moved, its readers are told."""
    behind = _next(work, announcement, limit)
    reminders = _reminders(work, announcement, behind, FOLLOW)
    for row in behind:
        if row.message_ids and row.message_ids[-1]:
            announcement_letters.rewrite(work, announcement, row.person_id, row.message_ids[-1])
        for message_id in reminders[row.person_id]:
            announcement_reminders.rewrite(work, announcement, row.person_id, message_id)
        announcement_reminders.tell_moved(work, announcement, row.person_id, row.wording)
    _mark(work, announcement, behind)
    return len(behind)


# --- Taking back


def _take_back(work: Work, announcement: Announcement) -> int:
    """Take the next copies back, as many as the lane has room for."""
    under_way = select(func.count()).select_from(Reader).where(_unsettled(announcement))
    room = work.programme.bulk_rate * readers.WAVE_SECONDS - (work.session.scalar(under_way) or 0)
    wave = _next(work, announcement, max(0, room))
    reminders = _reminders(work, announcement, wave, FOLLOW, MOVED)
    for row in wave:
        got = reminders[row.person_id]
        recall_letters.take_back(work, announcement, row.person_id, row.message_ids, row.sent_at, got)
    _mark(work, announcement, wave)
    return len(wave)


def _unsettled(announcement: Announcement) -> ColumnElement[bool]:
    mine = Reader.announcement_id == announcement.id
    return and_(mine, Reader.wording == announcement.corrections, _has_copy(), Reader.recalled.is_(None))


def _settle(work: Work, announcement: Announcement) -> int:
    """Write down what became of what was to be taken back. Returns how many are known now."""
    asked = work.session.execute(
        select(Reader.person_id, Reader.message_ids, Reader.state, Reader.why).where(_unsettled(announcement))
    ).all()
    reminders = _reminders(work, announcement, asked, FOLLOW, MOVED)
    found = _letters(work, announcement, asked, reminders)
    settled = [
        {"row_announcement": announcement.id, "row_person": row.person_id} | outcome
        for row in asked
        if (outcome := _outcome(announcement, row, found[row.person_id], reminders[row.person_id])) is not None
    ]
    if settled:
        statement = readers.MARK.values(recalled=bindparam("new_recalled"), why=bindparam("new_why"))
        work.session.connection().execute(statement, settled)
    return len(settled)


def _reminders(work: Work, announcement: Announcement, rows: Sequence[Any], *kinds: str) -> Mapping[int, list[int]]:
    """The messages of these kinds that these readers got beside their copies, by person."""
    found: dict[int, list[int]] = defaultdict(list)
    keys = [announcement_reminders.keys_to_sql(announcement.id, Reader.person_id, kind) for kind in kinds]
    got = (
        select(Reader.person_id, OutboxMessage.message_id)
        .join(Person, Person.id == Reader.person_id)
        .join(OutboxMessage, OutboxMessage.chat_id == Person.telegram_id)
        .where(Reader.announcement_id == announcement.id, Reader.person_id.in_([row.person_id for row in rows]))
        .where(OutboxMessage.message_id.is_not(None), or_(*(OutboxMessage.unique_key.startswith(one) for one in keys)))
        .order_by(OutboxMessage.id)
    )
    for person_id, message_id in work.session.execute(got) if rows else ():
        found[person_id].append(message_id or 0)
    return found


def _letters(
    work: Work, announcement: Announcement, asked: Sequence[Any], reminders: Mapping[int, list[int]]
) -> Mapping[int, list[Any]]:
    """What was posted to take the copies of these readers back, by person."""
    keys = {
        key: row.person_id
        for row in asked
        for key in recall_letters.posted_under(announcement, row.person_id, row.message_ids, reminders[row.person_id])
    }
    found: dict[int, list[Any]] = defaultdict(list)
    names = list(keys)
    for start in range(0, len(names), 500):
        some = OutboxMessage.unique_key.in_(names[start : start + 500])
        for row in work.session.execute(
            select(OutboxMessage.unique_key, OutboxMessage.state, OutboxMessage.error).where(some)
        ):
            found[keys[row.unique_key]].append(row)
    return found


def _outcome(
    announcement: Announcement, row: Any, posted: Sequence[Any], reminders: Sequence[int]
) -> dict[str, Any] | None:
    """Whether a copy is away; None while anything about it is under way."""
    if any(one.state in _OPEN for one in posted):
        return None
    refused = [one.error or "" for one in posted if one.state is not OutboxState.SENT and not _is_away(one.error)]
    missing = len(posted) < recall_letters.needed(announcement, row.message_ids, reminders)
    whole = row.state is not ReaderState.SENT or recall_letters.is_whole(announcement, row.message_ids)
    recalled = whole and row.state is not ReaderState.IN_DOUBT and not refused and not missing
    return {"new_recalled": recalled, "new_why": row.why or ("" if recalled else _why(refused, posted))}


def _why(refused: Sequence[str], posted: Sequence[Any]) -> str:
    if refused:
        return refused[0][:200]
    return recall_letters.TOO_OLD if posted else readers.UNREACHABLE


def _is_away(error: str | None) -> bool:
    return any(words in (error or "").lower() for words in _AWAY)


def recall(work: Work, announcement: Announcement) -> Recall:
    """How far taking the copies back has come."""
    rows = work.session.execute(
        select(Reader.recalled, func.count())
        .where(Reader.announcement_id == announcement.id, _has_copy())
        .group_by(Reader.recalled)
    )
    counts: dict[bool | None, int] = {row[0]: row[1] for row in rows}
    return Recall(counts.get(True, 0), counts.get(False, 0), counts.get(None, 0))
