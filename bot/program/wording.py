"""Words inside content: how long they may be, and the placeholders they may hold."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

PLACEHOLDERS = ("year", "closing", "ministry")
_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_BRACES = re.compile(r"\{[^{}\n]*\}?|\}")
KEY_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# A key travels in a button beside a screen's name; Telegram allows 64 bytes in all.
LONGEST_KEY = 32


def telegram_length(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fill(text: str, year: int, closing: str, ministry: str) -> str:
    """The text with its placeholders replaced; all other characters stay as they are."""
    values = {"year": str(year), "closing": closing, "ministry": ministry}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def complaint(code: str, what: str, remedy: str) -> PydanticCustomError:
    """A validation error that already knows its remedy."""
    return PydanticCustomError(code, "{what}", {"what": what, "remedy": remedy})


def _known_placeholders(text: str) -> str:
    unknown = [found[0] for found in _BRACES.finditer(text) if not _PLACEHOLDER.fullmatch(found[0])]
    if unknown:
        raise complaint(
            "placeholder",
            f"'{unknown[0]}' is not a placeholder Pandu knows",
            "use {year}, {closing} or {ministry}, or leave the braces out",
        )
    return text


def _fits(most: int) -> AfterValidator:
    def check(text: str) -> str:
        if (length := telegram_length(text)) > most:
            raise complaint(
                "too_long_for_telegram",
                f"the text has {length} characters; {most} fit here on a Telegram screen",
                f"shorten it by {length - most} or split it",
            )
        return text

    return AfterValidator(check)


def _is_key(text: str) -> str:
    if not KEY_PATTERN.fullmatch(text) or len(text) > LONGEST_KEY:
        raise complaint(
            "key",
            f"'{text}' is not a key",
            f"use up to {LONGEST_KEY} small letters, digits and single hyphens",
        )
    return text


_TRIMMED = StringConstraints(strip_whitespace=True, min_length=1)
Key = Annotated[str, _TRIMMED, AfterValidator(_is_key)]
# A card shows several of these at once and a whole message holds 4,096 units.
Label = Annotated[str, _TRIMMED, AfterValidator(_known_placeholders), _fits(120)]
Sentence = Annotated[str, _TRIMMED, AfterValidator(_known_placeholders), _fits(400)]
Paragraph = Annotated[str, _TRIMMED, AfterValidator(_known_placeholders), _fits(1000)]
Answer = Annotated[str, _TRIMMED, AfterValidator(_known_placeholders), _fits(3000)]
