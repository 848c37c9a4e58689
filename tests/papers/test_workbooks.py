"""A workbook shows what people wrote as they wrote it, whatever that is, and times as the reader's clock shows them."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.files import FileKind, inspect
from bot.files.inspection import Accepted
from bot.papers.workbook import Book, Cell, Sheet, workbook
from bot.words import Plain

SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULAS = [
    "=cmd()",
    "+62811",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "https://contoh.go.id",
    "0812",
    "1e5",
    "007",
]


def written(*rows: Sequence[Cell], name: str = "Pembaca", zone: str = "Asia/Jakarta") -> zipfile.ZipFile:
    columns = [(f"Kolom {place}", 20) for place in range(max(map(len, rows), default=1))]
    book = Book("laporan.xlsx", Plain(""), [Sheet(name, columns, iter(rows))], zone)
    return zipfile.ZipFile(io.BytesIO(workbook(book)))


def cells(archive: zipfile.ZipFile, sheet: int = 1) -> list[ElementTree.Element]:
    """The cells below the heading."""
    rows = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml")).findall(".//x:row", SPACE)
    return [cell for row in rows[1:] for cell in row.findall("x:c", SPACE)]


def text(cell: ElementTree.Element) -> str:
    return "".join(cell.itertext())


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_looks_like_a_formula_a_link_or_a_number_stays_text(typed: str) -> None:
    archive = written([typed])

    (cell,) = cells(archive)
    assert cell.get("t") == "inlineStr"
    assert text(cell) == typed
    sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    assert not [name for name in archive.namelist() if name.endswith(".rels") and "worksheets" in name]


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_any_text_makes_a_file_that_can_be_read(typed: str) -> None:
    archive = written([typed, "akhir"], name=typed)

    assert text(cells(archive)[-1]) == "akhir"
    ElementTree.fromstring(archive.read("xl/workbook.xml"))


def test_times_are_real_ones_on_the_readers_clock() -> None:
    at = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)

    west, east = (cells(written([at], zone=zone))[0] for zone in ("Asia/Jakarta", "Asia/Jayapura"))

    # Excel counts days from 30 December 1899: 1 December 2026 is 46357.
    assert float(text(west)) == pytest.approx(46357 + 6 / 24)
    assert float(text(east)) == pytest.approx(46357 + 8 / 24)
    assert text(cells(written([date(2026, 12, 1)]))[0]) == "46357"


def test_numbers_can_be_added_up_and_nothing_leaves_no_cell() -> None:
    (cell,) = cells(written([None, "", 1250]))

    assert cell.get("t") is None
    assert text(cell) == "1250"


def test_the_heading_stays_in_sight_and_filters() -> None:
    archive = written(["a", "b"], ["c", "d"])

    sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in sheet
    assert re.search(r'<autoFilter ref="A1:B3"', sheet)


def test_tabs_get_names_that_excel_takes_each_once() -> None:
    names = [
        "Kota [A]/B: *?",
        "Kabupaten Halmahera Selatan dan Sekitarnya",
        "kabupaten halmahera selatan dan s",
        "",
        "History",
    ]
    book = Book("x.xlsx", Plain(""), [Sheet(name, [("A", 9)], []) for name in names], "Asia/Jakarta")

    archive = zipfile.ZipFile(io.BytesIO(workbook(book)))

    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).findall(".//x:sheet", SPACE)
    tabs = [sheet.get("name") or "" for sheet in sheets]
    assert len({tab.casefold() for tab in tabs}) == len(names)
    assert all(0 < len(tab) <= 31 and not re.search(r"[\[\]:*?/\\]", tab) for tab in tabs)


def test_a_time_that_nobody_can_place_is_refused_loudly() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        written([datetime(2026, 12, 1)])  # noqa: DTZ001 (the fault itself)


def test_pandu_takes_its_own_workbook_as_evidence() -> None:
    book = Book("laporan.xlsx", Plain(""), [Sheet("Pembaca", [("Nama", 20)], [["Siti"]])], "Asia/Jakarta")

    found = inspect(workbook(book), "laporan.xlsx")

    assert isinstance(found, Accepted)
    assert found.kind is FileKind.XLSX
