"""On which days a deadline speaks, and which of these days still matters."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.program.calendar import DayOverride, Holiday, HolidayKind, WorkingCalendar
from bot.services.occasions import choose, fewer, occasions

CALENDAR = WorkingCalendar([2022])
CLOSING = date(2022, 12, 1)
OFFSETS = (-14, -7, -4, -3, -1, 0, 1, 3)


def _days(due: date, *offsets: int, calendar: WorkingCalendar = CALENDAR) -> list[date]:
    return [one.day for one in occasions(due, offsets, calendar)]


def test_four_days_before_the_closing_of_2022_is_a_sunday_so_it_speaks_on_friday() -> None:
    (one,) = occasions(CLOSING, (-4,), CALENDAR)
    assert (one.raw, one.day) == (date(2022, 11, 27), date(2022, 11, 25))


def test_days_after_a_deadline_count_only_what_is_worked() -> None:
    assert _days(date(2022, 12, 2), 1, 3) == [date(2022, 12, 5), date(2022, 12, 7)]


def test_joint_leave_moves_an_occasion_earlier_and_never_later() -> None:
    leave = DayOverride(date(2022, 11, 30), Holiday("Cuti bersama", HolidayKind.JOINT_LEAVE))
    assert _days(CLOSING, -1, calendar=WorkingCalendar([2022], [leave])) == [date(2022, 11, 29)]


def test_of_several_missed_occasions_only_the_latest_speaks() -> None:
    plan = occasions(CLOSING, OFFSETS, CALENDAR)
    choice = choose(plan, date(2022, 11, 29), {"-14"}, expired=False)
    assert choice.now is not None
    assert (choice.now.name, [one.name for one in choice.passed]) == ("-3", ["-7", "-4"])


def test_what_was_told_is_not_told_again_and_what_it_overtook_is_passed_over() -> None:
    choice = choose(occasions(CLOSING, OFFSETS, CALENDAR), date(2022, 11, 29), {"-3"}, expired=False)
    assert choice.now is None
    assert [one.name for one in choice.passed] == ["-14", "-7", "-4"]


def test_nothing_from_before_a_deadline_is_said_after_it() -> None:
    choice = choose(occasions(CLOSING, (-3, -1, 0), CALENDAR), date(2022, 12, 2), (), expired=True)
    assert choice.now is None
    assert [one.name for one in choice.passed] == ["-3", "-1", "0"]


@pytest.mark.parametrize(
    ("offsets", "kept"), [(OFFSETS, (-1, 0, 1)), ((3, 1, -7), (1, -7)), ((-2,), (-2,)), ((0, 2), (0, 2))]
)
def test_fewer_reminders_are_the_nearest_ones(offsets: tuple[int, ...], kept: tuple[int, ...]) -> None:
    assert fewer(offsets) == kept


@given(
    st.dates(date(2022, 1, 10), date(2022, 12, 20)),
    st.sets(st.integers(-30, 5), min_size=1, max_size=8),
    st.sets(st.integers(0, 364), max_size=30),
)
def test_every_occasion_is_worked_and_none_before_the_deadline_comes_later_than_it_was_meant(
    due: date, offsets: set[int], free: set[int]
) -> None:
    leave = [DayOverride(date(2022, 1, 1) + timedelta(days=one), Holiday("Libur")) for one in free]
    calendar = WorkingCalendar([2021, 2022, 2023], leave)
    for one in occasions(due, tuple(offsets), calendar):
        assert calendar.is_working(one.day)
        assert one.day <= one.raw
        between = (one.raw - one.day).days
        assert all(not calendar.is_working(one.day + timedelta(days=n)) for n in range(1, between + 1))
