"""Handing a submission back: never without a reason."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import Say, _, _p, paragraphs

SHORTEST = 5


@dataclass(frozen=True, slots=True)
class HandBack(Wish):
    submission_id: int
    version: int
    reason: str


class Reasoning(State):
    step: Literal["reasoning"] = "reasoning"
    submission_id: int
    version: int
    title: str
    region: str
    misses: int = 0


def advance(state: Reasoning, event: Event) -> Turn[Reasoning]:
    """A reason is a text of at least a few letters; anything else is asked for again."""
    back = f"review:{state.submission_id}"
    match event:
        case Pressed("cancel"):
            return Turn(None, _("Nothing was handed back."), then=back)
        case Wrote(text) if sum(letter.isalnum() for letter in text) >= SHORTEST:
            return Turn(None, wishes=(HandBack(state.submission_id, state.version, text.strip()),), then="reviews")
        case _:
            misses = state.misses + 1
            return again(state.model_copy(update={"misses": misses}), _help(misses))


def _help(misses: int) -> Say:
    if misses < 2:
        return _("Please write the reason in words, so that the region knows what to complete.")
    return _("Example: “The decree has no annex with the members of the team. Please attach the annex.”")


def question(state: Reasoning) -> Question:
    text = paragraphs(
        _("🔁 <b>Hand back: {title}</b>\n{region}", title=state.title, region=state.region),
        _("What should the region complete or correct? Your words appear beside the item."),
    )
    return Question(text, ((Choice(_p("button", "Cancel"), "cancel"),),))


FLOW: Flow[Reasoning] = Flow(
    name="return",
    title=_("Hand a submission back"),
    states=TypeAdapter(Reasoning),
    advance=advance,
    question=question,
    subject=lambda state: state.title,
)
