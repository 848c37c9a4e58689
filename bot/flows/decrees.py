"""Days off as people paste them: a line a day or a few days, by a decree's list or a small table. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.flows.extending import nearest
from bot.words import Day, Say, _

LONGEST = 14
NAME_LIMIT = 128
_MONTH = r"(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|agt|ags|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*\.?"
_DATE = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}(?:[/.]\d{{2,4}})?|\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?"
_UNTIL = r"\s*(?:-|–|—|s\.?/?d\.?|sampai(?: dengan)?|hingga|dan|&)\s*"
_LINE = re.compile(
    rf"(?P<first>{_DATE}|\d{{1,2}}(?={_UNTIL}\d))(?:(?:{_UNTIL}|\t)(?P<last>{_DATE}))?"
    rf"(?:\s*\([^)]*\))?[\s,;:|–-]*(?P<name>.*)",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^\s*(?:[-•*]\s*|\(?\d{1,2}[.)]\s+(?=\S)|\d{1,2}[\t;|]\s*|\d{1,2},(?=\d{4}-))")
_WEEKDAY = r"(?:senin|selasa|rabu|kamis|jumat|jum['’]at|sabtu|minggu|ahad)\b"
_WEEKDAYS = re.compile(rf"^(?:{_WEEKDAY}[\s,;:&–-]*(?:dan\s+)?)+", re.IGNORECASE)
# A column of its own; "Jumat Agung" is a name.
_WEEKDAY_COLUMN = re.compile(rf"^{_WEEKDAY}(?: *(?:-|–|&|,|dan) *{_WEEKDAY})? *[\t;|,]", re.IGNORECASE)
_HEADING = re.compile(r"^\W*(?:tanggal|hari|date|no)\b[^\d]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Off:
    """A day and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be taken, by its number from 1, and why."""

    number: int
    why: Say


class _Unfit(Exception):  # noqa: N818 (it says why a line was not taken)
    def __init__(self, why: Say) -> None:
        super().__init__(why)
        self.why = why


def read(text: str, today: date, years: tuple[int, int]) -> tuple[list[Off], list[Fault]]:
    """The days of a list, in their order, and every line that could not be taken.

    A year that is not written is the next one that fits, unless the day has just passed; days are from today on and
    within these years.
    """
    found: dict[date, Off] = {}
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (not found and _HEADING.match(line)):
            continue
        try:
            found |= {off.day: off for off in _taken(line, today, years, found)}
        except _Unfit as unfit:
            faults.append(Fault(number, unfit.why))
    return sorted(found.values(), key=lambda off: off.day), faults


def _taken(line: str, today: date, years: tuple[int, int], known: Iterable[date]) -> list[Off]:
    match = _LINE.fullmatch(_WEEKDAYS.sub("", _NUMBERING.sub("", line.replace('"', "").strip()).strip()))
    if match is None:
        raise _Unfit(_("no day could be found; example: 25 Desember Natal"))
    first, last = _span(match["first"], match["last"], today)
    named = _WEEKDAY_COLUMN.sub("", match["name"])
    name = " ".join(named.replace(";", ",").split()).strip(" ,.-")[:NAME_LIMIT]
    if not any(map(str.isalpha, name)):
        raise _Unfit(_("the day has no name; example: 25 Desember Natal"))
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    for day in days:
        _require(day, today, years, known)
    return [Off(day, name) for day in days]


def _span(first: str, last: str | None, today: date) -> tuple[date, date]:
    """From when until when; "26-27 Maret" begins in the month of its end."""
    if last is None:
        day = _day(first, today)
        return day, day
    end = _day(last, today)
    begin = end.replace(day=1) + timedelta(days=int(first) - 1) if first.isdecimal() else _day(first, today)
    if begin > end or (end - begin).days >= LONGEST:
        raise _Unfit(_("the days must follow one another, at most {count} together", count=LONGEST))
    return begin, end


def _day(said: str, today: date) -> date:
    day = nearest(said, today)
    if day is None:
        raise _Unfit(_("the calendar has no {day}", day=" ".join(said.split())))
    return day


def _require(day: date, today: date, years: tuple[int, int], known: Iterable[date]) -> None:
    if day < today:
        raise _Unfit(_("{day} has passed", day=Day(day)))
    if not years[0] <= day.year <= years[1]:
        raise _Unfit(
            _(
                "{year} is outside the years of this programme, {first} to {last}",
                year=str(day.year),
                first=str(years[0]),
                last=str(years[1]),
            )
        )
    if day in known:
        raise _Unfit(_("{day} stands in an earlier line already", day=Day(day)))
