"""The team of a region: who is in it, in which role, and taking somebody out. For coordinators also one person."""

from collections.abc import Mapping, Sequence

from bot.buttons import Row, do, look
from bot.flows.roles import ROLE_NAMES, place_words
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import people, seats
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Seat


def team(visit: Visit, code: str = "", number: str = "0") -> Screen:
    """The members of a region's team, leads first."""
    region = visit.work.programme.regions.by_code.get(code) if code else visit.region
    if region is None:
        raise Forbidden(Act.SEE_TEAM, Place(code or None))
    visit.require(Act.SEE_TEAM, Place(region.code))
    members = seats.team(visit.work, region.code)
    page = page_of(number, len(members))
    shown = members[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("👥 <b>Team of {region}</b>", region=region.name),
        lines(*map(_line, shown)) if shown else _("Nobody belongs to this team yet. An invitation brings the first."),
    )
    rows = (*_members(visit, shown), *pager(f"team:{region.code}", page, len(members)), *_inviting(visit, region.code))
    return Screen(text, rows, (_("Team"),), "home" if visit.region else f"region:{region.code}")


def _line(seat: Seat) -> Say:
    holder = seat.holder
    mark = "⛔" if seat.suspended_at else "📵" if holder and holder.unreachable_at else "👤"
    return _(
        "{mark} <b>{name}</b>, {role}\n{position}",
        mark=mark,
        name=holder.name if holder else "–",
        role=ROLE_NAMES[seat.role],
        position=holder.position if holder and holder.position else "–",
    )


def _members(visit: Visit, shown: Sequence[Seat]) -> tuple[Row, ...]:
    named = [seat for seat in shown if seat.holder]
    return tuple((look(Plain(seat.holder.name if seat.holder else ""), "member", seat.id),) for seat in named)


def _inviting(visit: Visit, code: str) -> tuple[Row, ...]:
    if not visit.may(Act.INVITE_TO_REGION, Place(code)):
        return ()
    requests = look(_p("button", "🙋 Requests"), "requests")
    return ((do(_p("button", "✉️ Invite"), "invite", 0), requests),)


def member(visit: Visit, seat_id: str) -> Screen:
    """One member: role, position, items entrusted; and the way out of the team for who may open it."""
    seat = _seen(visit, seat_id)
    holder = seat.holder
    entrusted = seats.entrusted(visit.work, seat)
    text = lines(
        _line(seat),
        _("📵 The chat of this person takes no messages at present.") if holder and holder.unreachable_at else None,
        _("⛔ The seat is closed for now.") if seat.suspended_at else None,
        _phone(visit, seat),
        _n("{count} item is entrusted to this seat.", "{count} items are entrusted to this seat.", entrusted)
        if entrusted
        else None,
    )
    return Screen(text, _ways(visit, seat), (_("Team"), Plain(holder.name if holder else "–")), _team_key(seat))


def _phone(visit: Visit, seat: Seat) -> Say | None:
    """The telephone number, for who may see it."""
    phone = seat.holder.phone if seat.holder else None
    seen = phone and visit.may(Act.SEE_PHONE, Place(seat.region_code))
    return _("☎️ {phone}", phone=phone) if phone and seen else None


def _seen(visit: Visit, seat_id: str) -> Seat:
    seat = seats.by_id(visit.work, seat_id)
    if seat is None or seat.ended_at is not None:
        raise Forbidden(Act.SEE_TEAM, Place())
    visit.require(Act.SEE_TEAM, Place(seat.region_code))
    return seat


def _team_key(seat: Seat) -> str:
    return f"team:{seat.region_code}"


def _ways(visit: Visit, seat: Seat) -> tuple[Row, ...]:
    rows: list[Row] = []
    if seats.may_remove(visit, seat):
        rows.append((look(_p("button", "Take out of team"), "removing", seat.id),))
    if seat.holder_id and visit.may(Act.SUSPEND_PERSON, Place(seat.region_code)):
        rows.append((look(_p("button", "Access"), "person", seat.holder_id),))
    return tuple(rows)


def removing(visit: Visit, seat_id: str) -> Screen:
    """The confirmation, with what follows; the safe button first."""
    seat = seats.removable(visit, seat_id)
    name = seat.holder.name if seat.holder else "–"
    count = seats.entrusted(visit.work, seat)
    text = paragraphs(
        _("Take <b>{name}</b> out of the team?", name=name),
        _("What was sent stays in the region's record. The person is told."),
        _n("{count} entrusted item returns to the team.", "{count} entrusted items return to the team.", count)
        if count
        else None,
    )
    rows = (
        (look(_p("button", "No, keep"), "member", seat.id),),
        (do(_p("button", "Yes, take out"), "remove", seat.id),),
    )
    return Screen(text, rows, (_("Team"), Plain(name)), _team_key(seat))


def person(visit: Visit, person_id: str) -> Screen:
    """The access of one person, for coordinators: open or closed."""
    one = people.overseen(visit, person_id)
    held = seats.of_person(visit.work, one.id)
    closed = one.suspended_at is not None or any(seat.suspended_at for seat in held)
    text = lines(
        _("👤 <b>{name}</b>", name=one.name),
        *(
            _(
                "{role}, {place}",
                role=ROLE_NAMES[seat.role],
                place=place_words(seats.seat_place(visit.work, seat)),
            )
            for seat in held
        ),
        _("☎️ {phone}", phone=one.phone) if one.phone else None,
        _("⛔ The access is closed.") if closed else _("The access is open."),
    )
    switch = (
        do(_p("button", "Open access again"), "restore", one.id)
        if closed
        else do(_p("button", "⛔ Close access"), "suspend", one.id)
    )
    return Screen(text, ((switch,),), (_("Access"), Plain(one.name)), "home")


SCREENS: Mapping[str, Draw] = {"team": team, "member": member, "removing": removing, "person": person}
