"""Working days in Indonesia: weekends, national holidays, joint leave, and what a coordinator adds.

The national days come from the `holidays` library (categories public and government, the latter being
*cuti bersama*). Decrees change within the year, so overrides always win over the library.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from holidays import country_holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)
KBBI_SPELLING = {"Idul Fitri": "Idulfitri", "Idul Adha": "Iduladha"}


class HolidayKind(StrEnum):
    NATIONAL = "national"
    JOINT_LEAVE = "joint-leave"
    LOCAL = "local"


@dataclass(frozen=True)
class Holiday:
    """A day off; the name is Indonesian."""

    name: str
    kind: HolidayKind = HolidayKind.NATIONAL


@dataclass(frozen=True)
class DayOverride:
    """One day as a coordinator or an edition sees it: a holiday, or (None) a working day even at the weekend.

    `region_code` is a region ("12.76"), a province ("12"), or None for all of Indonesia.
    """

    day: date
    holiday: Holiday | None
    region_code: str | None = None

    def covers(self, region_code: str | None) -> bool:
        if self.region_code is None or self.region_code == region_code:
            return True
        return region_code is not None and region_code.startswith(f"{self.region_code}.")


class WorkingCalendar:
    """Which days are worked, for one region or (without a region code) for all.

    Years outside `years` are looked up when first asked for; every year is computed once per process.
    A narrower override wins over a wider one, a later one over an earlier one of the same width.
    """

    def __init__(
        self, years: Iterable[int], overrides: Iterable[DayOverride] = (), region_code: str | None = None
    ) -> None:
        self._overrides = tuple(overrides)
        self._region_code = region_code
        by_width = sorted(self._overrides, key=lambda one: len(one.region_code or ""))
        self._own = {one.day: one.holiday for one in by_width if one.covers(region_code)}
        self._years = {year: national_days(year) for year in years}
        self._regions: dict[str, WorkingCalendar] = {}

    def for_region(self, region_code: str) -> "WorkingCalendar":
        """The same calendar with what was added for this region and its province; this very one where nothing was."""
        if region_code not in self._regions:
            own = any(one.region_code and one.covers(region_code) for one in self._overrides)
            self._regions[region_code] = WorkingCalendar(self._years, self._overrides, region_code) if own else self
        return self._regions[region_code]

    def holiday(self, day: date) -> Holiday | None:
        """The holiday of a day; None on ordinary days, weekends included."""
        if day in self._own:
            return self._own[day]
        return self._year(day.year).get(day)

    def holiday_name(self, day: date) -> str | None:
        """The Indonesian name of the holiday, or None."""
        holiday = self.holiday(day)
        return holiday.name if holiday else None

    def is_working(self, day: date) -> bool:
        if day in self._own:
            return self._own[day] is None
        return day.weekday() < SATURDAY and day not in self._year(day.year)

    def previous_working(self, day: date) -> date:
        """The day itself if it is worked, else the nearest working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, else the nearest working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def working_days_left(self, today: date, deadline: date) -> int:
        """Working days after today up to and including the deadline; 0 on the day itself and afterwards."""
        if deadline <= today:
            return 0
        years = range(today.year, deadline.year + 1)
        unusual = self._own.keys() | {day for year in years for day in self._year(year)}
        corrections = (self.is_working(day) - (day.weekday() < SATURDAY) for day in unusual if today < day <= deadline)
        return _weekdays_until(deadline) - _weekdays_until(today) + sum(corrections)

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day` (before it, if negative); 0 gives the day itself."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def _year(self, year: int) -> Mapping[date, Holiday]:
        if year not in self._years:
            self._years[year] = national_days(year)
        return self._years[year]


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays up to a day, since the first of all days, which was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, 5)


@lru_cache(maxsize=64)
def national_days(year: int) -> Mapping[date, Holiday]:
    """National holidays and joint leave of one year, as the library knows the decree (or estimates it)."""
    joint = _listed(year, "government", HolidayKind.JOINT_LEAVE)
    return {**joint, **_listed(year, "public", HolidayKind.NATIONAL)}


def _listed(year: int, category: str, kind: HolidayKind) -> dict[date, Holiday]:
    listed = country_holidays("ID", years=year, expand=False, language="id", categories=category)
    return {day: Holiday(_kbbi(name), kind) for day, name in listed.items()}


def _kbbi(name: str) -> str:
    for library, standard in KBBI_SPELLING.items():
        name = name.replace(library, standard)
    return re.sub(r"\s+", " ", name).strip()
