"""People whose chat takes nothing: who, where, since when, why, and how they can be called instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.flows.roles import ROLE_NAMES, place_words
from bot.papers.workbook import Book, Cell, Sheet
from bot.services import announcements, seats
from bot.services.reader_words import reason
from bot.services.rights import Act
from bot.services.sheet_words import headed, timed
from bot.services.visits import Visit
from bot.words import Say, _
from db.models import Announcement, Person, Reader, Seat
from db.vocabulary import Role

# A subject for everybody, where else an announcement's number stands.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody who cannot be reached, in the first seat that whoever looks oversees."""

    person_id: int
    name: str
    phone: str | None
    role: Role
    place: str
    since: datetime
    why: str


def people(visit: Visit, announcement: Announcement | None = None) -> Sequence[Lost]:
    """Everybody of one's own part who cannot be reached, longest first; or only the readers of an announcement."""
    visit.require(Act.SEE_LOST)
    found = (
        select(Seat, Person)
        .join(Person, Person.id == Seat.holder_id)
        .where(Seat.edition_id == visit.work.edition_id, Seat.ended_at.is_(None), Person.unreachable_at.is_not(None))
        .options(selectinload(Seat.scopes))
        .order_by(Person.unreachable_at, Person.id, Seat.id)
    )
    if announcement is not None:
        mine = Reader.announcement_id == announcement.id
        found = found.where(select(Reader.person_id).where(mine, Reader.person_id == Person.id).exists())
    lost: dict[int, Lost] = {}
    for seat, person in visit.work.session.execute(found):
        if person.id not in lost and _is_ones_own(visit, seat):
            lost[person.id] = _lost(visit, seat, person)
    return list(lost.values())


def _is_ones_own(visit: Visit, seat: Seat) -> bool:
    return any(visit.may(Act.SEE_PHONE, place) for place in seats.places(seat))


def _lost(visit: Visit, seat: Seat, person: Person) -> Lost:
    since, why = person.unreachable_at or visit.work.now, person.unreachable_reason or ""
    return Lost(person.id, person.name, person.phone, seat.role, seats.seat_place(visit.work, seat), since, why)


def of_announcement(visit: Visit, which: str) -> Announcement | None:
    """The announcement that is meant; None for everybody. Raises `Forbidden` for one that may not be seen."""
    return None if which == ALL else announcements.by_id(visit, which)


def book(visit: Visit, subject: str) -> Book:
    """The list as a workbook, for calling."""
    found = of_announcement(visit, subject)
    visit.require(Act.SEE_LOST)
    name = f"pengumuman-{found.number}-tidak-terjangkau.xlsx" if found else "tidak-terjangkau.xlsx"
    return Book(name, _("📵 People who cannot be reached in Telegram, to be called"), _sheets(visit, found), visit.zone)


def _sheets(visit: Visit, found: Announcement | None) -> Iterator[Sheet]:
    columns: Sequence[tuple[Say, int]] = (
        (_("Name"), 30),
        (_("Role"), 24),
        (_("Region"), 34),
        (timed(visit, _("Since")), 18),
        (_("Why"), 36),
        (_("Telephone"), 20),
    )
    rows = (_row(visit, one) for one in people(visit, found))
    yield Sheet(visit.plain(_("Unreachable")), headed(visit, columns), rows)


def _row(visit: Visit, one: Lost) -> Sequence[Cell]:
    role, place = visit.plain(ROLE_NAMES[one.role]), visit.plain(place_words(one.place))
    return (one.name, role, place, one.since, visit.plain(reason(one.why)), one.phone)
