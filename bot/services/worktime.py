"""Working time: the hours that count, in one zone, on one calendar. Pure; moments are aware."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.program.calendar import WorkingCalendar
from bot.program.model import QuietHours

FRIDAY = 4
# No question waits longer than this; it bounds the search, whatever the calendar says.
_HORIZON = 400


@dataclass(frozen=True, slots=True)
class WorkClock:
    """Runs in the working hours of a zone; stands still at night, on days off and for Friday prayers."""

    calendar: WorkingCalendar
    zone: str
    hours: QuietHours

    @property
    def full_day(self) -> timedelta:
        """The working time of a day without the Friday pause: what "one working day" means."""
        return _between(self.hours.earliest, self.hours.latest)

    def is_working(self, moment: datetime) -> bool:
        """Whether somebody may be expected to work at this moment."""
        there = moment.astimezone(ZoneInfo(self.zone))
        return any(begin <= there < end for begin, end in self._spans(there.date()))

    def closes(self, moment: datetime) -> datetime:
        """When the working hours that hold this moment end; the moment itself outside them. In its own zone."""
        there = moment.astimezone(ZoneInfo(self.zone))
        ends = (close for begin, close in self._spans(there.date()) if begin <= there < close)
        return next(ends, there).astimezone(moment.tzinfo)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to a later one; zero if it is not later."""
        zone = ZoneInfo(self.zone)
        begin, finish = start.astimezone(zone), end.astimezone(zone)
        total = timedelta()
        day = begin.date()
        while day <= finish.date():
            for opens, closes in self._spans(day):
                total += max(timedelta(), min(closes, finish) - max(opens, begin))
            day += timedelta(days=1)
        return total

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The moment at which so much working time has passed since `start`, in the zone of `start`."""
        there = start.astimezone(ZoneInfo(self.zone))
        left = amount
        for opens, closes in self._spans_from(there):
            if closes - opens >= left:
                return (opens + left).astimezone(start.tzinfo)
            left -= closes - opens
        raise ValueError("no working time in sight: the calendar has no working days")

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself if it is worked, else the next one that is."""
        return moment if self.is_working(moment) else self.add(moment, timedelta())

    def _spans_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(_HORIZON):
            for opens, closes in self._spans(start.date() + timedelta(days=offset)):
                if closes > start:
                    yield max(opens, start), closes

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.calendar.is_working(day):
            return []
        hours = self.hours
        if day.weekday() != FRIDAY:
            return [self._span(day, hours.earliest, hours.latest)]
        return [
            self._span(day, hours.earliest, hours.friday_pause_from),
            self._span(day, hours.friday_pause_until, hours.latest),
        ]

    def _span(self, day: date, begin: time, end: time) -> tuple[datetime, datetime]:
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, begin, zone), datetime.combine(day, end, zone)


def _between(begin: time, end: time) -> timedelta:
    day = date(2026, 1, 5)
    return datetime.combine(day, end) - datetime.combine(day, begin)
