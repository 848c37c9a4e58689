"""Which kinds of file exist for Pandu: the seven it accepts, and those it knows well enough to give advice on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.files.reasons import Reason


class FileKind(StrEnum):
    """An accepted kind, named by its extension."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    JPG = "jpg"
    PNG = "png"
    MP4 = "mp4"

    @property
    def mime(self) -> str:
        """The registered media type, whatever the sender's device called it."""
        return _MIMES[self]


_OPEN_XML: Final = "application/vnd.openxmlformats-officedocument"
_MIMES: Final[Mapping[FileKind, str]] = MappingProxyType(
    {
        FileKind.PDF: "application/pdf",
        FileKind.DOCX: f"{_OPEN_XML}.wordprocessingml.document",
        FileKind.XLSX: f"{_OPEN_XML}.spreadsheetml.sheet",
        FileKind.PPTX: f"{_OPEN_XML}.presentationml.presentation",
        FileKind.JPG: "image/jpeg",
        FileKind.PNG: "image/png",
        FileKind.MP4: "video/mp4",
    }
)
_BY_MIME: Final[Mapping[str, FileKind]] = MappingProxyType(
    {mime: kind for kind, mime in _MIMES.items()} | {"image/jpg": FileKind.JPG}
)
_BY_EXTENSION: Final[Mapping[str, FileKind]] = MappingProxyType(
    {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPG, "jpe": FileKind.JPG, "jfif": FileKind.JPG}
)
_REFUSED: Final[Mapping[Reason, str]] = MappingProxyType(
    {
        Reason.MACRO: "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam",
        Reason.OLD_OFFICE: "doc dot xls xlt ppt pps pot",
        Reason.ARCHIVE: "zip rar 7z tar gz tgz bz2 xz zst cab iso img",
        Reason.PROGRAM: (
            "exe com scr pif dll sys msi msp msix bat cmd ps1 psm1 vbs vbe js jse wsf hta lnk reg jar apk xapk apks aab"
            " ipa app dmg pkg deb rpm sh run bin elf py php cpl chm"
        ),
        Reason.WEB_PAGE: "htm html xhtml shtml mht mhtml svg svgz xml url webloc",
        Reason.PICTURE_KIND: "heic heif webp gif bmp tif tiff avif jxl jp2 dng cr2 nef psd",
    }
)
_REFUSED_EXTENSIONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {ending: reason for reason, endings in _REFUSED.items() for ending in endings.split()}
)
_ANY_TYPE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/zip"})

# Read in this order: the first that fits decides.
_SIGNATURES: Final[tuple[tuple[bytes, FileKind | Reason], ...]] = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPG),
    (b"MZ", Reason.PROGRAM),
    (b"\x7fELF", Reason.PROGRAM),
    (b"\xca\xfe\xba\xbe", Reason.PROGRAM),
    (b"\xfe\xed\xfa\xce", Reason.PROGRAM),
    (b"\xfe\xed\xfa\xcf", Reason.PROGRAM),
    (b"\xce\xfa\xed\xfe", Reason.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Reason.PROGRAM),
    (b"dex\n", Reason.PROGRAM),
    (b"#!", Reason.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", Reason.PROGRAM),
    (b"Rar!\x1a\x07", Reason.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Reason.ARCHIVE),
    (b"\x1f\x8b", Reason.ARCHIVE),
    (b"BZh", Reason.ARCHIVE),
    (b"\xfd7zXZ\0", Reason.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Reason.ARCHIVE),
    (b"MSCF\0\0\0\0", Reason.ARCHIVE),
    (b"GIF8", Reason.PICTURE_KIND),
    (b"II*\0", Reason.PICTURE_KIND),
    (b"MM\0*", Reason.PICTURE_KIND),
    (b"8BPS", Reason.PICTURE_KIND),
    (b"BM", Reason.PICTURE_KIND),
)
_PDF_START: Final = re.compile(rb"(?:\xef\xbb\xbf)?[\0\t\n\f\r ]{0,1024}%PDF-\d")
_PAGE_START: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>|<!--.{0,512}?-->|\s)*<(?:!doctype\s+(?:html|svg)|html|head|body|script|svg|iframe|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD: Final = 2048
_VIDEO_BRANDS: Final = frozenset(
    # M4V has a space: a brand is four letters.
    b"isom,iso2,iso3,iso4,iso5,iso6,iso8,iso9,mp41,mp42,mp71,avc1,M4V ,MSNV,dash,3gp4,3gp5,3gp6".split(b",")
)
_OTHER_BRANDS: Final[Mapping[bytes, Reason]] = MappingProxyType(
    dict.fromkeys((b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif"), Reason.PICTURE_KIND)
    | dict.fromkeys((b"qt  ", b"M4A ", b"M4B ", b"M4P "), Reason.KIND)
)


def promised(ending: str, mime: str) -> FileKind | Reason | None:
    """What the extension says a file is; without one, what the sender's device said. None: nothing was said."""
    if not ending:
        return _promised_by_mime(mime)
    return _BY_EXTENSION.get(ending) or _REFUSED_EXTENSIONS.get(ending, Reason.KIND)


def _promised_by_mime(mime: str) -> FileKind | Reason | None:
    bare = mime.partition(";")[0].strip().lower()
    return None if bare in _ANY_TYPE else _BY_MIME.get(bare, Reason.KIND)


def sniffed(content: bytes) -> FileKind | Reason:
    """What the first bytes say. A zip and an OLE container must be looked into instead."""
    for signature, meaning in _SIGNATURES:
        if content.startswith(signature):
            return meaning
    return _sniffed_further(content)


def is_zip(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def is_ole(content: bytes) -> bool:
    return content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def _sniffed_further(content: bytes) -> FileKind | Reason:
    if _PDF_START.match(content):
        return FileKind.PDF
    if content[4:8] == b"ftyp":
        return _video(content)
    if content[257:262] == b"ustar":
        return Reason.ARCHIVE
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return Reason.PICTURE_KIND
    return Reason.WEB_PAGE if _is_page(content[:_HEAD]) else Reason.KIND


def _video(content: bytes) -> FileKind | Reason:
    size = min(int.from_bytes(content[:4], "big"), 1024)
    brands = [content[8:12], *(content[at : at + 4] for at in range(16, size, 4))]
    if brands[0] in _OTHER_BRANDS:
        return _OTHER_BRANDS[brands[0]]
    return FileKind.MP4 if _VIDEO_BRANDS.intersection(brands) else Reason.KIND


def _is_page(head: bytes) -> bool:
    text = head.decode("utf-16", "ignore").encode() if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    return _PAGE_START.match(text.removeprefix(b"\xef\xbb\xbf")) is not None
