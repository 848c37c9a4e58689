from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import read_date

SUNDAY = date(2022, 11, 13)
WEDNESDAY = date(2022, 11, 16)
FRIDAY = date(2022, 11, 18)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hari ini", date(2022, 11, 16)),
        ("Besok", date(2022, 11, 17)),
        ("besok pagi", date(2022, 11, 17)),
        ("  lusa. ", date(2022, 11, 18)),
        ("kemarin", date(2022, 11, 15)),
        ("2 hari lagi", date(2022, 11, 18)),
        ("dua hari lagi", date(2022, 11, 18)),
        ("dalam 3 hari", date(2022, 11, 19)),
        ("3 hari yang lalu", date(2022, 11, 13)),
        ("seminggu lagi", date(2022, 11, 23)),
        ("2 minggu lagi", date(2022, 11, 30)),
        ("minggu depan", date(2022, 11, 23)),
        ("sebulan lagi", date(2022, 12, 16)),
        ("bulan depan", date(2022, 12, 16)),
        ("akhir bulan", date(2022, 11, 30)),
        ("Jumat", date(2022, 11, 18)),
        ("Jumat ini", date(2022, 11, 18)),
        ("Jumat depan", date(2022, 11, 25)),
        ("hari Jum’at depan", date(2022, 11, 25)),
        ("jum'at minggu depan", date(2022, 11, 25)),
        ("Jumat lalu", date(2022, 11, 11)),
        ("hari Minggu", date(2022, 11, 20)),
        ("Rabu", date(2022, 11, 23)),
        ("1 Des", date(2022, 12, 1)),
        ("1 des.", date(2022, 12, 1)),
        ("1 Desember", date(2022, 12, 1)),
        ("30 November 2022", date(2022, 11, 30)),
        ("30 Nopember 2022", date(2022, 11, 30)),
        ("tanggal 30 November", date(2022, 11, 30)),
        ("1 Desember 2022 pukul 09.00 WITA", date(2022, 12, 1)),
        ("Kamis, 1 Desember 2022", date(2022, 12, 1)),
        ("kamis 1 des", date(2022, 12, 1)),
        ("tgl 5", date(2022, 12, 5)),
        ("tanggal 31", date(2022, 12, 31)),
        ("2 Jan", date(2023, 1, 2)),
        ("16 November", date(2022, 11, 16)),
        ("15 November", date(2023, 11, 15)),
        ("30/11", date(2022, 11, 30)),
        ("30-11", date(2022, 11, 30)),
        ("30.11.2022", date(2022, 11, 30)),
        ("1/12/22", date(2022, 12, 1)),
        ("2022-11-30", date(2022, 11, 30)),
        ("29 Februari", date(2024, 2, 29)),
        ("tomorrow", date(2022, 11, 17)),
        ("next friday", date(2022, 11, 25)),
        ("1 Dec 2022", date(2022, 12, 1)),
    ],
)
def test_a_day_is_read_as_people_in_offices_mean_it(text: str, meant: date) -> None:
    assert read_date(text, WEDNESDAY) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "nanti",
        "31/11",
        "31 Februari",
        "32",
        "12",
        "13/13",
        "0/1",
        "1 Foo",
        "Senin, 1 Desember 2022",
        "hari",
        "99999999999999 hari lagi",
        "Jumat kelabu",
        "30/11-2022",
        "saya belum tahu",
        "1.2.3.4",
        "5 apel",
    ],
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert read_date(text, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("15 November", date(2022, 11, 15)),
        ("2 Jan", date(2022, 1, 2)),
        ("Jumat", date(2022, 11, 11)),
        ("tgl 20", date(2022, 10, 20)),
    ],
)
def test_a_day_of_something_that_has_happened_lies_behind(text: str, meant: date) -> None:
    assert read_date(text, WEDNESDAY, past=True) == meant


def test_on_a_friday_friday_is_the_next_one_and_this_friday_is_today() -> None:
    assert read_date("Jumat", FRIDAY) == date(2022, 11, 25)
    assert read_date("Jumat ini", FRIDAY) == FRIDAY
    assert read_date("Jumat depan", FRIDAY) == date(2022, 11, 25)


def test_on_a_sunday_the_week_that_ends_is_still_this_week() -> None:
    assert read_date("Jumat depan", SUNDAY) == date(2022, 11, 18)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 700))
def test_a_day_written_out_is_read_back(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    assert read_date(f"{day.day}/{day.month}/{day.year}", today) == day
    assert read_date(f"{ahead} hari lagi", today) == day


@given(st.text(max_size=40), st.dates())
def test_no_text_breaks_the_reader(text: str, today: date) -> None:
    assert read_date(text, today) is None or isinstance(read_date(text, today), date)
