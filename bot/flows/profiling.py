"""Name and position, changed by their owner."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import _, _p


class Naming(State):
    step: Literal["name"] = "name"
    present: str


class Positioning(State):
    step: Literal["position"] = "position"
    present: str


Profiling = Naming | Positioning


@dataclass(frozen=True, slots=True)
class ChangeName(Wish):
    """Refused if nothing readable is left of it."""

    text: str


@dataclass(frozen=True, slots=True)
class ChangePosition(Wish):
    """Refused if nothing readable is left of it."""

    text: str


def advance(state: Profiling, event: Event) -> Turn[Profiling]:
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Cancelled. Nothing was changed."), then="profile")
        case Naming(), Wrote(text):
            return Turn(None, _("The name was changed."), (ChangeName(text),), then="profile")
        case Positioning(), Wrote(text):
            return Turn(None, _("The position was changed."), (ChangePosition(text),), then="profile")
        case Naming(), _:
            return again(state, _("Please write your full name as a message."))
        case _:
            return again(state, _("Please write your position as a message."))


def question(state: Profiling) -> Question:
    cancel = ((Choice(_p("button", "Cancel"), "cancel"),),)
    match state:
        case Naming(present=present):
            return Question(_("Name now: <b>{name}</b>\n\nPlease write the full name.", name=present), cancel)
        case Positioning(present=present):
            return Question(
                _("Position now: <b>{position}</b>\n\nPlease write the position.", position=present or "–"), cancel
            )


FLOW: Flow[Profiling] = Flow(
    name="profiling",
    title=_("Profile"),
    states=TypeAdapter(Annotated[Profiling, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
