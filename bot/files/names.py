"""The name a person gave a file, made safe to show and to hand on."""

from __future__ import annotations

import re
from typing import Final

from bot.texts.cleaning import clean_name

NAME_LIMIT: Final = 120
# With a letter in it: the number in "Surat No.12" is no extension.
_EXTENSION: Final = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,10}")
# Path separators, and what Windows refuses in a file name.
_UNSAFE: Final = re.compile(r'[/\\:*?"<>|]')


def extension(name: str) -> str:
    """The last extension in small letters without its dot; empty if there is none."""
    _stem, ending = _parts(name)
    return ending.lower()


def safe_name(name: str, limit: int = NAME_LIMIT) -> str:
    """One line in NFC without controls, direction marks, invisible letters or path separators.

    At most `limit` characters; the extension stays. Empty if the file has no readable name.
    """
    visible = _UNSAFE.sub("_", clean_name(name, len(name) * 4))
    stem, ending = _parts(visible)
    if not ending:
        return stem[:limit].rstrip(" .")
    room = max(limit - len(ending) - 1, 1)
    return f"{stem[:room].rstrip(' .') or '_'}.{ending}"


def _parts(name: str) -> tuple[str, str]:
    """Name and extension, the name without the dots and spaces that hide a file or its true extension."""
    whole = name.strip().rstrip(" .")
    stem, dot, ending = whole.rpartition(".")
    if not dot or not _EXTENSION.fullmatch(ending):
        return whole.lstrip(" ."), ""
    return stem.strip(" ."), ending
