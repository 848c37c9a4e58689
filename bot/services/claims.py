"""Taking a question, giving it back, passing it on. The row is locked before it is read, so that one has it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from bot.buttons import row_number
from bot.flows.composing import Part
from bot.services import absences, holders, questions, queue, queue_letters, review_queue, rights, targets
from bot.services.conversations import Reply
from bot.services.questions import change, number_word
from bot.services.queue import Load
from bot.services.rights import EVERYWHERE, Act, Forbidden
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Moment, Refusal, Say, _
from db.models import Conversation, Person, Question, Seat
from db.vocabulary import PostKind, QuestionState, Role

# Who opened a question and did nothing for longer has put the telephone away.
LOOKING = timedelta(minutes=10)
_ANSWERING = (Role.MENTOR, Role.OBSERVER, Role.COORDINATOR)
CLOSED = _("This question was closed meanwhile. Here is where it stands.")
STAYS = _("This question is answered already; it stays where it is.")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a question can be passed to, with what they have already."""

    person: Person
    load: Load


# --- Taking


def locked(visit: Visit, question_id: int | str) -> Question:
    """A question this person may answer, as it is now and until this work is over. Raises `Forbidden`."""
    question = visit.work.session.get(Question, row_number(question_id), with_for_update=True, populate_existing=True)
    if question is None or question.edition_id != visit.work.edition_id:
        raise Forbidden(Act.ANSWER_QUESTION, EVERYWHERE)
    questions.require(visit, question, Act.ANSWER_QUESTION)
    return question


def claim(visit: Visit, question_id: int | str) -> Question:
    """Take a question that nobody has; taken before by the same person it stays so.

    Raises `Refusal` that names whoever was faster, or says that it was closed.
    """
    question = locked(visit, question_id)
    words = hindrance(visit, question)
    if words is not None:
        raise Refusal(words)
    if question.mentor_id != visit.member.id:
        state = QuestionState.TAKEN if question.state is QuestionState.NEW else question.state
        held: dict[str, Any] = {"mentor_id": visit.member.id, "taken_at": visit.work.now, "active_at": visit.work.now}
        change(visit.work, question, "take", state=state, **held, **targets.moved(visit.work, question, visit.member))
    return question


def hindrance(visit: Visit, question: Question) -> Say | None:
    """Why this person cannot answer now: somebody else has it, or it is over. None: nothing is in the way."""
    if question.state is QuestionState.CLOSED:
        return CLOSED
    if question.mentor_id is None or question.mentor_id in queue.acting_for(visit):
        return None
    name = visit.work.person(question.mentor_id or 0).name
    since = Moment(question.taken_at or visit.work.now, visit.zone)
    return _("{name} has this question since {since}.", name=name, since=since)


def claim_next(visit: Visit, *, after: Question | None = None) -> Question | None:
    """Take the question that has waited longest; None if nothing waits. One that is just being taken is passed over."""
    for one in queue.untaken(visit):
        free = visit.work.session.scalar(
            select(Question.id)
            .where(Question.id == one.id, Question.state == QuestionState.NEW, Question.mentor_id.is_(None))
            .with_for_update(skip_locked=True)
        )
        if free is not None and (after is None or free != after.id):
            return claim(visit, free)
    return None


def take(visit: Visit, subject: str, _version: int) -> Reply:
    """Take a question, or read who has it."""
    question = claim(visit, subject)
    return Reply(toast=_("{number} is yours.", number=number_word(question)), then=f"question:{question.id}")


# --- Giving back


def release(visit: Visit, subject: str, _version: int) -> Reply:
    """Give a question back to the queue; the draft stays with it, the clock goes on."""
    question = locked(visit, subject)
    if question.mentor_id != visit.member.id or question.state not in questions.OPEN:
        return Reply(toast=_("This question is not with you any more."), then=f"question:{question.id}")
    put_back(visit.work, question, "release")
    return Reply(toast=_("{number} is back in the queue.", number=number_word(question)), then="queue")


def put_back(work: Work, question: Question, act: str, *, why: str = "") -> None:
    """Whoever has a question has it no longer; the next mentor finds the draft. Waiting for the asker goes on."""
    before = question.mentor_id
    _free(work, question, act, why=why, routed_to_id=None, referred_to=None)
    if question.state is QuestionState.NEW:
        queue.route(work, question, avoid=[before] if before else [])


def _free(work: Work, question: Question, act: str, *, why: str = "", **values: Any) -> None:
    state = QuestionState.NEW if question.state is QuestionState.TAKEN else question.state
    change(work, question, act, why=why, state=state, mentor_id=None, taken_at=None, active_at=None, **values)


# --- Passing on


def colleagues(visit: Visit, question: Question) -> list[Colleague]:
    """Mentors who could have a question instead, the nearest first, then whoever has least."""
    work, place = visit.work, questions.place(question)
    near: dict[int, int] = {}
    for seat in review_queue.seats_with(work, Role.MENTOR):
        far = queue.distance(seat, place) + (0 if rights.may(seat, Act.ANSWER_QUESTION, place) else 10)
        near[seat.holder_id or 0] = min(far, near.get(seat.holder_id or 0, far))
    loads = queue.loads(work)
    found = _free_to_have(visit, question, work.people(list(near)).values())
    found.sort(key=lambda person: (near[person.id], loads.get(person.id, Load()).busy, person.name))
    return [Colleague(person, loads.get(person.id, Load())) for person in found]


def _free_to_have(visit: Visit, question: Question, people: Iterable[Person]) -> list[Person]:
    """Of these, whoever is there to have a question: not who has it, nor who asked; oneself only instead of another."""
    me = visit.member.id if question.mentor_id in (None, visit.member.id) else None
    away = absences.substitutes(visit.work.session, visit.work.now)
    out = {me, question.mentor_id, question.asker_id, *away}
    return [one for one in people if one.id not in out and not one.suspended_at and not one.unreachable_at]


def may_pass(visit: Visit, question: Question) -> bool:
    """Whether this person may give the question to somebody else: it is theirs or nobody's, or they lead mentors."""
    if question.state not in (QuestionState.NEW, QuestionState.TAKEN, QuestionState.WAITING):
        return False
    if question.mentor_id is None or question.mentor_id in queue.acting_for(visit):
        return questions.allowed(visit, question, Act.ANSWER_QUESTION)
    led = [seat for seat in visit.seats if seat.leads_mentors or seat.role is Role.COORDINATOR]
    return any(questions.may(visit, seat, question, Act.ANSWER_QUESTION) for seat in led)


def pass_on(visit: Visit, question_id: int, to_id: int, note: str) -> Say:
    """Give a question to a named mentor, with a note for them; the draft goes along."""
    question = _passing(visit, question_id)
    to = next((one.person for one in colleagues(visit, question) if one.person.id == to_id), None)
    if to is None:
        raise Refusal(_("This colleague cannot take the question now. Please choose somebody else."))
    before = question.mentor_id
    given = _given(visit.work, question, to, queue.TO_MENTOR)
    _free(visit.work, question, "pass_on", why=note, **given)
    _note(visit, question, note)
    queue_letters.tell_given(visit.work, question, to.id, note=_said(visit, note))
    _tell_former(visit, question, before, to.name)
    return _("{number} was passed on to {name}.", number=number_word(question), name=to.name)


def _given(work: Work, question: Question, to: Person, how: str) -> dict[str, Any]:
    """The columns of a question that is put before somebody by name, on their clock."""
    return {"routed_to_id": to.id, "referred_to": how, **targets.moved(work, question, to)}


def _passing(visit: Visit, question_id: int) -> Question:
    question = locked(visit, question_id)
    if not may_pass(visit, question):
        raise Refusal(hindrance(visit, question) or STAYS)
    return question


def _note(visit: Visit, question: Question, text: str) -> None:
    if text:
        part = Part(key=f"passed:{visit.work.cause}", at=visit.work.now, text=text)
        questions.add_post(visit.work, question, PostKind.NOTE, visit.member.id, (part,))


def _said(visit: Visit, text: str) -> Say:
    """Who passes it on, with their words."""
    name = visit.member.name
    return _("↪️ From {name}: “{text}”", name=name, text=text) if text else _("↪️ From {name}", name=name)


def _tell_former(visit: Visit, question: Question, former_id: int | None, to: str) -> None:
    """Whoever had it hears that somebody else has given it on."""
    if former_id in (None, visit.member.id):
        return
    visit.work.tell(
        former_id or 0,
        _("↪️ {name} passed {number} on to {to}.", name=visit.member.name, number=number_word(question), to=to),
        key=f"question:{question.id}:taken-away:{question.version}:{former_id}",
    )


# --- "Bukan wewenang"


def fields(visit: Visit, question: Question) -> Sequence[str]:
    """Pillars a question could belong to instead."""
    return [one.key for one in visit.work.programme.edition.pillars if one.key != question.pillar]


def coordinators(visit: Visit, question: Question) -> list[Person]:
    """Who decides for the region."""
    found = holders.holders(visit.work, {Role.COORDINATOR}, question.region_code)
    return _free_to_have(visit, question, found)


def observers(visit: Visit, question: Question) -> list[Person]:
    """People of ministries and agencies whose field or region it is."""
    place = questions.place(question)
    seats = review_queue.seats_with(visit.work, Role.OBSERVER)
    ids = [seat.holder_id for seat in seats if seat.holder_id and rights.may(seat, Act.ANSWER_QUESTION, place)]
    found = visit.work.people(ids).values()
    return sorted(_free_to_have(visit, question, found), key=lambda one: one.name)


def refer(visit: Visit, question_id: int, address: str, reason: str) -> Say:
    """ "Bukan wewenang": give a question to another field (`pillar-<key>`), to the coordinator (`coordinator-`) or to a
    ministry's observer (`observer-<person>`), with a reason that the asker reads too."""
    question = _passing(visit, question_id)
    kind, _dash, value = address.partition("-")
    match kind:
        case "pillar" if value in fields(visit, question):
            where = _to_field(visit, question, value, reason)
        case "coordinator":
            where = _to_person(
                visit, question, _first(visit, coordinators(visit, question)), queue.TO_COORDINATOR, reason
            )
        case "observer":
            named = [one for one in observers(visit, question) if str(one.id) == value]
            where = _to_person(visit, question, _first(visit, named), queue.TO_OBSERVER, reason)
        case _:
            raise Refusal(_NOBODY)
    queue_letters.tell_referred(visit.work, question, where, reason)
    return _("{number} was passed on: {where}.", number=number_word(question), where=where)


_NOBODY = _("There is nobody at this address now. Please choose another one.")


def _first(visit: Visit, people: Sequence[Person]) -> Person:
    """Of several, whoever has least."""
    if not people:
        raise Refusal(_NOBODY)
    loads = queue.loads(visit.work)
    return min(people, key=lambda one: (loads.get(one.id, Load()).busy, one.id))


def _to_field(visit: Visit, question: Question, pillar: str, reason: str) -> Say:
    before, values = question.mentor_id, {"routed_to_id": None, "referred_to": None, "pillar": pillar}
    _free(visit.work, question, "refer", why=reason, **values)
    _note(visit, question, reason)
    queue.route(visit.work, question, avoid=[one for one in (before, visit.member.id) if one])
    return _("the mentors of {field}", field=visit.work.programme.edition.pillar(pillar).title)


def _to_person(visit: Visit, question: Question, to: Person, how: str, reason: str) -> Say:
    before = question.mentor_id
    _free(visit.work, question, "refer", why=reason, **_given(visit.work, question, to, how))
    _note(visit, question, reason)
    queue_letters.tell_given(visit.work, question, to.id, note=_said(visit, reason))
    _tell_former(visit, question, before, to.name)
    return _WHERE[how](to.name)


_WHERE: Mapping[str, Callable[[str], Say]] = {
    queue.TO_COORDINATOR: lambda name: _("the coordinator, {name}", name=name),
    queue.TO_OBSERVER: lambda name: _("the ministry's observer, {name}", name=name),
}


# --- Collisions


def others_looking(visit: Visit, question: Question) -> list[str]:
    """Names of mentors who have the same question open now."""
    key = f"question:{question.id}"
    statement = (
        select(Person.name)
        .join(Conversation, Conversation.chat_id == Person.telegram_id)
        .join(Seat, Seat.holder_id == Person.id)
        .where(
            or_(Conversation.screen == key, Conversation.screen.startswith(f"{key}:", autoescape=True)),
            Conversation.changed_at > visit.work.now - LOOKING,
            Person.id != visit.member.id,
            Seat.role.in_(_ANSWERING),
            Seat.ended_at.is_(None),
        )
        .distinct()
        .order_by(Person.name)
    )
    return list(visit.work.session.scalars(statement))


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"take": take, "release": release}
