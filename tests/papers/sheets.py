"""Workbooks read back from the bytes that were sent, without the library that wrote them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from bot.services import exports
from bot.services.work import Letter
from db.models import Paper
from tests.people.phone import TEXTS, Phone

SPACE = {
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def sheets(content: bytes) -> Mapping[str, Sequence[Sequence[str]]]:
    """Every tab with its rows, the heading first. An empty cell is an empty text, a time its number of days."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    tabs = ElementTree.fromstring(archive.read("xl/workbook.xml")).findall(".//x:sheet", SPACE)
    return {
        tab.get("name") or "": _rows(archive.read(f"xl/worksheets/sheet{number}.xml"))
        for number, tab in enumerate(tabs, 1)
    }


def _rows(sheet: bytes) -> Sequence[Sequence[str]]:
    return [_row(row) for row in ElementTree.fromstring(sheet).findall(".//x:row", SPACE)]


def _row(row: ElementTree.Element) -> Sequence[str]:
    cells = {_column(cell.get("r") or ""): "".join(cell.itertext()) for cell in row.findall("x:c", SPACE)}
    return [cells.get(place, "") for place in range(1, max(cells, default=0) + 1)]


def _column(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def printed(phone: Phone) -> Paper:
    """The workbook that this person has asked for, once the clock has written it; they get it in their chat."""
    letter = answered(phone)
    assert letter.paper is not None, TEXTS.plain(letter.say, "en")
    assert letter.method == "sendDocument"
    return letter.paper


def answered(phone: Phone) -> Letter:
    """What comes of the oldest request, in one tick of the clock."""
    work = phone.town.work("tick")
    made = exports.make(work)
    assert made is not None
    assert exports.deliver(work, made) == 1
    phone.town.letters += work.letters
    (letter,) = work.letters
    assert letter.person_id == phone.person.id
    return letter
