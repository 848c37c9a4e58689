"""What those concerned hear of a meeting: once in full, later only what has changed; several changes are one letter."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.buttons import Row, do
from bot.flows.scheduling_steps import span_words
from bot.services import faults, meeting_words, zones
from bot.services.holders import holders, in_office
from bot.services.timing import timing_of
from bot.services.work import Work
from bot.services.worktime import WorkClock
from bot.words import Say, _, _p, lines, paragraphs
from db.models import Meeting, Person, Scope, Seat
from db.vocabulary import REGION_ROLES, Lane

# So long after the last word on a meeting it is told; what begins soon is told at once.
WAIT = timedelta(minutes=10)
SOON = timedelta(hours=2)
# Meetings in one turn of the clock; a turn comes every few seconds.
_AT_ONCE = 20


def known(meeting: Meeting) -> dict[str, Any]:
    """What those concerned know once they were told, as plain values."""
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "link": meeting.link,
        "note": meeting.note,
        "mentor_id": meeting.mentor_id,
        "cancelled": meeting.cancelled_at is not None,
    }


def tell_later(work: Work, meeting: Meeting) -> None:
    """Those concerned hear of it in a while; never of what they know, nor that it is off if they never heard of it."""
    told = meeting.told or {}
    news = known(meeting) != told if told else meeting.cancelled_at is None
    begins = [meeting.starts_at, *([datetime.fromisoformat(told["starts_at"])] if told else [])]
    soon = min(begins) - work.now < SOON
    meeting.tell_at = (work.now if soon else work.now + WAIT) if news else None


def is_due(session: Session, now: datetime) -> bool:
    """Whether something is to be told."""
    return session.scalar(select(Meeting.id).where(Meeting.tell_at <= now).limit(1)) is not None


def run(work: Work) -> int:
    """The duty: tell what is to be told by now. Returns how many were written to."""
    due = work.session.scalars(
        select(Meeting)
        .where(Meeting.tell_at <= work.now, Meeting.id.not_in(faults.numbers(work, "meeting")))
        .order_by(Meeting.tell_at, Meeting.id)
        .limit(_AT_ONCE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return faults.each(work, "meeting", due, _tell)


def _tell(work: Work, meeting: Meeting) -> int:
    before, after = meeting.told, known(meeting)
    meeting.told, meeting.tell_at = after, None
    if meeting.ends_at <= work.now:
        return 0
    readers = concerned(work, meeting, before)
    for person in readers:
        _write(work, meeting, person, before, after)
    return len(readers)


def concerned(work: Work, meeting: Meeting, before: Mapping[str, Any]) -> list[Person]:
    """The participants, and the mentor who does not go any more."""
    people = {person.id: person for person in participants(work, meeting)}
    if before.get("mentor_id"):
        people |= work.people([before["mentor_id"]])
    if not before:
        people.pop(meeting.created_by_id, None)
    return [people[number] for number in sorted(people)]


def participants(work: Work, meeting: Meeting) -> Sequence[Person]:
    """The region's team, or everybody of a region; and the mentor who goes."""
    team = holders(work, REGION_ROLES, meeting.region_code) if meeting.region_code else _everybody(work)
    return [*team, *work.people([meeting.mentor_id] if meeting.mentor_id else []).values()]


def _everybody(work: Work) -> list[Person]:
    """Whoever holds a seat of a region."""
    statement = (
        select(Person)
        .join(Seat, Seat.holder_id == Person.id)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(
            in_office(work),
            Scope.region_code.is_not(None),
        )
    )
    return list(dict.fromkeys(work.session.scalars(statement)))


def _write(work: Work, meeting: Meeting, person: Person, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    there = meeting_words.zone(work, meeting)
    zone = zones.own(person.id, person.timezone) or there
    working = WorkClock(work.calendar, zone, timing_of(work).hours).is_working(work.now)
    work.tell(
        person,
        _words(work, meeting, person.id, zone, before, after),
        key=f"meeting:{meeting.id}:{meeting.version}:{person.id}",
        rows=_rows(meeting, before, after, person.id),
        lane=Lane.NOTICE if meeting.region_code else Lane.BULK,
        silent=not working,
        expires_at=meeting.ends_at,
    )


def _rows(meeting: Meeting, before: Mapping[str, Any], after: Mapping[str, Any], reader_id: int) -> tuple[Row, ...]:
    """Whether they come is asked of what is new to them and of another time, not of another place or word."""
    asks = _is_new(before, after, reader_id) or before["cancelled"] or _is_moved(before, after)
    goes_no_more = reader_id == before.get("mentor_id") != after["mentor_id"]
    open_it = (meeting_words.opening(meeting),)
    return (asking(meeting), open_it) if asks and not after["cancelled"] and not goes_no_more else (open_it,)


def _is_new(before: Mapping[str, Any], after: Mapping[str, Any], reader_id: int) -> bool:
    return not before or (reader_id == after["mentor_id"] != before["mentor_id"])


def _is_moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(before.get(name) != after[name] for name in ("starts_at", "ends_at"))


def asking(meeting: Meeting) -> Row:
    """The two answers to whether somebody comes."""
    return (
        do(_p("button", "🙋 I come"), "meet-come", meeting.id, meeting.version),
        do(_p("button", "🙅 I cannot"), "meet-stay", meeting.id, meeting.version),
    )


def _words(
    work: Work, meeting: Meeting, reader_id: int, zone: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Say:
    heading = meeting_words.heading(work, meeting)
    if after["cancelled"]:
        return paragraphs(
            _("❌ <b>It does not take place</b>"),
            lines(heading, meeting_words.when(work, meeting, zone)),
            _("Reason: {reason}", reason=meeting.cancelled_why),
        )
    if reader_id == before.get("mentor_id") != after["mentor_id"]:
        return paragraphs(_("👤 <b>You need not go there any more</b>"), heading)
    is_new = _is_new(before, after, reader_id)
    if is_new or before["cancelled"]:
        first = _("🗓 <b>A new date</b>") if is_new else _("✅ <b>It takes place after all</b>")
        return paragraphs(first, lines(heading, meeting_words.facts(work, meeting, zone)), _goes(reader_id, after))
    return paragraphs(_("✏️ <b>A date has changed</b>"), heading, lines(*_changes(work, meeting, zone, before, after)))


def _goes(reader_id: int, after: Mapping[str, Any]) -> Say | None:
    return _("You are the mentor who goes there.") if reader_id == after["mentor_id"] else None


def _changes(
    work: Work, meeting: Meeting, zone: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterable[Say]:
    """What is other than it was told, and nothing else."""
    changed = {name for name in after if before.get(name) != after[name]}
    if _is_moved(before, after):
        yield meeting_words.when(work, meeting, zone)
        was = (datetime.fromisoformat(before["starts_at"]), datetime.fromisoformat(before["ends_at"]))
        yield _("   before: {span}", span=span_words(*was, meeting_words.zone(work, meeting)))
    if "place" in changed:
        yield _("📍 {place}", place=meeting.place or _("The place is not known yet."))
    if "link" in changed:
        yield _("🔗 {link}", link=meeting.link) if meeting.link else _("🔗 There is no link any more.")
    if "mentor_id" in changed:
        mentor = work.person(meeting.mentor_id).name if meeting.mentor_id else None
        yield _("👤 {name} goes there", name=mentor) if mentor else _("👤 No mentor goes there.")
    if "note" in changed:
        yield _("🗒 {note}", note=meeting.note or "–")
    if "title" in changed:
        yield _("🏷 It is called so now.")
