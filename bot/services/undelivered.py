"""What a mentor sent and the asker did not get: the mentor hears of it, and it is sent again once the asker is back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from bot.services import deliveries, faults, question_letters, question_words, questions
from bot.services.deliveries import Cause, Delivery
from bot.services.work import Work
from bot.words import Plain, Say, _, _n, lines
from db.inbox import insert_ignoring
from db.models import Escalation, OutboxMessage, Person, Post, PostFile, Question
from db.outbox import says_gone
from db.vocabulary import OutboxState, PostKind, QuestionState

# How long after an answer its mentor is told that it could not be delivered.
_TOLD_FOR = timedelta(days=3)
_STEP, _ARRIVED = "undelivered", "delivered"


def run(work: Work) -> int:
    """Tell mentors what did not arrive, and what arrived after all. Returns how many were told."""
    return tell_undelivered(work) + tell_arrived(work)


def first_time(work: Work, question: Question, step: str, round_: int) -> bool:
    """Whether this step of a question is taken for the first time in this round; from now on it is taken."""
    row = {"subject": "question", "subject_id": question.id, "round": round_, "step": step, "at": work.now}
    statement = insert_ignoring(work.session, Escalation).values(**row).on_conflict_do_nothing()
    return work.session.scalar(statement.returning(Escalation.id)) is not None


# --- Telling the mentor


def tell_undelivered(work: Work) -> int:
    """Mentors hear, once for each answer, that it did not arrive, and why. The words stay in the thread."""
    suspects = dict(_suspects(work))
    return faults.each(work, "post", suspects, lambda work, post: _tell_undelivered(work, post, suspects[post]))


def _suspects(work: Work) -> Sequence[tuple[Post, Question]]:
    """What mentors wrote of late and of which the asker's copy is not known to have arrived."""
    twin = aliased(Question)
    rows = work.session.execute(
        select(Post, Question)
        .join(Question, Question.id == Post.question_id)
        .where(
            Question.edition_id == work.edition_id,
            Post.kind.in_((PostKind.ANSWER, PostKind.ASK_BACK)),
            Post.at > work.now - _TOLD_FOR,
            Post.author_id.is_not(None),
            ~exists().where(
                Escalation.subject == "question",
                Escalation.subject_id == Question.id,
                Escalation.round == Post.id,
                Escalation.step == _STEP,
            ),
            or_(
                ~exists().where(OutboxMessage.unique_key == _first_key(), OutboxMessage.state == OutboxState.SENT),
                exists().where(
                    PostFile.post_id == Post.id,
                    OutboxMessage.unique_key == _file_key(),
                    OutboxMessage.state == OutboxState.DEAD,
                ),
                exists().where(twin.merged_into_id == Question.id),
                Post.corrected_at.is_not(None),
                func.length(Post.body) > question_words.PART,
            ),
        )
        .order_by(Post.id)
    )
    return [(post, question) for post, question in rows]


def _first_key() -> ColumnElement[str]:
    """`question_letters.first_key` for whoever asked, in the words of the database."""
    return _key(Question.id, Post.kind, Post.id, literal("0"), Question.asker_id)


def _file_key() -> ColumnElement[str]:
    """The same for a file."""
    return _key(Question.id, literal("file"), PostFile.id, Question.asker_id)


def _key(*parts: Any) -> ColumnElement[str]:
    return reduce(lambda key, part: key + literal(":") + cast(part, String), parts, literal("question", String))


def _tell_undelivered(work: Work, post: Post, question: Question) -> bool:
    lost = deliveries.failed(deliveries.of_post(work, question, post))
    if lost is None or post.author_id is None or not first_time(work, question, _STEP, post.id):
        return False
    name = work.person(lost.reader).name
    work.tell(
        post.author_id,
        lines(_head(question, post, name), _why(lost, name), _IN_THREAD),
        key=f"question:{question.id}:undelivered:{post.id}",
        rows=(question_words.opening(question),),
    )
    return True


def _head(question: Question, post: Post, name: str) -> Say:
    number = questions.number_word(question)
    if post.kind is PostKind.ASK_BACK:
        return _("⚠️ What you asked back on <b>{number}</b> could not be delivered to {name}.", number=number, name=name)
    return _("⚠️ Your answer to <b>{number}</b> could not be delivered to {name}.", number=number, name=name)


_IN_THREAD = _("It stays in the thread, and the region's team can read it.")


def _why(lost: Delivery, name: str) -> Say:
    """Each cause with what follows from it."""
    match lost.cause:
        case Cause.GONE:
            return _(
                "{name} cannot be reached ({reason}). Pandu sends it again as soon as {name} is back; the coordinator "
                "sees who cannot be reached.",
                name=name,
                reason=Plain(lost.reason),
            )
        case Cause.FILE:
            return _("Telegram no longer gives out one of its files. Please attach the file anew in another answer.")
        case Cause.REFUSED:
            return _(
                "Telegram refused it ({reason}). Please open the thread and write it once more in other words.",
                reason=Plain(lost.reason),
            )
        case Cause.DOUBT:
            return _(
                "Telegram did not confirm it ({reason}), so it is not certain whether it arrived.",
                reason=Plain(lost.reason or "–"),
            )


def tell_arrived(work: Work) -> int:
    """Mentors who were told of a failure hear, once, that it has arrived after all."""
    arrived, twin = aliased(Escalation), aliased(Question)
    rows = work.session.execute(
        select(Post, Question)
        .join(Question, Question.id == Post.question_id)
        .join(Escalation, (Escalation.round == Post.id) & (Escalation.subject_id == Question.id))
        .where(
            Question.edition_id == work.edition_id,
            Escalation.subject == "question",
            Escalation.step == _STEP,
            ~exists().where(
                arrived.subject == "question",
                arrived.subject_id == Question.id,
                arrived.round == Post.id,
                arrived.step == _ARRIVED,
            ),
            or_(
                exists().where(OutboxMessage.unique_key == _first_key(), OutboxMessage.state == OutboxState.SENT),
                exists().where(twin.merged_into_id == Question.id),
            ),
        )
        .order_by(Post.id)
    )
    found = dict(rows.all())
    return faults.each(work, "post", found, lambda work, post: _tell_arrived(work, post, found[post]))


def _tell_arrived(work: Work, post: Post, question: Question) -> bool:
    arrived = deliveries.arrived(deliveries.of_post(work, question, post))
    if not arrived or post.author_id is None or not first_time(work, question, _ARRIVED, post.id):
        return False
    work.tell(
        post.author_id,
        _("✓ Delivered now: what you wrote on <b>{number}</b> has arrived.", number=questions.number_word(question)),
        key=f"question:{question.id}:arrived:{post.id}",
        rows=(question_words.opening(question),),
        silent=True,
    )
    return True


# --- Sending it again


def send_again(work: Work, person: Person) -> int:
    """What a person could not be written of their questions goes out anew: once, in order, in its present wording.

    The row that failed makes way under another key, so that what is sent now is found under the old one: a Reply, a
    correction and the mark of delivery belong to it. Returns how many posts are on their way.
    """
    lost = _lost(work, person)
    found = [
        (post, question, keys) for post, question, keys in _posts(work, lost) if _wants(work, post, question, person)
    ]
    if len(found) > 1:
        work.tell(person, _intro(len(found)), key=f"returned:{person.id}:{work.cause}")
    for post, question, keys in found:
        _make_way(work, [lost[key] for key in keys])
        question_letters.tell_again(work, question, post, person.id, keys)
    _close_again(work, lost)
    return len(found)


def _intro(count: int) -> Say:
    return _n(
        "📬 {count} message about your questions could not be delivered while you were away. Here it is:",
        "📬 {count} messages about your questions could not be delivered while you were away. Here they are:",
        count,
    )


def _lost(work: Work, person: Person) -> Mapping[str, OutboxMessage]:
    """What this chat did not take because it was gone, by key, in the order of sending."""
    rows = work.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.chat_id == person.telegram_id,
            OutboxMessage.message_id.is_(None),
            OutboxMessage.state == OutboxState.DEAD,
            OutboxMessage.unique_key.startswith("question:"),
        )
        .order_by(OutboxMessage.id)
    )
    return {row.unique_key: row for row in rows if says_gone(row.error or "")}


def _posts(work: Work, lost: Iterable[str]) -> list[tuple[Post, Question, set[str]]]:
    """The posts behind these keys, each with the question it was sent for and its own keys."""
    grouped: dict[tuple[int, int], set[str]] = {}
    for key in lost:
        numbers = _numbers(work, key)
        if numbers is not None:
            grouped.setdefault(numbers, set()).add(key)
    found = [
        (work.session.get(Post, post_id), work.session.get(Question, question_id), keys)
        for (question_id, post_id), keys in grouped.items()
    ]
    return [(post, question, keys) for post, question, keys in found if post and question]


def _numbers(work: Work, key: str) -> tuple[int, int] | None:
    """The question and the post that a key names; None for what is not sent again."""
    match key.split(":"):
        case ["question", question_id, "answer" | "ask_back", post_id, *_rest]:
            return int(question_id), int(post_id)
        case ["question", question_id, "file", file_id, _reader]:
            file = work.session.get(PostFile, int(file_id))
            return (int(question_id), file.post_id) if file else None
        case _:
            return None


def _wants(work: Work, post: Post, question: Question, person: Person) -> bool:
    """Whether it still concerns them: they read for the region, and what was asked back is still waited for."""
    if person.id not in question_letters.readers(work, question):
        return False
    return post.kind is not PostKind.ASK_BACK or question.state is QuestionState.WAITING


def _make_way(work: Work, rows: Iterable[OutboxMessage]) -> None:
    for row in rows:
        row.unique_key = f"lost:{row.id}:{row.unique_key}"
    work.session.flush()


def _close_again(work: Work, lost: Mapping[str, OutboxMessage]) -> None:
    """That a question was closed is told where that is still so."""
    for key, row in lost.items():
        match key.split(":"):
            case ["question", question_id, "closed", version, _reader]:
                question = work.session.get(Question, int(question_id))
                if question and question.state is QuestionState.CLOSED and version == str(question.version):
                    _make_way(work, [row])
                    question_letters.tell_closed(work, question)
