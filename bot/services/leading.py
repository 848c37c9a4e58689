"""Who leads the mentors: a flag on a mentor's seat, given and taken by whoever coordinates everything the seat reaches.

Several may lead; each leads what lies in the scope of their own seat. A seat that is closed or ended leads nobody.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from bot.buttons import look, row_number
from bot.flows.roles import place_words
from bot.services import seats
from bot.services.conversations import Reply
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, _, _p, lines
from db.models import AuditEntry, Seat
from db.vocabulary import Role

APPOINT, DISMISS = "lead_mentors", "unlead_mentors"
_CHANGED = _("This was changed meanwhile. Here is how it stands now.")


def may_appoint(visit: Visit) -> bool:
    """Whether this person appoints lead mentors anywhere; asked to draw the way there."""
    return visit.may(Act.APPOINT_LEAD_MENTOR, seats.reach(visit.seat))


def appointable(visit: Visit) -> list[Seat]:
    """The mentors' seats that lie wholly within this coordinator's reach, leads first, then by name."""
    visit.require(Act.APPOINT_LEAD_MENTOR, seats.reach(visit.seat))
    found = [seat for seat in _mentors(visit.work) if _reaches(visit, seat)]
    return sorted(found, key=lambda seat: (not seat.leads_mentors, seat.holder.name if seat.holder else "", seat.id))


def _mentors(work: Work) -> Sequence[Seat]:
    return work.session.scalars(
        select(Seat)
        .where(
            Seat.edition_id == work.edition_id,
            Seat.role == Role.MENTOR,
            Seat.holder_id.is_not(None),
            Seat.ended_at.is_(None),
        )
        .options(selectinload(Seat.scopes), joinedload(Seat.holder))
    ).all()


def _reaches(visit: Visit, seat: Seat) -> bool:
    return all(visit.may(Act.APPOINT_LEAD_MENTOR, place) for place in seats.places(seat))


def seen(visit: Visit, seat_id: str) -> Seat:
    """A mentor's seat that this person may let lead. Raises `Forbidden` also where there is none."""
    seat = seats.by_id(visit.work, row_number(seat_id))
    if seat is None or seat.role is not Role.MENTOR or seat.ended_at or seat.edition_id != visit.work.edition_id:
        raise Forbidden(Act.APPOINT_LEAD_MENTOR, EVERYWHERE)
    for place in seats.places(seat):
        visit.require(Act.APPOINT_LEAD_MENTOR, place)
    return seat


def version(work: Work, seat: Seat) -> int:
    """How often the flag of this seat has changed: what a button must know to be still true."""
    changes = select(func.count()).where(
        AuditEntry.subject == "seat", AuditEntry.subject_id == seat.id, AuditEntry.act.in_((APPOINT, DISMISS))
    )
    return work.session.scalar(changes) or 0


def appoint(visit: Visit, subject: str, seen_version: int) -> Reply:
    """Let a mentor lead the mentors; pressed twice or late it shows how things stand."""
    return _set(visit, subject, seen_version, leads=True)


def dismiss(visit: Visit, subject: str, seen_version: int) -> Reply:
    """Let somebody lead the mentors no longer; the seat as a mentor stays."""
    return _set(visit, subject, seen_version, leads=False)


def _set(visit: Visit, subject: str, seen_version: int, *, leads: bool) -> Reply:
    seat = _locked(visit, subject)
    then = f"lead-mentor:{seat.id}"
    if seat.leads_mentors is leads:
        return Reply(then=then)
    if seen_version != version(visit.work, seat):
        return Reply(toast=_CHANGED, then=then)
    if leads and seat.suspended_at:
        raise Refusal(_("This seat is closed for now. Please open its access first."))
    seat.leads_mentors = leads
    visit.work.session.flush()
    act = APPOINT if leads else DISMISS
    visit.work.audit(act, "seat", seat.id, region_code=seat.region_code, after={"leads_mentors": leads})
    _tell(visit, seat, seen_version)
    return Reply(toast=_("Changed."), then=then)


def _locked(visit: Visit, subject: str) -> Seat:
    """The seat as it is now and until this work is over."""
    seat = seen(visit, subject)
    visit.work.session.refresh(seat, ["leads_mentors", "suspended_at", "ended_at"], with_for_update={"of": Seat})
    return seen(visit, subject)


def _tell(visit: Visit, seat: Seat, turn: int) -> None:
    if seat.holder_id is None or seat.holder_id == visit.member.id:
        return
    place = place_words(seats.seat_place(visit.work, seat))
    words = (
        lines(
            _("⭐ You now lead the mentors: {place}.", place=place),
            _(
                "You hear of questions and evidence that wait too long, can pass on or take over questions of "
                "colleagues, and change shared ready answers."
            ),
        )
        if seat.leads_mentors
        else _("You no longer lead the mentors: {place}. Your seat as a mentor stays as it is.", place=place)
    )
    rows = ((look(_p("button", "🏠 Home"), "home"),),)
    visit.work.tell(seat.holder_id, words, key=f"seat:{seat.id}:leads:{turn + 1}", rows=rows)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"lead-mentors": appoint, "unlead-mentors": dismiss}
