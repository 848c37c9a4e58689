"""Workbooks in Excel's format. What people wrote stays text: never a formula, a link or a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter

from bot.words import Say

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | datetime | None
# Excel's own limits: rows below the heading, characters of a cell (32,767 units, two for an emoji) and of a tab.
ROWS: Final = 1_048_575
_CELL: Final = 16_383
_TAB: Final = 31
_NOT_IN_TABS: Final = re.compile("[][:*?/\\\\\U00010000-\U0010ffff]")
# What XML 1.0 cannot carry; a line end stays.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOTHING_IS_GUESSED: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# Rows go to a file of their own as they come, so that the length of a sheet costs no memory.
_OPTIONS: Final = {**_NOTHING_IS_GUESSED, "constant_memory": True}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A tab. `columns` are headings with their width in characters; `rows` are read once, when it is written."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook to be written: the file's name with its ending, what is said with it, and the zone of its times."""

    name: str
    caption: Say
    sheets: Iterable[Sheet]
    zone: str


def workbook(book: Book) -> bytes:
    """Write it. Times need an offset and are shown in the book's zone. Raises `ValueError` for what cannot be shown."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as written:
        styles = _Styles(written, ZoneInfo(book.zone))
        taken: set[str] = set()
        for sheet in book.sheets:
            _write(written.add_worksheet(_tab(sheet.name, taken)), sheet, styles)
    return out.getvalue()


class _Styles:
    """How each kind of cell looks."""

    def __init__(self, written: Any, zone: ZoneInfo) -> None:
        self.zone = zone
        self.heading = written.add_format({"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "valign": "top"})
        self.text = written.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.number = written.add_format({"valign": "top"})
        self.day = written.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
        self.moment = written.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left", "valign": "top"})


def _write(page: Any, sheet: Sheet, styles: _Styles) -> None:
    for place, (heading, width) in enumerate(sheet.columns):
        page.set_column(place, place, width)
        page.write_string(0, place, _legal(heading), styles.heading)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        if last > ROWS:
            raise ValueError(f"a sheet takes at most {ROWS} rows")
        for place, cell in enumerate(row):
            _put(page, last, place, cell, styles)
    page.autofilter(0, 0, last, max(0, len(sheet.columns) - 1))


def _put(page: Any, row: int, place: int, cell: Cell, styles: _Styles) -> None:
    match cell:
        case None | "":
            return
        case str():
            page.write_string(row, place, _legal(cell), styles.text)
        case datetime():
            page.write_datetime(row, place, _local(cell, styles.zone), styles.moment)
        case date():
            page.write_datetime(row, place, cell, styles.day)
        case _:
            page.write_number(row, place, cell, styles.number)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    """Excel knows no zones: the clock's hands as they stand there."""
    if at.tzinfo is None:
        raise ValueError("a time without an offset")
    return at.astimezone(zone).replace(tzinfo=None)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)[:_CELL]


def _tab(name: str, taken: set[str]) -> str:
    """A name that Excel takes for a tab, and that no earlier one has."""
    base = _NOT_IN_TABS.sub(" ", _legal(name)).strip().strip("'") or "–"
    number, tab = 1, base[:_TAB]
    while tab.casefold() in taken or tab.casefold() == "history":
        number += 1
        tab = f"{base[: _TAB - len(str(number)) - 1]} {number}"
    taken.add(tab.casefold())
    return tab
