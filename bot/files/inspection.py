"""Whether a file may serve as evidence, told from its bytes: never unpacked, rendered or run.

Name and type are what the sender says (Bot API, Document); the content must bear them out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.files.kinds import FileKind, is_ole, is_zip, promised, sniffed
from bot.files.media import refused_jpeg, refused_pdf, refused_png, refused_video
from bot.files.names import extension
from bot.files.office import look_into_ole, look_into_zip
from bot.files.reasons import Reason

# What a bot may download (Bot API, getFile).
DOWNLOAD_LIMIT: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may serve: its kind, the media type of that kind, and its fingerprint (hexadecimal)."""

    kind: FileKind
    mime: str
    sha256: str
    size: int


Inspection: TypeAlias = Accepted | Reason

_LOOKS: Final[Mapping[FileKind, Callable[[bytes], Reason | None]]] = MappingProxyType(
    {
        FileKind.PDF: refused_pdf,
        FileKind.JPG: refused_jpeg,
        FileKind.PNG: refused_png,
        FileKind.MP4: refused_video,
    }
)


def inspect(content: bytes, name: str = "", mime: str = "") -> Inspection:
    """Accept the file, or say why not. A photo of Telegram has no name; then only the content counts."""
    if not content.strip(b"\0 \t\r\n"):
        return Reason.EMPTY
    if len(content) > DOWNLOAD_LIMIT:
        return Reason.TOO_BIG
    kind = _kind(content)
    said = promised(extension(name), mime)
    verdict = _agreed(kind, said)
    if isinstance(verdict, Reason):
        return verdict
    refused = _LOOKS[verdict](content) if verdict in _LOOKS else None
    return refused or Accepted(verdict, verdict.mime, hashlib.sha256(content).hexdigest(), len(content))


def _kind(content: bytes) -> FileKind | Reason:
    if is_zip(content):
        return look_into_zip(content)
    return look_into_ole(content) if is_ole(content) else sniffed(content)


def _agreed(kind: FileKind | Reason, said: FileKind | Reason | None) -> FileKind | Reason:
    """The kind, if content and name say the same; else the reason that helps the person most."""
    for danger in (Reason.PROGRAM, Reason.MACRO):
        if danger in (kind, said):
            return danger
    if isinstance(said, Reason):
        return said
    if kind is Reason.KIND and said is not None:
        return Reason.MISMATCH
    return Reason.MISMATCH if isinstance(kind, FileKind) and said not in (kind, None) else kind
