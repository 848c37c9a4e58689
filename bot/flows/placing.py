"""A file that came before its item was opened: which item does it prove?"""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, Sent, State, Turn, Wish, again
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs

TITLE = 34
MOST = 50


@dataclass(frozen=True, slots=True)
class PlaceFiles(Wish):
    """These files are evidence of this item, and the work on it goes on."""

    item_id: int
    files: tuple[Sent, ...]


class Offer(State):
    """An item to choose."""

    id: int
    title: str


class Placing(State):
    """Files without an item, kept until their item is chosen or opened."""

    step: Literal["placing"] = "placing"
    files: tuple[Sent, ...]
    offers: tuple[Offer, ...]


def advance(state: Placing, event: Event) -> Turn[Placing]:
    """More files join the first; an item takes them all."""
    match event:
        case Sent() if len(state.files) < MOST:
            return Turn(state.model_copy(update={"files": (*state.files, event)}))
        case Pressed("item", value) if value in {str(offer.id) for offer in state.offers}:
            return Turn(None, wishes=(PlaceFiles(int(value), state.files),))
        case Pressed("cancel"):
            return Turn(None, _("The files were not kept as evidence."))
        case _:
            return again(state)


def question(state: Placing) -> Question:
    named = [_("📎 {name}", name=file.name) for file in state.files if file.name][:3]
    text = paragraphs(
        lines(_n("{count} file has arrived.", "{count} files have arrived.", len(state.files)), *named),
        _("Which item does this prove?") if state.offers else _NO_OFFER,
        _OTHERS if state.offers else None,
    )
    rows = tuple((Choice(_label(offer), "item", str(offer.id)),) for offer in state.offers)
    return Question(text, (*rows, (Choice(_p("button", "Cancel"), "cancel"),)))


_NO_OFFER = _("Please open its item through /tahapan and press “Work on it”; the file comes along.")
_OTHERS = _("Not in this list? Open the item through /tahapan and press “Work on it”; the file comes along.")


def _label(offer: Offer) -> Say:
    return Plain(offer.title if len(offer.title) <= TITLE else offer.title[: TITLE - 1].rstrip() + "…")


FLOW: Flow[Placing] = Flow(
    name="place",
    title=_("Place a file"),
    states=TypeAdapter(Placing),
    advance=advance,
    question=question,
)
