"""A request is turned down with a reason, which the person who asked is told."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.roles import seat_words
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import _, _p
from db.vocabulary import Role


class Reasoning(State):
    step: Literal["reason"] = "reason"
    request_id: int
    name: str
    role: Role
    place: str


class Checking(State):
    """The reason as it will be read; writing again changes it."""

    step: Literal["check"] = "check"
    request_id: int
    name: str
    reason: str


Rejecting = Reasoning | Checking


@dataclass(frozen=True, slots=True)
class RejectRequest(Wish):
    request_id: int
    reason: str


def advance(state: Rejecting, event: Event) -> Turn[Rejecting]:
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Cancelled. The request still waits."), then="requests")
        case Reasoning(request_id=number, name=name), Wrote(text) if text.strip():
            return Turn(Checking(request_id=number, name=name, reason=text.strip()))
        case Checking(), Wrote(text) if text.strip():
            return Turn(state.model_copy(update={"reason": text.strip()}))
        case Checking(request_id=number, reason=reason), Pressed("send"):
            return Turn(None, _("The request was turned down."), (RejectRequest(number, reason),), then="requests")
        case _:
            return again(state, _("Please write the reason as a message: one sentence is enough."))


def question(state: Rejecting) -> Question:
    cancel = Choice(_p("button", "Cancel"), "cancel")
    match state:
        case Reasoning():
            return Question(
                _(
                    "Why is the request of <b>{name}</b> ({seat}) turned down?\n\nThe reason is sent as you write it.",
                    name=state.name,
                    seat=seat_words(state.role, state.place),
                ),
                ((cancel,),),
            )
        case Checking(name=name, reason=reason):
            return Question(
                _(
                    "<b>{name}</b> will read:\n<blockquote>{reason}</blockquote>\nTo change it, write it again.",
                    name=name,
                    reason=reason,
                ),
                ((cancel, Choice(_p("button", "Turn down"), "send")),),
            )


FLOW: Flow[Rejecting] = Flow(
    name="rejecting",
    title=_("Turning down a request"),
    states=TypeAdapter(Annotated[Rejecting, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
