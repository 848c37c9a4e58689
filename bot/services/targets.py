"""How long questions and reviews may take: in working days of whoever answers, changeable by coordinators.

A question's clock is its mentor's, the routed mentor's before anybody has taken it, and the region's without either.
It stands still while the asker is asked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.buttons import row_number
from bot.services import zones
from bot.services.conversations import Reply
from bot.services.rights import Act
from bot.services.timing import timing_of
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.services.worktime import WorkClock
from bot.words import _
from db.models import Person, Question, Target
from db.vocabulary import QuestionState

# Working days: to a first answer, to a solution, to a verdict, and until an idle claim goes back to the queue.
DEFAULTS: Mapping[str, int] = {"answer": 1, "solution": 3, "review": 3, "idle": 1}
MOST = 10


def days(work: Work, name: str) -> int:
    """How many working days this may take in the edition."""
    row = work.session.get(Target, (work.edition_id, name))
    return row.days if row else DEFAULTS[name]


def set_days(visit: Visit, subject: str, _version: int) -> Reply:
    """A coordinator's word on a target (`answer-2`); it counts for what is filed or moved from now on."""
    name, _dash, number = subject.partition("-")
    visit.require(Act.CHANGE_CALENDAR)
    chosen = row_number(number)
    if name not in DEFAULTS or not 1 <= chosen <= MOST:
        return Reply(then="targets")
    before = days(visit.work, name)
    if chosen != before:
        visit.work.session.merge(Target(edition_id=visit.work.edition_id, name=name, days=chosen))
        visit.work.audit("set_target", "target", None, before={name: before}, after={name: chosen})
    return Reply(toast=_("Saved."), then="targets")


def clock_of(work: Work, person: Person | None, region_code: str | None = None) -> WorkClock:
    """The working clock of a person; without one of their own, of the region, else WIB."""
    own = zones.own(person.id, person.timezone) if person else None
    return WorkClock(work.calendar, own or _zone(work, region_code), timing_of(work).hours)


def _zone(work: Work, region_code: str | None) -> str:
    return work.programme.regions.by_code[region_code].timezone if region_code else DEFAULT_ZONE


def after(work: Work, clock: WorkClock, start: datetime, name: str) -> datetime:
    """The moment at which a target that begins at `start` is missed."""
    return clock.add(start, clock.full_day * days(work, name))


def opened(work: Work, region_code: str, mentor: Person | None = None) -> dict[str, Any]:
    """The columns of a question whose clock begins now."""
    clock = clock_of(work, mentor, region_code)
    return {
        "waiting_since": work.now,
        "paused_at": None,
        "answer_due_at": after(work, clock, work.now, "answer"),
        "solution_due_at": after(work, clock, work.now, "solution"),
    }


def moved(work: Work, question: Question, mentor: Person) -> dict[str, Any]:
    """The columns of a question that comes to another mentor: what was left is left again, on their clock.

    Nothing changes while the clock stands still (it goes on as the mentor's then), and within one zone.
    """
    before, clock = _clock(work, question), clock_of(work, mentor, question.region_code)
    if question.paused_at is not None or before.zone == clock.zone:
        return {}
    return _shifted(work, question, before, clock, work.now)


def paused(work: Work) -> dict[str, Any]:
    """The columns of a question that waits for the asker: the clock stands still."""
    return {"paused_at": work.now}


def resumed(work: Work, question: Question) -> dict[str, Any]:
    """The columns of a question whose asker has replied: what was left is left again."""
    if question.paused_at is None:
        return {}
    clock = _clock(work, question)
    return {"paused_at": None} | _shifted(work, question, clock, clock, question.paused_at)


def _clock(work: Work, question: Question) -> WorkClock:
    holder_id = question.mentor_id or question.routed_to_id
    return clock_of(work, work.person(holder_id) if holder_id else None, question.region_code)


def _shifted(
    work: Work, question: Question, before: WorkClock, clock: WorkClock, counted_until: datetime
) -> dict[str, Any]:
    def shift(due: datetime) -> datetime:
        left = before.between(counted_until, due)
        return clock.add(work.now, left) if left > timedelta() else due

    return {
        "answer_due_at": shift(question.answer_due_at),
        "solution_due_at": shift(question.solution_due_at),
    }


def expected(_work: Work, question: Question) -> datetime:
    """When the asker may expect an answer."""
    return question.answer_due_at


def place_in_queue(work: Work, question: Question) -> int:
    """How many questions wait as long or longer, this one included; counted among all that nobody has answered."""
    ahead = select(func.count()).where(
        Question.edition_id == work.edition_id,
        Question.state.in_((QuestionState.NEW, QuestionState.TAKEN)),
        (Question.waiting_since < question.waiting_since)
        | ((Question.waiting_since == question.waiting_since) & (Question.id <= question.id)),
    )
    return work.session.scalar(ahead) or 1
