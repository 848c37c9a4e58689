"""An hour is read as it is written, or refused with an example; nothing that was said of it is passed over."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.hours import Hours, read_end, read_hour, read_hours, read_start
from bot.words import Refusal

NINE = time(9)
WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("28 November pukul 15", time(15)),
        ("28 November pukul 15.30", time(15, 30)),
        ("28 November pkl. 15", time(15)),
        ("28 November 15:00", time(15)),
        ("28 November, 15.00.", time(15)),
        ("besok jam 8", time(8)),
        ("besok pagi jam 8", time(8)),
        ("besok, jam 3 sore", time(15)),
        ("besok sore jam 3", time(15)),
        ("Jumat 3 sore", time(15)),
        ("Jumat pukul 12 siang", time(12)),
        ("Jumat pukul 1 siang", time(13)),
        ("Jumat pukul 11 siang", time(11)),
        ("Jumat pukul 7.30 malam", time(19, 30)),
        ("Jumat pukul 09.00 pagi", time(9)),
        ("Jumat pukul 15.00 sore", time(15)),
        ("tomorrow at 3 pm", time(15)),
        ("besok", NINE),
        ("28 November 2026", NINE),
        ("30/11", NINE),
        ("30-11", NINE),
        ("30.11.2026", NINE),
    ],
)
def test_one_hour_is_read_as_it_is_said(text: str, hour: time) -> None:
    assert read_hour(text, NINE).first == hour


@pytest.mark.parametrize(
    ("text", "zone", "local"),
    [
        ("besok pukul 14 WITA", WITA, False),
        ("besok jam 3 sore wita", WITA, False),
        ("besok 14 wita", WITA, False),
        ("besok pukul 14", None, False),
        ("besok pukul 14 waktu setempat", None, True),
        ("besok jam 3 sore setempat", None, True),
    ],
)
def test_the_zone_is_told_with_it(text: str, zone: ZoneInfo | None, local: bool) -> None:
    said = read_hour(text, NINE)
    assert (said.before.strip(" ,"), said.zone, said.local) == ("besok", zone, local)


@pytest.mark.parametrize(
    "text",
    [
        "besok pagi",
        "nanti malam",
        "besok jam setengah sembilan",
        "besok jam sembilan",
        "besok jam 9 lewat 15",
        "besok pukul 09.00 atau 10.00",
        "besok pukul 09.00 s.d. selesai",
        "besok pukul 09.00-12.00",
        "jam 9 besok",
        "pukul 15.00, 28 November",
        "2 jam lagi",
        "besok pukul 25",
        "besok pukul 09.60",
        "besok jam 9 sore",
        "besok jam 12 malam",
        "besok pukul 15.00 pagi",
        "besok jam 3",
        "besok jam 1-3 sore",
    ],
)
def test_an_hour_that_cannot_be_told_is_refused_and_never_taken_for_another(text: str) -> None:
    with pytest.raises(Refusal):
        read_hour(text, NINE)


def test_three_without_more_asks_which_of_the_two() -> None:
    with pytest.raises(Refusal, match=r"'03\.00'.*'15\.00'"):
        read_hour("besok jam 3", NINE)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("28 November 09.00-12.00", 9, 12),
        ("28 November pukul 9 sampai 12", 9, 12),
        ("28 November jam 8 – 10 pagi", 8, 10),
        ("28 November jam 10 s.d. 2 siang", 10, 14),
        ("28 November jam 2-4 sore", 14, 16),
        ("28 November pukul 09.00 WIB s/d 12.00 WIB", 9, 12),
        ("28 November 9-12 WIB", 9, 12),
    ],
)
def test_from_when_until_when_is_read_in_one(text: str, first: int, last: int) -> None:
    said = read_hours(text)
    assert said is not None
    assert (said.before, said.first, said.last) == ("28 November ", time(first), time(last))


@pytest.mark.parametrize("text", ["28 November", "28", "28 November 26", "28-11", "", "setengah 9", "31/11"])
def test_a_number_by_itself_is_no_hour(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("28 November jam 3 sore", datetime(2026, 11, 28, 8, tzinfo=UTC), None),
        ("28 November pukul 14 WIT", datetime(2026, 11, 28, 5, tzinfo=UTC), None),
        (
            "28 November pukul 9-12 WITA",
            datetime(2026, 11, 28, 1, tzinfo=UTC),
            datetime(2026, 11, 28, 4, tzinfo=UTC),
        ),
    ],
)
def test_a_meeting_begins_as_it_was_said(text: str, starts: datetime, ends: datetime | None) -> None:
    start = read_start(text, "Asia/Jakarta", NOW)
    assert (start.starts_at, start.ends_at) == (starts, ends)


def test_a_meeting_at_two_hours_said_one_after_another_is_refused() -> None:
    with pytest.raises(Refusal):
        read_start("28 November jam 9 pagi 15.00", "Asia/Jakarta", NOW)


@pytest.mark.parametrize(
    ("text", "hour"), [("sampai jam 12", 5), ("2 jam", 4), ("pukul 3 sore", 8), ("12.00 WITA", 4), ("besok jam 8", 25)]
)
def test_a_meeting_ends_as_it_was_said(text: str, hour: int) -> None:
    starts = datetime(2026, 11, 28, 2, tzinfo=UTC)
    ends = read_end(text, starts, "Asia/Jakarta")
    assert ends == datetime(2026, 11, 28 + hour // 24, hour % 24, tzinfo=UTC)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader_of_hours(text: str) -> None:
    try:
        said = read_hours(text)
    except Refusal:
        return
    assert said is None or isinstance(said, Hours)


@given(st.times(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_an_hour_written_out_is_read_back(hour: time, day: date) -> None:
    said = read_hour(f"{day.day}/{day.month}/{day.year} pukul {hour:%H.%M}", NINE)
    assert (said.first, said.before) == (hour.replace(second=0, microsecond=0), f"{day.day}/{day.month}/{day.year} ")
