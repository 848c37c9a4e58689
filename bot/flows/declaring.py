"""A late start: everything up to a stage is declared done, with the evidence to follow."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, again
from bot.words import Plain, _, _n, _p, paragraphs


@dataclass(frozen=True, slots=True)
class DeclareStages(Wish):
    """All open items of the stages up to and with `milestone_key`."""

    region_code: str
    milestone_key: str


class Stage(State):
    """A stage with how many items would be declared if it were the last one chosen."""

    number: int
    key: str
    title: str
    count: int


class Choosing(State):
    step: Literal["choosing"] = "choosing"
    region_code: str
    region: str
    stages: tuple[Stage, ...]


class Confirming(State):
    step: Literal["confirming"] = "confirming"
    region_code: str
    region: str
    stages: tuple[Stage, ...]
    chosen: Stage


Declaring = Annotated[Choosing | Confirming, Field(discriminator="step")]


def advance(state: Choosing | Confirming, event: Event) -> Turn[Choosing | Confirming]:
    """First the stage, then a look at the consequence."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then="stages")
        case Choosing(), Pressed("stage", key) if found := [stage for stage in state.stages if stage.key == key]:
            chosen = Confirming(
                region_code=state.region_code, region=state.region, stages=state.stages, chosen=found[0]
            )
            return Turn(chosen)
        case Confirming(), Pressed("back"):
            return Turn(Choosing(region_code=state.region_code, region=state.region, stages=state.stages))
        case Confirming(), Pressed("declare"):
            return Turn(None, wishes=(DeclareStages(state.region_code, state.chosen.key),), then="stages")
        case _:
            return again(state)


def question(state: Choosing | Confirming) -> Question:
    match state:
        case Choosing():
            return _which(state)
        case Confirming():
            return _sure(state)


def _which(state: Choosing) -> Question:
    text = paragraphs(
        _("☑️ <b>Declare earlier stages done</b>\n{region}", region=state.region),
        _("Up to which stage is everything done? The evidence can follow later."),
    )
    rows = tuple((Choice(Plain(f"{stage.number}. {stage.title}"), "stage", stage.key),) for stage in state.stages)
    return Question(text, (*rows, (Choice(_p("button", "Cancel"), "cancel"),)))


def _sure(state: Confirming) -> Question:
    stage = state.chosen
    text = paragraphs(
        _n(
            "<b>{count} item</b> up to stage {number} ({title}) will be shown as declared done, evidence to follow.",
            "<b>{count} items</b> up to stage {number} ({title}) will be shown as declared done, evidence to follow.",
            stage.count,
            number=stage.number,
            title=stage.title,
        ),
        _("They leave the list of tasks, and do not count as accepted until their evidence is accepted."),
    )
    yes = Choice(_p("button", "☑️ Declare done"), "declare")
    return Question(text, ((Choice(_p("button", "◀ Back"), "back"), yes),))


FLOW: Flow[Choosing | Confirming] = Flow(
    name="declare",
    title=_("Declare earlier stages done"),
    states=TypeAdapter(Declaring),
    advance=advance,
    question=question,
)
