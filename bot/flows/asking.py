"""Asking the mentors: the question in any form, what it is about, what was answered before, and into the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.composing import Part, Parts, files, joined, part_of, says_something
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, again
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs

# What one question may hold; more is another question, or a document.
LONGEST = 20_000
MOST_PARTS = 30
PAGE = 6
_SHOWN = 700
_LABEL = 40


class Option(State):
    """Something to choose from: a pillar, an item, an answer found."""

    key: str
    title: str


class Topic(State):
    """What is known of the question before a word is written. `fields` are the pillars to choose from."""

    region_code: str
    fields: tuple[Option, ...] = ()
    pillar: str | None = None
    item: Option | None = None
    about: str | None = None
    follows_id: int | None = None
    follows: str = ""
    shared: bool = False
    settled: bool = False


@dataclass(frozen=True, slots=True)
class FileQuestion(Wish):
    """`hits` are the answers that were offered first, and were not it."""

    topic: Topic
    parts: Parts
    hits: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class LookForAnswers(Wish):
    text: str
    pillar: str | None


@dataclass(frozen=True, slots=True)
class ListItems(Wish):
    """Answered with `items`: (key, title) of each, the likeliest for this text first."""

    region_code: str
    pillar: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ReadAnswer(Wish):
    key: str


@dataclass(frozen=True, slots=True)
class AnswerFound(Wish):
    """ "Sudah terjawab": nothing is filed, and it is counted."""

    text: str
    key: str
    hits: tuple[Option, ...] = ()


class Step(State):
    topic: Topic
    parts: Parts = ()


class Writing(Step):
    step: Literal["writing"] = "writing"
    misses: int = 0


class ChoosingField(Step):
    step: Literal["field"] = "field"


class ChoosingItem(Step):
    step: Literal["item"] = "item"
    items: tuple[Option, ...] = ()
    page: int = 0


class Offering(Step):
    """What was answered before and comes near; `read` is the one that stands open, with its words."""

    step: Literal["offering"] = "offering"
    hits: tuple[Option, ...] = ()
    read: Option | None = None


Asking = Annotated[Writing | ChoosingField | ChoosingItem | Offering, Field(discriminator="step")]

EMPTY = _("Please write what you would like to know, in a few words. A photo or a voice message is welcome too.")
_NOT_SENT = _("Nothing was asked.")


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads from a step of asking."""
    match event:
        case Pressed("cancel"):
            return Turn(None, _NOT_SENT, then="home")
        case Told("items", (*items,)):
            return _to_items(state, tuple(Option(key=key, title=title) for key, title in items))
        case Told("answers", (*hits,)):
            return _to_answers(state, tuple(Option(key=key, title=title) for key, title in hits))
    match state:
        case Writing():
            return _writing(state, event)
        case ChoosingField():
            return _choosing_field(state, event)
        case ChoosingItem():
            return _choosing_item(state, event)
        case Offering():
            return _offering(state, event)
        case _:
            return again(state)


def _writing(state: Writing, event: Event) -> Turn[Step]:
    match event:
        case Pressed("send") if says_something(state.parts):
            return _send(state)
        case Pressed("send"):
            return Turn(state, EMPTY)
        case Pressed("shared"):
            topic = state.topic.model_copy(update={"shared": not state.topic.shared})
            return Turn(state.model_copy(update={"topic": topic}))
        case Pressed("anew"):
            return Turn(Writing(topic=state.topic))
        case Pressed():
            return again(state)
        case _:
            return _more(state, part_of(event))


def _more(state: Writing, part: Part | None) -> Turn[Step]:
    """Another message of the question. A smile alone is no question; the third time there is an example."""
    if part is None or not says_something((*state.parts, part)):
        misses = state.misses + 1
        return Turn(state.model_copy(update={"misses": misses}), EMPTY if misses < 2 else _EXAMPLE)
    if part.key in {known.key for known in state.parts}:
        changed = tuple(part if known.key == part.key else known for known in state.parts)
        return Turn(state.model_copy(update={"parts": changed}), _("The change was taken over."))
    if len(state.parts) >= MOST_PARTS or len(joined((*state.parts, part))) > LONGEST:
        return again(state, _("This is as much as one question can hold. Please send it, or begin anew."))
    return Turn(state.model_copy(update={"parts": (*state.parts, part), "misses": 0}))


_EXAMPLE = _(
    "For example: “Must the decree on the smart city council have an annex with its members?” "
    "A photo, a document or a voice message can be sent too."
)


def _send(state: Step) -> Turn[Step]:
    """What is not known from where the person stands is asked; then what was answered before is looked for."""
    if state.topic.settled or not state.topic.fields:
        return _look(state)
    return Turn(ChoosingField(topic=state.topic, parts=state.parts))


def _look(state: Step) -> Turn[Step]:
    topic = state.topic.model_copy(update={"settled": True})
    waiting = Offering(topic=topic, parts=state.parts)
    return Turn(waiting, wishes=(LookForAnswers(joined(state.parts), topic.pillar),))


def _choosing_field(state: ChoosingField, event: Event) -> Turn[Step]:
    topic = state.topic
    match event:
        case Pressed("field", key) if key in {one.key for one in topic.fields}:
            chosen = topic.model_copy(update={"pillar": key})
            wish = ListItems(topic.region_code, key, joined(state.parts))
            return Turn(ChoosingItem(topic=chosen, parts=state.parts), wishes=(wish,))
        case Pressed("unknown"):
            return _look(state)
        case Pressed("back"):
            return Turn(Writing(topic=topic, parts=state.parts))
        case _:
            return again(state, _CHOOSE)


def _to_items(state: Step, items: tuple[Option, ...]) -> Turn[Step]:
    if not items:
        return _look(state)
    return Turn(ChoosingItem(topic=state.topic, parts=state.parts, items=items))


def _choosing_item(state: ChoosingItem, event: Event) -> Turn[Step]:
    match event:
        case Pressed("item", place) if place.isdecimal() and int(place) < len(state.items):
            item = state.items[int(place)]
            return _look(state.model_copy(update={"topic": state.topic.model_copy(update={"item": item})}))
        case Pressed("unknown"):
            return _look(state)
        case Pressed("page", page) if page.isdecimal() and int(page) * PAGE < len(state.items):
            return Turn(state.model_copy(update={"page": int(page)}))
        case Pressed("back"):
            topic = state.topic.model_copy(update={"pillar": None})
            return Turn(ChoosingField(topic=topic, parts=state.parts))
        case _:
            return again(state, _CHOOSE)


_CHOOSE = _("Please choose one of the buttons. “I don't know” is an answer too.")


def _to_answers(state: Step, hits: tuple[Option, ...]) -> Turn[Step]:
    """With nothing near the question goes straight into the queue."""
    return Turn(Offering(topic=state.topic, parts=state.parts, hits=hits)) if hits else _file(state)


def _file(state: Step) -> Turn[Step]:
    hits = state.hits if isinstance(state, Offering) else ()
    return Turn(None, wishes=(FileQuestion(state.topic, state.parts, hits),), then="questions")


def _offering(state: Offering, event: Event) -> Turn[Step]:
    match event:
        case Told("answer", (str(key), str(title))):
            return Turn(state.model_copy(update={"read": Option(key=key, title=title)}))
        case Pressed("read", place) if place.isdecimal() and int(place) < len(state.hits):
            return Turn(state, wishes=(ReadAnswer(state.hits[int(place)].key),))
        case Pressed("list"):
            return Turn(state.model_copy(update={"read": None}))
        case Pressed("answered"):
            key = state.read.key if state.read else state.hits[0].key if state.hits else ""
            return Turn(None, _FOUND, (AnswerFound(joined(state.parts), key, state.hits),))
        case Pressed("ask"):
            return _file(state)
        case Pressed("back"):
            return Turn(Writing(topic=state.topic, parts=state.parts))
        case _:
            return again(state, _("Please choose one of the buttons: is it answered, or shall the mentors be asked?"))


_FOUND = _("Good to hear. Nothing was sent to the mentors.")


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case ChoosingField():
            return _field_question(state)
        case ChoosingItem():
            return _item_question(state)
        case Offering():
            return _offer(state)
        case Writing(parts=()):
            return Question(_invitation(state.topic), ((_CANCEL,),))
        case _:
            return _review(state)


_CANCEL = Choice(_p("button", "Cancel"), "cancel")
_BACK = Choice(_p("button", "◀ Back"), "back")
_UNKNOWN = Choice(_p("button", "🤷 I don't know"), "unknown")


def _invitation(topic: Topic) -> Say:
    return paragraphs(
        lines(_("❓ <b>Ask the mentors</b>"), _about(topic)),
        _("What would you like to know? Text, photo, document or voice, also in several messages."),
    )


def _about(topic: Topic) -> Say | None:
    """What the question is about, as far as it is known."""
    pillar = next((one.title for one in topic.fields if one.key == topic.pillar), None)
    return (
        lines(
            _("About the item: {item}", item=topic.item.title) if topic.item else None,
            _("Field: {pillar}", pillar=pillar) if pillar and not topic.item else None,
            _("Follows {number}", number=topic.follows) if topic.follows else None,
        )
        if topic.item or pillar or topic.follows
        else None
    )


def _review(state: Step) -> Question:
    text = paragraphs(
        lines(_("❓ <b>Ask the mentors</b>"), _about(state.topic)),
        _yours(state.parts),
        lines(_visibility(state.topic), _("Send more, or press Send.")),
    )
    toggle = _p("button", "🔒 Only my region") if state.topic.shared else _p("button", "🌐 Let others read it")
    rows = (
        (Choice(_p("button", "📨 Send"), "send"),),
        (Choice(toggle, "shared"),),
        (Choice(_p("button", "🗑 Begin anew"), "anew"), _CANCEL),
    )
    return Question(text, rows)


def _yours(parts: Sequence[Part]) -> Say:
    count, text = len(files(parts)), joined(parts)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
    return lines(
        _("<blockquote>{text}</blockquote>", text=shown) if shown else None,
        _n("📎 {count} file", "📎 {count} files", count) if count else None,
    )


def _visibility(topic: Topic) -> Say:
    if topic.shared:
        return _("🌐 Once it is answered, other regions may read it, without your name.")
    return _("🔒 Only your region and the mentors read it.")


def _field_question(state: ChoosingField) -> Question:
    rows = tuple((Choice(Plain(one.title), "field", one.key),) for one in state.topic.fields)
    return Question(
        paragraphs(_("Which field is it about?"), _("The right mentor gets it sooner then.")),
        (*rows, (_UNKNOWN,), (_BACK,)),
    )


def _item_question(state: ChoosingItem) -> Question:
    start = state.page * PAGE
    shown = state.items[start : start + PAGE]
    rows = tuple((Choice(Plain(_short(one.title)), "item", str(place)),) for place, one in enumerate(shown, start))
    return Question(_("Is it about one of these items?"), (*rows, *_pages(state), (_UNKNOWN,), (_BACK,)))


def _pages(state: ChoosingItem) -> tuple[tuple[Choice, ...], ...]:
    last = (len(state.items) - 1) // PAGE
    if last < 1:
        return ()
    before = (Choice(Plain("◀"), "page", str(state.page - 1)),) if state.page else ()
    middle = Choice(Plain(f"{state.page + 1}/{last + 1}"), "page", str(state.page))
    after = (Choice(Plain("▶"), "page", str(state.page + 1)),) if state.page < last else ()
    return ((*before, middle, *after),)


def _offer(state: Offering) -> Question:
    ways = (
        (Choice(_p("button", "✅ That answers it"), "answered"),),
        (Choice(_p("button", "📨 Ask all the same"), "ask"),),
    )
    if state.read is not None:
        return Question(Plain(state.read.title), (*ways, (Choice(_p("button", "◀ Back"), "list"),)))
    rows = tuple(
        (Choice(Plain(f"{place + 1}. {_short(one.title)}"), "read", str(place)),)
        for place, one in enumerate(state.hits)
    )
    listed = [_("{number}. {title}", number=place + 1, title=one.title) for place, one in enumerate(state.hits)]
    text = paragraphs(_("💡 Perhaps this is answered already. Please have a look before it is sent:"), lines(*listed))
    return Question(text, (*rows, *ways, (_BACK,)))


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1].rstrip()}…"


FLOW: Flow[Step] = Flow(
    name="ask",
    title=_("Ask the mentors"),
    states=TypeAdapter(Asking),
    advance=advance,
    question=question,
)
