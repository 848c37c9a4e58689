"""Askers who do not reply to what was asked back: one nudge, then the end; and answers that could not arrive."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.services import deliveries, question_letters, question_words, questions, targets, threads
from bot.services.work import Work
from bot.services.worktime import WorkClock
from bot.words import Plain, _, lines
from db.inbox import insert_ignoring
from db.models import Escalation, Person, Post, Question
from db.vocabulary import PostKind, QuestionState

# Issue of the queue, AC 17: working days without a reply to the nudge, and to the end "tanpa tanggapan".
NUDGE_DAYS, CLOSE_DAYS = 3, 5
# After an outage both may be due at once; the nudge still leaves this much time.
_AFTER_NUDGE = 1
# How long after an answer somebody is told that it could not be delivered.
_UNDELIVERED_FOR = timedelta(days=3)


def run(work: Work) -> int:
    """Nudge and close what waits for an asker, and tell mentors what did not arrive. Returns how many were told."""
    waiting = questions.open_ones(work, (QuestionState.WAITING,))
    return sum(_waiting(work, question) for question in waiting) + tell_undelivered(work)


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


def _once(work: Work, question: Question, step: str, round_: int | None = None) -> bool:
    """Whether this step is taken for the first time in this round: since the mentor asked back."""
    row = {
        "subject": "question",
        "subject_id": question.id,
        "round": _round(work, question) if round_ is None else round_,
        "step": step,
        "at": work.now,
    }
    statement = insert_ignoring(work.session, Escalation).values(**row).on_conflict_do_nothing()
    return work.session.scalar(statement.returning(Escalation.id)) is not None


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


def tell_undelivered(work: Work) -> int:
    """Mentors hear, once for each answer, that whoever asked could not be reached. The words stay in the thread."""
    rows = work.session.execute(
        select(Post, Question)
        .join(Question, Question.id == Post.question_id)
        .join(Person, Person.id == Question.asker_id)
        .where(
            Question.edition_id == work.edition_id,
            Post.kind.in_((PostKind.ANSWER, PostKind.ASK_BACK)),
            Post.at > work.now - _UNDELIVERED_FOR,
            Person.unreachable_at.is_not(None),
        )
        .order_by(Post.id)
    ).all()
    return sum(_tell_undelivered(work, post, question) for post, question in rows)


def _tell_undelivered(work: Work, post: Post, question: Question) -> bool:
    failed = deliveries.failed(deliveries.of_post(work, question, post))
    if failed is None or post.author_id is None or not _once(work, question, "undelivered", post.id):
        return False
    work.tell(
        post.author_id,
        lines(
            _(
                "⚠️ Your answer to <b>{number}</b> could not be delivered: {name} cannot be reached ({reason}).",
                number=questions.number_word(question),
                name=work.person(question.asker_id).name,
                reason=Plain(failed.reason or "–"),
            ),
            _("It stays in the thread, and the region's team can read it. The coordinator sees who cannot be reached."),
        ),
        key=f"question:{question.id}:undelivered:{post.id}",
        rows=(question_words.opening(question),),
    )
    return True
