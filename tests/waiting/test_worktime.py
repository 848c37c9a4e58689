"""Working time counts the hours in which somebody may be expected to answer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.program.calendar import DayOverride, Holiday, WorkingCalendar
from bot.services.worktime import WorkClock
from tests import stage

HOURS = stage.content().rules.quiet_hours
CALENDAR = WorkingCalendar(range(2025, 2028))
WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


def clock(zone: str = WIB, calendar: WorkingCalendar = CALENDAR) -> WorkClock:
    return WorkClock(calendar, zone, HOURS)


def at(text: str, zone: str = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_a_working_day_has_nine_hours() -> None:
    assert clock().full_day == timedelta(hours=9)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-16T09:00", 9, "2026-11-17T09:00"),
        ("2026-11-16T16:00", 2, "2026-11-17T09:00"),
        ("2026-11-14T09:00", 1, "2026-11-16T09:00"),
        ("2026-11-20T11:00", 1, "2026-11-20T14:00"),
        ("2026-11-20T16:30", 1, "2026-11-23T08:30"),
        ("2026-11-16T03:00", 9, "2026-11-16T17:00"),
        ("2026-11-16T22:00", 27, "2026-11-19T17:00"),
    ],
)
def test_time_is_added_within_working_hours_only(start: str, hours: int, end: str) -> None:
    assert clock().add(at(start), timedelta(hours=hours)) == at(end)


def test_a_holiday_of_the_edition_stands_still() -> None:
    with_day_off = WorkingCalendar(range(2025, 2028), [DayOverride(date(2026, 11, 17), Holiday("Libur daerah"))])
    assert clock(calendar=with_day_off).add(at("2026-11-16T16:00"), timedelta(hours=2)) == at("2026-11-18T09:00")


def test_the_same_question_is_due_earlier_in_the_east() -> None:
    asked = at("2026-11-16T09:00", WIB)
    west, east = clock(WIB).add(asked, timedelta(hours=9)), clock(WIT).add(asked, timedelta(hours=9))
    assert (west - asked, east - asked) == (timedelta(days=1), timedelta(days=1))
    assert clock(WIT).add(at("2026-11-16T16:00", WIB), timedelta(hours=1)) == at("2026-11-17T09:00", WIT)


def test_the_friday_pause_the_night_and_the_weekend_are_not_worked() -> None:
    moments = ["2026-11-20T12:00", "2026-11-20T07:59", "2026-11-20T17:00", "2026-11-21T10:00", "2026-12-25T10:00"]
    assert [clock().is_working(at(moment)) for moment in moments] == [False] * 5
    assert clock().is_working(at("2026-11-20T13:30"))
    assert clock().next_working(at("2026-11-21T10:00")) == at("2026-11-23T08:00")


@given(
    days=st.integers(0, 330),
    minutes=st.integers(0, 1439),
    amount=st.timedeltas(timedelta(minutes=1), timedelta(hours=60)),
    zone=st.sampled_from([WIB, WITA, WIT]),
)
def test_what_is_added_lies_between(days: int, minutes: int, amount: timedelta, zone: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days, minutes=minutes)
    end = clock(zone).add(start, amount)
    assert clock(zone).between(start, end) == amount
    assert clock(zone).between(end, start) == timedelta()
