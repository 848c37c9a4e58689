"""Another deadline, in steps: for which regions, until when, why, and a look at it all; or one word on a request."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.dates import read_date
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, Wrote, again
from bot.words import Day, Plain, Say, _, _n, _p, lines, paragraphs

SHORTEST, LONGEST = 10, 1000
NAMED = 12
HALF_A_YEAR = timedelta(days=183)


class Purpose(StrEnum):
    """Asked for by the region, given by a coordinator unasked, or granted with another day than was asked for."""

    ASK = "ask"
    GIVE = "give"
    CHANGE = "change"


class Answer(StrEnum):
    """What a coordinator gives a reason for: a refusal, or taking an extension back."""

    REFUSE = "refuse"
    REVOKE = "revoke"


class Spot(State):
    """A region as buttons and sentences name it."""

    code: str
    name: str


class Matter(State):
    """The stage or item, for whom, and the last day in force now. No `spots`: everybody."""

    purpose: Purpose
    subject: str
    title: str
    is_stage: bool
    spots: tuple[Spot, ...] = ()
    present: date
    extension_id: int = 0
    version: int = 0
    back: str


@dataclass(frozen=True, slots=True)
class NameRegions(Wish):
    """Tell which participating regions these words mean."""

    text: str


@dataclass(frozen=True, slots=True)
class CheckDay(Wish):
    """Tell whether this can be the new last day, or which working day before it."""

    matter: Matter
    day: date


@dataclass(frozen=True, slots=True)
class Extend(Wish):
    """Ask for it, give it, or grant it otherwise, as the matter's purpose says. `personal`: for the asker alone."""

    matter: Matter
    day: date
    reason: str
    personal: bool


@dataclass(frozen=True, slots=True)
class AnswerExtension(Wish):
    """Refuse a request or take an extension back, if it still has this version."""

    extension_id: int
    version: int
    answer: Answer
    reason: str


class Choosing(State):
    """Waits for names of regions; `everywhere`: all of them may be meant too."""

    step: Literal["choosing"] = "choosing"
    matter: Matter
    everywhere: bool


class Dating(State):
    step: Literal["dating"] = "dating"
    matter: Matter


class Offering(State):
    """The day named is not worked; `holiday` is its name, empty at weekends."""

    step: Literal["offering"] = "offering"
    matter: Matter
    named: date
    earlier: date
    holiday: str


class Reasoning(State):
    step: Literal["reasoning"] = "reasoning"
    matter: Matter
    day: date


class Confirming(State):
    step: Literal["confirming"] = "confirming"
    matter: Matter
    day: date
    reason: str
    personal: bool = False


class Answering(State):
    step: Literal["answering"] = "answering"
    matter: Matter
    answer: Answer


Extending = Annotated[Choosing | Dating | Offering | Reasoning | Confirming | Answering, Field(discriminator="step")]
Step = Choosing | Dating | Offering | Reasoning | Confirming | Answering


def advance(state: Step, event: Event) -> Turn[Step]:
    """Regions, a day that can be one, a reason, and a last look."""
    match state, event:
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=state.matter.back)
        case Choosing(), _:
            return _choose(state, event)
        case ((Dating() | Offering()), _):
            return _date(state, event)
        case Reasoning(matter=matter, day=day), Wrote(text) if reason := fitting(text):
            return Turn(Confirming(matter=matter, day=day, reason=reason))
        case Confirming(), Pressed("whose") if state.matter.purpose is Purpose.ASK:
            return Turn(state.model_copy(update={"personal": not state.personal}))
        case Confirming(), Pressed("send"):
            wish = Extend(state.matter, state.day, state.reason, state.personal)
            return Turn(None, wishes=(wish,), then=state.matter.back)
        case Answering(matter=matter), Wrote(text) if reason := fitting(text):
            answer = AnswerExtension(matter.extension_id, matter.version, state.answer, reason)
            return Turn(None, wishes=(answer,), then=matter.back)
        case ((Reasoning() | Answering()), Wrote(text)):
            return again(state, _length_words(text))
        case _:
            return again(state)


def _choose(state: Choosing, event: Event) -> Turn[Step]:
    matter = state.matter
    match event:
        case Wrote(text):
            return Turn(state, wishes=(NameRegions(text),))
        case Told("regions", (found, unknown)):
            known = {spot.code: spot for spot in (*matter.spots, *found)}
            wider = matter.model_copy(update={"spots": tuple(known.values())})
            return Turn(state.model_copy(update={"matter": wider}), _unknown_words(unknown))
        case Pressed("clear"):
            return Turn(state.model_copy(update={"matter": matter.model_copy(update={"spots": ()})}))
        case Pressed("all") if state.everywhere:
            return Turn(Dating(matter=matter.model_copy(update={"spots": ()})))
        case Pressed("done") if matter.spots:
            return Turn(Dating(matter=matter))
        case _:
            return again(state)


def _unknown_words(unknown: tuple[str, ...]) -> Say | None:
    if not unknown:
        return None
    return _("Not found among the regions of yours that take part: {names}.", names=", ".join(unknown))


def _date(state: Dating | Offering, event: Event) -> Turn[Step]:
    matter = state.matter
    match event:
        case Wrote(text, _key, _at, today):
            day = nearest(text, today)
            if day is None:
                return again(state, _UNREADABLE)
            return Turn(Dating(matter=matter), wishes=(CheckDay(matter, day),))
        case Pressed("earlier") if isinstance(state, Offering):
            return Turn(Dating(matter=matter), wishes=(CheckDay(matter, state.earlier),))
        case Told("fits", (day,)):
            return Turn(Reasoning(matter=matter, day=day))
        case Told("off", (day, earlier, holiday)):
            return Turn(Offering(matter=matter, named=day, earlier=earlier, holiday=holiday))
        case _:
            return again(state)


_UNREADABLE = _(
    "This day could not be read, or the calendar does not have it. Please write it like this: besok, Jumat depan, "
    "30 November, 30/11."
)


def nearest(text: str, today: date) -> date | None:
    """The day somebody means. "10/11" a few days later is the one just past, not the one of next year."""
    ahead, behind = read_date(text, today), read_date(text, today, past=True)
    if ahead and behind and ahead - today > HALF_A_YEAR > today - behind > timedelta():
        return behind
    return ahead


def fitting(text: str) -> str:
    """The reason as it is kept; empty for one that is too short or too long."""
    reason = text.strip()
    is_said = 2 * sum(map(str.isalnum, reason)) >= SHORTEST
    return reason if is_said and SHORTEST <= len(reason) <= LONGEST else ""


def _length_words(text: str) -> Say:
    if len(text.strip()) > LONGEST:
        return _(
            "The reason has {count} characters; {limit} is the most. Please shorten it.",
            count=len(text.strip()),
            limit=LONGEST,
        )
    return _("Please give the reason in a few words, at least {limit} characters.", limit=SHORTEST)


# --- Questions


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Choosing():
            return _which(state)
        case Dating():
            return Question(paragraphs(_heading(state.matter), _UNTIL), (_cancel(),))
        case Offering():
            return _offer(state)
        case Reasoning():
            return _why(state)
        case Confirming():
            return _sure(state)
        case Answering():
            return _answer(state)


_UNTIL = _("Until which day? Example: Jumat depan, 30 November, 30/11.")


def _cancel() -> tuple[Choice, ...]:
    return (Choice(_p("button", "Cancel"), "cancel"),)


def _heading(matter: Matter) -> Say:
    return lines(
        _("⏳ <b>Another deadline: {title}</b>", title=matter.title),
        _("The whole stage") if matter.is_stage else None,
        _place(matter),
        _("Deadline now: {day}", day=Day(matter.present)),
    )


def _place(matter: Matter) -> Say:
    if not matter.spots:
        return _("All regions")
    names = ", ".join(spot.name for spot in matter.spots[:NAMED])
    more = len(matter.spots) - NAMED
    return _n("{names} and {count} more", "{names} and {count} more", more, names=names) if more > 0 else Plain(names)


def _which(state: Choosing) -> Question:
    matter = state.matter
    text = paragraphs(
        lines(
            _("⏳ <b>Another deadline: {title}</b>", title=matter.title),
            _("The whole stage") if matter.is_stage else None,
        ),
        _("For which regions? Please write their names, with commas between them; a province means all its regions."),
        _("Chosen: {names}.", names=_place(matter)) if matter.spots else None,
    )
    count = len(matter.spots)
    done = (Choice(_p("button", "Go on ({count})", count=count), "done"), Choice(_p("button", "Choose anew"), "clear"))
    everyone = (Choice(_p("button", "For all regions"), "all"),)
    rows = ((done,) if matter.spots else ()) + ((everyone,) if state.everywhere and not matter.spots else ())
    return Question(text, (*rows, _cancel()))


def _offer(state: Offering) -> Question:
    day, earlier = Day(state.named), Day(state.earlier)
    off = (
        _("{day} is a day off: {holiday}.", day=day, holiday=state.holiday)
        if state.holiday
        else _("{day} is not a working day.", day=day)
    )
    text = paragraphs(
        _heading(state.matter), lines(off, _("The working day before it is {day}. Or write another day.", day=earlier))
    )
    return Question(text, ((Choice(_p("button", "Take {day}", day=f"{state.earlier:%d/%m}"), "earlier"),), _cancel()))


def _why(state: Reasoning) -> Question:
    text = paragraphs(
        _heading(state.matter),
        _("New deadline: {day}", day=Day(state.day)),
        _("Why? The team reads this reason beside the deadline.")
        if state.matter.purpose is not Purpose.ASK
        else _("Why? The coordinator decides on this reason."),
    )
    return Question(text, (_cancel(),))


def _sure(state: Confirming) -> Question:
    matter = state.matter
    asks = matter.purpose is Purpose.ASK
    text = paragraphs(
        _heading(matter),
        lines(
            _("New deadline: {day}", day=Day(state.day)),
            (_("For you alone") if state.personal else _("For the whole region")) if asks else None,
        ),
        _("<blockquote>{reason}</blockquote>", reason=state.reason),
        None if asks or matter.spots else _FOR_ALL,
    )
    send = Choice(_p("button", "📨 Send the request") if asks else _p("button", "✅ Extend"), "send")
    whose = Choice(_p("button", "For the region") if state.personal else _p("button", "Only for me"), "whose")
    rows = ((send,), (whose,)) if asks else ((send,),)
    return Question(text, (*rows, _cancel()))


_FOR_ALL = _("This concerns all regions, so a second coordinator must agree. Regions with an extension keep theirs.")


def _answer(state: Answering) -> Question:
    if state.answer is Answer.REFUSE:
        ask = _("Why can it not be extended? Whoever asked reads this.")
        return Question(paragraphs(_heading(state.matter), ask), (_cancel(),))
    ask = _("Why is the extension taken back? The team reads this.")
    return Question(paragraphs(_heading(state.matter), ask), (_cancel(),))


FLOW: Flow[Step] = Flow(
    name="extend",
    title=_("Another deadline"),
    states=TypeAdapter(Extending),
    advance=advance,
    question=question,
    subject=lambda state: state.matter.title,
)
