"""Small real files, made on the spot, and the same files as attackers and bad luck change them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from docx import Document
from PIL import Image

from bot.files import FileKind, Reason

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
EXE = b"MZ\x90\0\x03\0\0\0" + b"\0" * 200 + b"This program cannot be run in DOS mode."
HTML = b"<!DOCTYPE html>\n<html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
OPEN_XML = "application/vnd.openxmlformats-officedocument"
MAIN = {
    FileKind.DOCX: ("word/document.xml", f"{OPEN_XML}.wordprocessingml.document.main+xml"),
    FileKind.XLSX: ("xl/workbook.xml", f"{OPEN_XML}.spreadsheetml.sheet.main+xml"),
    FileKind.PPTX: ("ppt/presentation.xml", f"{OPEN_XML}.presentationml.presentation.main+xml"),
}
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
MACRO_MAIN = {
    FileKind.DOCX: "application/vnd.ms-word.document.macroEnabled.main+xml",
    FileKind.XLSX: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    FileKind.PPTX: "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
}


@dataclass(frozen=True)
class Sample:
    """A file as it arrives, and what must be said about it."""

    title: str
    content: bytes
    name: str
    expected: FileKind | Reason
    mime: str = ""


def picture(form: str, size: tuple[int, int] = (32, 24), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def pdf() -> bytes:
    """As Pillow writes it: a page with a picture."""
    return picture("PDF")


def pdf_of(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """Written by hand, with a true cross-reference table."""
    body, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1)
    end = b"trailer\n<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, trailer, len(body))
    return body + head + table + end


PAGES = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R>>")
LOCK = b"<</Filter/Standard/V 2/R 3/Length 128/P -44/O<00>/U<00>>>"


def package(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def types(*overrides: tuple[str, str], more: str = "") -> str:
    lines = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in overrides)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONS}"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{more}{lines}</Types>"
    )


def office_parts(kind: FileKind, more: Mapping[str, bytes | str] | None = None) -> dict[str, bytes | str]:
    part, main = MAIN[kind]
    return {
        "[Content_Types].xml": types((part, main)),
        "_rels/.rels": "<Relationships/>",
        part: "<root/>",
        **(more or {}),
    }


def office(kind: FileKind, more: Mapping[str, bytes | str] | None = None) -> bytes:
    return package(office_parts(kind, more))


def docx() -> bytes:
    """As python-docx writes it."""
    document = Document()
    document.add_heading("Surat Keputusan", 1)
    document.add_paragraph("Dewan Smart City ditetapkan.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(brand: bytes = b"isom", others: bytes = b"isommp42") -> bytes:
    head = box(b"ftyp", brand + b"\0\0\2\0" + others)
    return head + box(b"moov", box(b"mvhd", b"\0" * 100)) + box(b"mdat", b"\1" * 300)


def genuine() -> dict[FileKind, bytes]:
    return {
        FileKind.PDF: pdf(),
        FileKind.DOCX: docx(),
        FileKind.XLSX: office(FileKind.XLSX, {"xl/worksheets/sheet1.xml": "<worksheet/>"}),
        FileKind.PPTX: office(FileKind.PPTX, {"ppt/slides/slide1.xml": "<slide/>"}),
        FileKind.JPG: picture("JPEG"),
        FileKind.PNG: picture("PNG"),
        FileKind.MP4: mp4(),
    }


def encrypted_office() -> bytes:
    return (
        OLE + b"\0" * 504 + "EncryptionInfo".encode("utf-16-le") + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le")
    )


def old_office() -> bytes:
    return OLE + b"\0" * 504 + "WordDocument".encode("utf-16-le") + b"\0" * 600


def installer() -> bytes:
    return OLE + b"\0" * 504 + bytes.fromhex("84100c0000000000c000000000000046") + b"\0" * 600


def flagged(content: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """The zip with every entry of its directory changed."""
    changed = bytearray(content)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        change(changed, at)
        at = changed.find(b"PK\x01\x02", at + 1)
    return bytes(changed)


def with_password(content: bytes) -> bytes:
    def mark(changed: bytearray, at: int) -> None:
        changed[at + 8] |= 1

    return flagged(content, mark)


def claiming_size(content: bytes, size: int) -> bytes:
    def mark(changed: bytearray, at: int) -> None:
        changed[at + 24 : at + 28] = struct.pack("<I", size)

    return flagged(content, mark)


def by_method(content: bytes, method: int) -> bytes:
    def mark(changed: bytearray, at: int) -> None:
        changed[at + 10 : at + 12] = struct.pack("<H", method)

    return flagged(content, mark)


def png_of(width: int, height: int) -> bytes:
    """A picture whose header claims these measures; its pixels are missing, and nobody may look for them."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    content = bytearray(picture("JPEG"))
    at = content.find(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def samples() -> list[Sample]:
    return [
        *_honest(),
        *_honest_variants(),
        *_misnamed(),
        *_dangerous(),
        *_locked(),
        *_other_kinds(),
        *_cut_off(),
        *_packed_wrong(),
        *_pictures(),
        *_videos(),
        *_sizes(),
    ]


def _honest() -> Iterator[Sample]:
    for kind, content in genuine().items():
        for name in (f"surat.{kind}", f"SURAT.{kind.upper()}", f"Lap. akhir v1.2 (final).{kind}", f"laporan.{kind} "):
            yield Sample("honest", content, name, kind)
        yield Sample("without a name", content, "", kind)
        yield Sample("without an extension, its type told", content, "laporan", kind, kind.mime)
        yield Sample("a number is no extension", content, "Surat No.12", kind, "application/octet-stream")
        yield Sample("the type told wrongly beside a true name", content, f"a.{kind}", kind, "application/zip")


def _honest_variants() -> Iterator[Sample]:
    jpg, png, word = picture("JPEG"), picture("PNG"), FileKind.DOCX
    yield Sample("jpeg", jpg, "foto.jpeg", FileKind.JPG)
    yield Sample("jfif", jpg, "foto.jfif", FileKind.JPG)
    yield Sample("progressive", picture("JPEG", progressive=True), "foto.jpg", FileKind.JPG)
    yield Sample("a film behind the photo", jpg + mp4() + b"\xff\xda", "foto.jpg", FileKind.JPG)
    yield Sample("a palette", picture("PNG", optimize=True), "a.png", FileKind.PNG)
    yield Sample("bytes behind the end", png + b"\0\0", "a.png", FileKind.PNG)
    yield Sample("by hand", pdf_of(PAGES), "a.pdf", FileKind.PDF)
    yield Sample("padded", pdf_of(PAGES) + b"\r\n" + b"\0" * 3000, "a.pdf", FileKind.PDF)
    yield Sample("a line before it", b"\r\n" + pdf_of(PAGES), "a.pdf", FileKind.PDF)
    yield Sample(
        "words about encryption", pdf_of((*PAGES, b"(/Encrypt and /EncryptMetadata true)")), "a.pdf", FileKind.PDF
    )
    yield Sample("stored, not packed", package(office_parts(word), zipfile.ZIP_STORED), "a.docx", word)
    yield Sample("an embedded table", office(word, {"word/embeddings/oleObject1.bin": OLE}), "a.docx", word)
    yield Sample("as the SDK writes it", package(_typed_by_extension()), "a.docx", word)
    macro = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    left = office_parts(word) | {"[Content_Types].xml": types(MAIN[word], more=macro)}
    yield Sample("a macro type without a macro", package(left), "a.docx", word)


def _typed_by_extension() -> dict[str, bytes | str]:
    parts = office_parts(FileKind.DOCX)
    main = MAIN[FileKind.DOCX][1]
    return parts | {"[Content_Types].xml": types().replace("application/xml", main)}


def _misnamed() -> Iterator[Sample]:
    files = genuine()
    for kind, content in files.items():
        for other in files:
            if other is not kind:
                yield Sample("another accepted kind", content, f"a.{other}", Reason.MISMATCH)
        yield Sample("an unknown extension", content, "a.dat", Reason.KIND)
        yield Sample("a web page by name", content, "a.html", Reason.WEB_PAGE)
        yield Sample("a program by name", content, f"surat.{kind}.exe", Reason.PROGRAM)
        yield Sample("a packed app by name", content, "Undangan.apk", Reason.PROGRAM)
        yield Sample("reversed writing hides exe", content, f"surat\u202e{kind}.exe", Reason.PROGRAM)
        yield Sample("an exe behind dots", content, "surat.pdf.exe . .", Reason.PROGRAM)
        yield Sample("the type told is another", content, "laporan", Reason.KIND, "text/html")


def _dangerous() -> Iterator[Sample]:
    for kind in FileKind:
        name = f"surat.{kind}"
        yield Sample("a program", EXE, name, Reason.PROGRAM)
        yield Sample("a web page", HTML, name, Reason.WEB_PAGE)
        yield Sample("a drawing with script", SVG, name, Reason.WEB_PAGE)
    for content in (
        b"\x7fELF\2\1\1",
        b"\xca\xfe\xba\xbe\0\0\0\2",
        b"\xcf\xfa\xed\xfe",
        b"#!/bin/sh\n",
        b"dex\n035\0",
        installer(),
    ):
        yield Sample("other programs", content + b"\0" * 64, "surat.pdf", Reason.PROGRAM)
    android = package({"AndroidManifest.xml": b"\3", "classes.dex": b"dex\n"})
    yield Sample("an app as a document", android, "Undangan.docx", Reason.PROGRAM)
    yield Sample("a page in UTF-16", "<html>".encode("utf-16"), "a.pdf", Reason.WEB_PAGE)
    yield Sample("a page with a mark", b"\xef\xbb\xbf \n<HTML>", "a.pdf", Reason.WEB_PAGE)
    for kind in MAIN:
        yield from _macros(kind)


def _macros(kind: FileKind) -> Iterator[Sample]:
    part, main = MAIN[kind]
    hidden = f"{part.partition('/')[0]}/vbaProject.bin"
    loud = office_parts(kind) | {"[Content_Types].xml": types((part, MACRO_MAIN[kind]))}
    sheet = types((part, main), ("x/m.xml", "application/vnd.ms-excel.macrosheet+xml"))
    yield Sample("a macro", office(kind, {hidden: b"\1"}), f"a.{kind}", Reason.MACRO)
    yield Sample("a macro elsewhere", office(kind, {"any/VBAPROJECT.BIN": b"\1"}), f"a.{kind}", Reason.MACRO)
    yield Sample("a macro type", package(loud), f"a.{kind}", Reason.MACRO)
    yield Sample("a macro extension", package(loud), f"a.{kind[:-1]}m", Reason.MACRO)
    yield Sample("a macro extension alone", office(kind), f"a.{kind[:-1]}m", Reason.MACRO)
    yield Sample(
        "a macro sheet",
        package(office_parts(kind, {"x/m.xml": "<m/>"}) | {"[Content_Types].xml": sheet}),
        f"a.{kind}",
        Reason.MACRO,
    )


def _locked() -> Iterator[Sample]:
    for kind in MAIN:
        yield Sample("a locked document", encrypted_office(), f"a.{kind}", Reason.LOCKED)
        yield Sample("a zip with a password", with_password(office(kind)), f"a.{kind}", Reason.LOCKED)
        yield Sample("an old document renamed", old_office(), f"a.{kind}", Reason.OLD_OFFICE)
    yield Sample("a reference", pdf_of((*PAGES, LOCK), b"/Encrypt 4 0 R"), "a.pdf", Reason.LOCKED)
    yield Sample("a dictionary", pdf_of(PAGES, b"/Encrypt " + LOCK), "a.pdf", Reason.LOCKED)
    yield Sample("over lines", pdf_of((*PAGES, LOCK), b"/Encrypt\n4\r\n0 R"), "a.pdf", Reason.LOCKED)


def _other_kinds() -> Iterator[Sample]:
    for name in ("a.doc", "a.xls", "a.ppt"):
        yield Sample("an old document", old_office(), name, Reason.OLD_OFFICE)
    yield Sample("an installer", installer(), "a.msi", Reason.PROGRAM)
    for name in ("a.zip", "a.docx", "a.pdf", ""):
        yield Sample("a plain zip", package({"surat.pdf": pdf()}), name, Reason.ARCHIVE)
    for content in (b"Rar!\x1a\x07\1\0", b"7z\xbc\xaf\x27\x1c\0\4", b"\x1f\x8b\x08\0", b"BZh91AY", b"\xfd7zXZ\0\0"):
        yield Sample("other archives", content + b"\0" * 64, "a.pdf", Reason.ARCHIVE)
    yield Sample(
        "a tape archive", b"a.txt".ljust(257, b"\0") + b"ustar\x0000".ljust(255, b"\0"), "a.pdf", Reason.ARCHIVE
    )
    for form, name in (("GIF", "a.gif"), ("WEBP", "a.webp"), ("BMP", "a.bmp"), ("TIFF", "a.tif")):
        yield Sample("another picture", picture(form), name, Reason.PICTURE_KIND)
        yield Sample("another picture renamed", picture(form), "a.jpg", Reason.PICTURE_KIND)
    yield Sample(
        "an iPhone's photo", box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta"), "IMG_1.HEIC", Reason.PICTURE_KIND
    )
    yield Sample(
        "open document", package({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", Reason.KIND
    )
    yield Sample("open document renamed", package({"mimetype": "application/epub+zip"}), "a.docx", Reason.MISMATCH)
    for name, expected in (("a.txt", Reason.KIND), ("a", Reason.KIND), ("a.pdf", Reason.MISMATCH)):
        yield Sample("plain text", b"Yth. Bapak/Ibu", name, expected)


def _cut_off() -> Iterator[Sample]:
    for kind, content in genuine().items():
        for share in (0.6, 0.9):
            yield Sample(f"cut at {share}", content[: int(len(content) * share)], f"a.{kind}", Reason.DAMAGED)
    yield Sample("an end in the middle only", pdf() + b"x" * 5000, "a.pdf", Reason.DAMAGED)
    yield Sample("no offset before the end", b"%PDF-1.4\n%%EOF\n", "a.pdf", Reason.DAMAGED)
    thumbnail = b"\xff\xd8\xff\xe1\0\x08Ex\xff\xd9\0\0" + picture("JPEG")[2:]
    yield Sample("only the thumbnail ends", thumbnail[:-2], "a.jpg", Reason.DAMAGED)
    yield Sample("only a header", b"\x89PNG\r\n\x1a\n", "a.png", Reason.DAMAGED)
    yield Sample("only a start", b"\xff\xd8\xff", "a.jpg", Reason.DAMAGED)
    yield Sample("only the directory", office(FileKind.DOCX)[-22:], "a.docx", Reason.DAMAGED)


def _packed_wrong() -> Iterator[Sample]:
    word = FileKind.DOCX
    for name in ("/etc/passwd", "../up.xml", "word/../../up.xml", "..\\up.xml", "C:\\up.xml", "\\\\host\\up.xml"):
        yield Sample(f"leads outside: {name}", office(word, {name: "x"}), "a.docx", Reason.DAMAGED)
    many = {f"word/media/{number}.xml": "" for number in range(2001)}
    yield Sample("too many parts", office(word, many), "a.docx", Reason.OVERSIZED_INSIDE)
    far_more = {f"{'long' * 40}/{number}.xml": "" for number in range(6000)}
    yield Sample("a directory too long to read", office(word, far_more), "a.docx", Reason.OVERSIZED_INSIDE)
    yield Sample("claims gigabytes", claiming_size(office(word), 1_000_000_000), "a.docx", Reason.OVERSIZED_INSIDE)
    yield Sample("a bomb", office(word, {"word/big.xml": b"\0" * 2_000_000}), "a.docx", Reason.OVERSIZED_INSIDE)
    yield Sample("a method nobody uses", by_method(office(word), 14), "a.docx", Reason.DAMAGED)
    yield Sample("a program before the zip", EXE + office(word), "a.docx", Reason.PROGRAM)
    yield Sample("bytes after the zip", office(word) + HTML, "a.docx", Reason.DAMAGED)
    yield Sample("two zips", office(word) + office(word), "a.docx", Reason.DAMAGED)
    yield Sample("one name twice", _twice(), "a.docx", Reason.DAMAGED)
    for text in (
        "",
        "<Types",
        '<!DOCTYPE t [<!ENTITY a "b">]><Types/>',
        "\0\1",
        "<?xml version='1.0' encoding='none'?><T/>",
    ):
        yield Sample(
            "types unreadable", package(office_parts(word) | {"[Content_Types].xml": text}), "a.docx", Reason.DAMAGED
        )
    both = office_parts(word, {"xl/workbook.xml": "<w/>"}) | {
        "[Content_Types].xml": types(MAIN[word], MAIN[FileKind.XLSX])
    }
    yield Sample("two documents in one", package(both), "a.docx", Reason.DAMAGED)
    bare = {name: part for name, part in office_parts(word).items() if name != "_rels/.rels"}
    yield Sample("no relations", package(bare), "a.docx", Reason.DAMAGED)
    missing = {name: part for name, part in office_parts(word).items() if name != MAIN[word][0]}
    yield Sample("the main part is missing", package(missing), "a.docx", Reason.MISMATCH)
    template = types(("word/document.xml", f"{OPEN_XML}.wordprocessingml.template.main+xml"))
    yield Sample(
        "a template", package(office_parts(word) | {"[Content_Types].xml": template}), "a.docx", Reason.MISMATCH
    )


def _twice() -> bytes:
    return office(FileKind.DOCX, {"word/documenT.xml": "<other/>"})


def _pictures() -> Iterator[Sample]:
    for name, make in (("a.png", png_of), ("a.jpg", jpeg_of)):
        kind = FileKind.PNG if name == "a.png" else FileKind.JPG
        yield Sample("many pixels, not too many", make(10_000, 5_000), name, kind)
        yield Sample("a row too many", make(10_000, 5_001), name, Reason.TOO_MANY_PIXELS)
        yield Sample("a bomb", make(30_000, 30_000), name, Reason.TOO_MANY_PIXELS)
    yield Sample("a bomb for the address space", png_of(2**31 - 1, 2**31 - 1), "a.png", Reason.TOO_MANY_PIXELS)
    yield Sample("no pixels", png_of(0, 0), "a.png", Reason.DAMAGED)


def _videos() -> Iterator[Sample]:
    for brand in (b"mp42", b"avc1", b"iso5", b"M4V ", b"3gp4", b"XYZ1"):
        yield Sample(f"a brand {brand!r}", mp4(brand), "a.mp4", FileKind.MP4)
    yield Sample("QuickTime", mp4(b"qt  ", b"qt  "), "a.mov", Reason.KIND)
    yield Sample("QuickTime renamed", mp4(b"qt  ", b"qt  "), "a.mp4", Reason.MISMATCH)
    yield Sample("sound", mp4(b"M4A "), "a.m4a", Reason.KIND)
    yield Sample("an unknown brand", mp4(b"XYZ1", b"XYZ2"), "a.mp4", Reason.MISMATCH)
    yield Sample("no film in it", box(b"ftyp", b"isom\0\0\0\0isom") + box(b"mdat", b"x"), "a.mp4", Reason.DAMAGED)
    yield Sample("a box without a size", mp4() + struct.pack(">I4s", 0, b"free"), "a.mp4", FileKind.MP4)
    yield Sample("countless boxes", mp4() + box(b"free") * 20_001, "a.mp4", Reason.DAMAGED)


def _sizes() -> Iterator[Sample]:
    limit = 20 * 1024 * 1024
    for content in (b"", b"\0" * 4096, b" \r\n\t"):
        for name in ("a.pdf", "a.docx", "a.png", ""):
            yield Sample("nothing in it", content, name, Reason.EMPTY)
    yield Sample("exactly the limit", pdf().ljust(limit, b"\0"), "a.pdf", FileKind.PDF)
    yield Sample("one byte too many", pdf().ljust(limit + 1, b"\0"), "a.pdf", Reason.TOO_BIG)
