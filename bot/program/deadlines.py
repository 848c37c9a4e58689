"""Deadlines as an author writes them: `H-16` counts from the closing, `2022-11-15` is a fixed day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from bot.program.calendar import WorkingCalendar
from bot.program.wording import complaint

_OFFSET = re.compile(r"H(?:([+-])(\d{1,4}))?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARLY = re.compile(r"next (\d{1,2}) (\w+)")
# Feast days can be told for these years.
YEARS = range(2017, 2077)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Deadline:
    """Days from the closing (negative: before it), or a fixed day; exactly one of the two is set."""

    days: int | None = None
    day: date | None = None

    def raw_day(self, closing: date) -> date:
        """The day as written, holidays not yet looked at."""
        return self.day or closing + timedelta(days=self.days or 0)

    def working_day(self, closing: date, calendar: WorkingCalendar) -> date:
        """The day moved to a working day: earlier up to the closing, later after it."""
        day = self.raw_day(closing)
        return calendar.previous_working(day) if day <= closing else calendar.next_working(day)

    def __str__(self) -> str:
        if self.day:
            return self.day.isoformat()
        return f"H{self.days:+d}" if self.days else "H"


@dataclass(frozen=True)
class Yearly:
    """A closing that comes back every year, written `next 1 December`."""

    day: int
    month: int

    def after(self, today: date) -> date:
        """The first such day from today on; today itself counts."""
        this_year = date(today.year, self.month, self.day)
        return this_year if this_year >= today else date(today.year + 1, self.month, self.day)

    def __str__(self) -> str:
        return f"next {self.day} {MONTHS[self.month - 1]}"


def read_day(value: object) -> date:
    """An ISO day; anything else is refused, numbers too."""
    if isinstance(value, date):
        return value
    if not _DAY.fullmatch(str(value)):
        raise complaint("day", f"'{value}' is not a date", "write year-month-day, as in 2027-12-01")
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise complaint("day", f"the calendar has no day {value}", "check day and month") from None
    if day.year not in YEARS:
        raise complaint("day", f"{day} is far from any edition", f"use a year from {YEARS[0]} to {YEARS[-1]}")
    return day


def read_deadline(value: object) -> Deadline:
    if isinstance(value, Deadline):
        return value
    if found := _OFFSET.fullmatch(str(value)):
        sign, count = found.groups()
        return Deadline(days=int(f"{sign}{count}") if count else 0)
    if _DAY.fullmatch(str(value)):
        return Deadline(day=read_day(value))
    raise complaint("deadline", f"'{value}' is not a deadline", "write H-16, H, H+120 or a date such as 2027-11-15")


def read_closing(value: object) -> date | Yearly:
    if isinstance(value, date | Yearly):
        return value
    found = _YEARLY.fullmatch(str(value))
    if found is None:
        if _DAY.fullmatch(str(value)):
            return read_day(value)
        raise complaint(
            "closing", f"'{value}' is not a closing", "write a date such as 2027-12-01, or: next 1 December"
        )
    return _yearly(int(found[1]), found[2].capitalize())


def _yearly(day: int, month_name: str) -> Yearly:
    if month_name not in MONTHS:
        raise complaint("closing", f"'{month_name}' is not a month", f"use one of {', '.join(MONTHS)}")
    month = MONTHS.index(month_name) + 1
    try:
        date(2023, month, day)
    except ValueError:
        raise complaint(
            "closing", f"{day} {month_name} does not come every year", "choose a day every year has"
        ) from None
    return Yearly(day, month)


Day = Annotated[date, BeforeValidator(read_day)]
DeadlineText = Annotated[Deadline, BeforeValidator(read_deadline)]
Closing = Annotated[date | Yearly, BeforeValidator(read_closing)]


def read_clock(value: object) -> time:
    """A time of day the Indonesian way: `09.00`."""
    if isinstance(value, time):
        return value
    try:
        return datetime.strptime(str(value), "%H.%M").time()  # noqa: DTZ007 - a time of day, not an instant
    except ValueError:
        raise complaint("clock", f"'{value}' is not a time of day", "write hours and minutes, as in 09.00") from None
