"""Why a file or a link cannot serve as evidence, and what the person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.words import Words, _


class Reason(StrEnum):
    """Why not. The value stands in the evidence's row and in the audit."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    KIND = "kind"
    PICTURE_KIND = "picture_kind"
    OLD_OFFICE = "old_office"
    ARCHIVE = "archive"
    PROGRAM = "program"
    WEB_PAGE = "web_page"
    MISMATCH = "mismatch"
    MACRO = "macro"
    LOCKED = "locked"
    DAMAGED = "damaged"
    OVERSIZED_INSIDE = "oversized_inside"
    TOO_MANY_PIXELS = "too_many_pixels"
    LOST = "lost"
    BROKEN = "broken"
    LINK_UNREADABLE = "link_unreadable"
    LINK_TOO_LONG = "link_too_long"
    LINK_NOT_HTTPS = "link_not_https"
    LINK_DISGUISED = "link_disguised"
    LINK_HOST = "link_host"


REASONS: Final[Mapping[Reason, Words]] = MappingProxyType(
    {
        Reason.EMPTY: _("This file is empty. Please open it on your device, check its content and send it again."),
        Reason.TOO_BIG: _(
            "This file is larger than 20 MB. Please put it on your region's drive and send the link,"
            " make it smaller, or send it in parts."
        ),
        Reason.KIND: _(
            "Pandu does not accept this kind of file."
            " Please send PDF, Word, Excel, PowerPoint, JPG, PNG or MP4 up to 20 MB."
        ),
        Reason.PICTURE_KIND: _(
            "Pandu does not accept this kind of picture. Please send it as a photo, or save it as JPG or PNG."
        ),
        Reason.OLD_OFFICE: _(
            "This file has an old Office format."
            " Please open it and choose “Save As” docx, xlsx, pptx or PDF, then send the new file."
        ),
        Reason.ARCHIVE: _("This file is a compressed folder. Please send the documents in it one by one."),
        Reason.PROGRAM: _(
            "This file contains a program, so it was not stored."
            " Please check your device for viruses and send the document itself as PDF."
        ),
        Reason.WEB_PAGE: _("This file is a web page, not a document. Please save or print it as PDF and send that."),
        Reason.MISMATCH: _(
            "The content of this file does not fit its name."
            " Please save it again from the application it was made with, and send the new file."
        ),
        Reason.MACRO: _(
            "This document contains macros. Please save it without macros or as PDF, and send the new file."
        ),
        Reason.LOCKED: _(
            "This file is locked with a password or a restriction."
            " Please save a copy without protection, for example by printing to PDF, and send the copy."
        ),
        Reason.DAMAGED: _(
            "This file is not complete or is damaged. Please open it on your device; if it looks right,"
            " save it again and send the new file."
        ),
        Reason.OVERSIZED_INSIDE: _(
            "The content of this document is too large to be checked. Please send it as PDF or in smaller parts."
        ),
        Reason.TOO_MANY_PIXELS: _(
            "This picture has more than 50 megapixels. Please send it as a photo, or make it smaller first."
        ),
        Reason.LOST: _("Telegram no longer has this file. Please send it once more."),
        Reason.BROKEN: _(
            "A fault in Pandu kept it from checking this file; the operator has been told."
            " Please send it once more, or in another format."
        ),
        Reason.LINK_UNREADABLE: _(
            "This link cannot be read. Please copy the whole address, which begins with https://, and send that alone."
        ),
        Reason.LINK_TOO_LONG: _(
            "This link is longer than 2,000 characters. Please use “Share” on the drive to get a shorter one."
        ),
        Reason.LINK_NOT_HTTPS: _(
            "This link does not begin with https://. Please use a secure address, for example on your region's drive."
        ),
        Reason.LINK_DISGUISED: _(
            "This link hides where it leads. Please send the plain address with the name of the site, without @, number"
            " or port."
        ),
        Reason.LINK_HOST: _(
            "Pandu does not accept links to this site. Please put the file on your region's official site or drive,"
            " and send the link to it."
        ),
    }
)
