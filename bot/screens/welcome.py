"""For those who are not in yet, no longer, or not for now."""

from bot.buttons import Row, do, look
from bot.flows.notice import contact_words
from bot.screens.screen import Screen
from bot.services import requests
from bot.services.visits import Visit
from bot.words import Say, _, _p, paragraphs

ASK = do(_p("button", "Ask for access"), "ask_access", 0)
CODE = do(_p("button", "⌨️ Type a code"), "code", 0)
HELP = look(_p("button", "❔ Help"), "help")
PRIVACY = look(_p("button", "🔒 Privacy"), "privacy")


def welcome(visit: Visit) -> Screen:
    """What Pandu is and how to come in; for somebody who asked already, what they wait for. No data of anybody."""
    if visit.person is None:
        return Screen(_greeting(), ((CODE, ASK), (HELP, PRIVACY)))
    if requests.pending_of(visit.work, visit.person.id):
        return Screen(_waiting(visit), ((CODE,), (HELP, PRIVACY)))
    if visit.seat is None:
        return Screen(_without_seat(visit), ((CODE, ASK), (HELP, PRIVACY)))
    rows: tuple[Row, ...] = ((do(_p("button", "Begin the tour"), "tour", 0),),)
    return Screen(_("You are registered. Everything begins at home."), rows, back="home")


def suspended(visit: Visit) -> Screen:
    """The access is closed for now."""
    if visit.person is None or visit.person.suspended_at is None:
        return Screen(_("The access is open."), back="home")
    contact = contact_words(visit.work.programme.help_contact)
    return Screen(
        _(
            "Your access to Pandu is closed for now. What you sent stays stored.\n\nPlease contact: {contact}",
            contact=contact,
        )
    )


def _greeting() -> Say:
    return _(
        "Hello. I am Pandu, the assistant of this programme. Access is by an invitation link from your coordinator; "
        "its code can also be typed here."
    )


def _waiting(visit: Visit) -> Say:
    return paragraphs(
        _("<b>{name}</b>", name=visit.member.name),
        _("Your request waits for approval. You will get a message here as soon as it is decided."),
    )


def _without_seat(visit: Visit) -> Say:
    return paragraphs(
        _("<b>{name}</b>", name=visit.member.name),
        _("You hold no seat at present. An invitation from your coordinator, or a request, gives you one."),
    )
