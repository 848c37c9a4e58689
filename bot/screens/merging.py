"""Joining a question with one that asks the same: which one, and the last look before it is done."""

from collections.abc import Mapping

from bot.buttons import do, look
from bot.screens.screen import Draw, Screen
from bot.services import merging, question_words, questions
from bot.services.questions import number_word
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Plain, _, _p, lines, paragraphs
from db.models import Question

_LABEL = 42


def candidates(visit: Visit, question_id: str) -> Screen:
    """Questions that ask nearly the same."""
    question = questions.by_id(visit, question_id, Act.ANSWER_QUESTION)
    found = merging.alike(visit, question)
    titles = questions.titles(visit.work, [one.id for one in found])
    rows = tuple((look(_label(one, titles.get(one.id, "")), "merge-into", question.id, one.id),) for one in found)
    text = paragraphs(
        lines(
            _("🔗 <b>Join {number} with another question</b>", number=number_word(question)),
            question_words.quote(questions.first_post(visit.work, question)),
        ),
        _("Which one asks the same? One answer goes to all who asked.")
        if found
        else _("No other question comes near this one."),
    )
    return Screen(text, rows, (), f"question:{question.id}")


def _label(question: Question, title: str) -> Plain:
    return Plain(cut(f"{question_words.SYMBOL[question.state]} {number_word(question)} {title}", _LABEL))


def confirm(visit: Visit, question_id: str, main_id: str) -> Screen:
    """Both questions, and what follows from joining them."""
    question = questions.by_id(visit, question_id, Act.ANSWER_QUESTION)
    main = questions.by_id(visit, main_id, Act.ANSWER_QUESTION)
    text = paragraphs(
        _("🔗 <b>Join {number} with {main}?</b>", number=number_word(question), main=number_word(main)),
        question_words.quote(questions.first_post(visit.work, question)),
        question_words.quote(questions.first_post(visit.work, main)),
        _(
            "{number} is closed. Whoever asked it is told, and gets the answer to {main}.",
            number=number_word(question),
            main=number_word(main),
        ),
    )
    rows = (
        (look(_p("button", "Cancel"), "question", question.id),),
        (do(_p("button", "🔗 Join them"), "merge", f"{question.id}-{main.id}", question.version),),
    )
    return Screen(text, rows, (), f"merge:{question.id}")


SCREENS: Mapping[str, Draw] = {"merge": candidates, "merge-into": confirm}
