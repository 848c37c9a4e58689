"""Text from people on paper: one line, nothing hidden, never longer than its place."""

from __future__ import annotations

from typing import Final

from bot.texts import clean_name

UNREADABLE: Final = "–"


def printable(text: str, limit: int) -> str:
    """At most `limit` characters without controls, direction marks or line ends; a dash where nothing can be read."""
    whole = clean_name(text, limit + 1)
    return f"{whole[: limit - 1].rstrip()}…" if len(whole) > limit else whole or UNREADABLE
