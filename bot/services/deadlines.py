"""When an item is due in a region: to the end of a day there, however the day was arrived at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.work import Work


@dataclass(frozen=True, slots=True)
class Due:
    """`day` is the last day; `at` its end (24.00) in the region's `zone`, in UTC."""

    day: date
    at: datetime
    zone: str

    def passed(self, moment: datetime) -> bool:
        """Whether this moment is after the deadline. Telegram's time of a message decides, not ours."""
        return moment >= self.at


def due_of(work: Work, region_code: str, item_key: str) -> Due:
    """Deadline of an item for a region: the edition's default on the region's own working calendar."""
    zone = work.programme.regions.by_code[region_code].timezone
    day = work.programme.edition.default_deadline(item_key, work.calendar_for(region_code))
    return Due(day, end_of(day, zone), zone)


def end_of(day: date, zone: str) -> datetime:
    """24.00 of a day in a zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def days_left(work: Work, region_code: str, due: Due) -> int:
    """Working days after today up to the deadline, on the region's calendar; negative once it has passed."""
    today = work.now.astimezone(ZoneInfo(due.zone)).date()
    calendar = work.calendar_for(region_code)
    if today <= due.day:
        return calendar.working_days_left(today, due.day)
    return -calendar.working_days_left(due.day, today) or -1
