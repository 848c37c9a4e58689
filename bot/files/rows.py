"""A list that somebody sent as a file, as lines of text. Nothing is unpacked beyond what a list may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from bot.files.inspection import inspect
from bot.files.kinds import FileKind, is_ole, is_zip, sniffed
from bot.files.names import extension
from bot.files.office import UNREADABLE
from bot.files.reasons import Reason
from bot.files.sheets import MOST_ROWS, TooMuch, rows_of_document, rows_of_sheet

LIST_LIMIT: Final = 2 * 1024 * 1024
LONGEST_ROW: Final = 1000
# What would break a line in two later, and what no database takes.
_BROKEN: Final = re.compile(r"[\x00\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_PLAIN: Final = frozenset({"", "txt", "csv", "tsv"})
_READERS: Final[Mapping[FileKind, Callable[[bytes], list[str]]]] = MappingProxyType(
    {FileKind.XLSX: rows_of_sheet, FileKind.DOCX: rows_of_document}
)


def read_rows(content: bytes, name: str = "", mime: str = "") -> list[str] | Reason:
    """The lines of a list by their numbers, an empty one where a row has nothing; or why there are none.

    Cells are parted by a tab. Of a workbook the first sheet counts, of a document its tables or, without any, its
    paragraphs.
    """
    if len(content) > LIST_LIMIT:
        return Reason.TOO_BIG
    rows = _rows(content, name, mime)
    if isinstance(rows, Reason):
        return rows
    if len(rows) > MOST_ROWS:
        return Reason.OVERSIZED_INSIDE
    lines = [_BROKEN.sub(" ", row[:LONGEST_ROW]) for row in rows]
    return lines if any(map(str.strip, lines)) else Reason.EMPTY


def _rows(content: bytes, name: str, mime: str) -> list[str] | Reason:
    if _is_text(content) and extension(name) in _PLAIN:
        return _decoded(content).splitlines()
    verdict = inspect(content, name, mime)
    if isinstance(verdict, Reason):
        return verdict
    try:
        return _READERS[verdict.kind](content) if verdict.kind in _READERS else Reason.KIND
    except TooMuch:
        return Reason.OVERSIZED_INSIDE
    except (*UNREADABLE, OverflowError, StopIteration):
        return Reason.DAMAGED


def _is_text(content: bytes) -> bool:
    """No other kind of file, and no zero byte but where every second one may be."""
    if is_zip(content) or is_ole(content) or sniffed(content) is not Reason.KIND:
        return False
    return _is_utf_16(content) or b"\0" not in content


def _is_utf_16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _decoded(content: bytes) -> str:
    """As its mark says, else as UTF-8, else as a spreadsheet in Windows writes it."""
    if _is_utf_16(content):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
