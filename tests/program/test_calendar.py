"""Working days follow the joint ministerial decrees, and what is added to them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.program.calendar import DayOverride, Holiday, HolidayKind, WorkingCalendar
from bot.program.model import Edition

# Decree of 2022 as the press told it, Iduladha before it was moved by a day.
DECREE_2022 = {
    (1, 1), (2, 1), (2, 28), (3, 3), (4, 15), (4, 29), (5, 1), (5, 2), (5, 3), (5, 4), (5, 5), (5, 6),
    (5, 16), (5, 26), (6, 1), (7, 9), (7, 30), (8, 17), (10, 8), (12, 25),
}  # fmt: skip
JOINT_LEAVE_2022 = {(4, 29), (5, 4), (5, 5), (5, 6)}
# Decree of 2026.
PUBLIC_2026 = {
    (1, 1), (1, 16), (2, 17), (3, 19), (3, 21), (3, 22), (4, 3), (4, 5), (5, 1), (5, 14), (5, 27), (5, 31),
    (6, 1), (6, 16), (8, 17), (8, 25), (12, 25),
}  # fmt: skip
JOINT_LEAVE_2026 = {(2, 16), (3, 18), (3, 20), (3, 23), (3, 24), (5, 15), (5, 28), (12, 24)}
ANNIVERSARY = Holiday("Hari jadi daerah", HolidayKind.LOCAL)


@pytest.fixture
def plain() -> WorkingCalendar:
    return WorkingCalendar([2022, 2026])


def days(calendar: WorkingCalendar, year: int, kind: HolidayKind | None = None) -> set[tuple[int, int]]:
    first = date(year, 1, 1).toordinal()
    every = (date.fromordinal(first + ahead) for ahead in range(365))
    found = {day: calendar.holiday(day) for day in every}
    return {(day.month, day.day) for day, off in found.items() if off and kind in (None, off.kind)}


def test_2022_is_off_on_the_days_of_the_decree(of_2022: Edition) -> None:
    # The library has Iduladha on the Sunday to which it was moved.
    assert days(of_2022.calendar, 2022) - {(7, 10)} == DECREE_2022
    assert days(of_2022.calendar, 2022, HolidayKind.JOINT_LEAVE) == JOINT_LEAVE_2022


def test_no_holiday_disturbs_the_last_weeks_of_2022(of_2022: Edition) -> None:
    assert not {day for day in days(of_2022.calendar, 2022) if (10, 9) <= day <= (12, 1)}


def test_2026_is_off_on_the_days_of_the_decree(plain: WorkingCalendar) -> None:
    assert days(plain, 2026, HolidayKind.NATIONAL) == PUBLIC_2026
    assert days(plain, 2026, HolidayKind.JOINT_LEAVE) == JOINT_LEAVE_2026


def test_weekends_and_joint_leave_are_not_worked(plain: WorkingCalendar) -> None:
    assert not plain.is_working(date(2022, 4, 29))
    assert not plain.is_working(date(2022, 10, 15))
    assert plain.is_working(date(2022, 10, 17))


def test_holidays_have_indonesian_names_in_standard_spelling(plain: WorkingCalendar) -> None:
    assert plain.holiday_name(date(2022, 8, 17)) == "Hari Kemerdekaan Republik Indonesia"
    assert plain.holiday_name(date(2022, 5, 2)) == "Hari Raya Idulfitri"
    assert plain.holiday_name(date(2022, 10, 15)) is None


def test_a_day_moves_to_a_working_day_in_the_asked_direction(plain: WorkingCalendar) -> None:
    labour_day = date(2022, 5, 1)
    assert plain.previous_working(labour_day) == date(2022, 4, 28)
    assert plain.next_working(labour_day) == date(2022, 5, 9)
    assert plain.previous_working(date(2022, 10, 31)) == plain.next_working(date(2022, 10, 31)) == date(2022, 10, 31)


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2022, 12, 1), 0),
        (date(2022, 11, 30), 1),
        (date(2022, 11, 28), 3),
        (date(2022, 11, 26), 4),
        (date(2022, 11, 25), 4),
        (date(2022, 12, 5), 0),
    ],
)
def test_working_days_left_count_after_today_up_to_the_deadline(plain: WorkingCalendar, today: date, left: int) -> None:
    assert plain.working_days_left(today, date(2022, 12, 1)) == left


def test_working_days_are_added_over_weekends_and_holidays(plain: WorkingCalendar) -> None:
    assert plain.add_working_days(date(2022, 8, 16), 1) == date(2022, 8, 18)
    assert plain.add_working_days(date(2022, 12, 2), 3) == date(2022, 12, 7)
    assert plain.add_working_days(date(2022, 8, 18), -1) == date(2022, 8, 16)
    assert plain.add_working_days(date(2022, 8, 17), 0) == date(2022, 8, 17)


def test_an_added_holiday_and_a_working_saturday_win_over_the_library() -> None:
    sunday_work, saturday = date(2022, 8, 17), date(2022, 10, 15)
    calendar = WorkingCalendar(
        [2022],
        [
            DayOverride(date(2022, 10, 17), Holiday("Libur tambahan")),
            DayOverride(saturday, None),
            DayOverride(sunday_work, None),
        ],
    )
    assert calendar.holiday_name(date(2022, 10, 17)) == "Libur tambahan"
    assert not calendar.is_working(date(2022, 10, 17))
    assert calendar.is_working(saturday)
    assert calendar.is_working(sunday_work)
    assert calendar.holiday_name(sunday_work) is None


def test_a_regional_holiday_holds_only_there() -> None:
    day = date(2022, 10, 20)
    calendar = WorkingCalendar([2022], [DayOverride(day, ANNIVERSARY, "12.76")])
    assert calendar.is_working(day)
    assert calendar.for_region("12.71").is_working(day)
    assert calendar.for_region("12.76").holiday(day) == ANNIVERSARY


def test_a_provincial_holiday_holds_in_all_its_regions_and_yields_to_one_of_them() -> None:
    day = date(2022, 10, 20)
    calendar = WorkingCalendar([2022], [DayOverride(day, None, "12.71"), DayOverride(day, ANNIVERSARY, "12")])
    assert not calendar.for_region("12.76").is_working(day)
    assert calendar.for_region("12.71").is_working(day)
    assert calendar.for_region("11.71").is_working(day)


def test_years_not_named_are_known_as_well() -> None:
    assert not WorkingCalendar([]).is_working(date(2026, 8, 17))


@given(st.dates(date(2021, 12, 1), date(2023, 2, 1)), st.integers(-20, 500), st.booleans())
def test_counting_working_days_agrees_with_walking_through_them(today: date, span: int, local: bool) -> None:
    moved = DayOverride(date(2022, 11, 26), None)
    extra = DayOverride(date(2022, 11, 28), Holiday("Hari jadi", HolidayKind.LOCAL), "12.76")
    calendar = WorkingCalendar((2022,), (moved, extra), "12.76" if local else "62.06")
    walked = sum(calendar.is_working(today + timedelta(days=ahead)) for ahead in range(1, span + 1))
    assert calendar.working_days_left(today, today + timedelta(days=span)) == walked
