"""Finds the frequent question that a sentence asks, by the stems of its words."""

import re
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from bot.program.model import Edition, FaqEntry

# Words that every question has in common.
_COMMON = frozenset(
    [
        "apa",
        "apakah",
        "yang",
        "di",
        "ke",
        "dari",
        "dan",
        "atau",
        "untuk",
        "itu",
        "ini",
        "kami",
        "kita",
        "saya",
        "bagaimana",
        "berapa",
        "siapa",
        "kapan",
        "mengapa",
        "kenapa",
        "bapak",
        "ibu",
        "mohon",
        "tolong",
        "dengan",
        "pada",
        "adalah",
        "bisa",
        "dapat",
        "harus",
        "ada",
        "tidak",
        "belum",
        "sudah",
        "akan",
        "cara",
    ]
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Snowball would cut these to pieces that other words share.
_PROTECTED = frozenset({"gerakan", "perencanaan", "penilaian", "peraturan", "penutupan"})
_NEEDED = 0.6


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """The stem of one lower-case word."""
    if word in _PROTECTED or len(word) < 4:
        return word
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("indonesian")


def stems(text: str) -> frozenset[str]:
    """The telling words of a text, stemmed."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(stem(word) for word in words if word not in _COMMON)


def match(edition: Edition, text: str) -> FaqEntry | None:
    """The entry whose question shares most of its telling words with the text; None when none comes near."""
    asked = stems(text)
    if len(asked) < 2:
        return None
    best = max(edition.faq, key=lambda entry: _likeness(asked, stems(entry.question)), default=None)
    return best if best and _likeness(asked, stems(best.question)) >= _NEEDED else None


def _likeness(asked: Iterable[str], known: frozenset[str]) -> float:
    mine = frozenset(asked)
    shared = len(mine & known)
    return 2 * shared / (len(mine) + len(known)) if shared else 0.0
