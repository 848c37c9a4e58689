"""What Pandu says, as values: a key and its fields, made into text once the reader's language is known.

The key is a whole English sentence and may carry Telegram's tags (``<b>``, ``<i>``, ``<code>``,
``<blockquote>``, ``<a href="{url}">``). Tags of the key pass; every field is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with day, time and zone: "Kamis, 1 Desember 2022 pukul 09.00 WITA"."""

    at: datetime
    zone: str

    def __post_init__(self) -> None:
        _refuse_naive(self.at)


@dataclass(frozen=True, slots=True)
class Clock:
    """An instant of a day that is understood: "09.00 WITA"."""

    at: datetime
    zone: str

    def __post_init__(self) -> None:
        _refuse_naive(self.at)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in full: "Kamis, 1 Desember 2022"."""

    date: date


@dataclass(frozen=True, slots=True)
class ShortDay:
    """A calendar day where room is scarce: "1 Des"."""

    date: date


@dataclass(frozen=True, slots=True)
class Size:
    """A file size, given in bytes: "2,4 MB"."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Code:
    """Text that a person copies with one tap."""

    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Words that are not ours to translate: a name, a file name, the programme's content."""

    text: str


@dataclass(frozen=True, slots=True)
class Formatted:
    """What somebody wrote with Telegram's own formatting, as Telegram's HTML, whole and well-formed."""

    html: str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence of the catalogs with its fields; ``plural`` and ``count`` belong together."""

    key: str
    pairs: tuple[tuple[str, Value], ...] = ()
    context: str | None = None
    plural: str | None = None
    count: int | None = None

    @property
    def fields(self) -> Mapping[str, Value]:
        return MappingProxyType(dict(self.pairs))


@dataclass(frozen=True, slots=True)
class Joined:
    """Several things said one after the other."""

    parts: tuple[Say, ...]
    separator: str = "\n"


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things in one sentence: "a, b, dan c"."""

    parts: tuple[Say, ...]


Say = Words | Plain | Formatted | Joined | Listed
Shown = Moment | Clock | Day | ShortDay | Size | Code
Value = str | int | float | Decimal | Shown | Say


class Refusal(Exception):  # noqa: N818 (it is an answer, not an error)
    """The programme says no, and the person should read why."""

    def __init__(self, words: Say) -> None:
        super().__init__(words)
        self.words = words


def _(key: str, /, **fields: Value) -> Words:
    """Mark a sentence for the catalogs. Numbers are shown grouped (1.234): give a year or a code as text."""
    return Words(key, tuple(fields.items()))


def _n(one: str, many: str, count: int, /, **fields: Value) -> Words:
    """Mark a sentence that depends on a number, which it may show as ``{count}``."""
    pairs: dict[str, Value] = {"count": count, **fields}
    return Words(one, tuple(pairs.items()), plural=many, count=count)


def _p(context: str, key: str, /, **fields: Value) -> Words:
    """Mark a sentence whose translation depends on where it stands ("button", "toast")."""
    return Words(key, tuple(fields.items()), context=context)


def lines(*parts: Say | None) -> Joined:
    """One below the other; what is None is left out."""
    return Joined(_present(parts))


def paragraphs(*parts: Say | None) -> Joined:
    """With an empty line between; what is None is left out."""
    return Joined(_present(parts), "\n\n")


def listed(parts: Iterable[Say]) -> Listed:
    """As an enumeration in a sentence, with the language's own "and"."""
    return Listed(tuple(parts))


def _present(parts: Iterable[Say | None]) -> tuple[Say, ...]:
    return tuple(part for part in parts if part is not None)


def _refuse_naive(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown to people in three")
