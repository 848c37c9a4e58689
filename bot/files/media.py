"""PDF, pictures and video by their headers and ends: whole or cut off, locked, too many pixels."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from PIL import Image

from bot.files.reasons import Reason

MOST_PIXELS: Final = 50_000_000
_TAIL: Final = 1024
_PADDING: Final = b"\0\t\n\f\r "
# The dictionary of a cross-reference stream is never compressed, so the key stands in the open in every PDF.
_ENCRYPT: Final = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")
_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"
_JPEG_SCAN: Final = 0xDA
_JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_END: Final = b"\xff\xd9"
_MOST_BOXES: Final = 20_000


def refused_pdf(content: bytes) -> Reason | None:
    """None if it is whole and open: ISO 32000 ends a file with `startxref`, an offset and `%%EOF`."""
    end = content.rstrip(_PADDING)[-_TAIL:]
    mark = end.rfind(b"%%EOF")
    if mark < 0 or b"startxref" not in end[:mark]:
        return Reason.DAMAGED
    return Reason.LOCKED if _ENCRYPT.search(content) else None


def refused_png(content: bytes) -> Reason | None:
    if _PNG_END not in content:
        return Reason.DAMAGED
    return _refused_pixels(content, "PNG")


def refused_jpeg(content: bytes) -> Reason | None:
    """Whole if an end mark follows the first scan: the end mark of a thumbnail in the header does not count."""
    scan = _first_scan(content)
    if scan is None or content.find(_JPEG_END, scan) < 0:
        return Reason.DAMAGED
    return _refused_pixels(content, "JPEG")


def refused_video(content: bytes) -> Reason | None:
    """Whole if the boxes (ISO 14496-12) fill the file and one of them describes the film."""
    kinds: set[bytes] = set()
    for count, (kind, end) in enumerate(_boxes(content)):
        if end > len(content) or count >= _MOST_BOXES:
            return Reason.DAMAGED
        kinds.add(kind)
    return None if {b"moov", b"mdat"} <= kinds else Reason.DAMAGED


def _refused_pixels(content: bytes, form: str) -> Reason | None:
    """Reads the header only; the pixels are never decoded."""
    try:
        with Image.open(BytesIO(content), formats=(form,)) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Reason.TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError, EOFError, zlib.error):
        return Reason.DAMAGED
    return Reason.TOO_MANY_PIXELS if width * height > MOST_PIXELS else None


def _first_scan(content: bytes) -> int | None:
    """Where the first scan begins, by walking over the segments before it."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == _JPEG_SCAN:
            return at
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_ALONE:
            at += 2
        else:
            at += 2 + max(int.from_bytes(content[at + 2 : at + 4], "big"), 2)
    return None


def _boxes(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Name and end of every box of the top level; an end behind the file shows what is missing."""
    at = 0
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        end = len(content) if size == 0 else at + max(size, 8)
        yield kind, end
        at = end
