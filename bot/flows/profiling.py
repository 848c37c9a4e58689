"""Name, position and telephone number, changed by their owner."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Other, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import _, _p, paragraphs


class Naming(State):
    step: Literal["name"] = "name"
    present: str


class Positioning(State):
    step: Literal["position"] = "position"
    present: str


class Phoning(State):
    step: Literal["phone"] = "phone"
    present: str


Profiling = Naming | Positioning | Phoning


@dataclass(frozen=True, slots=True)
class ChangeName(Wish):
    """Refused if nothing readable is left of it."""

    text: str


@dataclass(frozen=True, slots=True)
class ChangePosition(Wish):
    """Refused if nothing readable is left of it."""

    text: str


@dataclass(frozen=True, slots=True)
class ChangePhone(Wish):
    """Refused if it is no telephone number; an empty one is taken away."""

    text: str


def advance(state: Profiling, event: Event) -> Turn[Profiling]:
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Cancelled. Nothing was changed."), then="profile")
        case Naming(), Wrote(text):
            return Turn(None, _("The name was changed."), (ChangeName(text),), then="profile")
        case Positioning(), Wrote(text):
            return Turn(None, _("The position was changed."), (ChangePosition(text),), then="profile")
        case Phoning(), (Wrote(text) | Other(number=text)) if text:
            return Turn(None, _("The telephone number was kept."), (ChangePhone(text),), then="profile")
        case Phoning(), Pressed("remove"):
            return Turn(None, _("The telephone number was taken away."), (ChangePhone(""),), then="profile")
        case Phoning(), Other(kind="contact"):
            return again(state, _("This is not your own contact. Please share your own, or write the number."))
        case Phoning(), _:
            return again(state, _("Please write your telephone number as a message."))
        case Naming(), _:
            return again(state, _("Please write your full name as a message."))
        case _:
            return again(state, _("Please write your position as a message."))


def question(state: Profiling) -> Question:
    cancel = ((Choice(_p("button", "Cancel"), "cancel"),),)
    match state:
        case Phoning(present=present):
            return _phone_question(present)
        case Naming(present=present):
            return Question(_("Name now: <b>{name}</b>\n\nPlease write the full name.", name=present), cancel)
        case Positioning(present=present):
            return Question(
                _("Position now: <b>{position}</b>\n\nPlease write the position.", position=present or "–"), cancel
            )


def _phone_question(present: str) -> Question:
    told = paragraphs(
        _("Telephone now: <b>{phone}</b>", phone=present or "–"),
        _(
            "Please write the number, for example 0812 3456 7890, or share your own contact. It is used only to call "
            "you when Telegram does not reach you; coordinators, administrators and the lead of your region see it."
        ),
    )
    remove = (Choice(_p("button", "🗑 Remove it"), "remove"),) if present else ()
    return Question(told, ((*remove, Choice(_p("button", "Cancel"), "cancel")),))


FLOW: Flow[Profiling] = Flow(
    name="profiling",
    title=_("Profile"),
    states=TypeAdapter(Annotated[Profiling, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
