"""Who holds a role over a place: whom to tell, whom to ask."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select

from bot.services.work import Work
from db.models import Person, Scope, Seat
from db.vocabulary import Role


def in_office(work: Work) -> ColumnElement[bool]:
    """A condition on a seat and its holder: of this edition, not ended, and neither of the two is suspended."""
    return and_(
        Seat.edition_id == work.edition_id,
        Seat.ended_at.is_(None),
        Seat.suspended_at.is_(None),
        Person.suspended_at.is_(None),
    )


def holders(work: Work, roles: Iterable[Role], region_code: str | None) -> list[Person]:
    """Who holds one of these roles over a region now (None: over the whole programme), each once."""
    reach = [and_(Scope.region_code.is_(None), Scope.province.is_(None))]
    if region_code:
        province = region_code.partition(".")[0]
        reach += [and_(Scope.region_code == region_code), and_(Scope.province == province)]
    statement = (
        select(Person)
        .join(Seat, Seat.holder_id == Person.id)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(
            in_office(work),
            Seat.role.in_(list(roles)),
            or_(*reach),
        )
        .order_by(Person.id)
    )
    return list(dict.fromkeys(work.session.scalars(statement)))
