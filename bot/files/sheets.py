"""The rows of a workbook's first sheet and of a document's tables, as text (ECMA-376 part 1, 17 and 18)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

MOST_ROWS: Final = 1000
_LONGEST_PART: Final = 4_000_000
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Day 0 of a sheet, and of one that counts as the first Macintosh did (18.17.4.1).
_DAY_0: Final = date(1899, 12, 30)
_DAY_0_OF_1904: Final = date(1904, 1, 1)
# Formats of numbers that are dates without being declared (18.8.30).
_DATES: Final = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


class TooMuch(Exception):  # noqa: N818 (said to the person as a reason)
    """More than a list holds."""


class _Tree(TreeBuilder):
    def doctype(self, *_declaration: object) -> None:
        raise ValueError("a document type declaration, which the format forbids")


def rows_of_sheet(content: bytes) -> list[str]:
    """The first sheet's rows: cells parted by a tab, dates as `2026-12-25`; an empty text where a row has nothing.

    Raises `TooMuch`, or an error of `bot.files.office.UNREADABLE`.
    """
    with zipfile.ZipFile(BytesIO(content)) as package:
        book = _part(package, "xl/workbook.xml")
        strings = _part(package, "xl/sharedStrings.xml") if _has(package, "xl/sharedStrings.xml") else ()
        styles = _part(package, "xl/styles.xml") if _has(package, "xl/styles.xml") else None
        sheet = _part(package, _first_sheet(package, book))
    properties = book.find(f"{_SHEET}workbookPr")
    counts_from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    reading = _Reading([_written(one) for one in strings], _dated(styles), _epoch(counts_from_1904))
    return _numbered((_number(row.get("r")), reading.row(row)) for row in sheet.iter(f"{_SHEET}row"))


def rows_of_document(content: bytes) -> list[str]:
    """The rows of all tables, or without a table the paragraphs. Raises like `rows_of_sheet`."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        body = _part(package, "word/document.xml")
    rows = [_cells(row) for row in body.iter(f"{_WORD}tr")] or [_said(one) for one in body.iter(f"{_WORD}p")]
    return _numbered(enumerate(rows, 1))


# --- The package


def _part(package: zipfile.ZipFile, name: str) -> Element:
    """A part as a tree. Raises `KeyError` where there is none."""
    with package.open(name) as part:
        text = part.read(_LONGEST_PART + 1)
    if len(text) > _LONGEST_PART:
        raise TooMuch
    # Bounded, and without the declarations that make entities.
    parser = XMLParser(target=_Tree())  # noqa: S314
    try:
        parser.feed(text)
        tree: Element = parser.close()
    except ParseError as error:
        raise ValueError("not XML") from error
    return tree


def _has(package: zipfile.ZipFile, name: str) -> bool:
    return name in package.namelist()


def _first_sheet(package: zipfile.ZipFile, book: Element) -> str:
    """The part of the first sheet, which the workbook names by a relationship."""
    first = next(book.iter(f"{_SHEET}sheet"))
    links = {one.get("Id"): one.get("Target", "") for one in _part(package, "xl/_rels/workbook.xml.rels")}
    target = links[first.get(_LINK)]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _numbered(rows: Iterable[tuple[int | None, str]]) -> list[str]:
    """Rows in their places; one without a number follows the one before."""
    found: list[str] = []
    for number, text in rows:
        place = len(found) + 1 if number is None else number
        if place > MOST_ROWS and text.strip():
            raise TooMuch
        if len(found) < place <= MOST_ROWS:
            found += [""] * (place - len(found) - 1) + [text]
    return found


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 8 else None


# --- A sheet


@dataclass(frozen=True, slots=True)
class _Reading:
    """What cells point to: texts that are shared, which styles are dates, and the day 0."""

    shared: Sequence[str]
    dated: frozenset[int]
    epoch: date

    def row(self, row: Element) -> str:
        return "\t".join(filter(None, (self._cell(one) for one in row.iter(f"{_SHEET}c")))).strip()

    def _cell(self, cell: Element) -> str:
        value, kind = cell.findtext(f"{_SHEET}v", "").strip(), cell.get("t", "n")
        match kind:
            case "inlineStr":
                return _written(cell)
            case "s":
                return self.shared[int(value)]
            case "d":
                return value[:10]
            case "n" if value and int(cell.get("s", "0")) in self.dated:
                return (self.epoch + timedelta(days=int(float(value)))).isoformat()
            case _:
                return _one_line(value)


def _dated(styles: Element | None) -> frozenset[int]:
    """The styles of cells that show a number as a date."""
    if styles is None:
        return frozenset()
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(f"{_SHEET}numFmt")}
    formats = styles.find(f"{_SHEET}cellXfs")
    return frozenset(place for place, one in enumerate(formats if formats is not None else ()) if _is_date(one, codes))


def _is_date(style: Element, codes: Mapping[str, str]) -> bool:
    number = style.get("numFmtId", "0")
    declared = _LITERAL.sub("", codes.get(number, "")).casefold()
    return "d" in declared or "y" in declared if number in codes else int(number) in _DATES


def _epoch(counts_from_1904: bool) -> date:
    return _DAY_0_OF_1904 if counts_from_1904 else _DAY_0


def _written(text: Element) -> str:
    """The text of a string, without how it is spoken (18.4.6)."""
    spoken = {id(one) for hint in text.iter(f"{_SHEET}rPh") for one in hint.iter()}
    return _one_line("".join(one.text or "" for one in text.iter(f"{_SHEET}t") if id(one) not in spoken))


# --- A document


def _cells(row: Element) -> str:
    cells = (" ".join(filter(None, map(_said, cell.iter(f"{_WORD}p")))) for cell in row.iterfind(f"{_WORD}tc"))
    return "\t".join(filter(None, cells))


def _said(paragraph: Element) -> str:
    """Its words; a tab or a break parts them, and what was deleted under review is no text any more."""
    parts = {f"{_WORD}tab": "\t", f"{_WORD}br": " ", f"{_WORD}cr": " "}
    return "".join(
        parts.get(one.tag, one.text or "" if one.tag == f"{_WORD}t" else "") for one in paragraph.iter()
    ).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())
