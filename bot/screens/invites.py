"""Invitations: making one, and those that are still open."""

from collections.abc import Mapping

from bot.buttons import do, look
from bot.flows.roles import ROLE_NAMES, place_words
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import invites, seats
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Invite


def invite(visit: Visit) -> Screen:
    """How inviting works, and the way to begin."""
    visit.require(Act.INVITE_TO_REGION, seats.reach(visit.seat))
    text = paragraphs(
        _("✉️ <b>Invite</b>"),
        _(
            "An invitation is a link with a code. It is valid for 14 days and for one person; forward it only to the "
            "person it is meant for. You will see who used it."
        ),
        _("Coordinators are added at the command line, by a second person.")
        if visit.may(Act.INVITE_TO_PROGRAMME, seats.reach(visit.seat))
        else None,
    )
    rows = (
        (do(_p("button", "✉️ New invitation"), "invite", 0),),
        (look(_p("button", "Open invitations"), "invites"),),
    )
    return Screen(text, rows, (_("Invite"),), "home")


def invite_list(visit: Visit, number: str = "0") -> Screen:
    """Invitations that still work: first four letters, role, place, uses, end."""
    visit.require(Act.INVITE_TO_REGION, seats.reach(visit.seat))
    found = invites.open_ones(visit)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    listing = lines(*(_line(visit, one) for one in shown)) if shown else _("No invitation is open at the moment.")
    buttons = tuple((look(Plain(f"{one.code_start}-…"), "invitation", one.id),) for one in shown)
    new = ((do(_p("button", "✉️ New invitation"), "invite", 0),),)
    text = paragraphs(_("✉️ <b>Open invitations</b>"), listing)
    return Screen(text, (*buttons, *pager("invites", page, len(found)), *new), (_("Invitations"),), "invite")


def _line(visit: Visit, one: Invite) -> Say:
    return _(
        "<b>{start}-…</b> {role}, {place}",
        start=one.code_start,
        role=ROLE_NAMES[one.role],
        place=place_words(invites.place_of(visit.work, one)),
    )


def invitation(visit: Visit, invite_id: str) -> Screen:
    """One invitation, and taking it back."""
    one = invites.by_id(visit, invite_id)
    text = lines(
        _line(visit, one),
        _("Name: {name}", name=one.expected_name) if one.expected_name else None,
        _n("Used by {used} of {count} person", "Used by {used} of {count} persons", one.max_uses, used=one.uses),
        _("Valid until {until}", until=Moment(one.expires_at, visit.zone)),
        _("<i>The code itself is not kept. If it was lost, please make a new invitation.</i>"),
    )
    rows = () if one.revoked_at else ((do(_p("button", "Take back"), "revoke", one.id),),)
    return Screen(text, rows, (_("Invitations"), Plain(f"{one.code_start}-…")), "invites")


SCREENS: Mapping[str, Draw] = {"invite": invite, "invites": invite_list, "invitation": invitation}
