"""The invitation letter as a picture to forward: readable on a phone 360 pixels wide, also after Telegram shrank it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.papers.invitation import InvitationLetter
from bot.papers.printable import printable
from bot.papers.qr import qr_png

WIDTH: Final = 1080
MARGIN: Final = 64
# Telegram shrinks photos to 1280 pixels in height: a letter twice as tall as wide keeps letters of 20 of 640 pixels.
SMALL, BODY, HEADING, TITLE, CODE = 30, 34, 38, 54, 62
QR_SIDE: Final = 372
WHITE, INK, TEXT, GREY, PALE, GREEN = "#ffffff", "#0b3c5d", "#1b1f23", "#4a525a", "#eaf2f8", "#1a7f4b"
_MEETINGS: Final = (
    (INK, WHITE),
    (TEXT, WHITE),
    (GREY, WHITE),
    (GREEN, WHITE),
    (INK, PALE),
    (GREY, PALE),
    ("#000", WHITE),
)
_TALLEST: Final = 4500
_SHADES: Final = 12
_LONGEST: Final = 300
_LONELY: Final = 6


def letter_picture(letter: InvitationLetter) -> bytes:
    """The letter as a PNG, 1080 pixels wide and as tall as its text."""
    sheet = Sheet()
    _head(sheet, letter)
    sheet.paragraph(letter.address, BODY)
    sheet.paragraph(letter.opening, BODY)
    _facts(sheet, letter)
    _card(sheet, letter)
    _points(sheet, letter.steps_title, letter.steps)
    _signs(sheet, letter.genuine_title, letter.genuine)
    sheet.heading(letter.help_title)
    sheet.paragraph(letter.help, BODY, bold=True)
    sheet.paragraph(letter.privacy, SMALL, colour=GREY)
    return sheet.png()


class Sheet:
    """A strip of paper, written from the top; `at` is where the next line begins."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, _TALLEST), WHITE)
        self.draw = ImageDraw.Draw(self.image)
        self.at = 0

    def paragraph(
        self, text: str, size: int, *, bold: bool = False, colour: str = TEXT, indent: int = 0, after: int = 18
    ) -> None:
        """Text between the margins, as many lines as it takes."""
        font = _font(size, bold=bold)
        for line in wrapped(text, font, WIDTH - 2 * MARGIN - indent):
            self.draw.text((MARGIN + indent, self.at), line, colour, font)
            self.at += round(size * 1.35)
        self.at += after

    def centred(self, text: str, size: int, *, bold: bool = False, colour: str = TEXT, after: int = 8) -> None:
        font = _font(size, bold=bold)
        for line in wrapped(text, font, WIDTH - 2 * MARGIN):
            self.draw.text((WIDTH / 2, self.at), line, colour, font, anchor="ma")
            self.at += round(size * 1.3)
        self.at += after

    def heading(self, text: str) -> None:
        self.at += 12
        self.paragraph(text, HEADING, bold=True, colour=INK, after=8)

    def band(self, top: int, colour: str) -> None:
        """Colour behind what is written next, from `top` to the end of the strip; see `paper_again`."""
        self.draw.rectangle((0, top, WIDTH, _TALLEST), colour)

    def paper_again(self) -> None:
        self.draw.rectangle((0, self.at, WIDTH, _TALLEST), WHITE)

    def png(self) -> bytes:
        """What was written, with a margin below. Few colours, so that it travels light."""
        out = BytesIO()
        whole = self.image.crop((0, 0, WIDTH, min(self.at + MARGIN // 2, _TALLEST)))
        whole.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
        return out.getvalue()


def _head(sheet: Sheet, letter: InvitationLetter) -> None:
    sheet.band(0, INK)
    sheet.at = 32
    sheet.centred(letter.ministry, SMALL, colour=WHITE)
    sheet.centred(letter.programme, SMALL, bold=True, colour=WHITE)
    sheet.centred(letter.title, TITLE, bold=True, colour=WHITE, after=20)
    sheet.paper_again()
    sheet.at += 32


def _facts(sheet: Sheet, letter: InvitationLetter) -> None:
    column = _widest([label for label, _value in letter.facts], _font(SMALL)) + 32
    for label, value in letter.facts:
        sheet.draw.text((MARGIN, sheet.at + 4), _clean(label), GREY, _font(SMALL))
        sheet.paragraph(value, BODY, bold=True, indent=min(column, WIDTH // 2), after=4)
    sheet.at += 20


def _card(sheet: Sheet, letter: InvitationLetter) -> None:
    """The QR code, and beside it the code to type, on one band."""
    top = sheet.at
    beside = QR_SIDE + 36
    sheet.band(top, PALE)
    sheet.at += 56
    sheet.paragraph(letter.code_label, SMALL, colour=GREY, indent=beside, after=0)
    sheet.paragraph(letter.code, CODE, bold=True, colour=INK, indent=beside, after=10)
    sheet.paragraph(letter.code_hint, SMALL, colour=GREY, indent=beside, after=24)
    sheet.paragraph(letter.link_hint, SMALL, colour=GREY, indent=beside)
    qr = Image.open(BytesIO(qr_png(letter.link, scale=12))).convert("RGB")
    sheet.image.paste(qr.resize((QR_SIDE, QR_SIDE), Image.Resampling.LANCZOS), (MARGIN, top + 32))
    sheet.at = max(sheet.at, top + QR_SIDE + 64)
    sheet.paper_again()
    sheet.at += 20


def _points(sheet: Sheet, title: str, steps: tuple[str, ...]) -> None:
    sheet.heading(title)
    for number, step in enumerate(steps, start=1):
        top = sheet.at
        sheet.draw.ellipse((MARGIN, top, MARGIN + 48, top + 48), INK)
        sheet.draw.text((MARGIN + 24, top + 24), str(number), WHITE, _font(SMALL, bold=True), anchor="mm")
        sheet.paragraph(step, BODY, indent=70, after=12)


def _signs(sheet: Sheet, title: str, signs: tuple[str, ...]) -> None:
    sheet.heading(title)
    for sign in signs:
        middle = sheet.at + 26
        sheet.draw.line(
            ((MARGIN + 6, middle), (MARGIN + 18, middle + 12), (MARGIN + 40, middle - 14)), GREEN, 7, "curve"
        )
        sheet.paragraph(sign, BODY, indent=70, after=10)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Lines no wider than this: broken between words, and inside a word that is too wide for any line.

    A last word of a few letters (the zone of a time) is not left alone.
    """
    lines = _lines(text, font, width)
    if len(lines) > 1 and len(lines[-1]) < _LONELY and " " in lines[-2]:
        lines[-2], _space, companion = lines[-2].rpartition(" ")
        lines[-1] = f"{companion} {lines[-1]}"
    return lines


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines, line = [], ""
    for word in _clean(text).split():
        longer = f"{line} {word}".lstrip()
        if font.getlength(longer) <= width:
            line = longer
            continue
        lines += [line] if line else []
        *full, line = _broken(word, font, width)
        lines += full
    return [*lines, line] if line else lines


def _broken(word: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and font.getlength(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _widest(texts: list[str], font: ImageFont.FreeTypeFont) -> int:
    return max((round(font.getlength(_clean(text))) for text in texts), default=0)


def _clean(text: str) -> str:
    return printable(text, _LONGEST)


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The colours of the letter and the shades between those that meet: finding them anew takes ten times as long."""
    shades = [
        round(a + (b - a) * step / (_SHADES - 1))
        for first, second in _MEETINGS
        for step in range(_SHADES)
        for a, b in zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(shades)
    return palette


@lru_cache(maxsize=16)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    shipped = files("bot.papers").joinpath("fonts", name).read_bytes()
    return ImageFont.truetype(BytesIO(shipped), size, layout_engine=ImageFont.Layout.BASIC)
