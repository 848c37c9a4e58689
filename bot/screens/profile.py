"""Who I am here: name, position, and the seats I hold."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.flows.roles import ROLE_NAMES, place_words
from bot.screens.screen import Draw, Screen
from bot.services import requests, seats
from bot.services.visits import Visit
from bot.words import Say, _, _p, lines, paragraphs
from db.models import Seat


def profile(visit: Visit) -> Screen:
    """Name, position and seats; a press on a seat acts in it from then on."""
    person = visit.member
    text = paragraphs(
        lines(
            _("👤 <b>{name}</b>", name=person.name),
            _("{position}", position=person.position or "–"),
            _("☎️ {phone}", phone=person.phone) if person.phone else None,
        ),
        lines(_("<b>Seats</b>"), *(_line(visit, seat) for seat in visit.seats)) if visit.seats else _nothing(),
        _("Your request for another seat waits for a decision.")
        if requests.pending_of(visit.work, person.id)
        else None,
    )
    return Screen(text, _rows(visit), (_("Profile"),), "home")


def _nothing() -> Say:
    return _("You hold no seat at present. Please ask your coordinator for an invitation.")


def _line(visit: Visit, seat: Seat) -> Say:
    words = _named(visit, seat)
    if seat.suspended_at:
        return _("⛔ {seat} (closed for now)", seat=words)
    return _("🔘 {seat} (active)", seat=words) if seat is visit.seat else _("⚪ {seat}", seat=words)


def _named(visit: Visit, seat: Seat) -> Say:
    return _("{role}, {place}", role=ROLE_NAMES[seat.role], place=place_words(seats.seat_place(visit.work, seat)))


def _rows(visit: Visit) -> tuple[Row, ...]:
    others = [seat for seat in visit.seats if seat is not visit.seat and not seat.suspended_at]
    switches = tuple((do(_p("button", "🔀 {seat}", seat=_named(visit, seat)), "seat", seat.id),) for seat in others)
    return (
        *switches,
        (do(_p("button", "Change name"), "rename", 0), do(_p("button", "Change position"), "reposition", 0)),
        (do(_p("button", "☎️ Telephone"), "phone", 0),),
        (do(_p("button", "⌨️ Type a code"), "code", 0), do(_p("button", "Ask for a seat"), "ask_access", 0)),
        (look(_p("button", "⚙️ Settings"), "settings"), look(_p("button", "🔒 Privacy"), "privacy")),
    )


SCREENS: Mapping[str, Draw] = {"profile": profile}
