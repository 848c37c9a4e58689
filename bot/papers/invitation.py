"""The invitation letter: what a person reads to know that an invitation to Pandu is genuine, and how to follow it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.papers.printable import printable
from bot.texts import Texts
from bot.words import Day, Moment, Plain, Say, Words, _, _n

# What fits one page even if every value is as long as it may be. A username has at most 32 characters (Telegram).
_ACCOUNT: Final = 32
_CODE: Final = 16
_NAME: Final = 60
_LINE: Final = 80
_CONTACT: Final = 100


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation is about. `place` is the region, or words for all of them; `programme` carries its year.

    `bot_username` is without "@", `code` as people type it. Empty: `invitee`, `invited_by`, contacts that are not set.
    """

    bot_username: str
    link: str
    code: str
    role: Say
    place: str
    expires: Moment | Day
    programme: str
    ministry: str
    help_contact: str = ""
    privacy_contact: str = ""
    invitee: str = ""
    invited_by: str = ""
    issued: date | None = None
    uses: int = 1


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """The letter in the reader's language: every string as it will be printed, except `link`, which becomes the QR."""

    ministry: str
    programme: str
    issued: str
    title: str
    address: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    code_label: str
    code: str
    code_hint: str
    link: str
    link_hint: str
    steps_title: str
    steps: tuple[str, ...]
    genuine_title: str
    genuine: tuple[str, ...]
    help_title: str
    help: str
    privacy: str
    closing: str
    regards: str
    signer: str


def invitation_letter(texts: Texts, language: str, invitation: Invitation) -> InvitationLetter:
    """Write the letter. Names and contacts are cut and cleaned to fit one page."""

    def say(words: Say) -> str:
        return texts.plain(words, language)

    account = f"@{printable(invitation.bot_username, _ACCOUNT)}"
    programme = printable(invitation.programme, _LINE)
    return InvitationLetter(
        ministry=printable(invitation.ministry, _LINE),
        programme=programme,
        issued=say(_shown(Day(invitation.issued))) if invitation.issued else "",
        title=say(_("Invitation to Pandu")),
        address=say(_address(invitation.invitee)),
        opening=say(_opening(programme)),
        facts=_facts(invitation, account, say),
        code_label=say(_("Invitation code")),
        code=printable(invitation.code, _CODE),
        code_hint=say(_for_whom(invitation.uses)),
        link=invitation.link,
        link_hint=say(_("Scan with the camera of your phone")),
        steps_title=say(_("How to join")),
        steps=tuple(map(say, _steps(account))),
        genuine_title=say(_("How to tell that it is genuine")),
        genuine=tuple(map(say, _signs(account))),
        help_title=say(_("Whom to call")),
        help=say(_help(invitation.help_contact)),
        privacy=say(_privacy(invitation.privacy_contact)),
        closing=say(_("Thank you for your attention and cooperation.")),
        regards=say(_("Yours sincerely,")) if invitation.invited_by else "",
        signer=printable(invitation.invited_by, _NAME) if invitation.invited_by else "",
    )


def _shown(when: Moment | Day) -> Words:
    """A date by itself, which no translator needs to see."""
    return Words("{when}", (("when", when),))


def _address(invitee: str) -> Words:
    if not invitee:
        return _("Dear Sir or Madam,")
    return _("Dear {name},", name=printable(invitee, _NAME))


def _opening(programme: str) -> Words:
    return _(
        "You are invited to use Pandu, the official assistant of {programme} on Telegram. Pandu guides the work on the"
        " masterplan and the quick wins step by step: what is to be done, by when, and whom to ask.",
        programme=programme,
    )


def _facts(invitation: Invitation, account: str, say: Callable[[Say], str]) -> tuple[tuple[str, str], ...]:
    return (
        (say(_("Telegram account")), account),
        (say(_("Invited as")), printable(say(invitation.role), _NAME)),
        (say(_("Region")), printable(invitation.place, _NAME)),
        (say(_("Valid until")), say(_shown(invitation.expires))),
    )


def _for_whom(uses: int) -> Words:
    if uses == 1:
        return _("For one person. Please do not pass it on.")
    return _n(
        "For {count} official of this region. Each joins after approval.",
        "For up to {count} officials of this region. Each joins after approval.",
        uses,
    )


def _steps(account: str) -> tuple[Words, ...]:
    return (
        _("Scan the QR code, or search for {account} in Telegram, and press Start.", account=account),
        _("If the link does not open, type the invitation code as a message to {account}.", account=account),
        _("Read the privacy notice, agree to it, and follow the short tour to your first task."),
    )


def _signs(account: str) -> tuple[Words, ...]:
    return (
        _("The account is named exactly {account}. A similar name is not Pandu.", account=account),
        _("Pandu never asks for passwords, OTP codes, your NIK, or money."),
        _("Pandu never sends an application (APK) to be installed."),
        _("If in doubt, call the contact in this letter first."),
    )


def _help(contact: str) -> Say:
    if not contact:
        return _("The coordinator who gave you this letter.")
    return Plain(printable(contact, _CONTACT))


def _privacy(contact: str) -> Words:
    if not contact:
        return _("Pandu keeps your name, your position and your work in this programme. Details: /privasi in Telegram.")
    return _(
        "Pandu keeps your name, your position and your work in this programme. Details: /privasi in Telegram, or"
        " {contact}.",
        contact=printable(contact, _CONTACT),
    )
