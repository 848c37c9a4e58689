"""How mentors are doing: one function makes the numbers, so card, list and report cannot differ.

Times are working time on the mentor's own clock; medians, because one long weekend should not hide a good month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, func, select

from bot.services import targets
from bot.services.work import Work
from db.models import Person, Question, Seat, Submission
from db.vocabulary import QuestionState, Role, Verdict

_WAITING = (QuestionState.NEW, QuestionState.TAKEN)
_SOLVED = (QuestionState.ANSWERED, QuestionState.CLOSED)


@dataclass(frozen=True, slots=True)
class Ages:
    """How many questions wait now for a mentor's word, by working days since they came."""

    within_a_day: int
    within_three: int
    longer: int

    @property
    def total(self) -> int:
        return self.within_a_day + self.within_three + self.longer


@dataclass(frozen=True, slots=True)
class Numbers:
    """One mentor, or all together. Durations are working time; None where there is nothing to count."""

    taken: int
    answered: int
    in_time: int
    first_answer: timedelta | None
    solution: timedelta | None
    waiting: Ages
    verdicts: int
    rating: float | None
    ratings: int

    @property
    def in_time_percent(self) -> int | None:
        return 100 * self.in_time // self.answered if self.answered else None


def of_mentor(work: Work, mentor: Person) -> Numbers:
    """The numbers of one mentor in this edition. What waits is what they have taken and what was given to them."""
    rows = _questions(work, Question.mentor_id == mentor.id)
    given = _questions(work, (Question.state == QuestionState.NEW) & (Question.routed_to_id == mentor.id))
    taken = [row for row in rows if row.state is QuestionState.TAKEN]
    return _numbers(work, rows, [*taken, *given], {mentor.id: mentor}, _verdicts(work, mentor.id))


def of_all(work: Work) -> Numbers:
    """The numbers of the whole edition, questions without a mentor included."""
    rows = _questions(work)
    ids = sorted({holder for row in rows if (holder := _holder(row))})
    waiting = [row for row in rows if row.state in _WAITING]
    return _numbers(work, rows, waiting, work.people(ids) if ids else {}, _verdicts(work, None))


def by_mentor(work: Work) -> list[tuple[Person, Numbers]]:
    """Everybody in a mentor's seat, by name."""
    mentors = work.session.scalars(
        select(Person)
        .join(Seat, Seat.holder_id == Person.id)
        .where(Seat.edition_id == work.edition_id, Seat.role == Role.MENTOR, Seat.ended_at.is_(None))
        .order_by(Person.name)
    )
    return [(mentor, of_mentor(work, mentor)) for mentor in dict.fromkeys(mentors)]


def _questions(work: Work, *those: ColumnElement[bool]) -> Sequence[Question]:
    counted = (Question.edition_id == work.edition_id, Question.merged_into_id.is_(None))
    return work.session.scalars(select(Question).where(*counted, *those)).all()


def _holder(row: Question) -> int:
    """On whose clock a question is; 0 for the pool."""
    return row.mentor_id or row.routed_to_id or 0


def _verdicts(work: Work, mentor_id: int | None) -> int:
    counted = select(func.count()).where(Submission.verdict.in_((Verdict.ACCEPTED, Verdict.RETURNED)))
    if mentor_id is not None:
        counted = counted.where(Submission.decided_by_id == mentor_id)
    return work.session.scalar(counted) or 0


def _numbers(
    work: Work, rows: Sequence[Question], waiting: Sequence[Question], mentors: dict[int, Person], verdicts: int
) -> Numbers:
    answered = [row for row in rows if row.first_answer_at]
    rated = [row.rating for row in rows if row.rating]
    return Numbers(
        taken=sum(row.state is QuestionState.TAKEN for row in rows),
        answered=len(answered),
        in_time=sum(bool(row.first_answer_at and row.first_answer_at <= row.answer_due_at) for row in answered),
        first_answer=_median([_spent(work, row, mentors, row.first_answer_at) for row in answered]),
        solution=_median([_spent(work, row, mentors, row.answered_at) for row in rows if row.state in _SOLVED]),
        waiting=_ages(work, waiting, mentors),
        verdicts=verdicts,
        rating=sum(rated) / len(rated) if rated else None,
        ratings=len(rated),
    )


def _spent(work: Work, row: Question, mentors: dict[int, Person], until: datetime | None) -> timedelta | None:
    if until is None:
        return None
    clock = targets.clock_of(work, mentors.get(_holder(row)), row.region_code)
    return clock.between(row.created_at, until)


def _median(spans: Sequence[timedelta | None]) -> timedelta | None:
    known = [span.total_seconds() for span in spans if span is not None]
    return timedelta(seconds=median(known)) if known else None


def _ages(work: Work, rows: Sequence[Question], mentors: dict[int, Person]) -> Ages:
    days = [_age(work, row, mentors) for row in rows]
    return Ages(
        within_a_day=sum(age <= 1 for age in days),
        within_three=sum(1 < age <= 3 for age in days),
        longer=sum(age > 3 for age in days),
    )


def _age(work: Work, row: Question, mentors: dict[int, Person]) -> float:
    clock = targets.clock_of(work, mentors.get(_holder(row)), row.region_code)
    return clock.between(row.waiting_since, work.now) / clock.full_day
