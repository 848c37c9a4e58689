"""Requests for a seat: put to those who may decide, approved once, or turned down with a reason."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from bot.buttons import Row, do, look
from bot.flows.rejecting import Reasoning, RejectRequest
from bot.flows.roles import ROLE_NAMES, place_words, seat_words
from bot.flows.turns import Wish
from bot.services import invites, seats
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.seats import GUARDED_ROLES, Grantable
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import cut
from bot.words import Plain, Refusal, Say, _, _p, lines, listed
from db.models import JoinRequest, Person, Seat
from db.vocabulary import RequestState, Role

REASON_LIMIT = 1000
SIMILAR_SHOWN = 3
# What a lead may hand out in the own region; anything else is for coordinators.
LEADS_GIVE = frozenset({Role.OFFICIAL, Role.CONTRIBUTOR})


def create(work: Work, person: Person, what: Grantable, *, invite_id: int | None = None) -> JoinRequest:
    """Ask for a seat and tell those who decide. Raises `Refusal` while an earlier request of the person waits."""
    if pending_of(work, person.id) is not None:
        raise Refusal(_("Your earlier request still waits for a decision. You will be told here."))
    request = JoinRequest(
        edition_id=work.edition_id,
        person_id=person.id,
        role=what.role,
        region_code=what.region_code,
        pillar=what.pillar,
        province=what.province,
        item_key=what.item_key,
        invite_id=invite_id,
        created_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    work.audit(
        "ask", "request", request.id, region_code=what.region_code, after={"role": what.role, "person": person.id}
    )
    _tell_deciders(work, request, person)
    return request


def wanted(request: JoinRequest) -> Grantable:
    """What is asked for."""
    return Grantable(request.role, request.region_code, request.pillar, request.province, request.item_key)


def place_of(work: Work, request: JoinRequest) -> str:
    return seats.place_name(work, request.region_code, request.pillar, request.province)


def pending_of(work: Work, person_id: int) -> JoinRequest | None:
    """The request of this person that still waits."""
    return work.session.scalar(
        select(JoinRequest).where(JoinRequest.person_id == person_id, JoinRequest.state == RequestState.PENDING)
    )


def pending(visit: Visit) -> Sequence[JoinRequest]:
    """What waits for this person's decision, oldest first."""
    visit.require(Act.DECIDE_REQUEST)
    waiting = visit.work.session.scalars(
        select(JoinRequest)
        .where(JoinRequest.edition_id == visit.work.edition_id, JoinRequest.state == RequestState.PENDING)
        .options(joinedload(JoinRequest.person))
        .order_by(JoinRequest.id)
    )
    return [request for request in waiting if may_decide(visit, request)]


def may_decide(visit: Visit, request: JoinRequest) -> bool:
    """Whether this person decides this request: within reach, never one's own, more than a member by coordinators."""
    place = wanted(request).place
    if visit.person is None or request.person_id == visit.person.id or not visit.may(Act.DECIDE_REQUEST, place):
        return False
    return request.role in LEADS_GIVE or visit.may(Act.INVITE_TO_PROGRAMME, place)


def by_id(visit: Visit, request_id: str | int) -> JoinRequest:
    """A request this person may decide. Raises `Forbidden` also where there is none."""
    number = int(request_id) if str(request_id).isdecimal() and len(str(request_id)) < 18 else 0
    request = visit.work.session.get(JoinRequest, number, options=[joinedload(JoinRequest.person)])
    if request is None:
        raise Forbidden(Act.DECIDE_REQUEST, EVERYWHERE)
    if not may_decide(visit, request):
        raise Forbidden(Act.DECIDE_REQUEST, wanted(request).place)
    return request


def approve(visit: Visit, subject: str, _version: int) -> Reply:
    """Give the seat that was asked for, once; a second press says that it was done."""
    request = by_id(visit, subject)
    if request.role in GUARDED_ROLES:
        raise Refusal(_("Coordinators and administrators are added at the command line, by a second person."))
    if not _decide(visit, request, RequestState.APPROVED):
        return Reply(toast=_decided(request.state), then="requests")
    work = visit.work
    person = work.person(request.person_id)
    seats.give(work, person, wanted(request), invite_id=request.invite_id)
    if request.invite_id:
        invites.use_up_single(work, request.invite_id)
    work.tell(
        person,
        _(
            "✅ Your request was approved. You are now {seat}.",
            seat=seat_words(request.role, place_of(work, request)),
        ),
        key=f"request:{request.id}:approved",
        rows=((do(_p("button", "Begin the tour"), "tour", request.id),),),
    )
    return Reply(note=_("<b>{name}</b> was approved and has been told.", name=person.name), then="requests")


def begin_rejecting(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Ask for the reason first."""
    request = by_id(visit, subject)
    if request.state is not RequestState.PENDING:
        return Reply(toast=_decided(request.state), then="requests")
    state = Reasoning(
        request_id=request.id,
        name=request.person.name,
        role=request.role,
        place=place_of(visit.work, request),
    )
    return Begin("rejecting", state)


def reject(visit: Visit, wish: RejectRequest) -> None:
    """Turn a request down with its reason, once. Raises `Refusal` without a reason or after another decision."""
    request = by_id(visit, wish.request_id)
    reason = cut(wish.reason.strip(), REASON_LIMIT)
    if not reason:
        raise Refusal(_("Please write the reason as a message: one sentence is enough."))
    if not _decide(visit, request, RequestState.REJECTED, reason):
        raise Refusal(_decided(request.state))
    visit.work.tell(
        request.person_id,
        _(
            "Your request to join as {seat} was not approved.\n<blockquote>{reason}</blockquote>\n"
            "You may ask again, or contact: {contact}",
            seat=seat_words(request.role, place_of(visit.work, request)),
            reason=reason,
            contact=visit.work.programme.help_contact or "/bantuan",
        ),
        key=f"request:{request.id}:rejected",
        rows=((look(_p("button", "Ask again"), "welcome"),),),
    )


def _decide(visit: Visit, request: JoinRequest, state: RequestState, reason: str | None = None) -> bool:
    """One statement decides, so that of two deciders only one does."""
    work = visit.work
    decided = work.session.scalar(
        update(JoinRequest)
        .where(JoinRequest.id == request.id, JoinRequest.state == RequestState.PENDING)
        .values(state=state, reason=reason, decided_by_id=visit.member.id, decided_at=work.now)
        .returning(JoinRequest.id)
    )
    work.session.refresh(request, ["state", "reason", "decided_by_id", "decided_at"])
    if decided is None:
        return False
    work.audit(
        "approve" if state is RequestState.APPROVED else "reject",
        "request",
        request.id,
        region_code=request.region_code,
        reason=reason or "",
        after={"role": request.role, "person": request.person_id},
    )
    return True


def is_pending(request: JoinRequest) -> bool:
    return request.state is RequestState.PENDING


def state_words(request: JoinRequest) -> Say | None:
    """What was decided; None while it waits."""
    return None if is_pending(request) else _decided(request.state)


def _decided(state: RequestState) -> Say:
    return _("Already approved.") if state is RequestState.APPROVED else _("Already turned down.")


def card(work: Work, request: JoinRequest, person: Person) -> Say:
    """Who asks for what, and what to look at twice."""
    return lines(
        _("🙋 <b>Request to join</b>"),
        _("{name}, {position}", name=person.name, position=person.position or "–"),
        _("As: {role}", role=ROLE_NAMES[request.role]),
        _("For: {place}", place=place_words(place_of(work, request))),
        _invited_by(work, request),
        _warning(work, request, person),
    )


def _invited_by(work: Work, request: JoinRequest) -> Say | None:
    inviter = invites.inviter(work, request.invite_id) if request.invite_id else None
    return _("Invited by: {name}", name=inviter.name) if inviter else None


def _warning(work: Work, request: JoinRequest, person: Person) -> Say | None:
    """Who may be the same person, or holds the place already."""
    alike = duplicates(work, request, person)
    if not alike:
        return None
    names = listed([Plain(seat.holder.name) for seat in alike[:SIMILAR_SHOWN] if seat.holder])
    return _("⚠️ Please compare, already in this team: {names}", names=names)


def duplicates(work: Work, request: JoinRequest, person: Person) -> list[Seat]:
    """Seats of the same region whose holder has the same name, or is its lead when a lead is asked for."""
    if request.region_code is None:
        return []
    return [
        seat
        for seat in seats.team(work, request.region_code)
        if (seat.holder and _alike(seat.holder.name, person.name)) or seat.role is request.role is Role.LEAD
    ]


def _alike(left: str, right: str) -> bool:
    return _letters(left) == _letters(right)


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.casefold()))


def deciders(work: Work, request: JoinRequest) -> list[Person]:
    """Whom to tell of a request: coordinators over the place, and the region's lead for members of the team."""
    roles = [Role.COORDINATOR, Role.ADMIN, *([Role.LEAD] if request.role in LEADS_GIVE else [])]
    found = seats.holders(work, roles, request.region_code)
    return [person for person in found if person.id != request.person_id]


def _tell_deciders(work: Work, request: JoinRequest, person: Person) -> None:
    for decider in deciders(work, request):
        work.tell(
            decider,
            card(work, request, person),
            key=f"request:{request.id}:asked:{decider.id}",
            rows=choices(request),
        )


def choices(request: JoinRequest) -> tuple[Row, ...]:
    """The two answers to a request."""
    return (
        (
            do(_p("button", "✅ Approve"), "approve", request.id),
            do(_p("button", "Turn down"), "reject", request.id),
        ),
    )


GRANTS: Mapping[type[Wish], Grant] = {RejectRequest: reject}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"approve": approve, "reject": begin_rejecting}
