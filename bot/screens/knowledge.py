"""Frequent questions of the programme, with their answers."""

from collections.abc import Mapping

from bot.buttons import look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services.closing import filled
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Plain, _, paragraphs

TITLE = _("Frequent questions")
_LABEL = 40


def question_list(visit: Visit, number: str = "0") -> Screen:
    """All frequent questions of the edition."""
    entries = visit.work.programme.edition.faq
    page = page_of(number, len(entries))
    rows = tuple(
        (look(Plain(_short(filled(visit, entry.question))), "faq", entry.key),)
        for entry in entries[page * PAGE : (page + 1) * PAGE]
    )
    text = paragraphs(_("❔ <b>Frequent questions</b>"), _("Please choose a question, or simply write one."))
    return Screen(text, (*rows, *pager("faqs", page, len(entries))), (TITLE,), "help")


def answer(visit: Visit, key: str) -> Screen:
    """One question with its answer."""
    entry = {entry.key: entry for entry in visit.work.programme.edition.faq}[key]
    proposal = entry.proposal and visit.may(Act.SEE_PROPOSALS)
    text = paragraphs(
        _("❔ <b>{question}</b>", question=filled(visit, entry.question)),
        Plain(filled(visit, entry.answer)),
        _("<i>(proposal: to be approved by the programme)</i>") if proposal else None,
    )
    return Screen(text, (), (TITLE,), "faqs")


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"


SCREENS: Mapping[str, Draw] = {"faqs": question_list, "faq": answer}
