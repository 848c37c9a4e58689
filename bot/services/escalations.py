"""What waits too long: the mentor, the lead mentor and the coordinator hear of it, once each, in their working hours.

Questions without a first answer or a solution, and submissions without a verdict, are treated alike.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.buttons import Button, Row, look, pairs
from bot.services import absences, claims, faults, items, questions, queue, review_queue, rights, targets
from bot.services.holders import in_office
from bot.services.rights import Act, Place
from bot.services.work import Work
from bot.texts import cut
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.inbox import insert_ignoring
from db.models import Escalation, Item, Person, Question, Seat, Submission
from db.vocabulary import QuestionState, Role, Verdict


class Step(StrEnum):
    """Who hears of it, each half a working day after the one before."""

    MENTOR = "mentor"
    LEAD = "lead"
    COORDINATOR = "coordinator"


STEPS = (Step.MENTOR, Step.LEAD, Step.COORDINATOR)
# A step follows the one before after half a working day.
PAUSE = 0.5
# So many are named in one message.
SHOWN = 8
_LABEL = 24


@dataclass(frozen=True, slots=True)
class Late:
    """Something that should have been done by `due`. `round` tells one lateness of a subject from the next. `line` and
    `opens` stand for it among others."""

    subject: str
    subject_id: int
    round: int
    due: datetime
    place: Place
    responsible: tuple[int, ...]
    say: Say
    rows: tuple[Row, ...]
    line: Say
    opens: Button


@dataclass(frozen=True, slots=True)
class News:
    """Somebody is to hear of something late, under a key that it has only once."""

    late: Late
    key: str


# By person, what they are to hear of now.
Gathered = dict[int, list[News]]


def run(work: Work) -> int:
    """Tell whoever should hear of something by now: everything of this moment in one message. Returns how many were
    told; a repeat tells nobody."""
    gathered: Gathered = defaultdict(list)
    faults.each(work, "question", _late_questions(work), partial(_escalate_question, gathered))
    faults.each(work, "submission", _waiting_reviews(work), partial(_escalate_review, gathered))
    for person_id, news in gathered.items():
        in_order = sorted(news, key=lambda one: one.late.due)
        first = in_order[0].late
        faults.attempt(work, f"{first.subject}:{first.subject_id}", _tell, work, person_id, in_order)
    return len(gathered)


def _tell(work: Work, person_id: int, news: Sequence[News]) -> None:
    first = news[0]
    if len(news) == 1:
        work.tell(person_id, first.late.say, key=first.key, rows=first.late.rows)
        return
    shown, more = news[:SHOWN], len(news) - SHOWN
    say = paragraphs(
        _("⏰ <b>{count} things wait longer than promised</b>", count=len(news)),
        lines(
            *(one.late.line for one in shown),
            _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
        ),
    )
    # Of several: a Reply to it is about none of them.
    work.tell(person_id, say, key=f"late:{first.key}", rows=pairs([one.late.opens for one in shown]))


def release_idle(work: Work) -> int:
    """Questions that were taken and not worked on go back to the queue, at once where the mentor is one no longer;
    what was drafted stays with them. Questions put before somebody who is not there any more go to the next."""
    found = work.session.scalars(
        select(Question).where(
            Question.edition_id == work.edition_id, Question.state == QuestionState.TAKEN, Question.active_at < work.now
        )
    ).all()
    able = _able(work) if found else set()
    released = faults.each(work, "question", found, lambda work, question: _release(work, question, able))
    return released + _route_anew(work)


def _route_anew(work: Work) -> int:
    given = work.session.scalars(
        select(Question).where(
            Question.edition_id == work.edition_id,
            Question.state == QuestionState.NEW,
            Question.routed_to_id.is_not(None),
        )
    ).all()
    return faults.each(work, "question", given, _pass_on)


def _pass_on(work: Work, question: Question) -> bool:
    holder = question.routed_to_id
    if holder is None or not _is_gone(work, question, holder):
        return False
    queue.route(work, question, avoid=[holder])
    return True


def _is_gone(work: Work, question: Question, person_id: int) -> bool:
    return work.person(person_id).unreachable_at is not None or not queue.can_answer(work, question, person_id)


def _able(work: Work) -> set[int]:
    """Who holds an open seat that answers questions anywhere."""
    found = work.session.scalars(
        select(Seat.holder_id)
        .join(Person, Person.id == Seat.holder_id)
        .where(
            in_office(work),
            Seat.role.in_(rights.RIGHTS[Act.ANSWER_QUESTION]),
        )
    )
    return {holder for holder in found if holder is not None}


def _release(work: Work, question: Question, able: Container[int]) -> bool:
    if question.mentor_id is None or question.active_at is None:
        return False
    if question.mentor_id not in able:
        claims.put_back(work, question, "return_to_queue", why="the mentor answers no longer")
        return True
    mentor = work.person(question.mentor_id)
    clock = targets.clock_of(work, mentor, question.region_code)
    if work.now < targets.after(work, clock, question.active_at, "idle") or not clock.is_working(work.now):
        return False
    version = question.version
    claims.put_back(work, question, "return_to_queue")
    work.tell(
        mentor,
        _(
            "↩️ {number} went back to the queue, because it lay still for a working day. Your draft is kept with it.",
            number=questions.number_word(question),
        ),
        key=f"question:{question.id}:idle:{version}",
        rows=_question_rows(question),
    )
    return True


def _late_questions(work: Work) -> Iterable[Question]:
    open_states = (QuestionState.NEW, QuestionState.TAKEN)
    found = work.session.scalars(
        select(Question).where(
            Question.edition_id == work.edition_id,
            Question.state.in_(open_states),
            Question.paused_at.is_(None),
            (Question.answer_due_at < work.now) | (Question.solution_due_at < work.now),
        )
    ).all()
    return (question for question in found if _due(question) < work.now)


def _escalate_question(gathered: Gathered, work: Work, question: Question) -> int:
    return _escalate(gathered, work, _late_question(work, question))


def _due(question: Question) -> datetime:
    """A first answer is owed first; after it the solution."""
    return question.solution_due_at if question.first_answer_at else question.answer_due_at


def _late_question(work: Work, question: Question) -> Late:
    place = questions.place(question)
    holder = question.mentor_id or question.routed_to_id
    seats = review_queue.seats_with(work, Role.MENTOR)
    able = [seat.holder_id for seat in seats if rights.may(seat, Act.ANSWER_QUESTION, place) and seat.holder_id]
    region = work.programme.regions.by_code[question.region_code].name
    return Late(
        subject="question",
        subject_id=question.id,
        round=question.reopened * 2 + bool(question.first_answer_at),
        due=_due(question),
        place=place,
        responsible=(holder,) if holder else tuple(dict.fromkeys(able)),
        say=_(
            "⏰ {number} from {region} waits longer than promised.",
            number=questions.number_word(question),
            region=region,
        ),
        rows=_question_rows(question),
        line=_("• {number} from {region}", number=questions.number_word(question), region=region),
        opens=look(Plain(questions.number_word(question)), "question", question.id),
    )


def _question_rows(question: Question) -> tuple[Row, ...]:
    return ((look(_p("button", "Open the question"), "question", question.id),),)


def _waiting_reviews(work: Work) -> Sequence[Submission]:
    return work.session.scalars(
        select(Submission)
        .join(Submission.item)
        .where(Submission.verdict == Verdict.WAITING, Item.edition_id == work.edition_id)
        .options(selectinload(Submission.item))
    ).all()


def _escalate_review(gathered: Gathered, work: Work, submission: Submission) -> int:
    late = _late_review(work, submission)
    return _escalate(gathered, work, late) if late.due < work.now else 0


def _late_review(work: Work, submission: Submission) -> Late:
    place = items.place(work, submission.item)
    seats = review_queue.reviewers(work, place)
    holders = tuple(dict.fromkeys(seat.holder_id for seat in seats if seat.holder_id))
    first = work.person(holders[0]) if holders else None
    clock = targets.clock_of(work, first, submission.item.region_code)
    region = work.programme.regions.by_code[submission.item.region_code].name
    title = items.title(work, submission.item)
    return Late(
        subject="submission",
        subject_id=submission.id,
        round=0,
        due=targets.after(work, clock, submission.submitted_at, "review"),
        place=place,
        responsible=holders,
        say=_(
            "⏰ The evidence for <b>{title}</b> from {region} waits longer than promised.",
            title=title,
            region=region,
        ),
        rows=((look(_p("button", "📥 Review"), "review", submission.id),),),
        line=_("• the evidence for <b>{title}</b> from {region}", title=title, region=region),
        opens=look(_p("button", "📥 {title}", title=Plain(cut(title.text, _LABEL))), "review", submission.id),
    )


def _escalate(gathered: Gathered, work: Work, late: Late) -> int:
    """Each step that is due by now, for each of its people who is at work and has not heard of it at any step: who
    stands in for the lead mentor is not told the same twice."""
    told = 0
    for number, step in enumerate(STEPS):
        for person in _hearers(work, late, step):
            due = _is_time(work, late, person, number) and not _knows(work, late, person)
            if due and _first_time(work, late, step, person):
                told += 1
                key = f"{late.subject}:{late.subject_id}:late:{late.round}:{step}:{person.id}"
                gathered[person.id].append(News(late, key))
    return told


def _is_time(work: Work, late: Late, person: Person, number: int) -> bool:
    clock = targets.clock_of(work, person, late.place.region_code)
    due = clock.add(late.due, clock.full_day * PAUSE * number) if number else late.due
    return due <= work.now and clock.is_working(work.now)


def _knows(work: Work, late: Late, person: Person) -> bool:
    found = select(Escalation.id).where(
        Escalation.subject == late.subject,
        Escalation.subject_id == late.subject_id,
        Escalation.round == late.round,
        Escalation.step.in_([f"{step[:5]}:{person.id}" for step in STEPS]),
    )
    return work.session.scalar(found.limit(1)) is not None


def _first_time(work: Work, late: Late, step: Step, person: Person) -> bool:
    row = {
        "subject": late.subject,
        "subject_id": late.subject_id,
        "round": late.round,
        "step": f"{step[:5]}:{person.id}",
        "at": work.now,
    }
    statement = insert_ignoring(work.session, Escalation).values(**row).on_conflict_do_nothing()
    return work.session.scalar(statement.returning(Escalation.id)) is not None


def _hearers(work: Work, late: Late, step: Step) -> Sequence[Person]:
    match step:
        case Step.MENTOR:
            ids = [_acting(work, one) for one in late.responsible]
        case Step.LEAD:
            leads = [seat for seat in review_queue.seats_with(work, Role.MENTOR) if seat.leads_mentors]
            ids = [_acting(work, seat.holder_id) for seat in leads if rights.may(seat, Act.REVIEW_ITEM, late.place)]
        case Step.COORDINATOR:
            ids = [seat.holder_id for seat in review_queue.coordinators(work, late.place.region_code or "")]
    known = [one for one in dict.fromkeys(ids) if one is not None]
    return list(work.people(known).values()) if known else []


def _acting(work: Work, person_id: int | None) -> int | None:
    if person_id is None:
        return None
    return absences.stand_in(absences.substitutes(work.session, work.now), person_id)
