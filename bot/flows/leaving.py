"""A mentor goes away: first day, last day, and who stands in."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.dates import read_date
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import Day, Plain, Say, _, _p, paragraphs


@dataclass(frozen=True, slots=True)
class Leave(Wish):
    first_day: date
    last_day: date
    substitute_id: int | None


class Colleague(State):
    """Somebody who could stand in."""

    person_id: int
    name: str


class Beginning(State):
    step: Literal["beginning"] = "beginning"
    colleagues: tuple[Colleague, ...]
    misses: int = 0


class Ending(State):
    step: Literal["ending"] = "ending"
    colleagues: tuple[Colleague, ...]
    first_day: date
    misses: int = 0


class Choosing(State):
    step: Literal["choosing"] = "choosing"
    colleagues: tuple[Colleague, ...]
    first_day: date
    last_day: date


Leaving = Annotated[Beginning | Ending | Choosing, Field(discriminator="step")]
Step = Beginning | Ending | Choosing


def advance(state: Step, event: Event) -> Turn[Step]:
    """Two days, then a colleague or nobody."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then="absences")
        case Beginning(), Wrote(text, _key, _at, day) if (first := read_date(text, day)) and first >= day:
            return Turn(Ending(colleagues=state.colleagues, first_day=first))
        case Ending(), Wrote(text, _key, _at, day) if (last := read_date(text, day)) and last >= state.first_day:
            return Turn(Choosing(colleagues=state.colleagues, first_day=state.first_day, last_day=last))
        case Choosing(), Pressed("colleague", value) if value in _numbers(state):
            return _leave(state, int(value) or None)
        case ((Beginning() | Ending()), Wrote()):
            misses = state.misses + 1
            return again(state.model_copy(update={"misses": misses}), _help(misses))
        case _:
            return again(state)


def _numbers(state: Choosing) -> set[str]:
    return {"0", *(str(one.person_id) for one in state.colleagues)}


def _leave(state: Choosing, substitute_id: int | None) -> Turn[Step]:
    return Turn(None, wishes=(Leave(state.first_day, state.last_day, substitute_id),), then="absences")


def _help(misses: int) -> Say:
    if misses < 2:
        return _("The date could not be read yet, or it is too early. Example: 30 November.")
    return _("Please write day and month, or a word such as “besok”. The last day is not before the first.")


def question(state: Step) -> Question:
    """What is asked at a step."""
    cancel = (Choice(_p("button", "Cancel"), "cancel"),)
    match state:
        case Beginning():
            return Question(
                _("🌴 <b>Absence</b>\nWhich is the first day away? Example: besok, 30 November."), (cancel,)
            )
        case Ending():
            text = paragraphs(
                _("🌴 From {day}.", day=Day(state.first_day)), _("Which is the last day away? Example: Jumat depan.")
            )
            return Question(text, (cancel,))
        case Choosing():
            return _who(state)


def _who(state: Choosing) -> Question:
    text = paragraphs(
        _("🌴 From {first} to {last}.", first=Day(state.first_day), last=Day(state.last_day)),
        _("Who stands in? Questions and reviews go to them on these days."),
    )
    rows = tuple((Choice(Plain(one.name), "colleague", str(one.person_id)),) for one in state.colleagues)
    nobody = (Choice(_p("button", "Nobody"), "colleague", "0"), Choice(_p("button", "Cancel"), "cancel"))
    return Question(text, (*rows, nobody))


FLOW: Flow[Step] = Flow(
    name="leave",
    title=_("Absence of a mentor"),
    states=TypeAdapter(Leaving),
    advance=advance,
    question=question,
)
