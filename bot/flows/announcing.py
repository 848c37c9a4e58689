"""Announcing: words and files as they are typed, one field after the other, and the number that is typed by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Annotated, Literal

from pydantic import Field as Choose
from pydantic import TypeAdapter

from bot.flows.composing import File, part_of
from bot.flows.turns import Choice, Event, Flow, Other, Pressed, Question, Sent, State, Told, Turn, Wish, Wrote, again
from bot.words import Formatted, Say, _, _n, _p, lines, paragraphs

FieldName = Literal["subject", "reference", "dated", "link", "until", "starts", "ends", "audience", "event", "place"]
SessionField = Literal["event", "place"]
_SHOWN = 1200


@dataclass(frozen=True, slots=True)
class KeepAnnouncement(Wish):
    """`announcement_id` 0 makes a new draft; `before` are the words of an earlier one as the person saw them.

    Answered with `kept`: its number, or `changed`: the words that somebody else has written meanwhile.
    """

    announcement_id: int
    before: str
    text: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class FillAnnouncement(Wish):
    """One field, as it was typed on this day where the person is; an empty text empties it."""

    announcement_id: int
    field: FieldName
    text: str
    day: date | None


@dataclass(frozen=True, slots=True)
class SendAnnouncement(Wish):
    """To exactly so many readers, counted when the person looked."""

    announcement_id: int
    version: int
    count: int


@dataclass(frozen=True, slots=True)
class CorrectAnnouncement(Wish):
    """Other words in every copy; `material` asks everybody to confirm once more."""

    announcement_id: int
    text: str
    material: bool


@dataclass(frozen=True, slots=True)
class ReadSession(Wish):
    """What was typed as the new time or place of a session; an empty text takes the place away. Answered with
    `session`: as it will read."""

    announcement_id: int
    field: SessionField
    text: str


@dataclass(frozen=True, slots=True)
class MoveSession(ReadSession):
    """The same in every copy."""


@dataclass(frozen=True, slots=True)
class RecallAnnouncement(Wish):
    """Take every copy back; the readers see the reason."""

    announcement_id: int
    reason: str


class Piece(State):
    """One message of it, with its formatting. `key` names the message."""

    key: str
    html: str = ""
    file: File | None = None


Pieces = tuple[Piece, ...]


class Composing(State):
    step: Literal["composing"] = "composing"
    announcement_id: int = 0
    before: str = ""
    pieces: Pieces = ()
    misses: int = 0


class Filling(State):
    step: Literal["filling"] = "filling"
    announcement_id: int
    field: FieldName
    present: str = ""


class Counting(State):
    """Typing the number of readers, so that nobody writes to thousands with one tap."""

    step: Literal["counting"] = "counting"
    announcement_id: int
    version: int
    count: int


class Correcting(State):
    """The whole text anew, for the copies that were sent."""

    step: Literal["correcting"] = "correcting"
    announcement_id: int
    before: str
    html: str = ""


class Moving(State):
    """The new time or place of a session, for the copies that were sent; `shown` as it will read. With `has_place`
    there is a place to be taken away."""

    step: Literal["moving"] = "moving"
    announcement_id: int
    field: SessionField
    present: str
    has_place: bool = False
    typed: str = ""
    shown: str = ""


class Recalling(State):
    """Saying why it is taken back."""

    step: Literal["recalling"] = "recalling"
    announcement_id: int


Step = Composing | Filling | Counting | Correcting | Moving | Recalling
Announcing = Annotated[Step, Choose(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads while an announcement is made."""
    match state, event:
        case Composing(announcement_id=0), Pressed("cancel"):
            return Turn(None, _("The announcement was not kept."), then="announcements")
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then=_page(state.announcement_id))
        case Composing(), _:
            return _composing(state, event)
        case Filling(), _:
            return _filling(state, event)
        case Correcting(), _:
            return _correcting(state, event)
        case Moving(), _:
            return _moving(state, event)
        case Recalling(), Wrote(text) if any(map(str.isalpha, text)):
            return Turn(
                None, wishes=(RecallAnnouncement(state.announcement_id, text),), then=_page(state.announcement_id)
            )
        case Recalling(), _:
            return again(state, _("Please write the reason as a text, or cancel."))
        case Counting(count=count), Wrote(text) if _digits(text) == str(count):
            wish = SendAnnouncement(state.announcement_id, state.version, count)
            return Turn(None, wishes=(wish,), then=_page(state.announcement_id))
        case _:
            return again(state, _("This is not the number. Please type it exactly as it stands above, or cancel."))


def _page(announcement_id: int) -> str:
    return f"announcement:{announcement_id}"


def _digits(text: str) -> str:
    return text.strip().replace(".", "").replace(" ", "")


def _composing(state: Composing, event: Event) -> Turn[Step]:
    match event:
        case Pressed("done") if state.pieces:
            wish = KeepAnnouncement(state.announcement_id, state.before, text(state.pieces), files(state.pieces))
            return Turn(state, wishes=(wish,))
        case Told("kept", (announcement_id,)):
            return Turn(None, then=_page(announcement_id))
        case Told("changed", (before,)):
            return Turn(
                state.model_copy(update={"before": before}),
                paragraphs(
                    _("Somebody else has rewritten this draft meanwhile. It says now:"),
                    Formatted(before) if len(before) < _SHOWN else None,
                    _("Press “Finished” once more to put your words in their place, or cancel."),
                ),
            )
        case Pressed("drop"):
            return Turn(state.model_copy(update={"pieces": ()}))
        case _:
            return _heard(state, _piece(event))


def _heard(state: Composing, piece: Piece | None) -> Turn[Step]:
    if piece is None:
        misses = state.misses + 1
        return again(state.model_copy(update={"misses": misses}), _("Please write the announcement, or send a file."))
    pieces = tuple({one.key: one for one in (*state.pieces, piece)}.values())
    return Turn(state.model_copy(update={"pieces": pieces, "misses": 0}))


def _piece(event: Event) -> Piece | None:
    part = part_of(event)
    if part is None or not (part.file or any(map(str.isalnum, part.text))):
        return None
    return Piece(key=part.key, html=_html(event) or escape(part.text, quote=False), file=part.file)


def _html(event: Event) -> str:
    match event:
        case Wrote(html=html) | Sent(html=html) | Other(sent=Sent(html=html)):
            return html
        case _:
            return ""


def text(pieces: Sequence[Piece]) -> str:
    """The words of all messages, an empty line between them, as Telegram's HTML."""
    return "\n\n".join(piece.html for piece in pieces if piece.html)


def files(pieces: Sequence[Piece]) -> tuple[File, ...]:
    """The files of all messages, each once."""
    return tuple({piece.file.unique_id: piece.file for piece in pieces if piece.file}.values())


def _filling(state: Filling, event: Event) -> Turn[Step]:
    match event:
        case Pressed("empty"):
            wish = FillAnnouncement(state.announcement_id, state.field, "", None)
        case Wrote(text=typed, day=day) if typed.strip():
            wish = FillAnnouncement(state.announcement_id, state.field, typed, day)
        case _:
            return again(state, _("Please write it as a text."))
    return Turn(None, wishes=(wish,), then=_page(state.announcement_id))


def _correcting(state: Correcting, event: Event) -> Turn[Step]:
    match event:
        case Wrote(text=typed) if any(map(str.isalnum, typed)):
            return Turn(state.model_copy(update={"html": _html(event) or escape(typed, quote=False)}))
        case Pressed("small" | "material" as how) if state.html:
            wish = CorrectAnnouncement(state.announcement_id, state.html, how == "material")
            return Turn(None, wishes=(wish,), then=_page(state.announcement_id))
        case _:
            return again(state, _("Please write the whole text once more, as it should read."))


def _moving(state: Moving, event: Event) -> Turn[Step]:
    match event:
        case Wrote(text=typed) if any(map(str.isalnum, typed)):
            return _reading(state, typed)
        case Pressed("empty") if state.has_place:
            return _reading(state, "")
        case Told("session", (shown,)):
            return Turn(state.model_copy(update={"shown": shown}))
        case Pressed("move") if state.shown:
            wish = MoveSession(state.announcement_id, state.field, state.typed)
            return Turn(None, wishes=(wish,), then=_page(state.announcement_id))
        case _:
            return again(state, _("Please write it as a text."))


def _reading(state: Moving, typed: str) -> Turn[Step]:
    waiting = state.model_copy(update={"typed": typed, "shown": ""})
    return Turn(waiting, wishes=(ReadSession(state.announcement_id, state.field, typed),))


# --- What is asked

_CANCEL = Choice(_p("button", "Cancel"), "cancel")


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Composing():
            return _composing_question(state)
        case Filling():
            return _filling_question(state)
        case Correcting():
            return _correcting_question(state)
        case Moving():
            return _moving_question(state)
        case Recalling():
            return _recalling_question()
        case _:
            return _counting_question(state)


def _composing_question(state: Composing) -> Question:
    count = len(files(state.pieces))
    shown = text(state.pieces)
    told = paragraphs(
        _("📢 <b>Announcement</b>"),
        _("It says now:") if state.before and not state.pieces else None,
        Formatted(state.before) if state.before and not state.pieces and len(state.before) < _SHOWN else None,
        Formatted(shown) if shown and len(shown) < _SHOWN else None,
        _n("📎 {count} file", "📎 {count} files", count) if count else None,
        _("Please write the announcement as it should be read: formatting, photos, documents and albums are kept.")
        if not state.pieces
        else _("Anything to add? Several messages become one. If not, press “Finished”."),
    )
    if not state.pieces:
        return Question(told, ((_CANCEL,),))
    return Question(
        told, ((Choice(_p("button", "✅ Finished"), "done"),), (Choice(_p("button", "🗑 Discard"), "drop"), _CANCEL))
    )


def _filling_question(state: Filling) -> Question:
    told = paragraphs(
        _ASKED[state.field], _("It is now: <b>{present}</b>", present=state.present) if state.present else None
    )
    empty = (Choice(_p("button", "Leave it empty"), "empty"),) if state.field != "audience" else ()
    return Question(told, ((*empty, _CANCEL),))


_ASKED: dict[str, Say] = {
    "subject": _("What is the announcement about? One line, at most 128 characters."),
    "reference": _("Which number does the letter have? For example: B-214/DJAI/AI.01.02/11"),
    "dated": _("Which date does the letter have? For example: 14 November"),
    "link": lines(
        _("Please send the label and the address of the link, for example:"),
        _("<code>Bahan paparan https://contoh.go.id/bahan</code>"),
    ),
    "until": _("Until when is it valid? Day and hour (WIB), for example: 28 November 17.00"),
    "starts": lines(
        _("When should it be sent? Day and hour (WIB), for example: 28 November 09.00"),
        _("With “waktu setempat” everybody gets it when their own clock shows this hour."),
    ),
    "ends": _("Until which day does it repeat? Not after the closing. For example: 27 November"),
    "audience": _("Under which name should this audience be kept?"),
    "event": _("When is the session? Day, from and until (WIB), for example: 28 November 09.00-12.00"),
    "place": _("Where is the session? For example: Aula Bappeda, Jalan Gunung Lompatan 2"),
}


def _correcting_question(state: Correcting) -> Question:
    shown = state.html or state.before
    told = paragraphs(
        _("✏️ <b>Correction</b>"),
        _("It will read:") if state.html else _("It reads now:"),
        Formatted(shown) if len(shown) < _SHOWN else None,
        _("Every copy is edited and marked as corrected.")
        if state.html
        else _("Please write the whole text once more, as it should read."),
    )
    if not state.html:
        return Question(told, ((_CANCEL,),))
    small = Choice(_p("button", "✏️ Only wording"), "small")
    material = Choice(_p("button", "❗ Confirm once more"), "material")
    return Question(told, ((small,), (material,), (_CANCEL,)))


def _moving_question(state: Moving) -> Question:
    """A new time asks everybody anew; a new place leaves their answers."""
    if not state.shown:
        told = paragraphs(_ASKED[state.field], _("It is now: <b>{present}</b>", present=state.present))
        empty = (Choice(_p("button", "No place yet"), "empty"),) if state.has_place else ()
        return Question(told, ((*empty, _CANCEL),))
    told = paragraphs(
        _("✏️ <b>Correction</b>"),
        lines(
            _("It is now: <b>{present}</b>", present=state.present), _("It will be: <b>{shown}</b>", shown=state.shown)
        ),
        _("Every copy is edited, and everybody who has one is told in a message of its own."),
        _("Whoever has answered is asked once more.") if state.field == "event" else None,
    )
    return Question(told, ((Choice(_p("button", "✅ Move it"), "move"), _CANCEL),))


def _recalling_question() -> Question:
    told = paragraphs(
        _("↩️ <b>Recall</b>"),
        _("Why is it recalled? Everybody who has it will read this reason. Example: the place has changed."),
        _("As soon as the reason is sent, the copies are taken back."),
    )
    return Question(told, ((_CANCEL,),))


def _counting_question(state: Counting) -> Question:
    told = paragraphs(
        _n(
            "📢 This announcement goes to <b>{count} person</b>.",
            "📢 This announcement goes to <b>{count} persons</b>.",
            state.count,
        ),
        _("To be sure, please type this number."),
    )
    return Question(told, ((_CANCEL,),))


FLOW: Flow[Step] = Flow(
    name="announce",
    title=_("Announcement"),
    states=TypeAdapter(Announcing),
    advance=advance,
    question=question,
)
