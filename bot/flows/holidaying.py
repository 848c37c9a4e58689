"""Days off: what they are, where they count, the list itself, and a look at what would move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows import decrees
from bot.flows.decrees import Fault
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, Sent, State, Told, Turn, Wish, Wrote, again
from bot.words import Day, Plain, Say, _, _n, _p, lines, paragraphs
from db.vocabulary import HolidayKind

PAGE = "holidays"
# Of a list so many days and faults are named.
_NAMED = 15
KINDS: Mapping[HolidayKind, Say] = {
    HolidayKind.HOLIDAY: _("day off"),
    HolidayKind.JOINT_LEAVE: _("joint leave"),
    HolidayKind.WORKING: _("working day"),
}
_BUTTONS: Mapping[HolidayKind, Say] = {
    HolidayKind.HOLIDAY: _p("button", "Days off"),
    HolidayKind.JOINT_LEAVE: _p("button", "Joint leave"),
    HolidayKind.WORKING: _p("button", "Working days"),
}


class Area(State):
    """Where the days count: a region or province by code; without a code everywhere."""

    code: str | None = None
    name: str = ""


class DayOff(State):
    day: date
    name: str
    kind: HolidayKind


@dataclass(frozen=True, slots=True)
class FindPlace(Wish):
    """Told "place": code and name of the region or province. Refused for what cannot be told."""

    text: str


@dataclass(frozen=True, slots=True)
class ReadList(Wish):
    """A list that came as a file is read; what was found in it comes as a message of its own."""

    kind: HolidayKind
    place: Area
    file: Sent


@dataclass(frozen=True, slots=True)
class ForeseeDays(Wish):
    """Told "effect": what would move, in words."""

    place: Area
    days: tuple[DayOff, ...]


@dataclass(frozen=True, slots=True)
class KeepDays(Wish):
    """From now on these days are as they say."""

    place: Area
    days: tuple[DayOff, ...]


@dataclass(frozen=True, slots=True)
class RemoveDay(Wish):
    """The day is again as it was without this word."""

    holiday_id: int


class Writing(State):
    """`years` are the first and last that count; `everywhere` whether the person decides for all."""

    step: Literal["writing"] = "writing"
    kind: HolidayKind = HolidayKind.HOLIDAY
    place: Area
    years: tuple[int, int]


class Placing(State):
    step: Literal["placing"] = "placing"
    kind: HolidayKind
    place: Area
    years: tuple[int, int]


class Checking(State):
    step: Literal["checking"] = "checking"
    kind: HolidayKind
    place: Area
    years: tuple[int, int]
    days: tuple[DayOff, ...]
    effect: str


class Removing(State):
    step: Literal["removing"] = "removing"
    holiday_id: int
    day: date
    name: str
    effect: str


Step = Writing | Placing | Checking | Removing
Holidaying = Annotated[Step, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """A list, a look at it, and the confirmation."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=PAGE)
        case Writing(), _:
            return _write(state, event)
        case Checking(), Wrote() | Sent() | Told():
            return _more(state, event)
        case Placing(), _:
            return _place(state, event)
        case Checking(), Pressed("back"):
            return Turn(Writing(kind=state.kind, place=state.place, years=state.years))
        case Checking(), Pressed("save"):
            return Turn(None, wishes=(KeepDays(state.place, state.days),), then=PAGE)
        case Removing(), Pressed("remove"):
            return Turn(None, wishes=(RemoveDay(state.holiday_id),), then=PAGE)
        case _:
            return again(state)


def _write(state: Writing, event: Event) -> Turn[Step]:
    match event:
        case Pressed("kind", value) if value in [kind.value for kind in HolidayKind]:
            return Turn(state.model_copy(update={"kind": HolidayKind(value)}))
        case Pressed("place"):
            return Turn(Placing(kind=state.kind, place=state.place, years=state.years))
        case Wrote(text, _key, _at, today):
            return _listed(state, *decrees.read(text, today, state.years))
        case Sent():
            return Turn(state, wishes=(ReadList(state.kind, state.place, event),))
        case Told("effect", (days, effect)):
            checking = Checking(kind=state.kind, place=state.place, years=state.years, days=days, effect=effect)
            return Turn(checking)
        case _:
            return again(state, _EXAMPLE)


_EXAMPLE = _("Please write a day and its name in a line of its own, for example: 25 Desember Natal.")


def _more(state: Checking, event: Event) -> Turn[Step]:
    """Another message with days goes with those that were read; a day said anew is as it is said now."""
    match event:
        case Wrote(text, _key, _at, today):
            return _listed(state, *decrees.read(text, today, state.years))
        case Sent():
            return Turn(state, wishes=(ReadList(state.kind, state.place, event),))
        case Told("effect", (days, effect)):
            return Turn(state.model_copy(update={"days": days, "effect": effect}))
        case _:
            return again(state)


def _listed(state: Writing | Checking, found: Sequence[decrees.Off], faults: Sequence[Fault]) -> Turn[Step]:
    note = fault_words(faults, taken=bool(found))
    if not found:
        return again(state, note or _EXAMPLE)
    known = {one.day: one for one in (state.days if isinstance(state, Checking) else ())}
    known |= {off.day: DayOff(day=off.day, name=off.name, kind=_kind(state.kind, off.name)) for off in found}
    days = tuple(known[day] for day in sorted(known))
    return Turn(state, note, wishes=(ForeseeDays(state.place, days),))


def _kind(chosen: HolidayKind, name: str) -> HolidayKind:
    """A decree's list names joint leave as such."""
    joint = chosen is HolidayKind.HOLIDAY and "cuti bersama" in name.casefold()
    return HolidayKind.JOINT_LEAVE if joint else chosen


def fault_words(faults: Sequence[Fault], *, taken: bool) -> Say | None:
    """Which lines could not be taken, and why; `taken` is whether others were."""
    if not faults:
        return None
    more = len(faults) - _NAMED
    return lines(
        _("⚠️ These lines could not be taken:") if taken else _("⚠️ No line could be taken:"),
        *(_("Line {number}: {why}.", number=one.number, why=one.why) for one in faults[:_NAMED]),
        _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
    )


def _place(state: Placing, event: Event) -> Turn[Step]:
    writing = Writing(kind=state.kind, place=state.place, years=state.years)
    match event:
        case Pressed("back"):
            return Turn(writing)
        case Pressed("everywhere"):
            return Turn(writing.model_copy(update={"place": Area()}))
        case Wrote(text) if text.strip():
            return Turn(state, wishes=(FindPlace(text),))
        case Told("place", (code, name)):
            return Turn(writing.model_copy(update={"place": Area(code=code, name=name)}))
        case _:
            return again(state, _("Please write the name of a region or of a province."))


# --- Questions


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Writing():
            return _what(state)
        case Placing():
            return _where(state)
        case Checking():
            return _sure(state)
        case Removing():
            return _remove(state)


def place_words(place: Area) -> Say:
    """Where the days count."""
    return Plain(place.name) if place.code else _("everywhere")


def _cancel() -> Choice:
    return Choice(_p("button", "Cancel"), "cancel")


def _what(state: Writing) -> Question:
    text = paragraphs(
        _("📅 <b>Days off</b>"),
        lines(
            _("<b>What:</b> {kind}", kind=KINDS[state.kind]), _("<b>Where:</b> {place}", place=place_words(state.place))
        ),
        _(
            "Please write a day and its name, or paste the list of the decree: a day a line, as in 25 Desember Natal, "
            "or a few days, as in 26-27 Maret Cuti bersama Nyepi. The list may also come as a file: xlsx, docx, csv or "
            "txt. Nothing is kept before you have seen what moves."
        ),
    )
    kinds = tuple(Choice(_marked(_BUTTONS[kind], kind is state.kind), "kind", kind.value) for kind in HolidayKind)
    return Question(text, (kinds[:2], kinds[2:], (Choice(_p("button", "📍 Elsewhere"), "place"), _cancel())))


def _marked(label: Say, chosen: bool) -> Say:
    return _p("button", "🔘 {label}", label=label) if chosen else _p("button", "⚪ {label}", label=label)


def _where(state: Placing) -> Question:
    text = paragraphs(
        _("Where do the days count? Please write the name of a region or of a province."),
        _("<b>Where:</b> {place}", place=place_words(state.place)),
    )
    return Question(
        text, ((Choice(_p("button", "Everywhere"), "everywhere"), Choice(_p("button", "◀ Back"), "back")), (_cancel(),))
    )


def _sure(state: Checking) -> Question:
    count, more = len(state.days), len(state.days) - _NAMED
    text = paragraphs(
        _n("<b>{count} day, {place}</b>", "<b>{count} days, {place}</b>", count, place=place_words(state.place)),
        lines(
            *(_line(one) for one in state.days[:_NAMED]),
            _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
        ),
        Plain(state.effect),
    )
    save = Choice(_p("button", "✅ Save"), "save")
    return Question(text, ((Choice(_p("button", "◀ Back"), "back"), save), (_cancel(),)))


def _line(one: DayOff) -> Say:
    return _("• {day}: {name} ({kind})", day=Day(one.day), name=one.name, kind=KINDS[one.kind])


def _remove(state: Removing) -> Question:
    text = paragraphs(_("Take back {day}: {name}?", day=Day(state.day), name=state.name), Plain(state.effect))
    return Question(text, ((_cancel(), Choice(_p("button", "🗑 Take it back"), "remove")),))


FLOW: Flow[Step] = Flow(
    name="holiday", title=_("Days off"), states=TypeAdapter(Holidaying), advance=advance, question=question
)
