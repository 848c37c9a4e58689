"""Askers who do not reply to what was asked back: one nudge, then the end."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.services import faults, question_letters, questions, targets, threads, undelivered
from bot.services.work import Work
from bot.services.worktime import WorkClock
from db.models import Escalation, Post, Question
from db.vocabulary import PostKind, QuestionState

# Issue of the queue, AC 17: working days without a reply to the nudge, and to the end "tanpa tanggapan".
NUDGE_DAYS, CLOSE_DAYS = 3, 5
# After an outage both may be due at once; the nudge still leaves this much time.
_AFTER_NUDGE = 1


def run(work: Work) -> int:
    """Nudge and close what waits for an asker, and tell mentors what did not arrive. Returns how many were told."""
    waiting = questions.open_ones(work, (QuestionState.WAITING,))
    return faults.each(work, "question", waiting, _waiting) + undelivered.run(work)


def _waiting(work: Work, question: Question) -> int:
    """In the working hours of the region that is waited for."""
    clock = targets.clock_of(work, None, question.region_code)
    if question.paused_at is None or not clock.is_working(work.now):
        return 0
    if _days_on(clock, question.paused_at, NUDGE_DAYS) <= work.now and _once(work, question, "nudge"):
        question_letters.tell_nudge(work, question)
        return 1
    if _days_on(clock, question.paused_at, CLOSE_DAYS) <= work.now and _had_time(work, clock, question):
        threads.close_silent(work, question)
        return 1
    return 0


def _days_on(clock: WorkClock, start: datetime, days: int) -> datetime:
    """The same time of day, so many working days after the next working moment."""
    there = clock.next_working(start).astimezone(ZoneInfo(clock.zone))
    day = clock.calendar.add_working_days(there.date(), days)
    return datetime.combine(day, there.time(), there.tzinfo)


def _once(work: Work, question: Question, step: str) -> bool:
    """Whether this step is taken for the first time in this round: since the mentor asked back."""
    return undelivered.first_time(work, question, step, _round(work, question))


def _round(work: Work, question: Question) -> int:
    """The number of the post that asked back."""
    asked = select(func.max(Post.id)).where(Post.question_id == question.id, Post.kind == PostKind.ASK_BACK)
    return work.session.scalar(asked) or 0


def _had_time(work: Work, clock: WorkClock, question: Question) -> bool:
    nudged = work.session.scalar(
        select(Escalation.at).where(
            Escalation.subject == "question",
            Escalation.subject_id == question.id,
            Escalation.step == "nudge",
            Escalation.round == _round(work, question),
        )
    )
    return nudged is not None and _days_on(clock, nudged, _AFTER_NUDGE) <= work.now
