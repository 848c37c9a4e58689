"""What hangs on the wall of a session: a QR code and a short code, for a phone's screen and for a projector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.papers.drawing import INK, MARGIN, PALE, TEXT, WHITE, WIDTH, Strip

SMALL, BODY, TITLE, CODE = 40, 46, 64, 150
QR_SIDE: Final = 760


@dataclass(frozen=True, slots=True)
class CheckInSheet:
    """Everything on it, in words as they are shown. Without a place nothing stands for it."""

    heading: str
    title: str
    when: str
    place: str
    link: str
    code: str
    hint: str


def check_in_picture(sheet: CheckInSheet) -> bytes:
    """The sheet as a PNG, 1080 pixels wide."""
    strip = Strip()
    strip.band(0, INK)
    strip.at = 30
    strip.centred(sheet.heading, BODY, bold=True, colour=WHITE, after=24)
    strip.paper_again()
    strip.at += 28
    strip.centred(sheet.title, TITLE, bold=True, colour=INK)
    strip.centred(sheet.when, SMALL, colour=TEXT, after=0)
    if sheet.place:
        strip.centred(sheet.place, SMALL, colour=TEXT)
    strip.qr(sheet.link, QR_SIDE, (WIDTH - QR_SIDE) // 2, strip.at)
    strip.at += QR_SIDE
    strip.band(strip.at, PALE)
    strip.at += MARGIN // 4
    strip.centred(sheet.code, CODE, bold=True, colour=INK, after=0)
    strip.centred(sheet.hint, SMALL, colour=TEXT, after=24)
    return strip.png()
