"""Who the readers of an announcement are, with what each of them got and said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from bot.services import audiences
from bot.services.audiences import Audience
from bot.services.work import Work
from db.models import Announcement, Person, Reader, Seat
from db.vocabulary import ReaderState, Role


@dataclass(frozen=True, slots=True)
class Row:
    """One reader as a coordinator sees them."""

    person_id: int
    name: str
    role: Role
    region_code: str | None
    state: ReaderState
    why: str
    sent_at: datetime | None
    read_at: datetime | None
    attends: bool | None
    answered_at: datetime | None
    tries: int
    recalled: bool | None
    followed: ReaderState | None
    followed_at: datetime | None


_COLUMNS = (
    Reader.state,
    Reader.why,
    Reader.sent_at,
    Reader.read_at,
    Reader.attends,
    Reader.answered_at,
    Reader.tries,
    Reader.recalled,
    Reader.followed,
    Reader.followed_at,
)
SILENT = audiences.silent(Reader)


def _which(which: str) -> ColumnElement[bool]:
    """`all`, `silent`, `coming`, `staying`, `followed` (reminded), `kept` (could not be taken back), or
    a state."""
    match which:
        case "silent":
            return SILENT
        case "coming" | "staying":
            return Reader.attends.is_(which == "coming")
        case "kept":
            return Reader.recalled.is_(False)
        case "followed":
            return Reader.followed.is_not(None)
        case "in_doubt" | "failed" | "dropped" | "sent":
            return Reader.state == ReaderState(which)
        case _:
            return literal(True)


def count(work: Work, announcement: Announcement, which: str) -> int:
    """How many readers are of this kind."""
    mine = and_(Reader.announcement_id == announcement.id, _which(which))
    return work.session.scalar(select(func.count()).select_from(Reader).where(mine)) or 0


def sent_within(work: Work, announcement: Announcement, time: timedelta) -> int:
    """How many copies have arrived in the last minutes."""
    mine = and_(Reader.announcement_id == announcement.id, Reader.sent_at > work.now - time)
    return work.session.scalar(select(func.count()).select_from(Reader).where(mine)) or 0


def page(work: Work, announcement: Announcement, which: str, start: int, limit: int) -> Sequence[Row]:
    """Some readers of this kind, by region and name."""
    some = _rows(announcement.id).where(_which(which)).offset(start).limit(limit)
    return [Row(*row) for row in work.session.execute(some)]


def holding(work: Work, announcement: Announcement, limit: int) -> tuple[int, list[str]]:
    """How many readers have a copy, may have one, or are just getting it; and some of their names."""
    under_way = (ReaderState.QUEUED, ReaderState.SENT, ReaderState.IN_DOUBT)
    mine = and_(Reader.announcement_id == announcement.id, Reader.state.in_(under_way))
    count = work.session.scalar(select(func.count()).select_from(Reader).where(mine)) or 0
    named = select(Person.name).join(Reader, Reader.person_id == Person.id).where(mine)
    return count, list(work.session.scalars(named.order_by(Person.name, Person.id).limit(limit)))


def silent_by_region(work: Work, announcement: Announcement, limit: int) -> Sequence[tuple[str, int, int]]:
    """(region, readers without a word, readers), most silent first; where everybody has confirmed is left out."""
    silent = func.sum(case((SILENT, 1), else_=0))
    rows = work.session.execute(
        select(Reader.region_code, silent, func.count())
        .where(Reader.announcement_id == announcement.id, Reader.region_code.is_not(None))
        .group_by(Reader.region_code)
        .having(silent > 0)
        .order_by(silent.desc(), Reader.region_code)
        .limit(limit)
    )
    return [(str(code), int(count), int(total)) for code, count, total in rows]


def everybody(session: Session, announcement_id: int) -> Iterator[Row]:
    """All readers of an announcement, by region and name; read as they are asked for, so that many cost no memory."""
    found = session.execute(_rows(announcement_id).execution_options(yield_per=1000))
    return (Row(*row) for row in found)


def _rows(announcement_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Reader.person_id, Person.name, Seat.role, Reader.region_code, *_COLUMNS)
        .join(Person, Person.id == Reader.person_id)
        .join(Seat, Seat.id == Reader.seat_id)
        .where(Reader.announcement_id == announcement_id)
        .order_by(Reader.region_code, Person.name, Person.id)
    )


def names(work: Work, announcement: Announcement, limit: int) -> list[str]:
    """Some of those who are meant, before the list is frozen."""
    meant = audiences.people(work, Audience.model_validate(announcement.audience)).subquery()
    rows = select(Person.name).join(meant, meant.c[0] == Person.id).order_by(Person.name, Person.id).limit(limit)
    return list(work.session.scalars(rows))


@dataclass(frozen=True, slots=True)
class Meant:
    """Somebody whom a draft is for; `lost` cannot be reached."""

    name: str
    role: Role
    region_code: str | None
    lost: bool


def meant(work: Work, announcement: Announcement, start: int, limit: int) -> list[Meant]:
    """Some of those who are meant, before the list is frozen: who cannot be reached first, then by region and name."""
    chosen = audiences.people(work, Audience.model_validate(announcement.audience)).subquery()
    holder, seat, region = chosen.c
    lost = Person.unreachable_at.is_not(None)
    rows = (
        select(Person.name, Seat.role, region, lost)
        .join(chosen, holder == Person.id)
        .join(Seat, Seat.id == seat)
        .order_by(lost.desc(), region, Person.name, Person.id)
        .offset(start)
        .limit(limit)
    )
    return [Meant(*row) for row in work.session.execute(rows)]


def candidates(work: Work, rule: Audience) -> Sequence[tuple[int, str]]:
    """Everybody whom a rule would mean if nobody were left out by name: (person, name)."""
    meant = audiences.people(work, rule.model_copy(update={"without": ()})).subquery()
    rows = select(Person.id, Person.name).join(meant, meant.c[0] == Person.id).order_by(Person.name, Person.id)
    return [(person, name) for person, name in work.session.execute(rows)]


def repeats(work: Work, announcement: Announcement, within: timedelta) -> int:
    """How many of those who are meant were sent the very same words lately."""
    meant = audiences.people(work, Audience.model_validate(announcement.audience)).subquery()
    same = (
        select(func.count(func.distinct(Reader.person_id)))
        .join(Announcement, Announcement.id == Reader.announcement_id)
        .join(meant, meant.c[0] == Reader.person_id)
        .where(
            Announcement.id != announcement.id,
            Announcement.text == announcement.text,
            Announcement.subject == announcement.subject,
            Announcement.confirmed_at > work.now - within,
        )
    )
    return work.session.scalar(same) or 0
