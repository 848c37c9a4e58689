"""The name of a file is shown without the tricks it may carry."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files import safe_name
from bot.files.names import extension


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("SK Dewan Smart City.pdf", "SK Dewan Smart City.pdf"),
        ("  SK \t Dewan\n.pdf ", "SK Dewan.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Berkas\\SK.PDF", "C__Berkas_SK.PDF"),
        ("surat\u202efdp.exe", "suratfdp.exe"),
        ("su\u200brat\ufeff.pdf", "surat.pdf"),
        ("e\u0301tape.docx", "étape.docx"),
        ("....pdf", "_.pdf"),
        ("\u202e.pdf", "_.pdf"),
        ("Surat No.12", "Surat No.12"),
        ('<b>"Surat"|*?</b>.pdf', "_b__Surat______b_.pdf"),
        ("\ud800surat.pdf", "surat.pdf"),
        ("", ""),
        ("\u200b\u202e", ""),
        ("...", ""),
    ],
)
def test_a_name_is_shown_without_its_tricks(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_long_name_is_cut_before_its_extension() -> None:
    assert safe_name("a" * 300 + ".docx") == "a" * 115 + ".docx"
    assert safe_name("laporan akhir.docx", limit=12) == "laporan.docx"


@given(st.text(max_size=300))
def test_any_name_becomes_one_safe_line(name: str) -> None:
    shown = safe_name(name)

    assert len(shown) <= 120
    assert shown == unicodedata.normalize("NFC", shown)
    assert not any(unicodedata.category(character).startswith("C") for character in shown)
    assert not set(shown) & set("/\\\n\t")
    assert not shown.startswith(".")
    assert safe_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.PDF", "pdf"),
        ("a.pdf.exe", "exe"),
        ("a.exe . .", "exe"),
        ("a", ""),
        ("a.", ""),
        (".pdf", "pdf"),
        ("v1.2", ""),
    ],
)
def test_the_extension_is_the_one_a_computer_would_use(name: str, found: str) -> None:
    assert extension(name) == found
