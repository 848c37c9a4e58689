"""What is said in a question's thread, by whom, and where it leads: answers, asking back, replies, notes, endings."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.flows.composing import Part
from bot.services import question_letters as letters
from bot.services import questions, queue, rights, search_index, seats, targets
from bot.services.question_letters import audience
from bot.services.questions import EMPTY, add_post, change, require
from bot.services.rights import Act, Forbidden
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Refusal, _
from db.models import Post, Question
from db.vocabulary import Closing, PostKind, QuestionState

# After an ending the same mentor goes on within a week; later it is a new question that names the old one.
REOPEN = timedelta(days=7)
REASON_LIMIT = 500
# Telegram lets people edit a message for two days.
EDITABLE = timedelta(days=3)


def answer(visit: Visit, question: Question, parts: Sequence[Part]) -> Post:
    """Send an answer to whoever asked. Raises `Refusal` when it is with another mentor or was closed meanwhile."""
    post = _said_by_mentor(visit, question, PostKind.ANSWER, parts)
    _answered(visit, question)
    _index(visit.work, question)
    letters.tell_answer(visit.work, question, post)
    return post


def _answered(visit: Visit, question: Question) -> None:
    work = visit.work
    change(
        work,
        question,
        "answer",
        **{
            **targets.resumed(work, question),
            **_held_by(visit, question),
            "state": QuestionState.ANSWERED,
            "first_answer_at": question.first_answer_at or work.now,
            "answered_at": work.now,
            "draft": "",
        },
    )
    for twin in audience(work, question)[1:]:
        heard: dict[str, Any] = {"answered_at": work.now, "closed_at": work.now, "mentor_id": visit.member.id}
        change(work, twin, "answer", first_answer_at=twin.first_answer_at or work.now, **heard)


def _index(work: Work, question: Question) -> None:
    """What other regions may read is found by searching."""
    if question.shared:
        search_index.put_question(work, question.id)


def ask_back(visit: Visit, question: Question, parts: Sequence[Part]) -> Post:
    """Ask the asker for more; until they reply the clock stands still."""
    post = _said_by_mentor(visit, question, PostKind.ASK_BACK, parts)
    waiting = {"state": QuestionState.WAITING, "draft": "", **_held_by(visit, question)}
    change(visit.work, question, "ask_back", **({} if question.paused_at else targets.paused(visit.work)), **waiting)
    letters.tell_ask_back(visit.work, question, post)
    return post


def _held_by(visit: Visit, question: Question) -> dict[str, Any]:
    """Who answers has the question from now on."""
    work = visit.work
    return {"mentor_id": visit.member.id, "taken_at": question.taken_at or work.now, "active_at": work.now}


def _said_by_mentor(visit: Visit, question: Question, kind: PostKind, parts: Sequence[Part]) -> Post:
    require(visit, question, Act.ANSWER_QUESTION)
    require_mine(visit, question)
    post = add_post(visit.work, question, kind, visit.member.id, parts)
    if post is None:
        raise Refusal(_("This message stands in the thread already."))
    return post


def require_mine(visit: Visit, question: Question) -> None:
    """Raises `Refusal` where another mentor has it, or where it is over."""
    if question.state is QuestionState.CLOSED:
        raise Refusal(_("This question was closed meanwhile. Your words were not sent; the draft is kept."))
    if question.mentor_id not in (None, visit.member.id):
        holder = visit.work.person(question.mentor_id or 0)
        raise Refusal(_("{name} has this question. Your words were not sent; the draft is kept.", name=holder.name))


def note(visit: Visit, question: Question, parts: Sequence[Part]) -> Post | None:
    """A word between mentors: the asker's side never sees it. The mentor who has the question is told."""
    require(visit, question, Act.ANSWER_QUESTION)
    post = add_post(visit.work, question, PostKind.NOTE, visit.member.id, parts)
    if post is not None and question.mentor_id not in (None, visit.member.id):
        letters.tell_mentor(visit.work, question, post, letters.noted)
    return post


def asking(visit: Visit, question_id: int | str) -> Question:
    """A question that the person may speak for: whoever asked, or the region's leads and officials."""
    question = questions.by_id(visit, question_id, Act.SEE_QUESTION)
    if not speaks_for(visit, question):
        raise Forbidden(Act.ASK, questions.place(question))
    require(visit, question, Act.ASK)
    return question


def speaks_for(visit: Visit, question: Question) -> bool:
    """Whether the person is on the asker's side of this thread."""
    return questions.allowed(visit, question, Act.ASK)


def is_party(visit: Visit, question: Question) -> bool:
    """Whether the person is on one of the two sides of this thread. Other regions may read what is shared; names,
    what went to and fro, and the files of the asker are for the two sides."""
    return any(questions.reaches(visit, seat, question, Act.SEE_QUESTION) for seat in (*visit.seats, *visit.covered))


def reply(visit: Visit, question: Question, parts: Sequence[Part]) -> Post | None:
    """Add what the asker says. It ends the waiting for it, and opens an answered question again.

    None if it was there already. Raises `Refusal` for a question that ended more than a week ago.
    """
    post = add_post(visit.work, question, PostKind.REPLY, visit.member.id, parts)
    if post is None:
        return None
    match question.state:
        case QuestionState.WAITING:
            _resume(visit.work, question)
            letters.tell_mentor(visit.work, question, post, letters.replied)
        case QuestionState.ANSWERED | QuestionState.CLOSED:
            reopen(visit, question, post)
        case _:
            letters.tell_mentor(visit.work, question, post, letters.added)
    return post


def _resume(work: Work, question: Question) -> None:
    state = QuestionState.TAKEN if question.mentor_id else QuestionState.NEW
    change(work, question, "resume", state=state, active_at=work.now, **targets.resumed(work, question))
    if question.mentor_id is None:
        queue.route(work, question)


def ended_long_ago(work: Work, question: Question) -> bool:
    """Too late to open again: what is still unclear becomes a new question that names this one."""
    ended = question.closed_at or question.answered_at
    return ended is not None and work.now - ended > REOPEN


def reopen(visit: Visit, question: Question, post: Post | None = None) -> None:
    """Still unclear: the same mentor has it again, or the queue where that mentor no longer can."""
    work = visit.work
    if question.state not in (QuestionState.ANSWERED, QuestionState.CLOSED):
        raise Refusal(_("This question is open already; the mentor sees it."))
    if ended_long_ago(work, question):
        raise Refusal(_("This question ended more than a week ago. Please ask a new one; it names the earlier one."))
    stays = still_answers(work, question)
    change(
        work,
        question,
        "reopen",
        **{
            **targets.opened(work, question.region_code),
            "state": QuestionState.TAKEN if stays else QuestionState.NEW,
            "mentor_id": question.mentor_id if stays else None,
            "active_at": work.now if stays else None,
            "answered_at": None,
            "closed_at": None,
            "closing": None,
            "merged_into_id": None,
            "reopened": question.reopened + 1,
        },
    )
    if stays:
        letters.tell_mentor(work, question, post, letters.reopened)
    else:
        queue.route(work, question)


def still_answers(work: Work, question: Question) -> bool:
    """Whether the mentor who had the question still may answer it."""
    if question.mentor_id is None or work.person(question.mentor_id).suspended_at:
        return False
    place = questions.place(question)
    held = seats.of_person(work, question.mentor_id)
    return any(rights.may(seat, Act.ANSWER_QUESTION, place) for seat in held)


def close(work: Work, question: Question, closing: Closing, *, why: str = "") -> None:
    """End a question, once. Those joined with it stay as they are."""
    if question.state is not QuestionState.CLOSED:
        change(
            work, question, "close", why=why, state=QuestionState.CLOSED, closing=closing, closed_at=work.now, draft=""
        )


def solve(visit: Visit, question: Question) -> None:
    """A mentor ends an answered question; whoever asked is told and can still say that it is unclear."""
    require(visit, question, Act.ANSWER_QUESTION)
    require_mine(visit, question)
    if question.first_answer_at is None:
        raise Refusal(_("Please answer first: the asker has not heard anything yet."))
    close(visit.work, question, Closing.SOLVED)
    letters.tell_closed(visit.work, question)


def close_silent(work: Work, question: Question) -> None:
    """Nobody replied: the question ends, whoever asked is told, and may still open it again."""
    close(work, question, Closing.SILENT)
    letters.tell_closed(work, question)


def show(visit: Visit, question: Question, *, shared: bool) -> None:
    """Let other regions read a question once it is answered, or no longer."""
    change(visit.work, question, "share", shared=shared)
    search_index.put_question(visit.work, question.id)


def withdraw(visit: Visit, question: Question) -> None:
    """The asker needs no answer any more."""
    if question.state not in questions.OPEN:
        raise Refusal(_("This question was answered meanwhile. Here is where it stands."))
    close(visit.work, question, Closing.WITHDRAWN)
    letters.tell_mentor(visit.work, question, None, letters.withdrawn)


def merge(visit: Visit, question: Question, main: Question) -> None:
    """Join a question with one alike: it ends, and whatever is answered there goes to both askers."""
    require(visit, question, Act.ANSWER_QUESTION)
    require(visit, main, Act.ANSWER_QUESTION)
    require_mine(visit, question)
    if main.id == question.id or main.merged_into_id is not None:
        raise Refusal(_("These two questions cannot be joined."))
    work = visit.work
    for one in audience(work, question):
        values: dict[str, Any] = {"state": QuestionState.CLOSED, "closing": Closing.MERGED, "closed_at": work.now}
        change(work, one, "merge", merged_into_id=main.id, **values)
        _index(work, one)
        letters.tell_merged(work, one)
    answers = [post for post in questions.thread(work, main) if post.kind is PostKind.ANSWER]
    if answers:
        letters.tell_answer(work, main, answers[-1], only=question)


def rate(visit: Visit, question: Question, grade: int) -> bool:
    """Grade an answer from 1 to 5, once. False if it was graded before."""
    if question.state is not QuestionState.CLOSED or question.first_answer_at is None or not 1 <= grade <= 5:
        raise Refusal(_("This question cannot be rated now."))
    if question.rating is not None:
        return False
    change(visit.work, question, "rate", rating=grade)
    return True


def rate_in_words(visit: Visit, question: Question, text: str) -> None:
    """Add a word to the grade."""
    if question.rating is None:
        raise Refusal(_("This question cannot be rated now."))
    change(visit.work, question, "rate_word", rating_word=mask_nik(text.strip())[0][:REASON_LIMIT])


def correct(visit: Visit, question: Question, post: Post, text: str, key: str | None = None) -> bool:
    """Write a post anew, or (with `key`) one message of it; the earlier wording is kept. The asker's copy follows.

    False if nothing changed. Raises `Refusal` for empty words and `Forbidden` for somebody else's post.
    """
    if post.author_id != visit.member.id or post.question_id != question.id:
        raise Forbidden(Act.SEE_QUESTION, questions.place(question))
    parts = _rewritten(post, mask_nik(text)[0], key)
    body = "\n".join(part["text"] for part in parts if part["text"].strip()).strip()
    if not body and not post.files:
        raise Refusal(EMPTY)
    if body == post.body:
        return False
    work = visit.work
    post.earlier = [*post.earlier, {"body": post.body, "until": work.now.isoformat()}]
    post.body, post.parts, post.corrected_at = body, parts, work.now
    work.session.flush()
    work.audit("correct", "post", post.id, region_code=question.region_code, after={"question_id": question.id})
    _index(work, question)
    letters.tell_correction(work, question, post)
    return True


def _rewritten(post: Post, text: str, key: str | None) -> list[dict[str, Any]]:
    if key is None:
        return [part | {"text": text if place == 0 else ""} for place, part in enumerate(post.parts)]
    return [part | {"text": text} if part["key"] == key else part for part in post.parts]


def edited(visit: Visit, key: str, text: str) -> Question | None:
    """Take over a message of a thread that its author has edited in Telegram. None if it belongs to no thread.

    An edit that empties the message leaves the thread as it is.
    """
    for post in questions.recent_posts(visit.work, visit.member.id, visit.work.now - EDITABLE):
        if any(part["key"] == key for part in post.parts):
            question = questions.by_id(visit, post.question_id, Act.SEE_QUESTION)
            visit.work.session.refresh(post, ["files"])
            if correct(visit, question, post, text, key) and post.kind in (PostKind.QUESTION, PostKind.REPLY):
                letters.tell_mentor(visit.work, question, post, letters.changed)
            return question
    return None


def waiting_for(work: Work, person_id: int) -> Sequence[Question]:
    """Questions whose mentor has asked this asker back, the longest waiting first."""
    return work.session.scalars(
        select(Question)
        .where(
            Question.asker_id == person_id,
            Question.edition_id == work.edition_id,
            Question.state == QuestionState.WAITING,
        )
        .order_by(Question.paused_at, Question.id)
    ).all()
