"""The letter says how to join and how to tell that it is genuine, whatever people are called."""

from __future__ import annotations

import dataclasses
import io
import re
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import pairwise

import pytest
import segno
from docx import Document
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from bot.files import FileKind, inspect
from bot.files.inspection import Accepted
from bot.papers import Invitation, InvitationLetter, invitation_letter, letter_docx, letter_picture
from bot.papers.drawing import WIDTH, wrapped
from bot.papers.qr import qr_png
from bot.texts import LANGUAGES, Texts
from bot.words import Day, Moment, Plain

TEXTS = Texts.load()
LINK = "https://t.me/pandu_smartcity_bot?start=i_K7QF3M9TXW2A"
INVITATION = Invitation(
    bot_username="pandu_smartcity_bot",
    link=LINK,
    code="K7QF-3M9T-XW2A",
    role=Plain("pejabat daerah"),
    place="Kabupaten Halmahera Selatan",
    expires=Moment(datetime(2026, 11, 28, 14, 59, tzinfo=UTC), "Asia/Jayapura"),
    programme="Gerakan Menuju Smart City 2026",
    ministry="Kementerian Komunikasi dan Digital",
    help_contact="Ibu Sari, 0812-0000-0000",
    privacy_contact="privasi@contoh.go.id",
    invitee="Siti Rahma",
    invited_by="Bambang Wijaya",
    issued=date(2026, 11, 14),
)
HOSTILE = [
    "<b>Tebal</b> & <script>alert(1)</script>",
    "&lt;&amp;&#x41;",
    "nama\u202eterbalik\u2066\u200b",
    "baris\nkedua\r\nketiga\ttab\v\f",
    "\x00\x01\x1b\ufffe\uffff\ud800 nama",
    "n" * 300,
    "nama panjang sekali " * 15,
    "😀" * 300,
    "محمد بن عبد الله",
    "{name} {0} %s $x",
    "",
    "\u200b\u202e",
]
TEXT_FIELDS = (
    "bot_username",
    "code",
    "place",
    "programme",
    "ministry",
    "help_contact",
    "privacy_contact",
    "invitee",
    "invited_by",
)


def letter(language: str = "id", **changes: object) -> InvitationLetter:
    return invitation_letter(TEXTS, language, dataclasses.replace(INVITATION, **changes))  # type: ignore[arg-type]


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [paragraph.text for row in document.tables[0].rows for cell in row.cells for paragraph in cell.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def strings(value: InvitationLetter) -> list[str]:
    told = dataclasses.asdict(value)
    told.pop("link")
    return re.findall(r"'((?:[^'\\]|\\.)*)'", repr(list(told.values())))


def picture(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_says_all_that_a_person_needs(language: str) -> None:
    said = words_of(letter_docx(letter(language)))

    for needed in ("@pandu_smartcity_bot", "K7QF-3M9T-XW2A", "pejabat daerah", "Kabupaten Halmahera Selatan", "WIT"):
        assert needed in said
    for needed in ("Gerakan Menuju Smart City 2026", "KEMENTERIAN KOMUNIKASI DAN DIGITAL", "Ibu Sari", "/privasi"):
        assert needed in said
    for needed in ("Siti Rahma", "Bambang Wijaya", "privasi@contoh.go.id", "NIK", "OTP", "APK"):
        assert needed in said


def test_the_reader_is_addressed_in_their_language() -> None:
    indonesian, english = letter("id"), letter("en")

    assert "14 November 2026" in indonesian.issued
    assert english.title == "Invitation to Pandu"
    assert all(mine != theirs for mine, theirs in zip(indonesian.steps, english.steps, strict=True))
    assert "Bapak/Ibu" in indonesian.opening


def test_there_are_three_steps_and_the_marks_of_a_genuine_letter() -> None:
    said = letter("en")

    assert len(said.steps) == 3
    assert "Pandu never asks for passwords, OTP codes, your NIK, or money." in said.genuine


def test_without_contacts_and_names_the_letter_is_still_whole() -> None:
    said = letter("en", help_contact="", privacy_contact="", invitee="", invited_by="", issued=None)

    assert said.help == "The coordinator who gave you this letter."
    assert said.address == "Dear Sir or Madam,"
    assert (said.issued, said.regards, said.signer) == ("", "", "")
    assert "–" not in words_of(letter_docx(said))


def test_a_shared_invitation_tells_for_how_many_it_is() -> None:
    assert "20" in letter(uses=20).code_hint
    assert letter(uses=1).code_hint != letter(uses=20).code_hint


def test_a_day_may_stand_for_the_moment_of_expiry() -> None:
    assert dict(letter("en", expires=Day(date(2026, 11, 28))).facts)["Valid until"] == "Saturday, 28 November 2026"


def test_the_document_is_one_a4_sheet_that_word_processors_and_pandu_itself_accept() -> None:
    content = letter_docx(letter())
    page = Document(io.BytesIO(content)).sections[0]

    assert (round(page.page_width or 0, -4), round(page.page_height or 0, -4)) == (
        round(Cm(21), -4),
        round(Cm(29.7), -4),
    )
    found = inspect(content, "undangan.docx")
    assert isinstance(found, Accepted)
    assert found.kind is FileKind.DOCX


def test_the_code_in_the_document_is_the_link_and_is_described_for_screen_readers() -> None:
    content = letter_docx(letter())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
        body = package.read("word/document.xml").decode()

    assert pictures == [qr_png(LINK, 12)]
    assert f'descr="{letter().link_hint}"' in body


@pytest.mark.parametrize("link", [LINK, "https://t.me/x?start=" + "a" * 300])
def test_a_qr_code_holds_exactly_the_link_with_its_quiet_zone(link: str) -> None:
    image = picture(qr_png(link, 3)).convert("1")
    side = image.width // 3
    seen = [[image.getpixel((3 * x + 1, 3 * y + 1)) == 0 for x in range(side)] for y in range(side)]
    expected = [[bool(module) for module in row] for row in segno.make_qr(link, error="m").matrix_iter(border=4)]

    assert seen == expected


def test_the_code_in_the_picture_has_the_modules_of_the_link() -> None:
    image = picture(letter_picture(letter())).convert("L")
    expected = [[bool(module) for module in row] for row in segno.make_qr(LINK, error="m").matrix_iter(border=0)]
    left, top, right, _bottom = qr_place(image)
    module = (right - left) / len(expected)
    middle = [round((place + 0.5) * module) for place in range(len(expected))]

    assert [[image.getpixel((left + x, top + y)) < 128 for x in middle] for y in middle] == expected  # type: ignore[operator]


def qr_place(image: Image.Image) -> tuple[int, int, int, int]:
    """Where the black of the code lies: the only pure black of the letter."""
    box = image.point(lambda value: 255 if value < 8 else 0).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_fits_a_phone_and_telegram(language: str) -> None:
    content = letter_picture(letter(language))
    image = picture(content)

    assert image.width == WIDTH
    assert 1.2 < image.height / image.width < 2.6
    assert image.width + image.height <= 10_000
    assert len(content) < 300_000
    found = inspect(content, "undangan.png")
    assert isinstance(found, Accepted)
    assert found.kind is FileKind.PNG


def test_nothing_is_written_over_the_margins_of_the_picture() -> None:
    image = picture(letter_picture(letter(place="n" * 300, help_contact="w" * 300, code="W" * 300))).convert("RGB")

    for left in (0, WIDTH - 40):
        strip = image.crop((left, 0, left + 40, image.height))
        assert all(len(strip.crop((0, y, 40, y + 1)).getcolors() or []) == 1 for y in range(strip.height))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text_on_one_line(text: str) -> None:
    hostile = letter(**dict.fromkeys(TEXT_FIELDS, text), role=Plain(text))
    content = letter_docx(hostile)

    for string in strings(hostile):
        assert "\\n" not in string
        assert "\\u202e" not in string
        assert "\\x" not in string
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert "<script" not in package.read("word/document.xml").decode()
    assert picture(letter_picture(hostile)).height < 4 * WIDTH


def test_markup_in_a_name_is_printed_as_it_was_typed() -> None:
    assert "<b>Siti</b> & Budi" in words_of(letter_docx(letter(invitee="<b>Siti</b> & Budi")))


@settings(max_examples=25)
@given(st.text(max_size=400), st.sampled_from(TEXT_FIELDS))
def test_any_text_in_any_place_makes_a_letter(text: str, field: str) -> None:
    made = letter(**{field: text})

    assert letter_docx(made)
    assert letter_picture(made)


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=60), max_size=8))
def test_no_letter_is_lost_when_lines_are_broken(words: list[str]) -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    text = " ".join(words)[:280]
    lines = wrapped(text, font, 240)

    assert "".join(lines).replace(" ", "").strip("–") == re.sub(r"\s", "", unicodedata.normalize("NFC", text))
    assert all(font.getlength(line) <= 240 for line in lines)


def test_a_zone_is_not_left_alone_on_its_line() -> None:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    text = "Minggu, 29 November 2026 pukul 01.59 WIT"
    whole = font.getlength(text)

    for narrower in range(1, 60):
        lines = wrapped(text, font, whole - narrower)
        assert not any(after == "WIT" for _before, after in pairwise(lines))


def test_the_font_is_shipped_with_its_licence() -> None:
    shipped = files("bot.papers").joinpath("fonts")

    assert "SIL OPEN FONT LICENSE Version 1.1" in shipped.joinpath("OFL.txt").read_text("utf-8")
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        assert ImageFont.truetype(io.BytesIO(shipped.joinpath(name).read_bytes()), 20).getname()[0] == "Noto Sans"
