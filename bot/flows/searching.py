"""Somebody looks for an answer: words in, what was found out, until one of them is opened."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import Plain, _, _p, paragraphs

# Telegram shows about forty characters of a button.
_LABEL = 40


class Found(State):
    """`key` is that of a hit: `faq:<key>`, `article:<id>` or `question:<id>`."""

    key: str
    title: str


class Looking(State):
    step: Literal["look"] = "look"


class Choosing(State):
    step: Literal["choose"] = "choose"
    text: str
    found: tuple[Found, ...] = ()
    asks: bool = False


Searching = Looking | Choosing


@dataclass(frozen=True, slots=True)
class LookFor(Wish):
    """Answered with `found`: whether the person may ask the mentors, then (key, title) of each hit."""

    text: str


@dataclass(frozen=True, slots=True)
class AskInstead(Wish):
    """Nothing of it was it: the words become a question to the mentors."""

    text: str


def advance(state: Searching, event: Event) -> Turn[Searching]:
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, then="faqs")
        case _, Wrote(text) if any(map(str.isalnum, text)):
            return Turn(Choosing(text=text[:1000]), wishes=(LookFor(text[:1000]),))
        case Choosing(), Told("found", (bool(asks), *found)):
            hits = tuple(Found(key=key, title=title) for key, title in found)
            return Turn(state.model_copy(update={"found": hits, "asks": asks}))
        case Choosing(found=found), Pressed("open", key) if key in {one.key for one in found}:
            return Turn(None, then=key)
        case Choosing(asks=True), Pressed("ask"):
            return Turn(None, wishes=(AskInstead(state.text),))
        case _:
            return again(state, _("Please write a few words, for example: masa berlaku masterplan."))


def question(state: Searching) -> Question:
    cancel = Choice(_p("button", "◀ Back"), "cancel")
    match state:
        case Looking():
            return Question(_("🔎 What are you looking for? A few words are enough."), ((cancel,),))
        case Choosing(text=text, found=found):
            rows = tuple((Choice(Plain(_short(one.title)), "open", one.key),) for one in found)
            ask = ((Choice(_p("button", "❓ Ask the mentors"), "ask"),),) if state.asks else ()
            head = _("🔎 <b>{text}</b>", text=text[:200])
            what = _("This may be it. Other words may be written too.") if found else _NOTHING
            return Question(paragraphs(head, what), (*rows, *ask, (cancel,)))


def _short(title: str) -> str:
    return title if len(title) <= _LABEL else f"{title[: _LABEL - 1].rstrip()}…"


_NOTHING = _("Nothing was found. Please try other words; what was looked for is noted for the editors.")

FLOW: Flow[Searching] = Flow(
    name="searching",
    title=_("Searching"),
    states=TypeAdapter(Annotated[Searching, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
