"""Questions that ask the same: found by their words, joined so that one answer goes to all who asked."""

from collections.abc import Callable, Mapping, Sequence

from bot.buttons import row_number
from bot.services import questions, queue, search, threads
from bot.services.conversations import Begin, Reply
from bot.services.questions import number_word
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import _
from db.models import Question
from db.vocabulary import QuestionState

# Of two questions, how many of the telling words of the shorter one must be in both.
_ALIKE = 0.5
SHOWN = 6


def alike(visit: Visit, question: Question) -> Sequence[Question]:
    """Open and answered questions that this person may answer and that share most of their words, nearest first."""
    candidates = [
        one
        for one in questions.open_ones(visit.work, (*questions.OPEN, QuestionState.ANSWERED))
        if one.id != question.id and one.merged_into_id is None and questions.allowed(visit, one, Act.ANSWER_QUESTION)
    ]
    texts = questions.titles(visit.work, [question.id, *(one.id for one in candidates)], whole=True)
    mine = _stems(visit, texts.get(question.id, ""))
    scored = [(_likeness(mine, _stems(visit, texts.get(one.id, ""))), one) for one in candidates]
    near = sorted((pair for pair in scored if pair[0] >= _ALIKE), key=lambda pair: (-pair[0], pair[1].id))
    return [one for _score, one in near[:SHOWN]]


def _stems(visit: Visit, text: str) -> frozenset[str]:
    return frozenset(word.stem for word in search.stems(visit.work.programme.regions).telling(text))


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def may_merge(visit: Visit, question: Question) -> bool:
    """Whether this person may join the question with another: it waits, and nobody else has it."""
    mine = question.mentor_id is None or question.mentor_id in queue.acting_for(visit)
    return question.state in questions.OPEN and mine and questions.allowed(visit, question, Act.ANSWER_QUESTION)


def merge(visit: Visit, subject: str, version: int) -> Reply:
    """Join a question with another (`<question>-<main>`); one that changed meanwhile is shown instead."""
    question_id, _dash, main_id = subject.partition("-")
    question = questions.by_id(visit, question_id, Act.ANSWER_QUESTION)
    main = questions.by_id(visit, row_number(main_id), Act.ANSWER_QUESTION)
    if question.version != version or not may_merge(visit, question):
        return Reply(toast=_("This question has changed meanwhile."), then=f"question:{question.id}")
    threads.merge(visit, question, main)
    words = _(
        "🔗 {number} was joined with <b>{main}</b>; whoever asked has been told.",
        number=number_word(question),
        main=number_word(main),
    )
    return Reply(note=words, then=f"question:{main.id}")


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"merge": merge}
