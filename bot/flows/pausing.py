"""Reminders of a region rest for a while: from when until when, why, and a look at what is held back."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.dates import read_date
from bot.flows.extending import LONGEST, SHORTEST, fitting
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import Day, Plain, Say, _, _p, lines, paragraphs

_UNTIL = re.compile(r"\s*(?:\bsampai dengan\b|\bsampai\b|\bhingga\b|\bs\.?/?d\b\.?|–|—|\s-\s|(?<=\d)-(?=\d{1,2}\s))\s*")


class Matter(State):
    """The region whose reminders rest."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ForeseePause(Wish):
    """Told "effect": what is held back, in words. Refused for days that cannot be."""

    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PauseRegion(Wish):
    """Reminders of the region rest from now on between these days, both included."""

    code: str
    first: date
    last: date
    reason: str


class Dating(State):
    step: Literal["dating"] = "dating"
    matter: Matter


class Reasoning(State):
    step: Literal["reasoning"] = "reasoning"
    matter: Matter
    first: date
    last: date
    effect: str


class Confirming(State):
    step: Literal["confirming"] = "confirming"
    matter: Matter
    first: date
    last: date
    effect: str
    reason: str


Step = Dating | Reasoning | Confirming
Pausing = Annotated[Step, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Days, a reason, and a last look."""
    matter = state.matter
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=f"region:{matter.code}")
        case Dating(), _:
            return _date(state, event)
        case Reasoning(), Wrote(text) if reason := fitting(text):
            first, last, effect = state.first, state.last, state.effect
            return Turn(Confirming(matter=matter, first=first, last=last, effect=effect, reason=reason))
        case Reasoning(), _:
            return again(state, _LENGTH)
        case Confirming(), Pressed("save"):
            wish = PauseRegion(matter.code, state.first, state.last, state.reason)
            return Turn(None, wishes=(wish,), then=f"region:{matter.code}")
        case _:
            return again(state)


_LENGTH = _("Please give the reason in a few words, {short} to {long} characters.", short=SHORTEST, long=LONGEST)
_UNREADABLE = _(
    "These days could not be read, or the calendar does not have them. Example: besok sampai Jumat depan, or "
    "28 November - 2 Desember."
)


def _date(state: Dating, event: Event) -> Turn[Step]:
    match event:
        case Wrote(text, _key, _at, today):
            span = read_span(text, today)
            if span is None:
                return again(state, _UNREADABLE)
            return Turn(state, wishes=(ForeseePause(state.matter.code, *span),))
        case Told("effect", (first, last, effect)):
            return Turn(Reasoning(matter=state.matter, first=first, last=last, effect=effect))
        case _:
            return again(state, _UNREADABLE)


def read_span(text: str, today: date) -> tuple[date, date] | None:
    """From when until when: "besok sampai Jumat", "28 November - 2 Desember", "1-5 Desember"; one day alone is both,
    "sampai Jumat" begins today."""
    begin, *rest = _UNTIL.split(text.casefold().strip(), maxsplit=1)
    if not rest:
        day = read_date(begin, today)
        return (day, day) if day else None
    last = read_date(rest[0], today)
    if last is None:
        return None
    if begin.isdecimal() and len(begin) < 3:
        first: date | None = last.replace(day=1) + timedelta(days=int(begin) - 1)
    else:
        first = read_date(begin, today) if begin else today
    return (first, last) if first else None


# --- Questions


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Dating():
            ask: Say = _(
                "From which day until which day? Example: besok sampai Jumat depan, or 28 November - 2 Desember."
            )
            text = paragraphs(_heading(state.matter), ask)
        case Reasoning():
            ask = _("Why? For example a disaster or an election. It is read on the page of the region.")
            text = paragraphs(_heading(state.matter), _span(state), ask)
        case Confirming():
            return _sure(state)
    return Question(text, ((_cancel(),),))


def _heading(matter: Matter) -> Say:
    return _("⏸ <b>Hold back the reminders of {region}</b>", region=matter.name)


def _span(state: Reasoning | Confirming) -> Say:
    return _("From {first} to {last}", first=Day(state.first), last=Day(state.last))


def _cancel() -> Choice:
    return Choice(_p("button", "Cancel"), "cancel")


def _sure(state: Confirming) -> Question:
    text = paragraphs(
        _heading(state.matter),
        lines(_span(state), _("<blockquote>{reason}</blockquote>", reason=state.reason)),
        Plain(state.effect),
        _("Deadlines do not move by it. What still matters is said afterwards, in one message."),
    )
    return Question(text, ((_cancel(), Choice(_p("button", "⏸ Hold them back"), "save")),))


FLOW: Flow[Step] = Flow(
    name="pause",
    title=_("Reminders held back"),
    states=TypeAdapter(Pausing),
    advance=advance,
    question=question,
    subject=lambda state: state.matter.name,
)
