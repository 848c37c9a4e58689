"""Finding an announcement by its number, or by words from it."""

import re
from typing import Literal

from pydantic import TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wrote, again
from bot.words import _, _p

_WORD = re.compile(r"\w+")
# Bytes of the words in the data of a button, which takes 64 in all.
_ROOM = 40


class Finding(State):
    step: Literal["finding"] = "finding"


def advance(state: Finding, event: Event) -> Turn[Finding]:
    match event:
        case Pressed("cancel"):
            return Turn(None, then="announcements")
        case Wrote(text) if words := sought(text):
            return Turn(None, then=f"announcements:0:{words}")
        case _:
            return again(state, _("Please write a number or words of the announcement."))


def sought(text: str) -> str:
    """The words to look for, as a button can carry them."""
    return " ".join(_WORD.findall(text)).casefold().encode()[:_ROOM].decode(errors="ignore").strip()


def question(_state: Finding) -> Question:
    told = _("🔎 Please write the number of the announcement, or words from it.")
    return Question(told, ((Choice(_p("button", "Cancel"), "cancel"),),))


FLOW: Flow[Finding] = Flow(
    name="find",
    title=_("Announcement"),
    states=TypeAdapter(Finding),
    advance=advance,
    question=question,
)
