"""How an invitation reaches the person: a message to forward, and a letter to print, each with link and code."""

from bot.flows.roles import ROLE_NAMES, place_words
from bot.papers import Invitation, invitation_letter, letter_docx
from bot.services import seats
from bot.services.visits import DEFAULT_ZONE, Visit, texts
from bot.services.work import Work
from bot.words import Code, Moment, Say, _, _n, paragraphs
from db.models import Invite, Paper
from db.vocabulary import Lane, Policy

# The link carries the code without dashes: deep-link payloads are A-Z a-z 0-9 _ - (Bot API, deep linking).
LINK = "https://t.me/{username}?start=i_{code}"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def send_code(visit: Visit, invite: Invite, code: str) -> None:
    """Send message and letter to the inviting person. Nothing else keeps the code, so they are made only now."""
    work = visit.work
    work.tell(visit.member, message(work, invite, code), key=f"invite:{invite.id}:code", lane=Lane.REPLY)
    work.tell(
        visit.member,
        _("📄 The same invitation as a letter, to print or to forward."),
        key=f"invite:{invite.id}:letter",
        lane=Lane.REPLY,
        method="sendDocument",
        policy=Policy.AT_LEAST_ONCE,
        paper=letter(visit, invite, code),
    )


def link(work: Work, code: str) -> str:
    """The deep link of a code."""
    return LINK.format(username=work.programme.bot_username, code="".join(filter(str.isalnum, code)))


def message(work: Work, invite: Invite, code: str) -> Say:
    """The invitation as it is forwarded: what it is, the link, and the code for where links are blocked."""
    programme = work.programme
    contact = programme.help_contact
    return paragraphs(
        _(
            "✉️ <b>Invitation to Pandu</b>\n{programme}\n\nYou are invited as <b>{role}</b>, {place}.",
            programme=programme.edition.name,
            role=ROLE_NAMES[invite.role],
            place=place_words(_place(work, invite)),
        ),
        _("1. Open {link}", link=link(work, code)),
        _(
            "2. Or search for @{username} in Telegram, press Start and type the code:\n{code}",
            username=programme.bot_username,
            code=Code(code),
        ),
        _n(
            "Valid until {until}, for {count} person.",
            "Valid until {until}, for {count} persons.",
            invite.max_uses,
            until=Moment(invite.expires_at, DEFAULT_ZONE),
        ),
        _("Pandu never asks for money or passwords. Questions: {contact}", contact=contact)
        if contact
        else _("Pandu never asks for money or passwords."),
    )


def letter(visit: Visit, invite: Invite, code: str) -> Paper:
    """The letter in the inviting person's language, as a file that is ready to be sent."""
    content = letter_docx(invitation_letter(texts(), visit.language, _invitation(visit, invite, code)))
    return visit.work.paper(f"undangan-pandu-{invite.code_start}.docx", DOCX, content)


def _invitation(visit: Visit, invite: Invite, code: str) -> Invitation:
    work = visit.work
    programme = work.programme
    return Invitation(
        bot_username=programme.bot_username,
        link=link(work, code),
        code=code,
        role=ROLE_NAMES[invite.role],
        place=_place(work, invite) or visit.plain(place_words("")),
        expires=Moment(invite.expires_at, DEFAULT_ZONE),
        programme=programme.edition.name,
        ministry=programme.edition.ministry.name,
        help_contact=programme.help_contact,
        privacy_contact=programme.privacy_contact,
        invitee=invite.expected_name or "",
        invited_by=visit.member.name,
        issued=visit.today,
        uses=invite.max_uses,
    )


def _place(work: Work, invite: Invite) -> str:
    return seats.place_name(work, invite.region_code, invite.pillar, invite.province)
