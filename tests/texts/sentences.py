"""Every sentence of the catalogs, with what a test needs to know about it."""

import re
from collections import Counter
from dataclasses import dataclass
from string import Formatter

from locales.catalogs import ROOT, forms_of, place, read, sentences

TAG = re.compile(r"</?([a-z][a-z-]*)[^<>]*>")


@dataclass(frozen=True)
class Sentence:
    keys: tuple[str, ...]
    forms: tuple[str, ...]
    context: str | None
    fuzzy: bool
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.context or ''} {self.keys[0]!r} in {', '.join(self.places)}"


def catalog(language: str) -> list[Sentence]:
    return [
        Sentence(
            message.id if isinstance(message.id, tuple) else (str(message.id),),
            forms_of(message),
            message.context,
            message.fuzzy,
            tuple(name for name, _ in message.locations),
        )
        for message in sentences(read(place(ROOT, language), language))
    ]


def fields(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def tags(text: str) -> Counter[str]:
    return Counter(TAG.findall(text))


def bare(text: str) -> str:
    """The words alone: no tags, fields, commands or addresses."""
    return re.sub(r"\{\w*\}|https?://\S+|@\w+|/[a-z]+\b(?<!Bapak/Ibu)", " ", TAG.sub(" ", text))
