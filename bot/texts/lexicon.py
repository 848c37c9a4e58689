"""What the search knows of Indonesian, read from the lists in `indonesian/`.

General vocabulary of offices and of everyday speech; nothing in it belongs to one question or one edition.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_LISTS = Path(__file__).parent / "indonesian"


@dataclass(frozen=True)
class Lexicon:
    """Words that say nothing, words that say little, words kept whole, roots, and other words for the same thing."""

    silent: frozenset[str]
    faint: frozenset[str]
    whole: frozenset[str]
    roots: frozenset[str]
    same: tuple[tuple[str, ...], ...]
    fingerprint: str


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists, read once."""
    digest = hashlib.sha256()
    for path in sorted(_LISTS.glob("*.txt")):
        digest.update(path.read_bytes())
    return Lexicon(
        silent=_words("silent"),
        faint=_words("faint"),
        whole=_words("whole"),
        roots=_words("roots"),
        same=tuple(tuple(one.strip() for one in line.split("=")) for line in _lines("same")),
        fingerprint=digest.hexdigest(),
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


def _lines(name: str) -> Iterator[str]:
    for line in (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line
