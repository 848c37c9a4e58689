"""Word, Excel and PowerPoint files by the directory of their zip: nothing is unpacked but the list of content types.

Open Packaging Conventions (ECMA-376 part 2): the parts and their types stand in `[Content_Types].xml`, which may
not have a document type declaration.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

from bot.files.kinds import FileKind
from bot.files.reasons import Reason

MOST_ENTRIES: Final = 2000
MOST_UNPACKED: Final = 200_000_000
MOST_RATIO: Final = 100
_TYPES: Final = "[Content_Types].xml"
_LONGEST_TYPES: Final = 1_000_000
_LONGEST_DIRECTORY: Final = 1_000_000
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK: Final = b"PK\x05\x06"
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 0x1
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
)
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_MAIN: Final = "application/vnd.openxmlformats-officedocument"
_KINDS: Final[Mapping[str, FileKind]] = MappingProxyType(
    {
        f"{_MAIN}.wordprocessingml.document.main+xml": FileKind.DOCX,
        f"{_MAIN}.spreadsheetml.sheet.main+xml": FileKind.XLSX,
        f"{_MAIN}.presentationml.presentation.main+xml": FileKind.PPTX,
    }
)
_MACRO_PARTS: Final = ("vbaproject.bin", "vbadata.xml", "vbaprojectsignature.bin")
_PACKAGE_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_INSTALLER_MARK: Final = bytes.fromhex("84100c0000000000c000000000000046")


def look_into_zip(content: bytes) -> FileKind | Reason:
    """Which of the three a zip is, or why not."""
    refused = _refused_end(content)
    if refused:
        return refused
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return _refused_directory(package.infolist(), len(content)) or _by_types(package)
    except UNREADABLE:
        return Reason.DAMAGED


def look_into_ole(content: bytes) -> Reason:
    """A container of the time before 2007: a locked new document, an installer, or an old document."""
    if _PACKAGE_STREAM in content:
        return Reason.LOCKED
    return Reason.PROGRAM if _INSTALLER_MARK in content[:4096] else Reason.OLD_OFFICE


def _refused_end(content: bytes) -> Reason | None:
    """None for one directory, at the very end and short: known before `zipfile` makes an object of each entry."""
    at = content.rfind(_END_MARK, max(len(content) - _LONGEST_COMMENT - _END.size, 0))
    if at < 0 or at + _END.size > len(content):
        return Reason.DAMAGED
    _mark, _disk, _first_disk, here, total, size, start, comment = _END.unpack_from(content, at)
    if here != total or start + size != at or at + _END.size + comment != len(content):
        return Reason.DAMAGED
    return Reason.OVERSIZED_INSIDE if size > _LONGEST_DIRECTORY else None


def _refused_directory(entries: Sequence[zipfile.ZipInfo], packed: int) -> Reason | None:
    if len(entries) > MOST_ENTRIES:
        return Reason.OVERSIZED_INSIDE
    names = [entry.filename for entry in entries]
    if any(map(_escapes, names)) or len({name.lower() for name in names}) < len(names):
        return Reason.DAMAGED
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        return Reason.OVERSIZED_INSIDE
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        return Reason.LOCKED
    return _refused_part(entries)


def _refused_part(entries: Sequence[zipfile.ZipInfo]) -> Reason | None:
    if any(entry.filename.lower().rpartition("/")[2] in _MACRO_PARTS for entry in entries):
        return Reason.MACRO
    return None if all(entry.compress_type in _METHODS for entry in entries) else Reason.DAMAGED


def _escapes(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) is not None or "\0" in name


def _by_types(package: zipfile.ZipFile) -> FileKind | Reason:
    names = frozenset(name.lower() for name in package.namelist())
    if _TYPES.lower() not in names:
        return _other_package(names)
    types = _read_types(package, names)
    if any(map(_runs, types)):
        return Reason.MACRO
    kinds = {_KINDS[each] for each in types if each in _KINDS}
    if len(kinds) == 1 and "_rels/.rels" in names:
        return kinds.pop()
    return Reason.DAMAGED if kinds else Reason.KIND


def _other_package(names: frozenset[str]) -> Reason:
    if names & {"androidmanifest.xml", "meta-inf/manifest.mf"}:
        return Reason.PROGRAM
    return Reason.KIND if "mimetype" in names else Reason.ARCHIVE


def _runs(content_type: str) -> bool:
    lowered = content_type.lower()
    return "macroenabled" in lowered or "vbaproject" in lowered or "macrosheet" in lowered


def _read_types(package: zipfile.ZipFile, names: frozenset[str]) -> set[str]:
    """The types of the parts that exist, declared one by one or for an extension; `names` in small letters."""
    with package.open(_TYPES) as part:
        text = part.read(_LONGEST_TYPES + 1)
    if len(text) > _LONGEST_TYPES:
        raise ValueError("a list of content types that no office program writes")
    endings = {name.rpartition(".")[2] for name in names}
    return {
        declared["ContentType"]
        for declared in _declared(text)
        if declared.get("PartName", "").lower().lstrip("/") in names or declared.get("Extension", "").lower() in endings
    }


def _declared(text: bytes) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(" ")[2] in ("Override", "Default") and "ContentType" in attributes:
            found.append(attributes)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(text, True)
    return found


def _refuse_doctype(*_declaration: object) -> None:
    raise ValueError("a document type declaration, which the format forbids")
