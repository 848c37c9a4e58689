"""Changing one thing about reminders: a choice, what it leads to in one sentence, and the confirmation."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, again
from bot.words import Plain, Say, Words, _, _p, paragraphs

PAGE = "timing"


class Setting(StrEnum):
    """What can be set, as the content calls it."""

    OFFSETS = "offsets"
    COUNTDOWN = "closing_countdown"
    AT = "at"
    EARLIEST = "earliest"
    LATEST = "latest"
    FRIDAY_FROM = "friday_pause_from"
    FRIDAY_UNTIL = "friday_pause_until"
    LEAD = "lead_after"
    COORDINATOR = "coordinator_after"


def _clock(first: str, last: str, step: int) -> tuple[str, ...]:
    begin, end = (60 * int(text[:2]) + int(text[3:]) for text in (first, last))
    return tuple(f"{minutes // 60:02d}.{minutes % 60:02d}" for minutes in range(begin, end + 1, step))


OPTIONS: dict[Setting, tuple[str, ...]] = {
    Setting.OFFSETS: tuple(str(days) for days in range(-30, 6)),
    Setting.COUNTDOWN: ("-90", "-60", "-45", "-30", "-21", "-14", "-10", "-7", "-5", "-4", "-3", "-2", "-1"),
    Setting.AT: _clock("06.00", "18.00", 30),
    Setting.EARLIEST: _clock("06.00", "11.00", 30),
    Setting.LATEST: _clock("14.00", "20.00", 30),
    Setting.FRIDAY_FROM: _clock("11.00", "12.00", 15),
    Setting.FRIDAY_UNTIL: _clock("12.30", "14.30", 15),
    Setting.LEAD: tuple(str(days) for days in range(1, 8)),
    Setting.COORDINATOR: tuple(str(days) for days in range(1, 15)),
}
SEVERAL = (Setting.OFFSETS, Setting.COUNTDOWN)
QUESTIONS: dict[Setting, Words] = {
    Setting.OFFSETS: _("On which days from a deadline are people reminded? Days after it are working days."),
    Setting.COUNTDOWN: _("How many days before the closing are people told how long it is?"),
    Setting.AT: _("At which hour, where the person is, do reminders come?"),
    Setting.EARLIEST: _("From which hour on may reminders be sent?"),
    Setting.LATEST: _("Until which hour may reminders be sent?"),
    Setting.FRIDAY_FROM: _("From when on are people left in peace on Fridays?"),
    Setting.FRIDAY_UNTIL: _("Until when are people left in peace on Fridays?"),
    Setting.LEAD: _("How many working days after a deadline does the lead of the team hear of it?"),
    Setting.COORDINATOR: _("How many working days after a deadline does the coordinator hear of it?"),
}


@dataclass(frozen=True, slots=True)
class ForeseeTiming(Wish):
    """Told "effect": what it would lead to, in words. Refused for what cannot be."""

    setting: Setting
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetTiming(Wish):
    """Keep it, if the settings still have this version. No setting: all as the content has it."""

    setting: Setting | None
    values: tuple[str, ...]
    version: int


class Choosing(State):
    """`chosen` are the values in force, and of several those chosen by now."""

    step: Literal["choosing"] = "choosing"
    setting: Setting
    chosen: tuple[str, ...]
    version: int


class Confirming(State):
    """`effect` is one sentence; no `setting` stands for everything as the content has it."""

    step: Literal["confirming"] = "confirming"
    setting: Setting | None
    values: tuple[str, ...]
    version: int
    effect: str


Tuning = Annotated[Choosing | Confirming, Field(discriminator="step")]


def advance(state: Choosing | Confirming, event: Event) -> Turn[Choosing | Confirming]:
    """One value, or several and then on; and a last look."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=PAGE)
        case Choosing(), _:
            return _choose(state, event)
        case Confirming(), Pressed("save"):
            return Turn(None, wishes=(SetTiming(state.setting, state.values, state.version),), then=PAGE)
        case _:
            return again(state)


def _choose(state: Choosing, event: Event) -> Turn[Choosing | Confirming]:
    setting, chosen = state.setting, state.chosen
    match event:
        case Pressed("value", value) if value in OPTIONS[setting] and setting in SEVERAL:
            wanted = {*chosen} ^ {value}
            known = tuple(one for one in OPTIONS[setting] if one in wanted)
            return Turn(state.model_copy(update={"chosen": known}))
        case Pressed("value", value) if value in OPTIONS[setting]:
            return Turn(state, wishes=(ForeseeTiming(setting, (value,)),))
        case Pressed("done") if chosen and setting in SEVERAL:
            return Turn(state, wishes=(ForeseeTiming(setting, chosen),))
        case Told("effect", (values, effect)):
            return Turn(Confirming(setting=setting, values=values, version=state.version, effect=effect))
        case _:
            return again(state, _("Please choose with a button."))


def question(state: Choosing | Confirming) -> Question:
    match state:
        case Choosing():
            return _which(state)
        case Confirming():
            return _sure(state)


def _which(state: Choosing) -> Question:
    several = state.setting in SEVERAL
    choices = [
        Choice(_label(state.setting, value, value in state.chosen), "value", value) for value in OPTIONS[state.setting]
    ]
    width = 4 if several else 5
    rows = tuple(tuple(choices[start : start + width]) for start in range(0, len(choices), width))
    done = ((Choice(_p("button", "Go on"), "done"),),) if several and state.chosen else ()
    note = _("At least one day is needed.") if several and not state.chosen else None
    text = paragraphs(QUESTIONS[state.setting], note)
    return Question(text, (*rows, *done, (Choice(_p("button", "Cancel"), "cancel"),)))


def _label(setting: Setting, value: str, chosen: bool) -> Say:
    shown = day_name(int(value)) if setting in SEVERAL else value
    return Plain(f"✅ {shown}" if chosen else shown)


def day_name(days: int) -> str:
    """H-7, H, H+1."""
    return f"H{days:+d}" if days else "H"


def _sure(state: Confirming) -> Question:
    text = paragraphs(_("<b>From now on</b>"), Plain(state.effect))
    save, cancel = Choice(_p("button", "✅ Save"), "save"), Choice(_p("button", "Cancel"), "cancel")
    return Question(text, ((cancel, save),))


FLOW: Flow[Choosing | Confirming] = Flow(
    name="timing",
    title=_("Settings of reminders"),
    states=TypeAdapter(Tuning),
    advance=advance,
    question=question,
)
