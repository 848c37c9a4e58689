"""Who holds a role over a place: whom to tell, whom to ask."""

from collections.abc import Iterable

from sqlalchemy import and_, or_, select

from bot.services.work import Work
from db.models import Person, Scope, Seat
from db.vocabulary import Role


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
            Seat.edition_id == work.edition_id,
            Seat.role.in_(list(roles)),
            Seat.ended_at.is_(None),
            Seat.suspended_at.is_(None),
            Person.suspended_at.is_(None),
            or_(*reach),
        )
        .order_by(Person.id)
    )
    return list(dict.fromkeys(work.session.scalars(statement)))
