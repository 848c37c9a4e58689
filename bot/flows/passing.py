"""Giving a question to somebody else: to a colleague with a note, or to where it belongs with a reason."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import Plain, Say, _, _p, paragraphs

PAGE = 8
SHORTEST = 5
LONGEST = 500


@dataclass(frozen=True, slots=True)
class PassOn(Wish):
    question_id: int
    to_id: int
    note: str


@dataclass(frozen=True, slots=True)
class Refer(Wish):
    """`address` as `bot.services.claims.refer` reads it."""

    question_id: int
    address: str
    reason: str


class Option(State):
    """Somebody, or somewhere, a question can go (no name: the coordinator). `busy` counts what they have."""

    key: str
    name: str
    busy: int = 0


class Step(State):
    question_id: int
    number: str


class ChoosingColleague(Step):
    step: Literal["colleague"] = "colleague"
    options: tuple[Option, ...]
    page: int = 0


class Noting(Step):
    step: Literal["noting"] = "noting"
    to: Option


class ChoosingAddress(Step):
    step: Literal["address"] = "address"
    options: tuple[Option, ...]
    page: int = 0


class Reasoning(Step):
    step: Literal["reasoning"] = "reasoning"
    to: Option
    misses: int = 0


Passing = Annotated[ChoosingColleague | Noting | ChoosingAddress | Reasoning, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads while a question is given away."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("The question stays where it is."), then=f"question:{state.question_id}")
        case ChoosingColleague() | ChoosingAddress(), _:
            return _choosing(state, event)
        case Noting(to=to), Pressed("skip"):
            return _done(PassOn(state.question_id, int(to.key), ""))
        case Noting(to=to), Wrote(text) if text.strip():
            return _done(PassOn(state.question_id, int(to.key), text.strip()[:LONGEST]))
        case Reasoning(to=to), Wrote(text) if sum(map(str.isalnum, text)) >= SHORTEST:
            return _done(Refer(state.question_id, to.key, text.strip()[:LONGEST]))
        case Reasoning(misses=misses), _:
            return again(state.model_copy(update={"misses": misses + 1}), _help(misses + 1))
        case _:
            return again(state, _("Please write the note as text, or choose “Without a note”."))


def _done(wish: Wish) -> Turn[Step]:
    return Turn(None, wishes=(wish,), then="queue")


def _choosing(state: ChoosingColleague | ChoosingAddress, event: Event) -> Turn[Step]:
    match event:
        case Pressed("page", value) if value.isdecimal() and int(value) * PAGE < len(state.options):
            return Turn(state.model_copy(update={"page": int(value)}))
        case Pressed("to", key) if (to := _option(state.options, key)) is not None:
            if isinstance(state, ChoosingColleague):
                return Turn(Noting(question_id=state.question_id, number=state.number, to=to))
            return Turn(Reasoning(question_id=state.question_id, number=state.number, to=to))
        case _:
            return again(state, _("Please choose one of the buttons."))


def _option(options: tuple[Option, ...], key: str) -> Option | None:
    return next((one for one in options if one.key == key), None)


def _help(misses: int) -> Say:
    if misses < 2:
        return _("Please write the reason in words; the asker reads it too.")
    return _("Example: “This is about the budget, which the ministry decides.”")


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case ChoosingColleague():
            text = _("↪️ To whom should <b>{number}</b> go? The number says how much each has.", number=state.number)
            return _choice(state, text)
        case ChoosingAddress():
            return _choice(state, _("🚫 Where does <b>{number}</b> belong?", number=state.number))
        case Noting(to=to):
            text = _("↪️ <b>{number}</b> goes to {name}.", number=state.number, name=to.name)
            skip = Choice(_p("button", "Without a note"), "skip")
            return Question(paragraphs(text, _("A note for your colleague?")), ((skip,), (_CANCEL,)))
        case Reasoning(to=to):
            text = _("🚫 <b>{number}</b> goes to: {name}.", number=state.number, name=_name(to))
            return Question(paragraphs(text, _("Why? The asker reads your words too.")), ((_CANCEL,),))
        case _:
            raise AssertionError(state)


_CANCEL = Choice(_p("button", "Cancel"), "cancel")


def _choice(state: ChoosingColleague | ChoosingAddress, text: Say) -> Question:
    shown = state.options[state.page * PAGE : (state.page + 1) * PAGE]
    rows = tuple((Choice(_label(one, isinstance(state, ChoosingColleague)), "to", one.key),) for one in shown)
    before = (Choice(Plain("◀"), "page", str(state.page - 1)),) if state.page else ()
    after = (Choice(Plain("▶"), "page", str(state.page + 1)),) if (state.page + 1) * PAGE < len(state.options) else ()
    return Question(text, (*rows, (*before, _CANCEL, *after)))


def _label(one: Option, with_load: bool) -> Say:
    return Plain(f"{one.name} · {one.busy}") if with_load else _name(one)


def _name(one: Option) -> Say:
    """Where it goes; the coordinator is an office rather than a name."""
    return Plain(one.name) if one.name else _p("button", "👤 The coordinator")


FLOW: Flow[Step] = Flow(
    name="pass_on",
    title=_("Pass a question on"),
    states=TypeAdapter(Passing),
    advance=advance,
    question=question,
    subject=lambda state: state.number,
)
