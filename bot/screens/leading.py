"""The mentors as coordinators see them: who leads them, and the button that changes it."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.flows.roles import place_words
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import leading, seats
from bot.services.visits import Visit
from bot.words import Plain, Say, _, _p, lines, paragraphs
from db.models import Seat

OPEN = look(_p("button", "🎓 Mentors"), "lead-mentors")
TITLE = _("Mentors")


def mentor_seats(visit: Visit, number: str = "0") -> Screen:
    """The mentors within this coordinator's reach, those who lead first."""
    found = leading.appointable(visit)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("🎓 <b>Mentors</b>"),
        lines(*(_line(visit, seat) for seat in shown))
        if shown
        else _("There is no mentor here yet. An invitation brings the first."),
        _("⭐ leads the mentors") if any(seat.leads_mentors for seat in shown) else None,
    )
    rows = tuple((look(Plain(_name(seat)), "lead-mentor", seat.id),) for seat in shown)
    invite = () if found else ((look(_p("button", "✉️ Invite"), "invite"),),)
    return Screen(text, (*rows, *pager("lead-mentors", page, len(found)), *invite), (TITLE,), "home")


def _name(seat: Seat) -> str:
    return seat.holder.name if seat.holder else "–"


def _line(visit: Visit, seat: Seat) -> Say:
    mark = "⛔" if seat.suspended_at else "⭐" if seat.leads_mentors else "👤"
    place = place_words(seats.seat_place(visit.work, seat))
    return _("{mark} <b>{name}</b>, {place}", mark=mark, name=_name(seat), place=place)


def lead_mentor(visit: Visit, seat_id: str) -> Screen:
    """One mentor's seat: whether it leads the mentors, and what that means, before anything is pressed."""
    seat = leading.seen(visit, seat_id)
    text = paragraphs(
        _line(visit, seat),
        _("⛔ The seat is closed for now.") if seat.suspended_at else None,
        _("⭐ Leads the mentors.") if seat.leads_mentors else _("Does not lead the mentors."),
        _(
            "Whoever leads the mentors hears, within the scope of this seat, of questions and evidence that wait too "
            "long, can pass on or take over questions of colleagues, and change shared ready answers. Several may lead."
        ),
        _("The mentor is told of every change."),
    )
    return Screen(text, _switch(visit, seat), (TITLE, Plain(_name(seat))), "lead-mentors")


def _switch(visit: Visit, seat: Seat) -> tuple[Row, ...]:
    version = leading.version(visit.work, seat)
    if seat.leads_mentors:
        return ((do(_p("button", "Take the lead away"), "unlead-mentors", seat.id, version),),)
    if seat.suspended_at:
        return ()
    return ((do(_p("button", "⭐ Let lead"), "lead-mentors", seat.id, version),),)


SCREENS: Mapping[str, Draw] = {"lead-mentors": mentor_seats, "lead-mentor": lead_mentor}
