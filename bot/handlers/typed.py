"""Typed text where buttons are offered: a number, a label, its first letters, or one slip of the finger."""

import re
from collections.abc import Sequence
from typing import TypeVar

from bot.texts.stems import one_slip

T = TypeVar("T")

_MARKS = re.compile(r"[^\w\s]", re.UNICODE)


def squashed(text: str) -> str:
    """Lower case without symbols, emoji and double spaces, as people compare labels."""
    return " ".join(_MARKS.sub(" ", text.casefold()).split())


def meant(text: str, labelled: Sequence[tuple[str, T]]) -> T | None:
    """The one choice this text means, or None when it means none or more than one.

    A number counts the choices from 1; a prefix needs three letters, a typo a word of at least four.
    """
    typed = squashed(text)
    if not typed or len(typed) > 40:
        return None
    if typed.isdecimal() and 0 < int(typed) <= len(labelled):
        return labelled[int(typed) - 1][1]
    labels = [(squashed(label), value) for label, value in labelled]
    for fits in (_same, _begins, _nearly):
        found = [value for label, value in labels if label and fits(typed, label)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _same(typed: str, label: str) -> bool:
    return typed == label


def _begins(typed: str, label: str) -> bool:
    return len(typed) >= 3 and label.startswith(typed)


def _nearly(typed: str, label: str) -> bool:
    return len(label) >= 4 and one_slip(typed, label)
