"""Saying that an item does not apply here, with the reason."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import _, _p, paragraphs

SHORTEST = 5


@dataclass(frozen=True, slots=True)
class WaiveItem(Wish):
    item_id: int
    reason: str


class Reasoning(State):
    step: Literal["reasoning"] = "reasoning"
    item_id: int
    key: str
    title: str
    mandatory: bool


def advance(state: Reasoning, event: Event) -> Turn[Reasoning]:
    """A reason is a text of at least a few letters."""
    back = f"item:{state.key}"
    match event:
        case Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=back)
        case Wrote(text) if sum(letter.isalnum() for letter in text) >= SHORTEST:
            return Turn(None, wishes=(WaiveItem(state.item_id, text.strip()),), then=back)
        case _:
            return again(state, _("Please write the reason in words, for example: “The region has no coast.”"))


def question(state: Reasoning) -> Question:
    text = paragraphs(
        _("⛔ <b>Not applicable: {title}</b>", title=state.title),
        _("Why does this item not apply in your region?"),
        _("This item is mandatory, so the reviewer decides on your reason.") if state.mandatory else None,
    )
    return Question(text, ((Choice(_p("button", "Cancel"), "cancel"),),))


FLOW: Flow[Reasoning] = Flow(
    name="waive",
    title=_("Mark an item as not applicable"),
    states=TypeAdapter(Reasoning),
    advance=advance,
    question=question,
    subject=lambda state: state.title,
)
