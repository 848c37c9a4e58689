"""Answering a question: in one message or several, with files, with a ready answer; looked over once, then sent."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.flows.composing import Parts, files, joined, part_of, says_something
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Told, Turn, Wish, again
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs

# What one answer may hold; more is a document.
LONGEST = 20_000
MOST_PARTS = 30
PAGE = 6
# Of the answer before it is sent; the rest is sent whole all the same.
_SHOWN = 1500


class Mode(StrEnum):
    """What the words will be."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    NOTE = "note"


class Late(StrEnum):
    """Why the words cannot be sent as an answer."""

    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LookAtQuestion(Wish):
    """`brief` leaves room for a long answer below."""

    question_id: int
    mode: Mode
    brief: bool


@dataclass(frozen=True, slots=True)
class KeepDraft(Wish):
    """The first words take the question; all of them are kept beside it."""

    question_id: int
    parts: Parts


@dataclass(frozen=True, slots=True)
class SendWords(Wish):
    question_id: int
    mode: Mode
    parts: Parts


@dataclass(frozen=True, slots=True)
class ListCanned(Wish):
    question_id: int
    page: int


@dataclass(frozen=True, slots=True)
class InsertCanned(Wish):
    question_id: int
    canned_id: int


@dataclass(frozen=True, slots=True)
class NextQuestion(Wish):
    """The one after this."""

    question_id: int


@dataclass(frozen=True, slots=True)
class SendThreadFiles(Wish):
    question_id: int


@dataclass(frozen=True, slots=True)
class GiveAway(Wish):
    """To a colleague, or (`refer`) because it is not for these mentors."""

    question_id: int
    refer: bool


class Card(State):
    """What is known of the question, drawn anew whenever it is shown. `shown` is words, so it is not kept."""

    question_id: int
    number: str
    files: int = 0
    shown: Any = Field(default=None, exclude=True)


class Option(State):
    id: int
    title: str


class Step(State):
    card: Card
    mode: Mode = Mode.ANSWER
    parts: Parts = ()


class Writing(Step):
    """Waits for words; `misses` counts what could not be used."""

    step: Literal["writing"] = "writing"
    misses: int = 0


class Choosing(Step):
    """A ready answer is chosen."""

    step: Literal["choosing"] = "choosing"
    options: tuple[Option, ...] = ()
    page: int = 0
    pages: int = 1


class TooLate(Step):
    """Somebody was faster. Whatever is written now is kept here until the mentor says what becomes of it."""

    step: Literal["late"] = "late"
    why: Late


Answering = Annotated[Writing | Choosing | TooLate, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads while a question is being answered."""
    turn = _told(state, event) or _anywhere(state, event)
    if turn is not None:
        return turn
    match state:
        case TooLate():
            return _late(state, event)
        case Choosing():
            return _choosing(state, event)
        case _:
            return _writing(state, event)


def _told(state: Step, event: Event) -> Turn[Step] | None:
    match event:
        case Told("card", (Card() as card,)) if isinstance(state, TooLate):
            return Turn(Writing(card=card, mode=state.mode, parts=state.parts))
        case Told("card", (Card() as card,)):
            return Turn(state.model_copy(update={"card": card}))
        case Told("late", (Card() as card, str(why))):
            return Turn(TooLate(card=card, mode=state.mode, parts=state.parts, why=Late(why)))
        case Told("canned", (options, int(page), int(pages))):
            known = tuple(Option(id=key, title=title) for key, title in options)
            return Turn(
                Choosing(card=state.card, mode=state.mode, parts=state.parts, options=known, page=page, pages=pages)
            )
        case Told("no_canned"):
            return Turn(_back(state), _("There is no ready answer yet. /jawabancepat makes one."))
        case Told("inserted", parts):
            return _with_parts(state, parts)
        case _:
            return None


def _back(state: Step) -> Writing:
    return Writing(card=state.card, mode=state.mode, parts=state.parts)


def _anywhere(state: Step, event: Event) -> Turn[Step] | None:
    """What means the same at every step."""
    card = state.card
    match event:
        case Pressed("cancel" | "later"):
            kept = state.parts and state.mode is not Mode.NOTE and not isinstance(state, TooLate)
            return Turn(None, _DRAFT_KEPT if kept else None, then=f"question:{card.question_id}")
        case Pressed("next"):
            return Turn(None, wishes=(NextQuestion(card.question_id),), then="queue")
        case Pressed("note") if state.parts:
            return _sent(state, Mode.NOTE)
        case _:
            return None


_DRAFT_KEPT = _("The draft stays with the question. You can continue at any time.")


def _sent(state: Step, mode: Mode) -> Turn[Step]:
    then = "queue" if mode is not Mode.NOTE else f"question:{state.card.question_id}"
    return Turn(None, wishes=(SendWords(state.card.question_id, mode, state.parts),), then=then)


def _writing(state: Step, event: Event) -> Turn[Step]:
    match event:
        case Pressed("send") if state.parts:
            return _sent(state, state.mode)
        case Pressed("answer") if state.parts:
            return _sent(state, Mode.ANSWER)
        case Pressed("ask_back") if state.parts:
            return _sent(state, Mode.ASK_BACK)
        case Pressed(name):
            return _chosen(state, name)
        case _:
            return _heard(state, event)


def _chosen(state: Step, name: str) -> Turn[Step]:
    question_id = state.card.question_id
    match name:
        case "canned":
            return Turn(state, wishes=(ListCanned(question_id, 0),))
        case "drop" if state.parts:
            wishes = (KeepDraft(question_id, ()),) if state.mode is not Mode.NOTE else ()
            return Turn(Writing(card=state.card, mode=state.mode), _("The draft was discarded."), wishes)
        case "files":
            return Turn(state, wishes=(SendThreadFiles(question_id),))
        case "pass" | "refer":
            wishes_to = (GiveAway(question_id, name == "refer"),)
            return Turn(None, wishes=wishes_to, then=f"question:{question_id}")
        case _:
            return again(state)


def _heard(state: Step, event: Event) -> Turn[Step]:
    part = part_of(event)
    if part is not None and says_something((part,)):
        return _with_parts(state, (part,))
    misses = state.misses + 1 if isinstance(state, Writing) else 1
    return again(Writing(card=state.card, mode=state.mode, parts=state.parts, misses=misses), _help(misses))


def _with_parts(state: Step, more: Parts) -> Turn[Step]:
    """More of the answer; a message that was told before counts once, in its newest wording."""
    known = {part.key: part for part in (*state.parts, *more)}
    parts = tuple(known.values())
    if len(parts) > MOST_PARTS or len(joined(parts)) > LONGEST:
        return again(_back(state), _MUCH)
    wishes = (KeepDraft(state.card.question_id, parts),) if state.mode is not Mode.NOTE else ()
    return Turn(Writing(card=state.card, mode=state.mode, parts=parts), wishes=wishes)


_MUCH = _("This is very much for one answer. Please send it, or put the rest in a document.")


def _help(misses: int) -> Say:
    if misses < 2:
        return _("Please write your answer, or send a photo, a document or a voice message.")
    return _(
        "Stickers and locations cannot be an answer. For example, write: “Please use the form of annex 2.” "
        "A ready answer can be chosen with the button below."
    )


def _choosing(state: Choosing, event: Event) -> Turn[Step]:
    question_id = state.card.question_id
    match event:
        case Pressed("use", value) if value.isdecimal() and any(one.id == int(value) for one in state.options):
            return Turn(_back(state), wishes=(InsertCanned(question_id, int(value)),))
        case Pressed("page", value) if value.isdecimal() and int(value) < state.pages:
            return Turn(state, wishes=(ListCanned(question_id, int(value)),))
        case Pressed("back"):
            return Turn(_back(state))
        case Pressed():
            return again(state)
        case _:
            return _heard(state, event)


def _late(state: TooLate, event: Event) -> Turn[Step]:
    part = part_of(event)
    if part is None or not says_something((part,)):
        return again(state)
    known = {one.key: one for one in (*state.parts, part)}
    return Turn(state.model_copy(update={"parts": tuple(known.values())}))


# --- What is asked


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case TooLate():
            return _late_question(state)
        case Choosing():
            return _choosing_question(state)
        case _ if state.parts:
            return _sending_question(state)
        case _:
            return _writing_question(state)


_LATER = Choice(_p("button", "💾 Later"), "later")
_NEXT = Choice(_p("button", "⏭ Next question"), "next")
_CANNED = Choice(_p("button", "⚡ Ready answer"), "canned")
_PROMPT = {
    Mode.ANSWER: _(
        "Please write the answer: one message or several, photos, documents, voice. You see it before it goes."
    ),
    Mode.ASK_BACK: _("What should the asker explain? While you wait for them the clock stands still."),
    Mode.NOTE: _("Please write a note for the other mentors. The asker does not see it."),
}
_PREVIEW = {
    Mode.ANSWER: _("👁 <b>Preview of the answer</b>"),
    Mode.ASK_BACK: _("👁 <b>Preview of what you ask</b>"),
    Mode.NOTE: _("👁 <b>Preview of the note</b>"),
}
_SEND = {
    Mode.ANSWER: _p("button", "📨 Send the answer"),
    Mode.ASK_BACK: _p("button", "📨 Send the question"),
    Mode.NOTE: _p("button", "🗒 Keep the note"),
}


def _writing_question(state: Step) -> Question:
    text = paragraphs(state.card.shown or _number(state.card), _PROMPT[state.mode])
    if state.mode is Mode.NOTE:
        return Question(text, ((_LATER,),))
    tools = (_CANNED, *_files_choice(state.card))
    away = (Choice(_p("button", "↪️ Pass on"), "pass"), Choice(_p("button", "🚫 Not for us"), "refer"))
    return Question(text, (tools, away, (_NEXT, _LATER)))


def _number(card: Card) -> Say:
    return _("<b>{number}</b>", number=card.number)


def _files_choice(card: Card) -> tuple[Choice, ...]:
    return (Choice(_p("button", "📎 Files ({count})", count=card.files), "files"),) if card.files else ()


def _sending_question(state: Step) -> Question:
    text = paragraphs(state.card.shown or _number(state.card), lines(_PREVIEW[state.mode], _words(state.parts)), _MORE)
    first = (Choice(_SEND[state.mode], "send"),)
    if state.mode is Mode.NOTE:
        return Question(text, (first, (Choice(_p("button", "🗑 Discard"), "drop"), _LATER)))
    note = Choice(_p("button", "🗒 As a note"), "note")
    other = (
        Choice(_p("button", "🙋 Ask back"), "ask_back")
        if state.mode is Mode.ANSWER
        else Choice(_p("button", "✍️ As the answer"), "answer")
    )
    return Question(text, (first, (other, note), (_CANNED, Choice(_p("button", "🗑 Discard"), "drop")), (_LATER,)))


_MORE = _("You can add more, or send it.")


def _words(parts: Parts) -> Say:
    """What was written, cut for display, and how many files there are."""
    text, count = joined(parts), len(files(parts))
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}…"
    return lines(
        _("<blockquote>{text}</blockquote>", text=shown) if shown else None,
        _n("📎 {count} file", "📎 {count} files", count) if count else None,
    )


def _choosing_question(state: Choosing) -> Question:
    chosen = tuple((Choice(Plain(one.title), "use", str(one.id)),) for one in state.options)
    before = (Choice(Plain("◀"), "page", str(state.page - 1)),) if state.page else ()
    after = (Choice(Plain("▶"), "page", str(state.page + 1)),) if state.page + 1 < state.pages else ()
    back = Choice(_p("button", "◀ Back"), "back")
    text = paragraphs(_number(state.card), _("⚡ Which ready answer? It is put below what you have written."))
    return Question(text, (*chosen, (*before, back, *after)))


def _late_question(state: TooLate) -> Question:
    kept = lines(_("Your words are kept here:"), _words(state.parts)) if state.parts else None
    rows: list[tuple[Choice, ...]] = [(_NEXT,)]
    if state.parts:
        rows.insert(0, (Choice(_p("button", "🗒 As a note"), "note"),))
    return Question(
        paragraphs(state.card.shown or _number(state.card), kept),
        (*rows, (Choice(_p("button", "Close"), "later"),)),
    )


FLOW: Flow[Step] = Flow(
    name="answer",
    title=_("Answer a question"),
    states=TypeAdapter(Answering),
    advance=advance,
    question=question,
    look=lambda state: LookAtQuestion(state.card.question_id, state.mode, bool(state.parts)),
    subject=lambda state: state.card.number,
)
