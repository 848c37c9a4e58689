"""Mentors away, and who stands in for them. Nothing gets stuck: the substitute holds their seats for those days.

Standing in passes on: if the substitute is away too, theirs takes over. A circle ends with nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.buttons import look, row_number
from bot.flows import leaving
from bot.flows.turns import Wish
from bot.services import zones
from bot.services.conversations import Begin, Grant, Reply
from bot.services.holders import in_office
from bot.services.rights import Act
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.words import Day, Refusal, Say, _, _p
from db.models import Absence, Person, Seat
from db.vocabulary import Role

LONGEST_DAYS = 90


def substitutes(session: Session, now: datetime) -> Mapping[int, int | None]:
    """Who is away now, each with who stands in directly (None: nobody). Days are counted in the person's zone."""
    widest = timedelta(days=1)
    rows = session.execute(
        select(Absence.person_id, Absence.substitute_id, Absence.first_day, Absence.last_day, Person.timezone)
        .join(Person, Person.id == Absence.person_id)
        .where(
            Absence.first_day <= now.date() + widest,
            Absence.last_day >= now.date() - widest,
            Absence.cancelled_at.is_(None),
        )
        .order_by(Absence.id)
    )
    return {
        row.person_id: row.substitute_id
        for row in rows
        if row.first_day <= now.astimezone(ZoneInfo(_zone(row.person_id, row.timezone))).date() <= row.last_day
    }


def _zone(person_id: int, timezone: str | None) -> str:
    return zones.own(person_id, timezone) or DEFAULT_ZONE


def stand_in(away: Mapping[int, int | None], person_id: int) -> int | None:
    """Who acts for this person: they themselves, a substitute, a substitute's substitute; None if there is nobody."""
    seen: set[int] = set()
    acting: int | None = person_id
    while acting is not None and acting in away:
        if acting in seen:
            return None
        seen.add(acting)
        acting = away[acting]
    return acting


def covered_by(session: Session, person_ids: Sequence[int], now: datetime) -> Mapping[int, list[int]]:
    """For each of these persons, whose seats they hold now besides their own."""
    away = substitutes(session, now)
    acting = {absent: stand_in(away, absent) for absent in away}
    return {
        person_id: sorted(absent for absent, deputy in acting.items() if deputy == person_id)
        for person_id in person_ids
        if person_id in acting.values()
    }


def acting_holder(work: Work, seat: Seat) -> int | None:
    """The person who acts in this seat now."""
    return stand_in(substitutes(work.session, work.now), seat.holder_id) if seat.holder_id else None


def leave(visit: Visit, first_day: date, last_day: date, substitute_id: int | None) -> Say:
    """Write down that this mentor is away, both days included. Raises `Refusal` for what cannot be."""
    visit.require(Act.REVIEW_ITEM)
    if not visit.today <= first_day <= last_day:
        raise Refusal(_("The last day cannot be before the first, and the first not before today."))
    if (last_day - first_day).days > LONGEST_DAYS:
        raise Refusal(
            _("An absence of more than {days} days is a handover. Please tell the coordinator.", days=LONGEST_DAYS)
        )
    if substitute_id == visit.member.id:
        raise Refusal(_("Please choose somebody else to stand in."))
    row = Absence(
        person_id=visit.member.id,
        substitute_id=substitute_id,
        first_day=first_day,
        last_day=last_day,
        created_at=visit.work.now,
    )
    visit.work.session.add(row)
    visit.work.session.flush()
    visit.work.audit("leave", "absence", row.id, after={"first_day": str(first_day), "last_day": str(last_day)})
    _tell_substitute(visit, row)
    return _("Noted: away from {first} to {last}. We wish you a good time.", first=Day(first_day), last=Day(last_day))


def _tell_substitute(visit: Visit, row: Absence) -> None:
    if row.substitute_id is None:
        return
    visit.work.tell(
        row.substitute_id,
        _(
            "🌴 {name} is away from {first} to {last}. Their questions and reviews come to you on these days.",
            name=visit.member.name,
            first=Day(row.first_day),
            last=Day(row.last_day),
        ),
        key=f"absence:{row.id}:told",
        rows=((look(_p("button", "📥 Review"), "reviews"),),),
    )


def cancel(visit: Visit, subject: str, _version: int) -> Reply:
    """Come back early, or not go at all; pressed twice it is done once."""
    row = visit.work.session.get(Absence, row_number(subject))
    if row is None or visit.person is None or row.person_id != visit.person.id:
        return Reply(toast=_("This could not be found, or it is not open to you."), then="absences")
    if row.cancelled_at is None:
        row.cancelled_at = visit.work.now
        visit.work.audit("come_back", "absence", row.id)
    return Reply(toast=_("Welcome back."), then="absences")


def of_person(work: Work, person_id: int, day: date) -> Sequence[Absence]:
    """Absences that are not over yet, the next first."""
    return work.session.scalars(
        select(Absence)
        .where(Absence.person_id == person_id, Absence.last_day >= day, Absence.cancelled_at.is_(None))
        .order_by(Absence.first_day)
    ).all()


def to_stand_in(work: Work, person_id: int, day: date) -> Sequence[Absence]:
    """Absences of others that have not begun yet and name this person as substitute, the next first."""
    return work.session.scalars(
        select(Absence)
        .where(Absence.substitute_id == person_id, Absence.first_day > day, Absence.cancelled_at.is_(None))
        .order_by(Absence.first_day)
    ).all()


def colleagues(work: Work, person_id: int) -> list[Person]:
    """Mentors who could stand in."""
    statement = (
        select(Person)
        .join(Seat, Seat.holder_id == Person.id)
        .where(
            in_office(work),
            Seat.role == Role.MENTOR,
            Person.id != person_id,
        )
        .order_by(Person.name)
    )
    return list(dict.fromkeys(work.session.scalars(statement)))


def seats_covered(session: Session, person_ids: Sequence[int], now: datetime) -> Mapping[int, list[Seat]]:
    """The seats these persons hold for somebody who is away, with their scopes."""
    covering = covered_by(session, person_ids, now)
    absent = sorted({one for many in covering.values() for one in many})
    if not absent:
        return {}
    seats = session.scalars(
        select(Seat)
        .where(Seat.holder_id.in_(absent), Seat.role == Role.MENTOR, Seat.ended_at.is_(None))
        .options(selectinload(Seat.scopes))
        .order_by(Seat.id)
    ).all()
    return {person_id: [seat for seat in seats if seat.holder_id in many] for person_id, many in covering.items()}


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to say when one is away."""
    visit.require(Act.REVIEW_ITEM)
    found = colleagues(visit.work, visit.member.id)
    return Begin(
        leaving.FLOW.name,
        leaving.Beginning(colleagues=tuple(leaving.Colleague(person_id=one.id, name=one.name) for one in found[:20])),
    )


def _grant(visit: Visit, wish: leaving.Leave) -> Say:
    return leave(visit, wish.first_day, wish.last_day, wish.substitute_id)


GRANTS: Mapping[type[Wish], Grant] = {leaving.Leave: _grant}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"leave": begin, "come_back": cancel}
