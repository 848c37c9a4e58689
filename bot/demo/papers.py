"""Files that people of the sample send: real PDFs, Word documents and photos, marked as samples, the same each time."""

import io
import zipfile
from datetime import datetime
from functools import cache
from html import escape
from pathlib import PurePosixPath
from zlib import crc32

from docx import Document
from PIL import Image, ImageDraw, ImageFont

SAMPLE_MARK = "CONTOH - bukan dokumen resmi"
_DAY = datetime(2022, 1, 1)  # noqa: DTZ001 - a date inside a file, the same on every machine
_SKIES = ("#9ecbe6", "#f2c9a1", "#b5c8e8", "#a8d5c2")


def paper(name: str, place: str) -> bytes:
    """The content of a file of this name from this region. Raises `ValueError` for an ending that is not made here."""
    match PurePosixPath(name).suffix.lower():
        case ".pdf":
            return _pdf(PurePosixPath(name).stem, place)
        case ".docx":
            return _docx(PurePosixPath(name).stem, place)
        case ".jpg":
            return _photo(PurePosixPath(name).stem, place)
    raise ValueError(f"{name}: the sample makes .pdf, .docx and .jpg")


def _pdf(title: str, place: str) -> bytes:
    lines = [(20, title), (13, place), (11, SAMPLE_MARK)]
    shown = "".join(f"/F1 {size} Tf ({_escaped(text)}) Tj 0 -{size + 14} Td " for size, text in lines)
    content = f"BT 60 760 Td {shown}ET".encode("latin-1", "replace")
    return _numbered(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
            b"<</Length %d>>\nstream\n%b\nendstream" % (len(content), content),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        ]
    )


def _numbered(objects: list[bytes]) -> bytes:
    """A PDF of these objects, with its table of places."""
    body, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        count,
        len(body),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _docx(title: str, place: str) -> bytes:
    """The same parts each time, without the moment of packing, so that equal documents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _docx_parts():
            if name == "word/document.xml":
                content = content.replace(b"TITLE", escape(title).encode()).replace(b"PLACE", escape(place).encode())
            package.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def _docx_parts() -> tuple[tuple[str, bytes], ...]:
    """A document that lacks its title and its place. Made once: that takes longer than all the rest."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = _DAY
    document.add_heading("TITLE", 1)
    document.add_paragraph("PLACE")
    document.add_paragraph(SAMPLE_MARK)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as made:
        return tuple((name, made.read(name)) for name in made.namelist())


def _photo(title: str, place: str) -> bytes:
    """A hall with people before it, drawn in plain shapes."""
    chance = crc32(f"{title}{place}".encode())
    picture = Image.new("RGB", (1280, 960), _SKIES[chance % len(_SKIES)])
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1280, 960), "#8a8f7a")
    _draw_hall(draw, 200 + chance % 200)
    for number in range(4 + chance % 5):
        _draw_person(draw, 120 + number * 130 + chance % 60, 700 + (chance >> number) % 60)
    draw.rectangle((0, 860, 1280, 960), "#0b3c5d")
    draw.text((30, 868), title, "white", ImageFont.load_default(36))
    draw.text((30, 914), f"{place} · {SAMPLE_MARK}", "#cfe3f1", ImageFont.load_default(28))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _draw_hall(draw: ImageDraw.ImageDraw, left: int) -> None:
    draw.rectangle((left, 340, left + 680, 650), "#f4efe6")
    draw.polygon([(left - 50, 340), (left + 340, 170), (left + 730, 340)], "#9c4a3c")
    for column in range(6):
        draw.rectangle((left + 40 + column * 110, 390, left + 85 + column * 110, 650), "#d9cbb3")


def _draw_person(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    draw.ellipse((x, y - 70, x + 44, y - 26), "#c08a63")
    draw.rounded_rectangle((x - 14, y - 26, x + 58, y + 90), 18, "#2f6f5e")
