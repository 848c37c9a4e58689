"""Seats: given, switched between, suspended and ended. A seat outlives its holder; what was done in it stays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from bot.services import clocks, items
from bot.services.conversations import Begin, Reply
from bot.services.holders import holders as holders
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Chat, Visit
from bot.services.work import Work
from bot.words import Refusal, _
from db.models import Item, Person, Scope, Seat
from db.vocabulary import REGION_ROLES, Role

# These open the whole programme, so a second person at the command line gives them (design, section 6).
GUARDED_ROLES = frozenset({Role.COORDINATOR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Grantable:
    """A role in one scope, perhaps with one item to work on. What is None does not narrow."""

    role: Role
    region_code: str | None = None
    pillar: str | None = None
    province: str | None = None
    item_key: str | None = None

    @property
    def place(self) -> Place:
        """The narrowest place that somebody must reach to hand this out."""
        code = self.region_code or (f"{self.province}." if self.province else None)
        return Place(code, (self.pillar,) if self.pillar else ())


def give(work: Work, person: Person, what: Grantable, *, invite_id: int | None = None) -> Seat:
    """Seat a person; somebody who holds just this seat already keeps it. A region takes part from now on.

    Which seat the person acts in stays as it is: that is for the person to choose.
    """
    seat = held(work, person.id, what) or _make(work, person, what, invite_id)
    if what.role is Role.CONTRIBUTOR and what.region_code and what.item_key:
        _entrust(work, seat, what.region_code, what.item_key)
    return seat


def _make(work: Work, person: Person, what: Grantable, invite_id: int | None) -> Seat:
    if what.role in REGION_ROLES and what.region_code:
        items.enrol(work, what.region_code)
    seat = Seat(
        edition_id=work.edition_id,
        role=what.role,
        holder_id=person.id,
        invite_id=invite_id,
        created_at=work.now,
        scopes=[Scope(region_code=what.region_code, pillar=what.pillar, province=what.province)],
    )
    work.session.add(seat)
    work.session.flush()
    clocks.begin(work, person.id, what.region_code)
    work.audit(
        "seat",
        "seat",
        seat.id,
        region_code=what.region_code,
        after={"role": what.role, "person": person.id, "pillar": what.pillar, "province": what.province},
    )
    return seat


def _entrust(work: Work, seat: Seat, region_code: str, item_key: str) -> None:
    item = items.of_region(work, region_code).get(item_key)
    if item is not None and item.assignee_id != seat.id:
        items.change(work, item, "assign", assignee_id=seat.id)


def held(work: Work, person_id: int, what: Grantable) -> Seat | None:
    """The seat of just this role and scope that the person holds now."""
    for seat in of_person(work, person_id):
        scopes = [(scope.region_code, scope.pillar, scope.province) for scope in seat.scopes]
        if seat.role is what.role and scopes == [(what.region_code, what.pillar, what.province)]:
            return seat
    return None


def of_person(work: Work, person_id: int) -> Sequence[Seat]:
    """The seats a person holds now, suspended ones included, oldest first."""
    return work.session.scalars(
        select(Seat)
        .where(Seat.holder_id == person_id, Seat.edition_id == work.edition_id, Seat.ended_at.is_(None))
        .options(selectinload(Seat.scopes))
        .order_by(Seat.id)
    ).all()


def visit_of(work: Work, person: Person, screen: str = "home") -> Visit:
    """The person as they look at a screen now, in the work of a duty."""
    held, chat = tuple(of_person(work, person.id)), Chat(person.telegram_id or 0, screen=screen, is_new=False)
    return Visit(work, chat, chat.chat_id, person.name, person.language, work.now, person, held)


def by_id(work: Work, seat_id: str | int) -> Seat | None:
    """A seat with scopes and holder; None where there is none."""
    if not str(seat_id).isdecimal() or len(str(seat_id)) > 17:
        return None
    return work.session.scalar(
        select(Seat).where(Seat.id == int(seat_id)).options(selectinload(Seat.scopes), joinedload(Seat.holder))
    )


def team(work: Work, region_code: str) -> Sequence[Seat]:
    """The seats of a region's team that are held now, leads first, with their holders."""
    found = work.session.scalars(
        select(Seat)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(
            Seat.edition_id == work.edition_id,
            Seat.ended_at.is_(None),
            Seat.holder_id.is_not(None),
            Seat.role.in_(REGION_ROLES),
            Scope.region_code == region_code,
        )
        .options(selectinload(Seat.scopes), joinedload(Seat.holder))
        .order_by(Seat.id)
    ).all()
    return sorted(found, key=lambda seat: (_ORDER[seat.role], seat.id))


_ORDER = {Role.LEAD: 0, Role.OFFICIAL: 1, Role.CONTRIBUTOR: 2}


def places(seat: Seat) -> tuple[Place, ...]:
    """Everything a seat reaches, as places somebody else may or may not reach."""
    return tuple(
        Grantable(seat.role, scope.region_code, scope.pillar, scope.province).place for scope in seat.scopes
    ) or (EVERYWHERE,)


def reach(seat: Seat | None) -> Place:
    """The first place of a seat: enough to ask for a right within one's own reach."""
    return places(seat)[0] if seat else EVERYWHERE


def place_name(work: Work, region_code: str | None, pillar: str | None, province: str | None) -> str:
    """How a scope is called: region, pillar and province as people know them; empty for the whole programme."""
    region = work.programme.regions.by_code.get(region_code or "")
    names = (
        region.name if region else "",
        _pillar_title(work, pillar),
        next((one.province for one in work.programme.regions if one.province_code == province), ""),
    )
    return ", ".join(name for name in names if name)


def _pillar_title(work: Work, pillar: str | None) -> str:
    return next((one.title for one in work.programme.edition.pillars if one.key == pillar), "")


def seat_place(work: Work, seat: Seat) -> str:
    """How everything a seat reaches is called."""
    names = (place_name(work, scope.region_code, scope.pillar, scope.province) for scope in seat.scopes)
    return " · ".join(name for name in names if name)


def switch(visit: Visit, subject: str, _version: int) -> Reply:
    """Act in another of one's own seats from now on."""
    person = visit.member
    seat = next((seat for seat in visit.seats if str(seat.id) == subject), None)
    if seat is None:
        raise Forbidden(Act.SEE_REGION, EVERYWHERE)
    if person.active_seat_id != seat.id:
        before = person.active_seat_id
        person.active_seat_id = seat.id
        visit.work.audit("switch", "person", person.id, before={"seat": before}, after={"seat": seat.id})
    visit.work.actor = visit.actor
    return Reply(toast=_("The seat was changed."), then="home")


def remove(visit: Visit, subject: str, _version: int) -> Reply:
    """Take somebody out of a team: the seat ends, its open items return to the team, what was done stays."""
    seat = removable(visit, subject)
    region = seat.region_code
    if seat.ended_at is None:
        end(visit.work, seat)
        _tell_removed(visit, seat)
    name = seat.holder.name if seat.holder else ""
    return Reply(note=_("<b>{name}</b> no longer belongs to the team.", name=name), then=f"team:{region}")


def removable(visit: Visit, seat_id: str) -> Seat:
    """A seat of a team this person may end. Raises `Forbidden`, also where there is none, and for leads by leads."""
    seat = by_id(visit.work, seat_id)
    if seat is None or seat.role not in REGION_ROLES:
        raise Forbidden(Act.REMOVE_MEMBER, EVERYWHERE)
    for place in places(seat):
        visit.require(Act.REMOVE_MEMBER, place)
    if seat.role is Role.LEAD:
        visit.require(Act.INVITE_TO_PROGRAMME, reach(seat))
    if seat.holder_id == visit.member.id:
        raise Refusal(_("Your own seat cannot be ended here. Another lead or the coordinator can do it."))
    return seat


def may_remove(visit: Visit, seat: Seat) -> bool:
    """Whether this person could end this seat; asked without leaving a trace, to draw the button."""
    lead_only = seat.role is Role.LEAD and not visit.may(Act.INVITE_TO_PROGRAMME, reach(seat))
    allowed = all(visit.may(Act.REMOVE_MEMBER, place) for place in places(seat))
    own = visit.person is not None and seat.holder_id == visit.person.id
    return seat.role in REGION_ROLES and allowed and not lead_only and not own


def entrusted(work: Work, seat: Seat) -> int:
    """How many items are delegated to a seat."""
    return work.session.scalar(select(func.count()).where(Item.assignee_id == seat.id)) or 0


def end(work: Work, seat: Seat) -> None:
    """End a seat. Its delegated items belong to the whole team again."""
    seat.ended_at = work.now
    if seat.holder_id:
        holder = work.person(seat.holder_id)
        holder.active_seat_id = None if holder.active_seat_id == seat.id else holder.active_seat_id
    work.session.flush()
    for item in work.session.scalars(select(Item).where(Item.assignee_id == seat.id)).all():
        items.change(work, item, "assign", assignee_id=None)
    work.audit("end", "seat", seat.id, region_code=seat.region_code)


def suspend(work: Work, seat: Seat, reason: str) -> None:
    """Close a seat until a coordinator opens it again; whoever has no other seat is suspended altogether."""
    if seat.suspended_at is None:
        seat.suspended_at = work.now
        work.audit("suspend", "seat", seat.id, region_code=seat.region_code, reason=reason)
    holder = work.person(seat.holder_id) if seat.holder_id else None
    others = [other for other in of_person(work, holder.id) if not other.suspended_at] if holder else []
    if holder and others:
        holder.active_seat_id = others[0].id
    elif holder and holder.suspended_at is None:
        holder.suspended_at = work.now
        work.audit("suspend", "person", holder.id, reason=reason)
    work.session.flush()


def _tell_removed(visit: Visit, seat: Seat) -> None:
    if seat.holder_id:
        visit.work.tell(
            seat.holder_id,
            _(
                "Your seat in {place} was ended. What you sent stays in the region's record. If this is a mistake, "
                "please contact the coordinator: /bantuan",
                place=seat_place(visit.work, seat),
            ),
            key=f"seat:{seat.id}:ended",
        )


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"seat": switch, "remove": remove}
