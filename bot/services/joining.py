"""How somebody comes in: with a code, or by asking. A person is kept only from the moment of consent."""

import re
from collections.abc import Callable, Mapping

from bot.flows.joining_steps import (
    AskingCode,
    AskingRegion,
    AskSeat,
    BeginTour,
    Confirming,
    Door,
    FindRegions,
    Join,
    ReadName,
    ReadPosition,
    UseCode,
    Visitor,
)
from bot.flows.roles import place_words
from bot.flows.touring import FindFirstTask, Greeting, Guest
from bot.flows.turns import Told, Wish
from bot.services import consent, guessing, invite_codes, invites, items, people, requests, seats
from bot.services.conversations import Begin, Conversations, Grant, Reply
from bot.services.invites import NOT_VALID
from bot.services.seats import GUARDED_ROLES, Grantable
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.texts import DEFAULT_LANGUAGE
from bot.words import Refusal, Say, _
from db.models import Invite, Person
from db.vocabulary import REGION_ROLES, Role

_UPDATE = re.compile(r"update (\d+)")


def with_code(conversations: Conversations, visit: Visit, code: str) -> Reply:
    """Enter with the code of an invitation, from a deep link or typed. Never in a group."""
    opened = open_door(visit, code)
    if isinstance(opened, Begin):
        return conversations.begin(visit, opened)
    return Reply(note=opened, then="home" if visit.seats else "welcome")


def welcome(conversations: Conversations, visit: Visit) -> Reply:
    """A stranger presses Start: the open question if there is one, else what Pandu is and how to come in."""
    return Reply() if conversations.question(visit) else Reply(then="welcome")


def stranger(conversations: Conversations, visit: Visit, text: str) -> Reply:
    """A stranger writes: a code begins joining, anything else gets the same kind sentence and no data."""
    return typed_code(conversations, visit, text) or Reply(then="welcome")


def typed_code(conversations: Conversations, visit: Visit, text: str) -> Reply | None:
    """Enter with the code that a message carries; None if it carries none."""
    code = invite_codes.code_in(text)
    return with_code(conversations, visit, code) if code else None


def suspended(visit: Visit) -> Reply | None:
    """The one answer to somebody whose access is closed, whatever they send. None for everybody else."""
    closed = visit.person is not None and visit.person.suspended_at is not None
    return Reply(then="suspended") if closed else None


def open_door(visit: Visit, code: str) -> Begin | Say:
    """What is behind a code: the card of an invitation, or the words why not. The code is forgotten at once.

    The words are the same for unknown, expired, used and revoked codes.
    """
    if visit.chat.chat_id <= 0:
        return NOT_VALID
    _forget(visit)
    if waiting := guessing.silence(visit):
        return waiting
    invite = invites.look_behind(visit.work, code)
    if invite is None:
        guessing.count(visit)
        return NOT_VALID
    return _known(visit, invite) or Begin("joining", _card(visit, invite))


def _forget(visit: Visit) -> None:
    update = _UPDATE.fullmatch(visit.work.cause)
    if update:
        invite_codes.forget_code(visit.work.session, int(update[1]))


def _known(visit: Visit, invite: Invite) -> Say | None:
    """For somebody who has a seat nothing changes silently: another seat is asked for.

    A guarded role is the exception: the operator has already decided, and nobody else could.
    """
    person, work = visit.person, visit.work
    if person is None or not visit.seats or invite.role in GUARDED_ROLES:
        return None
    if invite.created_by_id == person.id:
        return _("This is your own invitation. Please forward it to the person it is meant for.")
    what = invites.behind(invite)
    here = seats.seat_place(work, visit.seats[0])
    if seats.held(work, person.id, what) is not None:
        return _("You are already registered in {place}. Nothing needs to be done.", place=place_words(here))
    if requests.pending_of(work, person.id) is None:
        if invite.max_uses > 1 and invites.redeem(work, invite.id) is None:
            return NOT_VALID
        requests.create(work, person, what, invite_id=invite.id)
    return _(
        "You are already registered in {place}. Your request for another seat was sent to the coordinator.",
        place=place_words(here),
    )


def _card(visit: Visit, invite: Invite) -> Confirming:
    place = invites.place_of(visit.work, invite)
    door = Door(role=invite.role, place=place, region_code=invite.region_code, invite_id=invite.id)
    return Confirming(visitor=visitor(visit), door=door)


def visitor(visit: Visit) -> Visitor:
    """What is known of the person beforehand."""
    person = visit.person
    return Visitor(
        name=person.name if person else visit.telegram_name,
        position=person.position if person else "",
        contact=visit.work.programme.privacy_contact,
        member=bool(visit.seats),
    )


def use_code(visit: Visit, wish: UseCode) -> Told | Begin:
    code = invite_codes.code_in(wish.code)
    if code is None:
        return Told(
            "refused", (_("A code has twelve letters and digits, as in K7QF-3M9T-XW2A. Please type it again."),)
        )
    opened = open_door(visit, code)
    return opened if isinstance(opened, Begin) else Told("refused", (opened,))


def find_regions(visit: Visit, wish: FindRegions) -> Told:
    """The regions that may be meant, each named with its province."""
    found = visit.work.programme.regions.search(wish.text)
    return Told("regions", tuple((region.code, f"{region.name}, {region.province}") for region in found))


def read_name(_visit: Visit, wish: ReadName) -> Told:
    return Told("name", (people.read_name(wish.text),))


def read_position(_visit: Visit, wish: ReadPosition) -> Told:
    return Told("position", (people.read_position(wish.text),))


def join(visit: Visit, wish: Join) -> Told:
    """Keep the person with the consent just given, then seat them, or put their request to those who decide."""
    if wish.invite_id is None:
        return _ask(visit, wish, Grantable(wish.role, wish.region_code), None)
    invite = invites.redeem(visit.work, wish.invite_id)
    if invite is None:
        return Told("refused", (NOT_VALID,))
    if invite.max_uses > 1:
        return _ask(visit, wish, invites.behind(invite), invite.id)
    person = _register(visit, wish)
    seat = seats.give(visit.work, person, invites.behind(invite), invite_id=invite.id)
    visit.seats = (*visit.seats, *(() if seat in visit.seats else (seat,)))
    person.active_seat_id = seat.id
    visit.work.actor = visit.actor
    invites.tell_inviter(visit.work, invite, person, seat)
    return Told("joined")


def _ask(visit: Visit, wish: Join, what: Grantable, invite_id: int | None) -> Told:
    person = _register(visit, wish)
    if requests.pending_of(visit.work, person.id) is None:
        requests.create(visit.work, person, what, invite_id=invite_id)
    return Told("requested")


def _register(visit: Visit, wish: Join) -> Person:
    """The person with name, position and consent; from here on the visit is theirs."""
    work = visit.work
    person = visit.person or _new_person(visit, wish)
    changed = [] if visit.person is None else _correct(person, wish)
    visit.person, visit.language = person, person.language
    visit.work.actor = visit.actor
    if changed:
        work.audit("change", "person", person.id, after={"columns": changed})
    consent.record(work, person, wish.notice_version)
    return person


def _new_person(visit: Visit, wish: Join) -> Person:
    work = visit.work
    person = Person(
        telegram_id=visit.telegram_id,
        name=people.read_name(wish.name),
        position=wish.position[: people.POSITION_LIMIT],
        language=visit.language or DEFAULT_LANGUAGE,
        registered_at=work.now,
    )
    work.session.add(person)
    work.session.flush()
    work.audit("register", "person", person.id)
    return person


def _correct(person: Person, wish: Join) -> list[str]:
    wanted = {"name": people.read_name(wish.name), "position": wish.position[: people.POSITION_LIMIT]}
    changed = [column for column, value in wanted.items() if getattr(person, column) != value]
    for column in changed:
        setattr(person, column, wanted[column])
    return changed


def ask_seat(visit: Visit, wish: AskSeat) -> Told:
    """A member asks for another seat. Raises `Refusal` if it is held already or another request waits."""
    what = Grantable(wish.role, wish.region_code)
    if seats.held(visit.work, visit.member.id, what) is not None:
        raise Refusal(_("You hold this seat already."))
    requests.create(visit.work, visit.member, what)
    return Told("requested")


def begin_asking(visit: Visit, _subject: str, _version: int) -> Reply | Begin:
    """Ask for access, or for another seat, without an invitation."""
    if visit.person is not None and requests.pending_of(visit.work, visit.person.id) is not None:
        raise Refusal(_("Your earlier request still waits for a decision. You will be told here."))
    return Begin("joining", AskingRegion(visitor=visitor(visit)))


def begin_code(_visit: Visit, _subject: str, _version: int) -> Begin:
    """Ask for the code of an invitation."""
    return Begin("joining", AskingCode())


def begin_tour(visit: Visit, _subject: str, _version: int) -> Begin:
    return Begin("touring", tour(visit))


def grant_tour(visit: Visit, _wish: BeginTour) -> Begin:
    return Begin("touring", tour(visit))


def tour(visit: Visit) -> Greeting:
    """The tour that suits the seat, with the region's own zone chosen beforehand."""
    role = visit.seat.role if visit.seat else Role.OBSERVER
    return Greeting(guest=_GUESTS.get(role, Guest.REGION), zone=visit.zone or DEFAULT_ZONE)


_GUESTS = {
    Role.MENTOR: Guest.REVIEWER,
    Role.OBSERVER: Guest.OBSERVER,
    Role.COORDINATOR: Guest.COORDINATOR,
    Role.ADMIN: Guest.COORDINATOR,
}
_FIRST_SCREENS = {
    Role.MENTOR: "reviews",
    Role.OBSERVER: "regions",
    Role.COORDINATOR: "regions",
    Role.ADMIN: "regions",
}


def find_first_task(visit: Visit, _wish: FindFirstTask) -> Told:
    """Where the work begins: the first real item of a region, the queue of a mentor, the regions of an overseer."""
    role = visit.seat.role if visit.seat else None
    if role in REGION_ROLES:
        return Told("first_task", (items.first_task(visit) or "home",))
    return Told("first_task", (_FIRST_SCREENS.get(role, "home") if role else "home",))


GRANTS: Mapping[type[Wish], Grant] = {
    **consent.GRANTS,
    UseCode: use_code,
    FindRegions: find_regions,
    ReadName: read_name,
    ReadPosition: read_position,
    Join: join,
    AskSeat: ask_seat,
    BeginTour: grant_tour,
    FindFirstTask: find_first_task,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "ask_access": begin_asking,
    "code": begin_code,
    "tour": begin_tour,
}
