"""The invitation letter as a picture to forward: readable on a phone 360 pixels wide, also after Telegram shrank it."""

from __future__ import annotations

from typing import Final

from PIL import ImageFont

from bot.papers.drawing import GREEN, GREY, INK, MARGIN, PALE, WHITE, WIDTH, Strip, clean, font
from bot.papers.invitation import InvitationLetter

# Telegram shrinks photos to 1280 pixels in height: a letter twice as tall as wide keeps letters of 20 of 640 pixels.
SMALL, BODY, TITLE, CODE = 30, 34, 54, 62
QR_SIDE: Final = 372


def letter_picture(letter: InvitationLetter) -> bytes:
    """The letter as a PNG, 1080 pixels wide and as tall as its text."""
    strip = Strip()
    _head(strip, letter)
    strip.paragraph(letter.address, BODY)
    strip.paragraph(letter.opening, BODY)
    _facts(strip, letter)
    _card(strip, letter)
    _points(strip, letter.steps_title, letter.steps)
    _signs(strip, letter.genuine_title, letter.genuine)
    strip.heading(letter.help_title)
    strip.paragraph(letter.help, BODY, bold=True)
    strip.paragraph(letter.privacy, SMALL, colour=GREY)
    return strip.png()


def _head(strip: Strip, letter: InvitationLetter) -> None:
    strip.band(0, INK)
    strip.at = 32
    strip.centred(letter.ministry, SMALL, colour=WHITE)
    strip.centred(letter.programme, SMALL, bold=True, colour=WHITE)
    strip.centred(letter.title, TITLE, bold=True, colour=WHITE, after=20)
    strip.paper_again()
    strip.at += 32


def _facts(strip: Strip, letter: InvitationLetter) -> None:
    column = _widest([label for label, _value in letter.facts], font(SMALL)) + 32
    for label, value in letter.facts:
        strip.draw.text((MARGIN, strip.at + 4), clean(label), GREY, font(SMALL))
        strip.paragraph(value, BODY, bold=True, indent=min(column, WIDTH // 2), after=4)
    strip.at += 20


def _card(strip: Strip, letter: InvitationLetter) -> None:
    """The QR code, and beside it the code to type, on one band."""
    top = strip.at
    beside = QR_SIDE + 36
    strip.band(top, PALE)
    strip.at += 56
    strip.paragraph(letter.code_label, SMALL, colour=GREY, indent=beside, after=0)
    strip.paragraph(letter.code, CODE, bold=True, colour=INK, indent=beside, after=10)
    strip.paragraph(letter.code_hint, SMALL, colour=GREY, indent=beside, after=24)
    strip.paragraph(letter.link_hint, SMALL, colour=GREY, indent=beside)
    strip.qr(letter.link, QR_SIDE, MARGIN, top + 32)
    strip.at = max(strip.at, top + QR_SIDE + 64)
    strip.paper_again()
    strip.at += 20


def _points(strip: Strip, title: str, steps: tuple[str, ...]) -> None:
    strip.heading(title)
    for number, step in enumerate(steps, start=1):
        top = strip.at
        strip.draw.ellipse((MARGIN, top, MARGIN + 48, top + 48), INK)
        strip.draw.text((MARGIN + 24, top + 24), str(number), WHITE, font(SMALL, bold=True), anchor="mm")
        strip.paragraph(step, BODY, indent=70, after=12)


def _signs(strip: Strip, title: str, signs: tuple[str, ...]) -> None:
    strip.heading(title)
    for sign in signs:
        middle = strip.at + 26
        strip.draw.line(
            ((MARGIN + 6, middle), (MARGIN + 18, middle + 12), (MARGIN + 40, middle - 14)), GREEN, 7, "curve"
        )
        strip.paragraph(sign, BODY, indent=70, after=10)


def _widest(texts: list[str], face: ImageFont.FreeTypeFont) -> int:
    return max((round(face.getlength(clean(text))) for text in texts), default=0)
