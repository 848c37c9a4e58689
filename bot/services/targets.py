"""When a question should have its first answer and its solution, and how long it waits: in working time.

The clock is the mentor's, on the region's calendar until somebody has taken the question.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.services.work import Work
from db.models import Question
from db.vocabulary import QuestionState

# Issue of the queue: one working day to a first answer, three to a solution.
ANSWER_DAYS, SOLUTION_DAYS = 1, 3


def opened(work: Work, region_code: str) -> dict[str, Any]:
    """The columns of a question whose clock begins now."""
    return {
        "waiting_since": work.now,
        "paused_at": None,
        "answer_due_at": _after(work, region_code, work.now, ANSWER_DAYS),
        "solution_due_at": _after(work, region_code, work.now, SOLUTION_DAYS),
    }


def paused(work: Work) -> dict[str, Any]:
    """The columns of a question that waits for the asker: the clock stands still."""
    return {"paused_at": work.now}


def resumed(work: Work, question: Question) -> dict[str, Any]:
    """The columns of a question whose asker has replied: what was left is left again."""
    if question.paused_at is None:
        return {}
    stood = work.now - question.paused_at
    return {
        "paused_at": None,
        "answer_due_at": _working(work, question, question.answer_due_at + stood),
        "solution_due_at": _working(work, question, question.solution_due_at + stood),
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


def _after(work: Work, region_code: str, start: datetime, days: int) -> datetime:
    zone = ZoneInfo(work.programme.regions.by_code[region_code].timezone)
    there = start.astimezone(zone)
    day = work.calendar_for(region_code).add_working_days(there.date(), days)
    return (there + timedelta(days=(day - there.date()).days)).astimezone(start.tzinfo)


def _working(work: Work, question: Question, moment: datetime) -> datetime:
    """The moment itself, or the same time of the next day that is worked."""
    zone = ZoneInfo(work.programme.regions.by_code[question.region_code].timezone)
    there = moment.astimezone(zone)
    day = work.calendar_for(question.region_code).next_working(there.date())
    return (there + timedelta(days=(day - there.date()).days)).astimezone(moment.tzinfo)
