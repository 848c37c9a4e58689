"""On which days a reminder of a deadline comes, and which of these occasions still matters. Pure."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.program.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Occasion:
    """`offset` days from a deadline. It comes on `day`: `raw`, or earlier where that day is not worked."""

    offset: int
    raw: date
    day: date

    @property
    def name(self) -> str:
        """How it is kept: `-7`, `0`, `+1`."""
        return f"{self.offset:+d}" if self.offset else "0"


@dataclass(frozen=True, slots=True)
class Choice:
    """The one occasion to speak on now, if any, and those that were passed over."""

    now: Occasion | None
    passed: tuple[Occasion, ...] = ()


NOTHING = Choice(None)


@lru_cache(maxsize=65536)
def occasions(due_day: date, offsets: tuple[int, ...], calendar: WorkingCalendar) -> tuple[Occasion, ...]:
    """All occasions of a deadline in their order.

    Offsets up to 0 count days and move earlier to a working day; those after it count working days.
    """
    found = (_occasion(due_day, offset, calendar) for offset in offsets)
    return tuple(sorted(found, key=lambda one: (one.day, one.offset)))


def _occasion(due_day: date, offset: int, calendar: WorkingCalendar) -> Occasion:
    if offset > 0:
        day = calendar.add_working_days(due_day, offset)
        return Occasion(offset, day, day)
    raw = due_day + timedelta(days=offset)
    return Occasion(offset, raw, calendar.previous_working(raw))


def choose(plan: Sequence[Occasion], today: date, told: Container[str], *, expired: bool) -> Choice:
    """What to say today of a deadline with these occasions, `told` being the names of those that are settled.

    Only the latest occasion that has come speaks, however many were missed; one before the deadline no longer speaks
    once this has `expired`.
    """
    come = [one for one in plan if one.day <= today]
    if not come:
        return NOTHING
    latest = come[-1]
    fresh = [one for one in come if one.name not in told]
    if latest.name in told or (expired and latest.offset <= 0):
        return Choice(None, tuple(fresh))
    return Choice(latest, tuple(fresh[:-1]))


def fewer(offsets: Sequence[int]) -> tuple[int, ...]:
    """The nearest offsets only: the last one before the deadline, the day itself, the first one after it."""
    before = max((one for one in offsets if one < 0), default=None)
    after = min((one for one in offsets if one > 0), default=None)
    return tuple(one for one in offsets if one in (before, 0, after))
