"""Announcements that repeat: once for each day, with a list made anew, and a second person stays in charge."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.buttons import row_number
from bot.services import (
    announcement_letters,
    announcements,
    editions,
    faults,
    readers,
    repetitions,
    schedule,
    second_person,
)
from bot.services.announcements import audience, change
from bot.services.conversations import Reply
from bot.services.holders import in_office
from bot.services.repetitions import Repetition
from bot.services.rights import RIGHTS, Act, Forbidden, Place
from bot.services.schedule import ZONE
from bot.services.second_person import SECOND_PERSON, coordinators, opening
from bot.services.timing import timing_of
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Day, Refusal, Say, _, _n
from db.models import Announcement, Person, Reader, Seat, Series
from db.vocabulary import AnnouncementState, Confirmation

# Whoever comes later than this was away; then only what is still of use goes out.
_LATE = timedelta(minutes=10)
# Readers may grow by a tenth beyond what was approved.
_GROWTH = 10
# What every occurrence has from the one before.
_PEOPLE = ("edition_id", "author_id", "confirmed_by_id")
_CONTENT = ("reference", "dated", "subject", "text", "files", "links", "confirmation", "follow_days", "audience")


# --- Choosing


def repetition(announcement: Announcement) -> Repetition:
    """On which days a draft is to come."""
    return Repetition.model_validate(announcement.repeats)


def last_day(work: Work, chosen: Repetition) -> date:
    """Until when it repeats: the day chosen, else the closing."""
    closing = work.programme.edition.closing
    return min(chosen.until or closing, closing)


def first_day(announcement: Announcement) -> date | None:
    """The day in WIB on which a draft leaves first, if one was chosen."""
    at = announcement.local_at or announcement.starts_at
    return at.astimezone(ZONE).date() if at else None


def choose(visit: Visit, subject: str, version: int) -> Reply:
    """Turn a weekday on or off (`12-day-0`), or choose every so many working days (`12-every-3`) or never."""
    number, part, value = (*subject.split("-", 2), "", "")[:3]
    found = announcements.draft(visit, number)
    if found.version == version:
        chosen = _chosen(repetition(found), part, row_number(value))
        change(visit.work, found, repeats=chosen.model_dump(mode="json", exclude_defaults=True))
    return Reply(then=f"ann-repeat:{found.id}")


def _chosen(before: Repetition, part: str, value: int) -> Repetition:
    match part:
        case "day" if value in repetitions.WEEKDAYS:
            others = tuple(day for day in before.weekdays if day != value)
            days = others if value in before.weekdays else (*others, value)
            return Repetition(weekdays=tuple(sorted(days)), until=before.until)
        case "every" if value in repetitions.STEPS:
            return Repetition(every=0 if before.every == value else value, until=before.until)
        case "never":
            return Repetition()
    raise Forbidden(Act.ANNOUNCE, Place())


def require(work: Work, found: Announcement) -> None:
    """Raises `Refusal` for a draft that repeats and cannot."""
    chosen, first = repetition(found), first_day(found)
    if not chosen.repeats:
        return
    if found.confirmation is Confirmation.ATTENDANCE:
        raise Refusal(_("An invitation cannot repeat: every session has its own."))
    if first is None:
        raise Refusal(_("Please choose with “Schedule” when it leaves the first time."))
    if repetitions.following(chosen, work.calendar, first, last_day(work, chosen)) is None:
        raise Refusal(_("It would never repeat before its last day. Please choose other days, or a later last day."))


def begin(work: Work, found: Announcement) -> None:
    """The first occurrence is confirmed: from now on the series goes on by itself."""
    first = first_day(found)
    at = found.local_at or found.starts_at
    if not repetition(found).repeats or first is None or at is None:
        return
    valid = (found.valid_until - at).total_seconds() // 60 if found.valid_until else None
    row = Series(
        edition_id=work.edition_id,
        repeats=found.repeats,
        hour=at.astimezone(ZONE).strftime("%H:%M"),
        by_local_time=found.local_at is not None,
        valid_minutes=int(valid) if valid is not None else None,
        done_until=first,
        next_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    found.series_id, found.occurrence = row.id, first
    work.session.flush()
    work.audit("begin_series", "series", row.id, after=found.repeats)


def call_off(work: Work, found: Announcement) -> bool:
    """The first occurrence takes the series along; a later one is only left out. Returns whether it was a later one."""
    row = of(work, found)
    if row is None:
        return False
    if first_of(work, row).id != found.id:
        change(work, found, state=AnnouncementState.SKIPPED, ended_at=work.now)
        return True
    found.series_id = found.occurrence = None
    work.session.flush()
    work.session.delete(row)
    return False


def hold(session: Session, announcement_id: int) -> None:
    """Hold the series of an announcement, if there is one, for what is about to change: before the announcement
    itself, as the clock does it (the edition, its series, their announcements), so that neither waits for the other.
    """
    mine = select(Announcement.series_id).where(Announcement.id == announcement_id)
    session.execute(select(Series.id).where(Series.id.in_(mine)).with_for_update())


def approve(session: Session, found: Announcement, now: datetime) -> None:
    """A second person has let an occurrence go to as many as it has. If that is late, it counts for today."""
    row = session.get(Series, found.series_id, populate_existing=True) if found.series_id else None
    if row is not None:
        mine = select(func.count()).select_from(Reader).where(Reader.announcement_id == found.id)
        row.approved = max(row.approved, session.scalar(mine) or 0)
        row.done_until = max(row.done_until, now.astimezone(ZONE).date())
        row.next_at = now


def recall(work: Work, found: Announcement) -> None:
    """An occurrence was taken back: the clock ends the series."""
    row = of(work, found)
    if row is not None and row.ended_at is None:
        row.next_at = work.now


def look_again(work: Work) -> None:
    """Days on and off have changed: the next occurrence may come on another day."""
    later = update(Series).where(Series.next_at > work.now).values(next_at=work.now)
    work.session.execute(later, execution_options={"synchronize_session": False})


# --- Looking


def of(work: Work, found: Announcement) -> Series | None:
    """The series an announcement belongs to."""
    return work.session.get(Series, found.series_id) if found.series_id else None


def occurrences(work: Work, row: Series) -> Sequence[Announcement]:
    """All of them, by day."""
    mine = select(Announcement).where(Announcement.series_id == row.id)
    return work.session.scalars(mine.order_by(Announcement.occurrence)).all()


def first_of(work: Work, row: Series) -> Announcement:
    """The one that all others are copies of."""
    return occurrences(work, row)[0]


def coming(work: Work, row: Series, limit: int) -> list[date]:
    """The next days on which it repeats; none once it has ended."""
    chosen = Repetition.model_validate(row.repeats)
    if row.ended_at is not None:
        return []
    return repetitions.next_days(chosen, work.calendar, row.done_until, last_day(work, chosen), limit)


def by_id(visit: Visit, series_id: int | str) -> Series:
    """A series whose first announcement this coordinator may see. Raises `Forbidden` also where there is none."""
    visit.require(Act.ANNOUNCE)
    row = visit.work.session.get(Series, row_number(series_id), populate_existing=True)
    if row is None or row.edition_id != visit.work.edition_id:
        raise Forbidden(Act.ANNOUNCE, Place())
    announcements.by_id(visit, first_of(visit.work, row).id)
    return row


def end(visit: Visit, subject: str, _version: int) -> Reply:
    """It repeats no more; what was sent stays."""
    row = by_id(visit, subject)
    visit.work.session.refresh(row, with_for_update=True)
    if row.ended_at is None:
        row.ended_by_id = visit.member.id
        _leave_waiting(visit.work, row)
        _finish(visit.work, row)
    return Reply(toast=_("It repeats no more."), then=f"ann-series:{row.id}")


# --- By the clock


def is_due(session: Session, now: datetime) -> bool:
    """Whether the day of a series has come, or may have."""
    return session.scalar(select(Series.id).where(Series.next_at <= now).limit(1)) is not None


def run(work: Work) -> int:
    """The duty: make the occurrences whose moment has come. Returns how many days were taken care of."""
    editions.hold(work.session, work.edition_id)
    going = work.session.scalars(
        select(Series)
        .where(Series.next_at <= work.now)
        .order_by(Series.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return faults.each(work, "series", going, _advance)


def _advance(work: Work, row: Series) -> int:
    every = occurrences(work, row)
    row.next_at = None
    if every[0].state is AnnouncementState.APPROVAL:
        return 0
    if any(one.state is AnnouncementState.RECALLED for one in every):
        return _end(work, row, every[-1])
    model = [one for one in every if one.state is not AnnouncementState.SKIPPED][-1]
    chosen = Repetition.model_validate(row.repeats)
    last = last_day(work, chosen)
    come = [
        day for day in repetitions.days(chosen, work.calendar, row.done_until, last) if moment(row, day) <= work.now
    ]
    for day in come:
        _take_care(work, row, model, day, is_newest=day == come[-1])
    if row.ended_at is None:
        _go_on(work, row, repetitions.following(chosen, work.calendar, row.done_until, last))
    return len(come)


def _go_on(work: Work, row: Series, day: date | None) -> None:
    """Wait for its next day; without one it has ended."""
    if day is None:
        _finish(work, row)
    else:
        row.next_at = moment(row, day)


def _finish(work: Work, row: Series) -> None:
    row.ended_at, row.next_at = work.now, None
    work.audit("end_series", "series", row.id)


def _end(work: Work, row: Series, newest: Announcement) -> int:
    """What was taken back is not sent again."""
    _finish(work, row)
    _tell(work, newest, _("It was recalled. It repeats no more."))
    return 1


def moment(row: Series, day: date) -> datetime:
    """When the first reader gets the occurrence of a day."""
    zone = schedule.EAST if row.by_local_time else ZONE
    return datetime.combine(day, time.fromisoformat(row.hour), zone).astimezone(UTC)


def _take_care(work: Work, row: Series, model: Announcement, day: date, *, is_newest: bool) -> None:
    """Make the occurrence of a day, or write down that it was left out. Once for a day, whoever comes."""
    row.done_until = day
    known = select(Announcement.id).where(Announcement.series_id == row.id, Announcement.occurrence == day)
    if work.session.scalar(known) is not None:
        return
    _leave_waiting(work, row)
    made = _copy(work, row, model, day)
    if not is_newest or _is_too_late(work, row, day):
        _skip(work, made, _("It was not sent on {day}, because Pandu was not running then.", day=Day(day)))
    else:
        _confirm(work, row, made)


def _is_too_late(work: Work, row: Series, day: date) -> bool:
    """Missed, and no longer of use: past its validity, or without one, past the working hours of its day."""
    at = moment(row, day)
    if work.now - at <= _LATE:
        return False
    if row.valid_minutes is not None:
        return work.now >= _valid_until(row, day)
    return work.now >= datetime.combine(day, timing_of(work).hours.latest, ZONE)


def _valid_until(row: Series, day: date) -> datetime:
    return datetime.combine(day, time.fromisoformat(row.hour), ZONE) + timedelta(minutes=row.valid_minutes or 0)


def _copy(work: Work, row: Series, model: Announcement, day: date) -> Announcement:
    values: dict[str, Any] = {name: getattr(model, name) for name in (*_PEOPLE, *_CONTENT)}
    at = datetime.combine(day, time.fromisoformat(row.hour), ZONE).astimezone(UTC)
    made = Announcement(
        **values,
        series_id=row.id,
        occurrence=day,
        created_at=work.now,
        confirmed_at=work.now,
        local_at=at if row.by_local_time else None,
        starts_at=max(moment(row, day), work.now),
        valid_until=_valid_until(row, day) if row.valid_minutes is not None else None,
    )
    made.parts = announcement_letters.parts(made)
    work.session.add(made)
    work.session.flush()
    return made


def _confirm(work: Work, row: Series, made: Announcement) -> None:
    """Count and freeze the readers of today; many more than were approved wait for a second person."""
    if not _still_announces(work, made):
        _finish(work, row)
        return _skip(work, made, _("Whoever confirmed it does not announce any more. It repeats no more."))
    try:
        if row.by_local_time:
            schedule.require_zones(work, audience(made))
    except Refusal as refusal:
        return _skip(work, made, refusal.words)
    count = readers.freeze(work, made)
    if not count:
        return _skip(work, made, _("Nobody is meant any more."))
    grown = count > SECOND_PERSON and count * _GROWTH > row.approved * (_GROWTH + 1)
    state = AnnouncementState.APPROVAL if grown else AnnouncementState.SCHEDULED
    change(work, made, state=state, number=announcements.next_number(work))
    work.audit("repeat_announcement", "announcement", made.id, after={"readers": count, "number": made.number})
    if grown:
        _ask_second(work, made, count)
    return None


def _ask_second(work: Work, made: Announcement, count: int) -> None:
    second_person.ask(work, made, work.person(made.confirmed_by_id or made.author_id), count)
    _tell(
        work,
        made,
        _n(
            "It means {count} reader by now: more than was approved. A second coordinator decides.",
            "It means {count} readers by now: more than was approved. A second coordinator decides.",
            count,
        ),
    )


def _still_announces(work: Work, made: Announcement) -> bool:
    mine = Seat.holder_id == made.confirmed_by_id, Seat.role.in_(RIGHTS[Act.ANNOUNCE])
    found = select(Seat.id).join(Person, Person.id == Seat.holder_id).where(in_office(work), *mine)
    return work.session.scalar(found.limit(1)) is not None


def _skip(work: Work, made: Announcement, why: Say) -> None:
    change(work, made, state=AnnouncementState.SKIPPED, ended_at=work.now)
    work.audit("skip_announcement", "announcement", made.id)
    _tell(work, made, why)


def _tell(work: Work, made: Announcement, why: Say) -> None:
    say = _("🔁 “{subject}”: {why}", subject=announcement_letters.title(made), why=why)
    told = {made.author_id} if _still_announces(work, made) else {one.id for one in coordinators(work)}
    for person_id in told:
        work.tell(person_id, say, key=f"series:{made.id}:{made.version}:{person_id}", rows=((opening(made),),))


def _leave_waiting(work: Work, row: Series) -> None:
    """An occurrence that still waits for a second person makes room for the next."""
    waiting = Announcement.state == AnnouncementState.APPROVAL
    for found in work.session.scalars(select(Announcement).where(Announcement.series_id == row.id, waiting)):
        readers.thaw(work, found)
        change(work, found, state=AnnouncementState.SKIPPED, ended_at=work.now)


def after_restore(session: Session, today: date) -> None:
    """What may have been sent since the backup is not sent again: the series go on with the day after."""
    session.execute(update(Series).where(Series.ended_at.is_(None), Series.done_until < today).values(done_until=today))


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"ann-repeat": choose, "ann-series-end": end}
