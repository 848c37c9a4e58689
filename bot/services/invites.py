"""Invitations: made, shown once, used up in one statement, taken back. Only the hash of a code is kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.buttons import do
from bot.flows.inviting import ChoosingRole, CreateInvite, FindItems, Host
from bot.flows.roles import seat_words
from bot.flows.turns import Told, Wish
from bot.services import closing, seats
from bot.services.conversations import Begin, Grant, Reply
from bot.services.invitation_letters import send_code
from bot.services.invite_codes import hashed, new_code, printed
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.seats import GUARDED_ROLES, Grantable
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.words import Refusal, Say, _, _p, paragraphs
from db.models import AuditEntry, Invite, OutboxMessage, Paper, Person, Seat
from db.vocabulary import ActorKind, OutboxState, Role

VALID = timedelta(days=14)
MOST_USES = 50
FOUND_ITEMS = 6
EMPTIED = "{}"

NOT_VALID = _("This link is not valid. Please ask your coordinator for a new one.")


def create(visit: Visit, what: Grantable, *, max_uses: int = 1, expected_name: str = "") -> tuple[Invite, str]:
    """Make an invitation and its code, as the holder of a seat. Raises `Forbidden`, or `Refusal` with the reason.

    Coordinators and administrators are never made in the chat: that needs a second person, at the command line.
    """
    if what.role in GUARDED_ROLES:
        raise Refusal(_("Coordinators and administrators are added at the command line, by a second person."))
    act = Act.INVITE_TO_REGION if what.role in (Role.OFFICIAL, Role.CONTRIBUTOR) else Act.INVITE_TO_PROGRAMME
    visit.require(act, what.place)
    return _make(visit.work, what, max_uses, expected_name, visit.member.id)


def create_as_operator(
    work: Work, what: Grantable, *, max_uses: int = 1, expected_name: str = ""
) -> tuple[Invite, str]:
    """Make an invitation at the command line, for any role. Raises `Refusal` for anybody but the operator."""
    if work.actor.kind is not ActorKind.OPERATOR:
        raise Refusal(_("Coordinators and administrators are added at the command line, by a second person."))
    return _make(work, what, max_uses, expected_name, None)


def _make(work: Work, what: Grantable, max_uses: int, expected_name: str, by: int | None) -> tuple[Invite, str]:
    _check(work, what, max_uses)
    code = new_code()
    invite = Invite(
        edition_id=work.edition_id,
        code_hash=hashed(code),
        code_start=code[:4],
        role=what.role,
        region_code=what.region_code,
        pillar=what.pillar,
        province=what.province,
        item_key=what.item_key,
        expected_name=clean_name(expected_name) or None,
        max_uses=max_uses,
        created_by_id=by,
        created_at=work.now,
        expires_at=min(work.now + VALID, closing.instant(work.programme.edition)),
    )
    work.session.add(invite)
    work.session.flush()
    work.audit("invite", "invite", invite.id, region_code=what.region_code, after={"role": what.role, "uses": max_uses})
    return invite, printed(code)


def _check(work: Work, what: Grantable, max_uses: int) -> None:
    in_region = what.role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR)
    if in_region and what.region_code not in work.programme.regions.by_code:
        raise Refusal(_("This role needs a region. Please choose one."))
    if what.role is Role.CONTRIBUTOR and what.item_key is None:
        raise Refusal(_("A contributor needs an item to work on. Please choose one."))
    if not 1 <= max_uses <= MOST_USES or (max_uses > 1 and what.role is not Role.OFFICIAL):
        raise Refusal(_("Only officials of one region may share an invitation, 50 people at most."))
    if closing.is_over(work.programme.edition, work.now):
        raise Refusal(_("The programme has closed; invitations are no longer made."))


def look_behind(work: Work, code: str) -> Invite | None:
    """The invitation of a code, if it can be used now. Why it cannot is written to the audit only."""
    invite = work.session.scalar(select(Invite).where(Invite.code_hash == hashed(code)))
    fault = _fault(work, invite)
    if fault is None:
        return invite
    work.audit(
        "refused_invite",
        "invite",
        invite.id if invite else None,
        region_code=invite.region_code if invite else None,
        reason=fault,
    )
    return None


def _fault(work: Work, invite: Invite | None) -> str | None:
    if invite is None or invite.edition_id != work.edition_id:
        return "unknown"
    if invite.revoked_at:
        return "revoked"
    if invite.expires_at <= work.now:
        return "expired"
    return "used" if invite.uses >= invite.max_uses else None


def redeem(work: Work, invite_id: int) -> Invite | None:
    """Use an invitation once, in one statement, so that of two people only one has the last use. None: too late."""
    used = work.session.scalar(
        update(Invite)
        .where(
            Invite.id == invite_id,
            Invite.uses < Invite.max_uses,
            Invite.expires_at > work.now,
            Invite.revoked_at.is_(None),
        )
        .values(uses=Invite.uses + 1)
        .returning(Invite)
        .execution_options(populate_existing=True)
    )
    invite = used or work.session.get(Invite, invite_id)
    region_code = invite.region_code if invite else None
    if used is None:
        work.audit("refused_invite", "invite", invite_id, region_code=region_code, reason="too late")
    else:
        work.audit("redeem", "invite", invite_id, region_code=region_code, after={"uses": used.uses})
    return used


def use_up_single(work: Work, invite_id: int) -> None:
    """After its request was approved, an invitation for one is used up. A shared one was counted when it was asked."""
    invite = work.session.get(Invite, invite_id)
    if invite is not None and invite.max_uses == 1 and _fault(work, invite) is None:
        redeem(work, invite_id)


def behind(invite: Invite) -> Grantable:
    """What an invitation hands out."""
    return Grantable(invite.role, invite.region_code, invite.pillar, invite.province, invite.item_key)


def place_of(work: Work, invite: Invite) -> str:
    return seats.place_name(work, invite.region_code, invite.pillar, invite.province)


def inviter(work: Work, invite_id: int) -> Person | None:
    """Who made an invitation; None for the operator."""
    invite = work.session.get(Invite, invite_id)
    return work.session.get(Person, invite.created_by_id) if invite and invite.created_by_id else None


def open_ones(visit: Visit) -> Sequence[Invite]:
    """Invitations that still work and that this person may take back, newest first."""
    work = visit.work
    found = work.session.scalars(
        select(Invite)
        .where(
            Invite.edition_id == work.edition_id,
            Invite.revoked_at.is_(None),
            Invite.expires_at > work.now,
            Invite.uses < Invite.max_uses,
        )
        .order_by(Invite.id.desc())
    )
    return [invite for invite in found if may_revoke(visit, invite)]


def may_revoke(visit: Visit, invite: Invite) -> bool:
    """Whoever made it, and whoever may invite to its place. Coordinators' own are the operator's matter."""
    if visit.person and invite.created_by_id == visit.person.id:
        return True
    if invite.role in GUARDED_ROLES:
        return False
    act = Act.INVITE_TO_REGION if invite.role in (Role.OFFICIAL, Role.CONTRIBUTOR) else Act.INVITE_TO_PROGRAMME
    return visit.may(act, behind(invite).place)


def by_id(visit: Visit, invite_id: str) -> Invite:
    """An invitation this person may take back. Raises `Forbidden` also where there is none."""
    number = int(invite_id) if invite_id.isdecimal() and len(invite_id) < 18 else 0
    invite = visit.work.session.get(Invite, number)
    if invite is None:
        raise Forbidden(Act.INVITE_TO_REGION, EVERYWHERE)
    if not may_revoke(visit, invite):
        raise Forbidden(Act.INVITE_TO_REGION, behind(invite).place)
    return invite


def revoke(visit: Visit, subject: str, _version: int) -> Reply:
    """Take an invitation back; who has joined with it already stays."""
    invite = by_id(visit, subject)
    _revoke(visit.work, invite)
    return Reply(note=_("The invitation {code} was taken back.", code=f"{invite.code_start}-…"), then="invites")


def _revoke(work: Work, invite: Invite) -> None:
    if invite.revoked_at is None:
        invite.revoked_at = work.now
        work.session.flush()
        work.audit("revoke", "invite", invite.id, region_code=invite.region_code)


def tell_inviter(work: Work, invite: Invite, person: Person, seat: Seat) -> None:
    """Show the inviting person who came, with one tap to say that it is somebody else."""
    if invite.created_by_id is None:
        return
    work.tell(
        invite.created_by_id,
        paragraphs(
            _(
                "Your invitation was used by: <b>{name}</b>, {position}\n{seat}",
                name=person.name,
                position=person.position or "–",
                seat=seat_words(invite.role, place_of(work, invite)),
            ),
            _expected(invite, person),
        ),
        key=f"invite:{invite.id}:used:{seat.id}",
        rows=(
            (
                do(_p("button", "✅ Correct"), "rightone", seat.id),
                do(_p("button", "Not this person"), "wrongone", seat.id),
            ),
        ),
    )


def _expected(invite: Invite, person: Person) -> Say | None:
    name = invite.expected_name
    return _("Expected: {name}", name=name) if name and name.casefold() != person.name.casefold() else None


def right_one(visit: Visit, subject: str, _version: int) -> Reply:
    """The inviting person knows who came."""
    seat, invite = _joined_by_mine(visit, subject)
    told = select(AuditEntry.id).where(
        AuditEntry.subject == "seat", AuditEntry.subject_id == seat.id, AuditEntry.act == "confirm"
    )
    if visit.work.session.scalar(told.limit(1)) is None:
        visit.work.audit("confirm", "seat", seat.id, region_code=invite.region_code)
    return Reply(toast=_("Thank you, noted."))


def wrong_one(visit: Visit, subject: str, _version: int) -> Reply:
    """Somebody else came: the invitation is taken back and the seat closed at once; a coordinator decides further."""
    seat, invite = _joined_by_mine(visit, subject)
    _revoke(visit.work, invite)
    fresh = seat.suspended_at is None and seat.ended_at is None
    if fresh:
        seats.suspend(visit.work, seat, "not the person invited")
        _tell_coordinators(visit, seat)
    name = seat.holder.name if seat.holder else ""
    return Reply(
        note=_("The access of <b>{name}</b> was closed and the invitation taken back. Thank you.", name=name),
        then="invites",
    )


def _joined_by_mine(visit: Visit, subject: str) -> tuple[Seat, Invite]:
    seat = seats.by_id(visit.work, subject)
    invite = visit.work.session.get(Invite, seat.invite_id) if seat and seat.invite_id else None
    if seat is None or invite is None or invite.created_by_id != visit.member.id:
        raise Forbidden(Act.INVITE_TO_REGION, EVERYWHERE)
    return seat, invite


def _tell_coordinators(visit: Visit, seat: Seat) -> None:
    overseers = seats.holders(visit.work, (Role.COORDINATOR, Role.ADMIN), seat.region_code)
    for overseer in overseers:
        if overseer.id != visit.member.id and seat.holder:
            visit.work.tell(
                overseer,
                _(
                    "⚠️ {inviter} reports that <b>{name}</b> used an invitation meant for somebody else. The access is "
                    "closed; open it again if this was a mistake.",
                    inviter=visit.member.name,
                    name=seat.holder.name,
                ),
                key=f"seat:{seat.id}:wrong:{overseer.id}",
                rows=((do(_p("button", "Open access again"), "restore", seat.holder.id),),),
            )


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Start an invitation with what this person may hand out."""
    return Begin("inviting", ChoosingRole(host=host(visit)))


def host(visit: Visit) -> Host:
    """What the seat acted in may offer. Raises `Forbidden` if that is nothing."""
    seat = visit.require(Act.INVITE_TO_REGION, seats.reach(visit.seat))
    region = visit.region
    edition = visit.work.programme.edition
    in_region = (Role.OFFICIAL, Role.CONTRIBUTOR)
    return Host(
        roles=in_region
        if seat.role is Role.LEAD
        else (Role.LEAD, Role.OFFICIAL, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER),
        region_code=region.code if region else None,
        place=region.name if region else "",
        pillars=tuple((pillar.key, pillar.title) for pillar in edition.pillars),
    )


def grant(visit: Visit, wish: CreateInvite) -> None:
    """Make the invitation and send it in messages that can be forwarded. The code is shown only there."""
    what = Grantable(wish.role, wish.region_code, wish.pillar, item_key=wish.item_key)
    invite, code = create(visit, what, max_uses=wish.max_uses, expected_name=wish.expected_name)
    send_code(visit, invite, code)


def find_items(visit: Visit, wish: FindItems) -> Told:
    """Items of the programme whose title holds the words typed."""
    words = wish.text.casefold().split()
    found = [
        (item.key, item.title)
        for item in visit.work.programme.edition.items
        if words and all(word in f"{item.title} {item.key}".casefold() for word in words)
    ]
    return Told("items", tuple(found[:FOUND_ITEMS]))


def forget_sent_codes(session: Session, now: datetime) -> int:
    """Take the codes that were delivered out of the outbox, letters included. Returns how many messages it emptied.

    What waits or is in doubt keeps them until it is settled; from then on only the hashes are left.
    """
    made = session.scalars(select(Invite.id).where(Invite.created_at > now - VALID - timedelta(days=1))).all()
    keys = [f"invite:{number}:{part}" for number in made for part in ("code", "letter")]
    sent = session.execute(
        select(OutboxMessage.id, OutboxMessage.paper).where(
            OutboxMessage.unique_key.in_(keys), OutboxMessage.state == OutboxState.SENT, OutboxMessage.body != EMPTIED
        )
    ).all()
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id.in_([row.id for row in sent])).values(body=EMPTIED, paper=None)
    )
    session.execute(delete(Paper).where(Paper.sha256.in_([row.paper for row in sent if row.paper])))
    return len(sent)


GRANTS: Mapping[type[Wish], Grant] = {CreateInvite: grant, FindItems: find_items}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "invite": begin,
    "revoke": revoke,
    "rightone": right_one,
    "wrongone": wrong_one,
}
