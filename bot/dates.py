"""Days as people write them in a chat: "besok", "Jumat depan", "1 Des", "30/11", "2 hari lagi"."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

WEEK: Final = timedelta(days=7)

_WEEKDAYS: Final = (
    ("senin", "monday"),
    ("selasa", "tuesday"),
    ("rabu", "wednesday"),
    ("kamis", "thursday"),
    ("jumat", "jum'at", "friday"),
    ("sabtu", "saturday"),
    ("minggu", "ahad", "sunday"),
)
_MONTHS: Final = (
    ("januari", "january"),
    ("februari", "pebruari", "february"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august", "agt", "ags"),
    ("september",),
    ("oktober", "october"),
    ("november", "nopember"),
    ("desember", "december"),
)
_NEARBY: Final[Mapping[str, int]] = MappingProxyType(
    {
        "hari ini": 0,
        "sekarang": 0,
        "today": 0,
        "besok": 1,
        "esok": 1,
        "tomorrow": 1,
        "lusa": 2,
        "besok lusa": 2,
        "kemarin": -1,
        "yesterday": -1,
        "kemarin dulu": -2,
        "kemarin lusa": -2,
    }
)
_NUMBERS: Final = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
)

_POLITE = re.compile(r"^(?:pada )?(?:hari (?!ini)|tanggal (?=\d+ \w|\d+[/.-])|tgl\.? (?=\d+ \w|\d+[/.-]))+")
_TIME_OF_DAY = re.compile(r" (?:pukul|jam|at) .*$| (?:pagi|siang|sore|malam)$")
_SPAN = re.compile(
    r"(?P<ahead>dalam |in )?(?:(?P<one>se)|(?P<count>\w+) )"
    r"(?P<unit>hari|minggu|pekan|bulan|days?|weeks?|months?)(?P<way> lagi| ke depan| (?:yang )?lalu| ago)?"
)
_DAY_OF_WEEK = re.compile(r"(?:(?P<next>next) )?(?P<name>[a-z']+)(?: (?P<way>.+))?")
_DAY_OF_MONTH = re.compile(r"(?:tanggal|tgl\.?) (\d{1,2})")
_NAMED = re.compile(
    r"(?:(?P<weekday>[a-z']+),? )?(?P<day>\d{1,2})[ .-]*(?P<month>[a-z]+)\.?[ ,.-]*(?P<year>\d{4}|\d{2})?"
)
_DIGITS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def read_date(text: str, today: date, *, past: bool = False) -> date | None:
    """The day somebody means, or None if it cannot be told.

    Day before month always. A year or week that is not said is the next one, with `past` the last one;
    "Jumat depan" is the Friday of the week after this, "Jumat" the next to come.
    """
    said = _normal(text)
    for reader in (_nearby, _span, _week_or_month, _weekday, _day_of_month, _named, _digits, _iso):
        day = _safely(reader, said, today, past)
        if day is not None:
            return day
    return None


def names_hour(text: str) -> bool:
    """Whether an hour or a part of the day is said with it, which `read_date` passes over."""
    return _TIME_OF_DAY.search(f" {_plain(text)}") is not None


Reader = Callable[[str, date, bool], date | None]


def _safely(reader: Reader, said: str, today: date, past: bool) -> date | None:
    try:
        return reader(said, today, past)
    except (ValueError, OverflowError):  # 31/11, or a million weeks
        return None


def _normal(text: str) -> str:
    return _POLITE.sub("", _TIME_OF_DAY.sub("", _plain(text)))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("`", "'").lower()
    return " ".join(plain.split()).strip(" .,!?")


def _nearby(said: str, today: date, past: bool) -> date | None:
    if said in ("akhir bulan", "akhir bulan ini"):
        return today.replace(day=monthrange(today.year, today.month)[1])
    return today + timedelta(days=_NEARBY[said]) if said in _NEARBY else None


def _span(said: str, today: date, past: bool) -> date | None:
    match = _SPAN.fullmatch(said)
    if match is None or not (match["ahead"] or match["way"] or match["count"]):
        return None
    count = 1 if match["one"] else _number(match["count"])
    if count is None:
        return None
    sign = -1 if match["way"] and match["way"].endswith(("lalu", "ago")) else 1
    return _after(today, sign * count, match["unit"])


def _after(today: date, count: int, unit: str) -> date:
    if unit.startswith(("bulan", "month")):
        return _months_later(today, count)
    return today + count * (timedelta(days=1) if unit.startswith(("hari", "day")) else WEEK)


def _week_or_month(said: str, today: date, past: bool) -> date | None:
    match said:
        case "minggu depan" | "pekan depan" | "next week":
            return today + WEEK
        case "minggu lalu" | "pekan lalu" | "last week":
            return today - WEEK
        case "bulan depan" | "next month":
            return _months_later(today, 1)
        case "bulan lalu" | "last month":
            return _months_later(today, -1)
    return None


def _weekday(said: str, today: date, past: bool) -> date | None:
    match = _DAY_OF_WEEK.fullmatch(said)
    weekday = _place(_WEEKDAYS, match["name"]) if match else None
    if match is None or weekday is None:
        return None
    this = today + timedelta(days=weekday - today.weekday())
    match "depan" if match["next"] else match["way"]:
        case None if past:
            return this if this < today else this - WEEK
        case None:
            return this if this > today else this + WEEK
        case "ini" | "minggu ini" | "pekan ini":
            return this
        case "depan" | "minggu depan" | "pekan depan" | "yang akan datang":
            return this + WEEK
        case "lalu" | "kemarin" | "yang lalu":
            return this if this < today else this - WEEK
    return None


def _day_of_month(said: str, today: date, past: bool) -> date | None:
    match = _DAY_OF_MONTH.fullmatch(said)
    if match is None:
        return None
    first = today.replace(day=1)
    days = (_day_in(_months_later(first, count), int(match[1])) for count in range(-13, 14))
    return _nearest([day for day in days if day], today, past)


def _named(said: str, today: date, past: bool) -> date | None:
    match = _NAMED.fullmatch(said)
    month = _place(_MONTHS, match["month"]) if match else None
    if match is None or month is None:
        return None
    day = _in_year(int(match["day"]), month + 1, match["year"], today, past)
    if match["weekday"] and (day is None or _place(_WEEKDAYS, match["weekday"]) != day.weekday()):
        return None
    return day


def _digits(said: str, today: date, past: bool) -> date | None:
    match = _DIGITS.fullmatch(said)
    return _in_year(int(match[1]), int(match[3]), match[4], today, past) if match else None


def _iso(said: str, today: date, past: bool) -> date | None:
    match = _ISO.fullmatch(said)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _in_year(day: int, month: int, year: str | None, today: date, past: bool) -> date | None:
    if year:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    # A leap day can be eight years away.
    years = (date(today.year + step, month, 1) for step in range(-8, 9) if 0 < today.year + step < 10_000)
    return _nearest([found for first in years if (found := _day_in(first, day))], today, past)


def _nearest(days: list[date], today: date, past: bool) -> date | None:
    if past:
        return max((day for day in days if day <= today), default=None)
    return min((day for day in days if day >= today), default=None)


def _day_in(first: date, day: int) -> date | None:
    return first.replace(day=day) if 1 <= day <= monthrange(first.year, first.month)[1] else None


def _months_later(today: date, count: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    return _NUMBERS.index(word) if word in _NUMBERS else None


def _place(names: tuple[tuple[str, ...], ...], word: str) -> int | None:
    """Which of these is meant: the whole name, or its first three letters or more."""
    for place, spellings in enumerate(names):
        if any(word == name or (len(word) > 2 and name.startswith(word)) for name in spellings):
            return place
    return None
