"""The first tour: at most three questions long, left at any time, and it ends at the first real task."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, again
from bot.words import Say, _, _p

ZONES = (("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT"))
SKIP = Choice(_p("button", "Skip the tour"), "skip")


class Guest(StrEnum):
    """For whom the tour is: what somebody does decides what is shown."""

    REGION = "region"
    REVIEWER = "reviewer"
    OBSERVER = "observer"
    COORDINATOR = "coordinator"


class Greeting(State):
    step: Literal["greeting"] = "greeting"
    guest: Guest
    zone: str


class Settling(State):
    step: Literal["settling"] = "settling"
    guest: Guest
    zone: str
    saver: bool = False


class Showing(State):
    step: Literal["showing"] = "showing"
    guest: Guest


Touring = Greeting | Settling | Showing


@dataclass(frozen=True, slots=True)
class Settle(Wish):
    """Keep the zone (an IANA name) and whether data is to be saved."""

    zone: str
    saver: bool


@dataclass(frozen=True, slots=True)
class FindFirstTask(Wish):
    """Told "first_task" with the key of the screen to begin with."""


def advance(state: Touring, event: Event) -> Turn[Touring]:
    match state, event:
        case _, Told("first_task", (screen,)):
            return Turn(None, then=str(screen))
        case _, Pressed("skip") | Pressed("cancel"):
            return Turn(state, _("The tour was skipped. /bantuan explains everything again."), (FindFirstTask(),))
        case Greeting(guest=guest, zone=zone), Pressed("next"):
            return Turn(Settling(guest=guest, zone=zone))
        case Settling(), Pressed("zone", zone) if zone in dict(ZONES):
            return Turn(state.model_copy(update={"zone": zone}))
        case Settling(saver=saver), Pressed("saver"):
            return Turn(state.model_copy(update={"saver": not saver}))
        case Settling(guest=guest, zone=zone, saver=saver), Pressed("next"):
            return Turn(Showing(guest=guest), wishes=(Settle(zone, saver),))
        case Showing(), Pressed("next"):
            return Turn(state, wishes=(FindFirstTask(),))
        case _:
            return again(state, _("Please choose one of the buttons, or skip the tour."))


def question(state: Touring) -> Question:
    match state:
        case Greeting(guest=guest):
            return Question(_GREETINGS[guest], ((Choice(_p("button", "Continue ▶"), "next"),), (SKIP,)))
        case Settling():
            return _settling(state)
        case Showing(guest=guest):
            return Question(_MANNERS[guest], ((Choice(_ENDS[guest], "next"),),))


def _settling(state: Settling) -> Question:
    zones = tuple(
        Choice(_p("button", "{mark} {zone}", mark="🔘" if zone == state.zone else "⚪", zone=label), "zone", zone)
        for zone, label in ZONES
    )
    saver = _p("button", "✅ Data saver: on") if state.saver else _p("button", "⬜ Data saver: off")
    return Question(
        _(
            "Step 2 of 3 · <b>Time and signal</b>\n\nTimes are shown in this zone. Where the signal is weak, the "
            "data saver keeps messages short and without pictures. Both can be changed later under /pengaturan."
        ),
        (zones, (Choice(saver, "saver"),), (Choice(_p("button", "Save and continue"), "next"),), (SKIP,)),
    )


_GREETINGS: dict[Guest, Say] = {
    Guest.REGION: _(
        "Step 1 of 3 · <b>What Pandu does</b>\n\nPandu shows what the region has to finish next, takes the evidence "
        "here in the chat, and shows how many working days are left. Every item is checked by a mentor. Nothing that "
        "was sent is lost: after a pause you continue where you stopped."
    ),
    Guest.REVIEWER: _(
        "Step 1 of 3 · <b>What Pandu does</b>\n\nRegions send their evidence here. Pandu puts it in a queue, oldest "
        "first, and shows each item with its guidance and history. A decision takes one press, and can be undone for "
        "ten minutes."
    ),
    Guest.OBSERVER: _(
        "Step 1 of 3 · <b>What Pandu does</b>\n\nPandu shows how far the regions have come, from what was really "
        "submitted and accepted. Nothing can be changed by looking."
    ),
    Guest.COORDINATOR: _(
        "Step 1 of 3 · <b>What Pandu does</b>\n\nPandu guides the regions through the programme. Here you see how far "
        "each has come, invite people, decide on requests and keep the working calendar."
    ),
}
_MANNERS: dict[Guest, Say] = {
    Guest.REGION: _(
        "Step 3 of 3 · <b>How to prove an item</b>\n\n1. Open the item and press <b>Work on it</b>.\n"
        "2. Send photos, a document or a link as evidence, as usual in a chat.\n3. Press <b>Submit</b>.\n\n"
        "The mentor accepts it, or returns it with the reason. Shall we look at the first one?"
    ),
    Guest.REVIEWER: _(
        "Step 3 of 3 · <b>How to review</b>\n\nOpen an item, look at its evidence, then <b>accept</b> it or "
        "<b>return</b> it with a reason that helps. Nobody reviews what they sent themselves."
    ),
    Guest.OBSERVER: _(
        "Step 3 of 3 · <b>How to look</b>\n\nChoose a region to see its progress; every number comes from the same "
        "count."
    ),
    Guest.COORDINATOR: _(
        "Step 3 of 3 · <b>How to begin</b>\n\nInvite the lead of each region first; the lead invites the team. Who "
        "asks to join without an invitation appears under <b>Requests</b>."
    ),
}
_ENDS: dict[Guest, Say] = {
    Guest.REGION: _p("button", "To the first item ▶"),
    Guest.REVIEWER: _p("button", "To the queue ▶"),
    Guest.OBSERVER: _p("button", "To the regions ▶"),
    Guest.COORDINATOR: _p("button", "To the regions ▶"),
}


FLOW: Flow[Touring] = Flow(
    name="touring",
    title=_("First tour"),
    states=TypeAdapter(Annotated[Touring, Field(discriminator="step")]),
    advance=advance,
    question=question,
)
