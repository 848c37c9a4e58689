"""Who said that they come to the session of an invitation or to a meeting, and who was there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import selectinload

from bot.services import meeting_letters
from bot.services.work import Work
from db.models import Announcement, CheckIn, Meeting, MeetingAnswer, Person, Reader, Seat
from db.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many readers will come, will not, and have not answered; how many were there, of them not invited."""

    coming: int = 0
    staying: int = 0
    silent: int = 0
    here: int = 0
    uninvited: int = 0

    def __add__(self, other: "Headcount") -> "Headcount":
        return Headcount(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class Attendant:
    """Somebody who was invited or who was there. Whoever is not `invited` was there."""

    name: str
    position: str
    role: Role
    region_code: str | None
    attends: bool | None
    answered_at: datetime | None
    here_at: datetime | None
    invited: bool


def by_region(work: Work, announcement: Announcement) -> Mapping[str | None, Headcount]:
    """Counts by region, those of the whole programme last."""
    found: dict[str | None, Headcount] = defaultdict(Headcount)
    for code, coming, staying, silent in work.session.execute(_answers(announcement)):
        found[code] += Headcount(coming, staying, silent)
    for code, here, uninvited in work.session.execute(_check_ins(announcement)):
        found[code] += Headcount(here=here, uninvited=uninvited)
    return _last_of_all(found)


def _last_of_all(found: Mapping[str | None, Headcount]) -> Mapping[str | None, Headcount]:
    return dict(sorted(found.items(), key=lambda one: (one[0] is None, one[0] or "")))


def _answers(announcement: Announcement) -> Any:
    def counted(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    said = (Reader.attends.is_(True), Reader.attends.is_(False), Reader.attends.is_(None))
    mine = Reader.announcement_id == announcement.id
    return select(Reader.region_code, *map(counted, said)).where(mine).group_by(Reader.region_code)


def _check_ins(announcement: Announcement) -> Any:
    invited = func.count(Reader.person_id)
    return (
        select(CheckIn.region_code, func.count(), func.count() - invited)
        .outerjoin(Reader, _same())
        .where(CheckIn.announcement_id == announcement.id)
        .group_by(CheckIn.region_code)
    )


def _same() -> Any:
    return and_(Reader.announcement_id == CheckIn.announcement_id, Reader.person_id == CheckIn.person_id)


def attendants(work: Work, announcement: Announcement) -> Sequence[Attendant]:
    """Everybody who was invited or who was there, by region and name."""
    invited = [Attendant(*row) for row in work.session.execute(_invited(announcement))]
    others = [Attendant(*row) for row in work.session.execute(_uninvited(announcement))]
    return _in_order([*invited, *others])


def _in_order(people: Iterable[Attendant]) -> Sequence[Attendant]:
    return sorted(people, key=lambda one: (one.region_code is None, one.region_code or "", one.name))


def _invited(announcement: Announcement) -> Any:
    columns = (Reader.region_code, Reader.attends, Reader.answered_at, CheckIn.at, literal(True))
    return (
        select(Person.name, Person.position, Seat.role, *columns)
        .select_from(Reader)
        .join(Person, Person.id == Reader.person_id)
        .join(Seat, Seat.id == Reader.seat_id)
        .outerjoin(CheckIn, _same())
        .where(Reader.announcement_id == announcement.id)
    )


def _uninvited(announcement: Announcement) -> Any:
    columns = (CheckIn.region_code, Reader.attends, Reader.answered_at, CheckIn.at, literal(False))
    return (
        select(Person.name, Person.position, Seat.role, *columns)
        .select_from(CheckIn)
        .join(Person, Person.id == CheckIn.person_id)
        .join(Seat, Seat.id == CheckIn.seat_id)
        .outerjoin(Reader, _same())
        .where(CheckIn.announcement_id == announcement.id, Reader.person_id.is_(None))
    )


# --- A meeting


def at_meeting(work: Work, meeting: Meeting) -> Sequence[Attendant]:
    """Everybody to whom the meeting is told, who has answered or who was there, by region and name."""
    asked = {person.id for person in meeting_letters.participants(work, meeting)}
    answers = {row.person_id: row for row in work.session.scalars(_mine(MeetingAnswer, meeting))}
    arrivals = {row.person_id: row for row in work.session.scalars(_mine(CheckIn, meeting))}
    found = [
        _attendant(person, seat, answers.get(person.id), arrivals.get(person.id), person.id in asked)
        for person, seat in _seated(work, meeting, asked | answers.keys() | arrivals.keys(), arrivals).values()
    ]
    return _in_order(found)


def _mine(table: Any, meeting: Meeting) -> Any:
    return select(table).where(table.meeting_id == meeting.id)


def _seated(
    work: Work, meeting: Meeting, people: Collection[int], arrivals: Mapping[int, CheckIn]
) -> Mapping[int, tuple[Person, Seat]]:
    """Each person with the seat in which they are there: that of the check-in, else one of this region, else any."""
    rows = work.session.execute(
        select(Person, Seat)
        .join(Seat, Seat.holder_id == Person.id)
        .where(Person.id.in_(people), Seat.edition_id == work.edition_id)
        .options(selectinload(Seat.scopes))
        .order_by(Seat.ended_at.is_not(None).desc(), Seat.id.desc())
    )

    def fits(seat: Seat) -> tuple[bool, bool]:
        arrival = arrivals.get(seat.holder_id or 0)
        return arrival is not None and arrival.seat_id == seat.id, seat.region_code == meeting.region_code

    return {person.id: (person, seat) for person, seat in sorted(rows, key=lambda row: fits(row[1]))}


def _attendant(
    person: Person, seat: Seat, answer: MeetingAnswer | None, arrival: CheckIn | None, invited: bool
) -> Attendant:
    return Attendant(
        person.name,
        person.position,
        seat.role,
        seat.region_code,
        answer.comes if answer else None,
        answer.at if answer else None,
        arrival.at if arrival else None,
        invited,
    )


def counted(people: Iterable[Attendant]) -> Mapping[str | None, Headcount]:
    """The same counts as `by_region`, of people who are known."""
    found: dict[str | None, Headcount] = defaultdict(Headcount)
    for one in people:
        found[one.region_code] += Headcount(
            coming=one.attends is True,
            staying=one.attends is False,
            silent=one.attends is None and one.invited,
            here=one.here_at is not None,
            uninvited=one.here_at is not None and not one.invited,
        )
    return _last_of_all(found)
