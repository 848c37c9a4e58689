"""A strip of paper drawn as a picture: readable on a phone 360 pixels wide, also after Telegram shrank it."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.papers.printable import printable
from bot.papers.qr import qr_png

WIDTH: Final = 1080
MARGIN: Final = 64
HEADING: Final = 38
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


class Strip:
    """A strip of paper, written from the top; `at` is where the next line begins."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, _TALLEST), WHITE)
        self.draw = ImageDraw.Draw(self.image)
        self.at = 0

    def paragraph(
        self, text: str, size: int, *, bold: bool = False, colour: str = TEXT, indent: int = 0, after: int = 18
    ) -> None:
        """Text between the margins, as many lines as it takes."""
        face = font(size, bold=bold)
        for line in wrapped(text, face, WIDTH - 2 * MARGIN - indent):
            self.draw.text((MARGIN + indent, self.at), line, colour, face)
            self.at += round(size * 1.35)
        self.at += after

    def centred(self, text: str, size: int, *, bold: bool = False, colour: str = TEXT, after: int = 8) -> None:
        face = font(size, bold=bold)
        for line in wrapped(text, face, WIDTH - 2 * MARGIN):
            self.draw.text((WIDTH / 2, self.at), line, colour, face, anchor="ma")
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

    def qr(self, link: str, side: int, left: int, top: int) -> None:
        """A QR code of this many pixels, beside what is written."""
        code = Image.open(BytesIO(qr_png(link, scale=12))).convert("RGB")
        self.image.paste(code.resize((side, side), Image.Resampling.LANCZOS), (left, top))

    def png(self) -> bytes:
        """What was written, with a margin below. Few colours, so that it travels light."""
        out = BytesIO()
        whole = self.image.crop((0, 0, WIDTH, min(self.at + MARGIN // 2, _TALLEST)))
        whole.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG")
        return out.getvalue()


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
    for word in clean(text).split():
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


def clean(text: str) -> str:
    """A text as the shipped letters can show it, not too long for a picture."""
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
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The shipped letters in this size."""
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    shipped = files("bot.papers").joinpath("fonts", name).read_bytes()
    return ImageFont.truetype(BytesIO(shipped), size, layout_engine=ImageFont.Layout.BASIC)
