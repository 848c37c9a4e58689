"""When each person's reminders are looked at next: on each working day at their hour, and again when a date moved."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update

from bot.program.calendar import WorkingCalendar
from bot.program.model import QuietHours
from bot.services import digests
from bot.services.work import Work
from bot.services.worktime import FRIDAY, WorkClock
from db.inbox import insert_ignoring
from db.models import DigestClock, Scope, Seat

# Whoever has just come in is looking around: the first reminders wait so long.
SETTLING_IN = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


def begin(work: Work, person_id: int, region_code: str | None) -> None:
    """Somebody holds a seat from now on: what matters to them is told soon, in one digest."""
    values = {
        "person_id": person_id,
        "region_code": region_code or "",
        "next_at": work.now + SETTLING_IN,
        "rhythm": "all",
        "extra": False,
    }
    fresh = insert_ignoring(work.session, DigestClock).values(**values).on_conflict_do_nothing()
    if work.session.scalar(fresh.returning(DigestClock.person_id)) is None:
        look_again(work, person_ids=[person_id])


def look_again(work: Work, *, region_code: str | None = None, person_ids: Sequence[int] | None = None) -> None:
    """A date, a day off or a setting was changed: look at once at these persons, at everybody who follows this region,
    or (neither) at everybody. Digests that have not left are made anew; nobody is told anything twice by that."""
    followers = None if region_code is None else _followers(work, region_code)
    persons = followers if person_ids is None else person_ids
    digests.take_back(work, persons)
    earlier = update(DigestClock).where(DigestClock.next_at > work.now)
    if persons is not None:
        earlier = earlier.where(DigestClock.person_id.in_(persons))
    work.session.execute(earlier.values(next_at=work.now), execution_options={"synchronize_session": False})


def _followers(work: Work, region_code: str) -> Select[int | None]:
    """Whoever's seat reaches the region."""
    province = region_code.partition(".")[0]
    reach = (Scope.region_code == region_code) | (
        Scope.region_code.is_(None) & (Scope.province.is_(None) | (Scope.province == province))
    )
    return (
        select(Seat.holder_id)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(Seat.edition_id == work.edition_id, Seat.ended_at.is_(None), Seat.holder_id.is_not(None), reach)
    )


# --- A person's hours. Pure.


def digest_time(day: date, hour: time, zone: str, hours: QuietHours) -> datetime:
    """The moment of a day's digest: the hour, kept within the quiet hours, and before the Friday prayers."""
    kept = min(max(hour, hours.earliest), _minute_before(hours.latest))
    if day.weekday() == FRIDAY and hours.friday_pause_from <= kept < hours.friday_pause_until:
        kept = max(hours.earliest, _minute_before(hours.friday_pause_from))
    return datetime.combine(day, kept, ZoneInfo(zone))


def _minute_before(moment: time) -> time:
    return (datetime.combine(date.min + ONE_DAY, moment) - timedelta(minutes=1)).time()


def next_digest(
    after: date, hour: time, zone: str, hours: QuietHours, calendars: Iterable[WorkingCalendar]
) -> datetime:
    """The first digest after a day: on the next day that is worked in any of the person's regions."""
    day = min(calendar.next_working(after + ONE_DAY) for calendar in calendars)
    return digest_time(day, hour, zone, hours)


def allowed_from(moment: datetime, zone: str, hours: QuietHours, calendars: Iterable[WorkingCalendar]) -> datetime:
    """The moment itself if something may be sent then, else the next one that is."""
    return min(WorkClock(calendar, zone, hours).next_working(moment) for calendar in calendars)
