"""On which days an announcement repeats: pure, on the working calendar of the programme."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from pydantic import BaseModel, ConfigDict

from bot.program.calendar import WorkingCalendar
from bot.words import Day, Say, _, _p, listed

ONE_DAY = timedelta(days=1)
WEEKDAYS: Mapping[int, Say] = {
    0: _p("weekday", "Monday"),
    1: _p("weekday", "Tuesday"),
    2: _p("weekday", "Wednesday"),
    3: _p("weekday", "Thursday"),
    4: _p("weekday", "Friday"),
}
# "Every n working days", as buttons offer it.
STEPS = (1, 2, 3, 5, 10)


class Repetition(BaseModel):
    """Chosen weekdays (0 is Monday) or every so many working days, up to a last day; without either, never."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekdays: tuple[int, ...] = ()
    every: int = 0
    until: date | None = None

    @property
    def repeats(self) -> bool:
        return bool(self.weekdays or self.every)


def following(repetition: Repetition, calendar: WorkingCalendar, after: date, last: date) -> date | None:
    """The next day on which it repeats, up to `last`. A day off moves it to the working day before."""
    if repetition.every:
        day = calendar.add_working_days(after, repetition.every)
        return day if day <= last else None
    day = after + ONE_DAY
    while repetition.weekdays and day <= last:
        if day.weekday() in repetition.weekdays and (moved := calendar.previous_working(day)) > after:
            return moved
        day += ONE_DAY
    return None


def days(repetition: Repetition, calendar: WorkingCalendar, after: date, last: date) -> Iterator[date]:
    """All days after `after` on which it repeats."""
    while (day := following(repetition, calendar, after, last)) is not None:
        yield day
        after = day


def next_days(repetition: Repetition, calendar: WorkingCalendar, after: date, last: date, limit: int) -> list[date]:
    """The next few of them."""
    return list(islice(days(repetition, calendar, after, last), limit))


def words(repetition: Repetition, last: date) -> Say:
    """The repetition as a sentence."""
    if repetition.every == 1:
        return _("each working day until {day}", day=Day(last))
    if repetition.every:
        return _("every {count} working days until {day}", count=repetition.every, day=Day(last))
    named = listed([WEEKDAYS[day] for day in sorted(repetition.weekdays)])
    return _("every {weekdays} until {day}", weekdays=named, day=Day(last))
