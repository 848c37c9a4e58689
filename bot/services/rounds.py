"""One person's round through the days: whether this is their hour, what they hear, and when to look next. Pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.program.calendar import WorkingCalendar
from bot.services import clocks, last_calls, reminding, zones
from bot.services.boards import Board
from bot.services.reminding import Entry, Passed, Why
from bot.services.visits import DEFAULT_ZONE
from db.models import DigestClock


@dataclass(frozen=True, slots=True)
class Attended:
    """A person's clock and zone, and the calendars of their regions."""

    clock: DigestClock
    zone: str
    calendars: Sequence[WorkingCalendar]

    def today(self, now: datetime) -> date:
        """The day where the person is."""
        return now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Round:
    """What a look at a person led to: what is said on `today`, and when to look again.

    `second`: it is the one extra notice of a day that has had its digest.
    """

    today: date
    next_at: datetime
    second: bool = False
    entries: tuple[Entry, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def number(self) -> int:
        """Which message of the day it is."""
        return 1 + self.second


def attended(board: Board, clock: DigestClock, zone: str | None) -> Attended:
    """A person in their own zone, else the one of their first region, else WIB."""
    regions = board.regions(clock.person_id)
    known = board.work.programme.regions.by_code
    calendars = [board.work.calendar_for(code) for code in regions] or [board.work.calendar]
    there = known[regions[0]].timezone if regions else DEFAULT_ZONE
    return Attended(clock, zones.own(clock.person_id, zone) or there, calendars)


def wait(board: Board, one: Attended, now: datetime) -> datetime | None:
    """When to look instead of now; None if it is the person's hour, or later on the same day."""
    hours, today = board.timing.hours, one.today(now)
    allowed = clocks.allowed_from(now, one.zone, hours, one.calendars)
    if allowed > now:
        day = one.today(allowed)
        return allowed if day == today else _hour(board, one, day)
    at = _hour(board, one, today)
    if at > now and one.clock.last_day != today:
        return at
    return None if _can_be_reached(board, one) else next_hour(board, one, today)


def _can_be_reached(board: Board, one: Attended) -> bool:
    return any(place.active for place in board.places.get(one.clock.person_id, ()))


def speak(board: Board, one: Attended, now: datetime) -> Round:
    """What the person hears now, on a board that knows what they were told."""
    today = one.today(now)
    next_at, second = next_hour(board, one, today), one.clock.last_day == today
    if second and one.clock.extra:
        return Round(today, next_at)
    decision = reminding.decide(board, one.clock, now, today)
    entries = _pressing(decision.entries, one.today(next_at)) if second else decision.entries
    entries = (*last_calls.entries(board, one.clock, one.zone, now, entries), *entries)
    if last_calls.is_ahead(board, one.zone, now):
        next_at = last_calls.afternoon(board, one.zone)
    return Round(today, next_at, second, entries, decision.passed)


@dataclass
class Alike:
    """Speaks to one after the other at one moment. For people in the same seats who have the same tasks and were told
    the same, it is decided once: they get the very same round."""

    board: Board
    now: datetime
    _known: dict[Hashable, Round] = field(default_factory=dict)

    def speak(self, one: Attended) -> Round:
        """What the person hears now."""
        situation = self._situation(one)
        if situation is None:
            return speak(self.board, one, self.now)
        known = self._known.get(situation)
        if known is None:
            known = self._known[situation] = speak(self.board, one, self.now)
        return known

    def _situation(self, one: Attended) -> Hashable:
        """All that a decision looks at; None where something is this person's alone."""
        board, clock = self.board, one.clock
        if board.has_personal or clock.person_id in board.snoozing:
            return None
        tasks = [board.received(code).get(clock.person_id, ()) for code in board.regions(clock.person_id)]
        return (
            (one.zone, clock.hour, clock.rhythm, clock.last_day, clock.extra),
            board.seats(clock.person_id),
            tuple(task.item_id for own in tasks for task in own),
            board.heard.get(clock.person_id),
        )


def next_hour(board: Board, one: Attended, after: date) -> datetime:
    """The person's hour on the first day after this one that is worked in any of their regions."""
    hour = one.clock.hour or board.timing.reminders.at
    return clocks.next_digest(after, hour, one.zone, board.timing.hours, one.calendars)


def _hour(board: Board, one: Attended, day: date) -> datetime:
    hour = one.clock.hour or board.timing.reminders.at
    return clocks.digest_time(day, hour, one.zone, board.timing.hours)


def _pressing(entries: Sequence[Entry], next_day: date) -> tuple[Entry, ...]:
    """What would come later than it was meant, if it waited for the next digest."""
    return tuple(entry for entry in entries if entry.raw < next_day and entry.why not in (Why.CLOSING, Why.THANKS))
