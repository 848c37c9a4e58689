"""Naming a cohort of regions."""

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import _, _p, paragraphs


class Naming(State):
    """`cohort_id` 0 makes a new one."""

    step: Literal["name"] = "name"
    cohort_id: int = 0
    present: str = ""


@dataclass(frozen=True, slots=True)
class NameCohort(Wish):
    """Answered with `kept`: its number. Refused for a name that another cohort has."""

    cohort_id: int
    text: str


def advance(state: Naming, event: Event) -> Turn[Naming]:
    match event:
        case Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=_page(state.cohort_id))
        case Wrote(text) if any(map(str.isalnum, text)):
            return Turn(state, wishes=(NameCohort(state.cohort_id, text),))
        case Told("kept", (cohort_id,)):
            return Turn(None, then=_page(cohort_id))
        case _:
            return again(state, _("Please write a short name, for example: Gelombang 2."))


def _page(cohort_id: int) -> str:
    return f"cohort:{cohort_id}" if cohort_id else "cohorts"


def question(state: Naming) -> Question:
    told = paragraphs(
        _("What is the cohort called? A short name, for example: Gelombang 2."),
        _("It is now: <b>{present}</b>", present=state.present) if state.present else None,
    )
    return Question(told, ((Choice(_p("button", "Cancel"), "cancel"),),))


FLOW: Flow[Naming] = Flow(
    name="grouping", title=_("Cohort"), states=TypeAdapter(Naming), advance=advance, question=question
)
