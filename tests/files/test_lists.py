"""Lists that come as files become lines by their numbers, or a reason."""

import io
import os
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest
import xlsxwriter
from docx import Document

from bot.files import LIST_LIMIT, FileKind, Reason, read_rows
from tests.files import samples as made


def sheet(*rows: Sequence[object], **options: object) -> bytes:
    """A workbook as Excel writes it; dates are numbers with a format."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        dated = book.add_format({"num_format": 'dddd, d mmmm yyyy"."'})
        page = book.add_worksheet("Libur")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(at, column, value, dated)
                elif value is not None:
                    page.write(at, column, value)
        book.add_worksheet("Catatan").write(0, 0, "jangan dibaca")
    return out.getvalue()


def paper(*rows: list[str], heading: str = "Lampiran") -> bytes:
    """A document with a heading and, if there are rows, a table."""
    document, out = Document(), io.BytesIO()
    document.add_paragraph(heading)
    if rows:
        table = document.add_table(0, len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(out)
    return out.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


NATAL = ["1", date(2026, 12, 25), "Jumat", "Hari Raya Natal"]


def test_rows_of_a_sheet_keep_their_numbers_and_dates_are_dates() -> None:
    content = sheet(
        ["No", "Tanggal", "Hari", "Keterangan"], [], NATAL, [2, "26-27 Maret", None, "Cuti  bersama\nNyepi"]
    )
    assert read_rows(content, "libur.xlsx") == [
        "No\tTanggal\tHari\tKeterangan",
        "",
        "1\t2026-12-25\tJumat\tHari Raya Natal",
        "2\t26-27 Maret\tCuti bersama Nyepi",
    ]


def test_a_sheet_that_counts_from_1904_has_the_same_days() -> None:
    assert read_rows(sheet(NATAL, date_1904=True), "libur.xlsx") == ["1\t2026-12-25\tJumat\tHari Raya Natal"]


def test_of_a_document_the_tables_count_and_without_any_its_paragraphs() -> None:
    assert read_rows(paper(["Tanggal", "Nama"], ["25 Desember", "Natal"]), "a.docx") == [
        "Tanggal\tNama",
        "25 Desember\tNatal",
    ]
    assert read_rows(paper(heading="25 Desember Natal"), "a.docx") == ["25 Desember Natal"]


@pytest.mark.parametrize(
    "content",
    [
        b"Tanggal;Nama\r\n25 Desember;Natal",
        "\ufeffTanggal;Nama\n25 Desember;Natal".encode(),
        "Tanggal;Nama\n25 Desember;Natal".encode("utf-16"),
    ],
)
def test_text_is_read_however_it_was_saved(content: bytes) -> None:
    for name in ("libur.csv", "libur.txt", "libur"):
        assert read_rows(content, name) == ["Tanggal;Nama", "25 Desember;Natal"]


def test_text_of_windows_is_read() -> None:
    assert read_rows("25 Desember Natal – libur".encode("cp1252"), "a.txt") == ["25 Desember Natal – libur"]


def test_what_breaks_a_line_or_a_database_is_left_out_and_numbers_stay() -> None:
    assert read_rows("25 Desember Na\0tal\n26 Desember Cuti".encode("utf-16"), "a.txt") == [
        "25 Desember Na tal",
        "26 Desember Cuti",
    ]
    assert read_rows(paper(heading="25 Desember\u2028Natal"), "a.docx") == ["25 Desember Natal"]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "libur.csv", Reason.EMPTY),
        (b" \r\n\n", "libur.txt", Reason.EMPTY),
        (sheet(), "libur.xlsx", Reason.EMPTY),
        (paper(heading=""), "libur.docx", Reason.EMPTY),
        (b"x" * (LIST_LIMIT + 1), "libur.txt", Reason.TOO_BIG),
        (b"25 Desember Natal\n" * 1001, "libur.txt", Reason.OVERSIZED_INSIDE),
        (sheet(*[["25 Desember Natal"]] * 1001), "libur.xlsx", Reason.OVERSIZED_INSIDE),
        (
            changed(sheet(NATAL), "xl/sharedStrings.xml", lambda text: text + os.urandom(2000) * 2500),
            "libur.xlsx",
            Reason.OVERSIZED_INSIDE,
        ),
        (made.pdf(), "libur.pdf", Reason.KIND),
        (made.picture("PNG"), "libur.png", Reason.KIND),
        (made.office(FileKind.PPTX), "libur.pptx", Reason.KIND),
        (made.EXE, "libur.exe", Reason.PROGRAM),
        (made.HTML, "libur.html", Reason.WEB_PAGE),
        (b"25 Desember Natal", "libur.pdf", Reason.MISMATCH),
        (b"25 Desember Natal", "libur.ods", Reason.KIND),
        (made.OLE + "EncryptedPackage".encode("utf-16-le"), "libur.xlsx", Reason.LOCKED),
        (made.OLE + b"\0" * 600, "libur.xls", Reason.OLD_OFFICE),
        (sheet(NATAL)[:-40], "libur.xlsx", Reason.DAMAGED),
        (b"25 Desember\0Natal", "libur.txt", Reason.KIND),
        (made.office(FileKind.XLSX), "libur.xlsx", Reason.DAMAGED),
        (changed(sheet(NATAL), "xl/worksheets/sheet1.xml", lambda text: text[:-30]), "libur.xlsx", Reason.DAMAGED),
        (
            changed(sheet(NATAL), "xl/worksheets/sheet1.xml", lambda text: text.replace(b"<v>1<", b"<v>99<")),
            "libur.xlsx",
            Reason.DAMAGED,
        ),
        (
            changed(sheet(NATAL), "xl/worksheets/sheet1.xml", lambda text: text.replace(b"<v>46381<", b"<v>9e99<")),
            "libur.xlsx",
            Reason.DAMAGED,
        ),
        (
            changed(paper(), "word/document.xml", lambda text: b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
            "libur.docx",
            Reason.DAMAGED,
        ),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_cannot_be_read_has_its_reason(content: bytes, name: str, reason: Reason) -> None:
    assert read_rows(content, name) is reason
