"""What people wrote, made safe to show to others: names without tricks, identity numbers hidden."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters by category, yet drawn as nothing: Hangul fillers and the empty Braille cell.
_BLANK_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_MARKS_A_LETTER_MAY_CARRY: Final = 2

_ADDRESS = re.compile(r"https?://\S+")
_NIK = re.compile(
    r"(?<!\d)(?:"
    r"\d{16}"
    r"|\d{4}([ .\-])\d{4}\1\d{4}\1\d{4}"
    r"|\d{6}([ .\-])\d{6}\2\d{4}"
    r"|\d{2}([ .\-])\d{2}\3\d{2}\3\d{6}\3\d{4}"
    r")(?!\d)"
)


def clean_name(text: str, limit: int = 64) -> str:
    """A name that cannot hide, reverse or imitate layout; empty if nothing readable is left."""
    composed = unicodedata.normalize("NFC", text)
    visible = _fewer_marks("".join(map(_visible, composed)))
    name = " ".join(visible.split())[:limit].rstrip()
    return name if any(map(str.isalnum, name)) else ""


def mask_nik(text: str) -> tuple[str, bool]:
    """Hide all but the last four digits of every 16-digit identity number; tells whether there was one.

    Addresses of the web are left whole: their long numbers are not a person's.
    """
    pieces, found, end = [], False, 0
    for address in _ADDRESS.finditer(text):
        masked, count = _NIK.subn(_stars, text[end : address.start()])
        pieces += [masked, address.group()]
        found, end = found or count > 0, address.end()
    masked, count = _NIK.subn(_stars, text[end:])
    return "".join([*pieces, masked]), found or count > 0


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\n\r\v\f\x85":
        return " "
    return "" if category.startswith("C") or character in _BLANK_LETTERS else character


def _fewer_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MARKS_A_LETTER_MAY_CARRY:
            kept.append(character)
    return "".join(kept)


def _stars(number: re.Match[str]) -> str:
    return "*" * 12 + number.group()[-4:]
