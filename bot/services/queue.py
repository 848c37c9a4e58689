"""Whose turn a question is: before whom it is put, what waits for whom, and how much each mentor has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from bot.services import absences, questions, queue_letters, review_queue, rights, targets
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from db.models import Person, Question, Scope, Seat
from db.vocabulary import QuestionState, Role

# Questions that a mentor has or was given at once; with more, the next ones wait in the pool for whoever is free.
CAPACITY = 10
# To whom a question was given by name (`Question.referred_to`), perhaps from outside their regions and fields.
TO_MENTOR, TO_COORDINATOR, TO_OBSERVER = "mentor", "coordinator", "observer"
# Of what waits, nobody looks at more at once.
MOST = 500
# Farther than any seat is from a place it covers.
FAR = 9


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose turn a question may be. `distance` is 0 for whoever looks after just its region and field."""

    person_id: int
    distance: int


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has: `taken`, `given` but not taken yet, and `asked` back, which waits for the asker."""

    taken: int = 0
    given: int = 0
    asked: int = 0

    @property
    def busy(self) -> int:
        """What waits for this person's word."""
        return self.taken + self.given


# --- Who


def candidates(work: Work, region_code: str, pillar: str | None) -> list[Candidate]:
    """Who may be given a question from there: its mentors, without any its coordinators. Each once, nearest first.

    Whoever is away is not among them; their substitute is, as near as they would be.
    """
    place = Place(region_code, (pillar,) if pillar else ())
    away = absences.substitutes(work.session, work.now)
    for role in (Role.MENTOR, Role.COORDINATOR):
        found = _reachable(work, _nearest(review_queue.seats_with(work, role), place, away))
        if found:
            return found
    return []


def _nearest(seats: Iterable[Seat], place: Place, away: Mapping[int, int | None]) -> dict[int, int]:
    """Everybody who may answer there, with how near the nearest of their seats is."""
    near: dict[int, int] = {}
    for seat in seats:
        person_id = absences.stand_in(away, seat.holder_id) if seat.holder_id else None
        if person_id is not None and rights.may(seat, Act.ANSWER_QUESTION, place):
            near[person_id] = min(distance(seat, place), near.get(person_id, FAR))
    return near


def distance(seat: Seat, place: Place) -> int:
    """How far a seat's own task is from a place it covers: the region counts more than the field."""
    return min((_distance(scope, place) for scope in seat.scopes), default=FAR)


def _distance(scope: Scope, place: Place) -> int:
    region = 0 if scope.region_code else 1 if scope.province else 2
    return 2 * region + (0 if scope.pillar == (place.pillars or (None,))[0] else 1)


def _reachable(work: Work, near: Mapping[int, int]) -> list[Candidate]:
    """Nobody is given a question who cannot be written to."""
    people = work.people(list(near)).values()
    there = [person.id for person in people if not person.suspended_at and not person.unreachable_at]
    return sorted((Candidate(one, near[one]) for one in there), key=lambda one: (one.distance, one.person_id))


def choice(found: Sequence[Candidate], loads: Mapping[int, Load], last: Mapping[int, int]) -> int | None:
    """Whose turn it is: the nearest with room, of those whoever has least, then whoever was given one longest ago.

    `last` has the highest question each was given. None: everybody is full, so it waits in the pool.
    """
    free = [one for one in found if loads.get(one.person_id, Load()).busy < CAPACITY]
    fair = min(
        free,
        key=lambda one: (
            one.distance,
            loads.get(one.person_id, Load()).busy,
            last.get(one.person_id, 0),
            one.person_id,
        ),
        default=None,
    )
    return fair.person_id if fair else None


# --- Routing


def route(work: Work, question: Question, *, avoid: Collection[int] = ()) -> None:
    """Put a waiting question before one mentor, or into the pool, and tell them. `avoid`: who has just given it back.

    Somebody it was given to by name keeps it while they can answer.
    """
    found = [
        one
        for one in candidates(work, question.region_code, question.pillar)
        if one.person_id != question.asker_id and one.person_id not in avoid
    ]
    if not _stays(work, question, avoid):
        chosen = choice(found, loads(work), _last_given(work, [one.person_id for one in found]))
        if chosen != question.routed_to_id:
            moved = targets.moved(work, question, work.person(chosen)) if chosen else {}
            questions.change(work, question, "route", routed_to_id=chosen, referred_to=None, **moved)
    if question.routed_to_id:
        queue_letters.tell_given(work, question, question.routed_to_id)
    else:
        queue_letters.tell_pool(work, [one.person_id for one in found])


def _stays(work: Work, question: Question, avoid: Collection[int]) -> bool:
    person_id = question.routed_to_id
    return person_id is not None and person_id not in avoid and can_answer(work, question, person_id)


def can_answer(work: Work, question: Question, person_id: int) -> bool:
    """Whether this person is there and may take the question, in their own right or because it was given by name."""
    person = work.session.get(Person, person_id)
    if person is None or person.suspended_at or person_id == question.asker_id:
        return False
    if person_id in absences.substitutes(work.session, work.now):
        return False
    named = question.routed_to_id == person_id and question.referred_to is not None
    place = questions.place(question)
    return any(
        rights.may(seat, Act.ANSWER_QUESTION, place) or (named and seat.role in rights.RIGHTS[Act.ANSWER_QUESTION])
        for seat in _open_seats(work, person_id)
    )


def _open_seats(work: Work, person_id: int) -> list[Seat]:
    roles = (Role.MENTOR, Role.COORDINATOR, Role.OBSERVER)
    return [seat for role in roles for seat in review_queue.seats_with(work, role) if seat.holder_id == person_id]


def _last_given(work: Work, people: Sequence[int]) -> dict[int, int]:
    rows = work.session.execute(
        select(Question.routed_to_id, func.max(Question.id))
        .where(Question.routed_to_id.in_(people))
        .group_by(Question.routed_to_id)
    )
    return {person_id: last for person_id, last in rows if person_id is not None}


# --- What waits


def turn(visit: Visit) -> list[Question]:
    """What waits for this person's word: what they have taken, what was given to them and the pool. Oldest first."""
    mentors = _mentors_for(visit)
    return [one for one in _open_to(visit) if _is_turn(visit, one, mentors)]


def all_waiting(visit: Visit) -> list[Question]:
    """Everything without an answer that the person may answer, colleagues' questions too. Oldest first."""
    return [one for one in _open_to(visit) if one.state is not QuestionState.WAITING]


def untaken(visit: Visit) -> list[Question]:
    """What "the next one" may be: given to this person or in the pool; without any, what colleagues have not taken."""
    new, mentors = [one for one in _open_to(visit) if one.state is QuestionState.NEW], _mentors_for(visit)
    mine = [one for one in new if _is_turn(visit, one, mentors)]
    return mine or [one for one in new if one.referred_to in (None, TO_MENTOR) and _is_mentor(visit)]


def _mentors_for(visit: Visit) -> Sequence[Seat]:
    """The seats before which a coordinator stands back; to a mentor the pool is open without asking."""
    return () if _is_mentor(visit) else review_queue.seats_with(visit.work, Role.MENTOR)


def _is_turn(visit: Visit, question: Question, mentors: Sequence[Seat]) -> bool:
    """Whether a question waits for this person rather than for a colleague or the asker."""
    if question.state is QuestionState.TAKEN:
        return question.mentor_id in acting_for(visit)
    if question.state is not QuestionState.NEW:
        return False
    if question.routed_to_id is not None:
        return question.routed_to_id in acting_for(visit)
    place = questions.place(question)
    return not any(rights.may(seat, Act.ANSWER_QUESTION, place) for seat in mentors)


def acting_for(visit: Visit) -> set[int]:
    """The person, and whoever is away and has them as substitute."""
    return {visit.member.id, *(seat.holder_id for seat in visit.covered if seat.holder_id)}


def _is_mentor(visit: Visit) -> bool:
    return any(seat.role is Role.MENTOR for seat in visit.seats)


def _open_to(visit: Visit) -> list[Question]:
    found = questions.open_ones(visit.work)[:MOST]
    return [one for one in found if questions.allowed(visit, one, Act.ANSWER_QUESTION)]


# --- How much


def mentors(work: Work) -> dict[int, Person]:
    """All mentors of the edition, by number."""
    return work.people([seat.holder_id for seat in review_queue.seats_with(work, Role.MENTOR) if seat.holder_id])


def loads(work: Work) -> dict[int, Load]:
    """What everybody has now, by person."""
    owner = case((Question.state == QuestionState.NEW, Question.routed_to_id), else_=Question.mentor_id)
    rows = work.session.execute(
        select(owner, Question.state, func.count())
        .where(Question.edition_id == work.edition_id, Question.state.in_(questions.OPEN), owner.is_not(None))
        .group_by(owner, Question.state)
    )
    counted: dict[int, dict[QuestionState, int]] = {}
    for person_id, state, count in rows:
        counted.setdefault(person_id, {})[state] = count
    return {person_id: _load(states) for person_id, states in counted.items()}


def _load(states: Mapping[QuestionState, int]) -> Load:
    return Load(
        taken=states.get(QuestionState.TAKEN, 0),
        given=states.get(QuestionState.NEW, 0),
        asked=states.get(QuestionState.WAITING, 0),
    )
