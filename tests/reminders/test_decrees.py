"""Days off as people paste them. Today is Saturday, 14 November 2026; the years 2026 and 2027 count."""

from datetime import date

import pytest

from bot.flows.decrees import read
from bot.texts import Texts

TODAY = date(2026, 11, 14)
TEXTS = Texts.load()


def found(text: str) -> list[tuple[str, str]]:
    return [(f"{off.day:%Y-%m-%d}", off.name) for off in read(text, TODAY, (2026, 2027))[0]]


def faults(text: str) -> list[tuple[int, str]]:
    return [(one.number, TEXTS.plain(one.why, "en")) for one in read(text, TODAY, (2026, 2027))[1]]


@pytest.mark.parametrize(
    ("line", "days", "name"),
    [
        ("25 Desember Natal", ["2026-12-25"], "Natal"),
        ("25 Desember 2026: Hari Raya Natal", ["2026-12-25"], "Hari Raya Natal"),
        ("Jumat, 25 Desember 2026, Natal", ["2026-12-25"], "Natal"),
        ("1. 25 Desember 2026 (Jumat) Natal", ["2026-12-25"], "Natal"),
        ("• 1 Januari - Tahun Baru 2027 Masehi", ["2027-01-01"], "Tahun Baru 2027 Masehi"),
        ("26-27 Maret Cuti bersama Nyepi", ["2027-03-26", "2027-03-27"], "Cuti bersama Nyepi"),
        ("26 – 27 Maret 2027 Cuti bersama Nyepi", ["2027-03-26", "2027-03-27"], "Cuti bersama Nyepi"),
        ("26 dan 27 Maret Cuti bersama Nyepi", ["2027-03-26", "2027-03-27"], "Cuti bersama Nyepi"),
        ("31 Desember s.d. 2 Januari Libur", ["2026-12-31", "2027-01-01", "2027-01-02"], "Libur"),
        ("2026-12-25;Natal", ["2026-12-25"], "Natal"),
        ('"2026-12-25","Natal"', ["2026-12-25"], "Natal"),
        ("25/12/2026,Natal", ["2026-12-25"], "Natal"),
        ("25/12\tNatal", ["2026-12-25"], "Natal"),
        ("1\t25 Desember 2026\tJumat\tNatal", ["2026-12-25"], "Natal"),
        ('"1";"25 Desember 2026";"Jumat";"Natal"', ["2026-12-25"], "Natal"),
        ("1,2026-12-25,Jumat,Natal", ["2026-12-25"], "Natal"),
        ("2\t26-27 Maret\tJumat-Sabtu\tCuti bersama", ["2027-03-26", "2027-03-27"], "Cuti bersama"),
        ("2027-03-26\t2027-03-27\tCuti bersama", ["2027-03-26", "2027-03-27"], "Cuti bersama"),
        ("26 Maret Jumat Agung", ["2027-03-26"], "Jumat Agung"),
        ("24-26 Des 2026 Cuti", ["2026-12-24", "2026-12-25", "2026-12-26"], "Cuti"),
        ("14 November Hari ini", ["2026-11-14"], "Hari ini"),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, days: list[str], name: str) -> None:
    assert faults(line) == []
    assert found(line) == [(day, name) for day in days]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("31 Februari Libur", "the calendar has no 31 Februari"),
        ("30/2/2027 Libur", "the calendar has no 30/2/2027"),
        ("13 November 2026 Libur", "Friday, 13 November 2026 has passed"),
        ("13 November Libur", "Friday, 13 November 2026 has passed"),
        ("25 Desember 2031 Natal", "2031 is outside the years of this programme, 2026 to 2027"),
        ("25 Desember", "the day has no name"),
        ("25 Desember 2026 ...", "the day has no name"),
        ("Natal", "no day could be found"),
        ("libur nasional", "no day could be found"),
        ("27-26 Maret Libur", "the days must follow one another"),
        ("1-28 Maret Libur", "the days must follow one another"),
        ("31-31 Februari Libur", "the calendar has no 31 Februari"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(line: str, why: str) -> None:
    assert found(line) == []
    ((number, said),) = faults(line)
    assert number == 1
    assert why in said


def test_every_line_is_named_by_its_number_and_the_others_are_read() -> None:
    pasted = (
        "Tanggal;Nama",
        "25 Desember Natal",
        "",
        "B. CUTI BERSAMA",
        "31 Februari Libur",
        "24/12 Cuti",
        "25/12 Lagi",
    )
    text = "\n".join(pasted)
    assert found(text) == [("2026-12-24", "Cuti"), ("2026-12-25", "Natal")]
    assert [number for number, _why in faults(text)] == [4, 5, 7]
    assert "stands in an earlier line already" in faults(text)[-1][1]


def test_a_long_name_is_cut_and_a_long_list_is_read() -> None:
    assert len(found("25 Desember " + "x" * 500)[0][1]) == 128
    assert len(found("\n".join(f"{day} Januari Libur {day}" for day in range(1, 32)))) == 31
