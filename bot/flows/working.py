"""Working on an item: evidence in any form, a note, a look over it all, and submitting."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from bot.dates import read_date
from bot.flows.turns import Choice, Event, Flow, Other, Pressed, Question, Sent, State, Told, Turn, Wrote, again
from bot.flows.working_wishes import (
    AskMentors,
    AttachFile,
    AttachLink,
    AttachText,
    DateEvidence,
    HandToLead,
    LookAtDraft,
    NoteItem,
    RemoveEvidence,
    SubmitItem,
)
from bot.words import Plain, Say, Size, _, _n, _p, lines, paragraphs
from db.vocabulary import EvidenceKind, EvidenceState

MANY = 6
# What one piece of evidence holds as text; more is refused rather than cut.
LONGEST = 50_000


class Piece(State):
    """One piece of evidence as the draft shows it; a photo may have no name."""

    id: int
    name: str
    kind: EvidenceKind
    state: EvidenceState
    size: int | None = None


class Card(State):
    """What is known of the item, drawn anew whenever the question is shown. `due` is words, so it is not kept."""

    item_id: int
    key: str
    title: str
    wanted: str
    due: Any = Field(default=None, exclude=True)
    reason: str = ""
    note: str = ""
    pieces: tuple[Piece, ...] = ()
    submits: bool = True


class Step(State):
    card: Card


class Collecting(Step):
    """Waits for evidence; `misses` counts what could not be used."""

    step: Literal["collecting"] = "collecting"
    misses: int = 0


class Writing(Step):
    """A text over several messages, kept together until it is finished. `at`: when the last part was sent."""

    step: Literal["writing"] = "writing"
    parts: tuple[str, ...]
    key: str
    at: datetime


class Noting(Step):
    step: Literal["noting"] = "noting"


class Dating(Step):
    step: Literal["dating"] = "dating"
    misses: int = 0


class Removing(Step):
    step: Literal["removing"] = "removing"


class Checking(Step):
    """The last look before the item is submitted."""

    step: Literal["checking"] = "checking"


Working = Annotated[Collecting | Writing | Noting | Dating | Removing | Checking, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads from a step of the work on an item."""
    turn = _anywhere(state, event)
    if turn is not None:
        return turn
    match state:
        case Collecting():
            return _collecting(state, event)
        case Writing():
            return _writing(state, event)
        case Noting():
            return _noting(state, event)
        case Dating():
            return _dating(state, event)
        case Removing():
            return _removing(state, event)
        case Checking():
            return _checking(state, event)
        case _:
            return again(state)


def _anywhere(state: Step, event: Event) -> Turn[Step] | None:
    """What means the same at every step."""
    match event:
        case Told("draft", (Card() as card,)):
            return Turn(state.model_copy(update={"card": card}))
        case Told("closed"):
            return Turn(None, _CLOSED, then=f"item-id:{state.card.item_id}")
        case Pressed("cancel" | "later") if isinstance(state, Writing):
            return Turn(None, _DRAFT_KEPT, (kept(state),), then=f"item:{state.card.key}")
        case Pressed("cancel" | "later"):
            return Turn(None, _DRAFT_KEPT, then=f"item:{state.card.key}")
        case Pressed("back") if not isinstance(state, Writing):
            return Turn(Collecting(card=state.card))
        case _:
            return None


_CLOSED = _("This item is not open for changes any more; somebody of your team was faster. Here is where it stands.")
_DRAFT_KEPT = _("The draft is kept. You can continue at any time.")


def kept(state: Writing) -> AttachText:
    """The text so far as evidence, so that leaving the question loses nothing."""
    return AttachText(state.card.item_id, "\n".join(state.parts), state.key, state.at)


def _collecting(state: Collecting, event: Event) -> Turn[Step]:
    card = state.card
    match event:
        case Sent():
            return Turn(Collecting(card=card), wishes=(AttachFile(card.item_id, event),))
        case Wrote(text) if _is_link(text):
            return Turn(Collecting(card=card), wishes=(AttachLink(card.item_id, text.strip(), event.key),))
        case Wrote(text, key, at) if is_readable(text):
            return Turn(Writing(card=card, parts=(text,), key=key, at=at))
        case Pressed(name):
            return _chosen(state, name)
        case Other():
            misses = state.misses + 1
            return again(state.model_copy(update={"misses": misses}), _collecting_help(misses))
        case _:
            return again(state)


def _chosen(state: Collecting, name: str) -> Turn[Step]:
    """A button under the draft."""
    card = state.card
    match name:
        case "note":
            return Turn(Noting(card=card))
        case "ask":
            return Turn(state, wishes=(AskMentors(card.item_id),))
        case "date" if card.pieces:
            return Turn(Dating(card=card))
        case "remove" if card.pieces:
            return Turn(Removing(card=card))
        case "check" if _proof(card):
            return Turn(Checking(card=card))
        case "check" if card.pieces:
            return Turn(state, _("None of the files could be accepted. Please send another one, or a link."))
        case "check":
            return Turn(state, _("Please attach evidence first: a document, a photo, a link or a text."))
        case _:
            return again(state)


def _proof(card: Card) -> bool:
    return any(piece.state is not EvidenceState.REFUSED for piece in card.pieces)


def _collecting_help(misses: int) -> Say:
    if misses < 2:
        return _("This kind of message cannot be evidence. A document, a photo, a video, a link or a text can.")
    return _(
        "To attach a document, press the paper clip 📎 beside the writing line, choose File, and send it. "
        "A photo can be sent in the same way."
    )


def _writing(state: Writing, event: Event) -> Turn[Step]:
    card = state.card
    match event:
        case Wrote(text) if _length(state) + len(text) > LONGEST:
            return again(state, _("One text may have {count} characters. Please finish this one first.", count=LONGEST))
        case Wrote(text, _key, at):
            return Turn(state.model_copy(update={"parts": (*state.parts, text), "at": at}))
        case Pressed("done"):
            return Turn(Collecting(card=card), wishes=(kept(state),))
        case Pressed("as_note"):
            return Turn(Collecting(card=card), wishes=(NoteItem(card.item_id, "\n".join(state.parts)),))
        case Pressed("drop"):
            return Turn(Collecting(card=card), _("The text was not kept."))
        case Sent():
            return Turn(Collecting(card=card), wishes=(kept(state), AttachFile(card.item_id, event)))
        case _:
            return again(state)


def _length(state: Writing) -> int:
    return sum(map(len, state.parts))


def _noting(state: Noting, event: Event) -> Turn[Step]:
    match event:
        case Wrote(text) if is_readable(text):
            return Turn(Collecting(card=state.card), wishes=(NoteItem(state.card.item_id, text.strip()),))
        case _:
            return again(state, _("Please write the note as text."))


def _dating(state: Dating, event: Event) -> Turn[Step]:
    match event:
        case Wrote(text, _key, _at, day) if (read := read_date(text, day)) is not None and read <= day:
            return Turn(Collecting(card=state.card), wishes=(DateEvidence(state.card.item_id, read),))
        case _:
            misses = state.misses + 1
            return again(state.model_copy(update={"misses": misses}), _date_help(misses))


def _date_help(misses: int) -> Say:
    if misses < 2:
        return _("The date could not be read yet. Example: 30 November.")
    return _("Please write day and month, not later than today. Examples: 30 November, 30/11, kemarin.")


def _removing(state: Removing, event: Event) -> Turn[Step]:
    match event:
        case Pressed("drop", value) if value in {str(piece.id) for piece in state.card.pieces}:
            return Turn(Collecting(card=state.card), wishes=(RemoveEvidence(state.card.item_id, int(value)),))
        case _:
            return again(state)


def _checking(state: Checking, event: Event) -> Turn[Step]:
    card = state.card
    match event:
        case Pressed("submit") if card.submits:
            return Turn(None, wishes=(SubmitItem(card.item_id),), then=f"item:{card.key}")
        case Pressed("hand"):
            return Turn(None, wishes=(HandToLead(card.item_id),), then=f"item:{card.key}")
        case Sent():
            return Turn(Collecting(card=card), wishes=(AttachFile(card.item_id, event),))
        case _:
            return again(state)


def is_readable(text: str) -> bool:
    """Whether anything of a text can be seen: no evidence is made of blanks alone."""
    return any(character.isprintable() and not character.isspace() for character in text)


def _is_link(text: str) -> bool:
    words = text.split()
    return len(words) == 1 and words[0].lower().startswith(("http://", "https://", "www."))


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Writing():
            return _writing_question(state)
        case Noting():
            return Question(
                _("📝 Please write a note for <b>{title}</b>. The reviewer reads it too.", title=state.card.title),
                ((_BACK,),),
            )
        case Dating():
            return Question(
                _("📅 When was this evidence made? Please write the date, for example: 30 November."), ((_BACK,),)
            )
        case Removing():
            return _removing_question(state.card)
        case Checking():
            return _checking_question(state.card)
        case _:
            return _collecting_question(state.card)


_BACK = Choice(_p("button", "◀ Back"), "back")
_LATER = Choice(_p("button", "💾 Continue later"), "later")


def _collecting_question(card: Card) -> Question:
    text = paragraphs(
        lines(_("✏️ <b>{title}</b>", title=card.title), card.due),
        _("<blockquote>{reason}</blockquote>", reason=card.reason) if card.reason else None,
        _("<b>Evidence wanted:</b> {wanted}", wanted=card.wanted),
        _draft(card),
        _("Please send a document, a photo, a link or a text. Several at once are welcome."),
    )
    check = Choice(_p("button", "✅ Check and submit") if card.submits else _p("button", "✅ Finish"), "check")
    edit = (
        Choice(_p("button", "📅 Evidence date"), "date"),
        Choice(_p("button", "🗑 Remove"), "remove"),
    )
    first = ((check,), edit) if card.pieces else ()
    ask = Choice(_p("button", "❓ Ask the mentors"), "ask")
    return Question(text, (*first, (Choice(_p("button", "📝 Add a note"), "note"), _LATER), (ask,)))


def _draft(card: Card) -> Say:
    note = _("<b>Note:</b> {note}", note=card.note) if card.note else None
    if not card.pieces:
        return lines(_("<b>Draft:</b> no evidence yet."), note)
    shown = [_piece(number, piece) for number, piece in enumerate(card.pieces[-MANY:], _first(card))]
    head = _n("<b>Draft:</b> {count} piece of evidence", "<b>Draft:</b> {count} pieces of evidence", len(card.pieces))
    return lines(head, *shown, note)


def _first(card: Card) -> int:
    return max(1, len(card.pieces) - MANY + 1)


def _piece(number: int, piece: Piece) -> Say:
    mark = {EvidenceState.CHECKING: "⏳", EvidenceState.STORED: "📎", EvidenceState.REFUSED: "⚠️"}[piece.state]
    if piece.size:
        return _(
            "{number}. {mark} {label} · {size}",
            number=number,
            mark=mark,
            label=named(piece.name, piece.kind),
            size=Size(piece.size),
        )
    return _("{number}. {mark} {label}", number=number, mark=mark, label=named(piece.name, piece.kind))


def named(name: str, kind: EvidenceKind) -> Say:
    """The name of a piece of evidence, or its kind where it has none."""
    return Plain(name) if name else _KINDS[kind]


_KINDS = {
    EvidenceKind.PHOTO: _("photo"),
    EvidenceKind.VIDEO: _("video"),
    EvidenceKind.DOCUMENT: _("document"),
    EvidenceKind.LINK: _("link"),
    EvidenceKind.TEXT: _("text"),
}


def _writing_question(state: Writing) -> Question:
    text = paragraphs(
        _n("✍️ {count} part received", "✍️ {count} parts received", len(state.parts)),
        _("Together {length} characters. Send more, or choose what this text is.", length=_length(state)),
    )
    rows = (
        (Choice(_p("button", "✅ Done, as evidence"), "done"),),
        (Choice(_p("button", "📝 As a note"), "as_note"), Choice(_p("button", "🗑 Discard"), "drop")),
    )
    return Question(text, rows)


def _removing_question(card: Card) -> Question:
    first = max(1, len(card.pieces) - 11)
    rows = tuple((_removal(number, piece),) for number, piece in enumerate(card.pieces[-12:], first))
    return Question(_("Which evidence should be removed? Earlier submissions keep theirs."), (*rows, (_BACK,)))


def _removal(number: int, piece: Piece) -> Choice:
    what = named(piece.name[:28], piece.kind)
    return Choice(_p("button", "🗑 {number}. {what}", number=number, what=what), "drop", str(piece.id))


def _checking_question(card: Card) -> Question:
    text = paragraphs(
        _("<b>Please check before submitting</b>"),
        lines(_("<b>{title}</b>", title=card.title), card.due),
        _draft(card),
        _WAITS if any(piece.state is EvidenceState.CHECKING for piece in card.pieces) else None,
        None if card.submits else _("The team lead or an official of the region submits it to the reviewer."),
    )
    act = (
        Choice(_p("button", "📨 Submit"), "submit")
        if card.submits
        else Choice(_p("button", "📨 Hand to the lead"), "hand")
    )
    return Question(text, ((_BACK, act),))


_WAITS = _("⏳ A file is still being checked; you can submit now, the check goes on by itself.")

FLOW: Flow[Step] = Flow(
    name="work",
    title=_("Work on an item"),
    states=TypeAdapter(Working),
    advance=advance,
    question=question,
    look=lambda state: LookAtDraft(state.card.item_id),
    subject=lambda state: state.card.title,
)
