"""Making a ready answer: its title, its words and files, its field, and whether colleagues use it too."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field as Choose
from pydantic import TypeAdapter

from bot.flows.composing import File, Part, Parts, files, joined, part_of, says_something
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs

# What may stand in braces, in the words that officials know.
VARIABLES = ("nama", "daerah", "butir", "tenggat", "pilar", "nomor", "tim_ahli", "penutupan")
TITLE = 64
LONGEST = 10_000
_SHOWN = 1500


@dataclass(frozen=True, slots=True)
class SaveCanned(Wish):
    """`canned_id` 0 makes a new one."""

    canned_id: int
    title: str
    body: str
    files: tuple[File, ...]
    pillar: str | None
    shared: bool


class Field(State):
    key: str
    title: str


class Known(State):
    """A ready answer as it was before it is changed."""

    canned_id: int
    title: str
    body: str
    files: tuple[File, ...]
    pillar: str | None
    shared: bool


class Step(State):
    fields: tuple[Field, ...] = ()
    known: Known | None = None


class Titling(Step):
    step: Literal["titling"] = "titling"


class Wording(Step):
    step: Literal["wording"] = "wording"
    title: str
    parts: Parts = ()
    misses: int = 0


class Placing(Step):
    step: Literal["placing"] = "placing"
    title: str
    body: str
    files: tuple[File, ...]


class Sharing(Step):
    step: Literal["sharing"] = "sharing"
    title: str
    body: str
    files: tuple[File, ...]
    pillar: str | None


Canning = Annotated[Titling | Wording | Placing | Sharing, Choose(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads while a ready answer is made."""
    match state, event:
        case Wording(parts=parts), Pressed("cancel") if parts:
            return Turn(None, _("The ready answer was not kept."), then="canned")
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was changed."), then="canned")
        case Titling(), _:
            return _titling(state, event)
        case Wording(), _:
            return _wording(state, event)
        case Placing(title=title, body=body, files=found), Pressed("field", key) if _is_field(state, key):
            place = {"fields": state.fields, "known": state.known, "pillar": key or None}
            return Turn(Sharing.model_validate(place | {"title": title, "body": body, "files": found}))
        case Sharing(), Pressed("own" | "shared" as who):
            return _save(state, shared=who == "shared")
        case _:
            return again(state, _("Please choose one of the buttons."))


def _titling(state: Titling, event: Event) -> Turn[Step]:
    match event:
        case Pressed("keep") if state.known:
            return Turn(Wording(fields=state.fields, known=state.known, title=state.known.title))
        case Wrote(text) if any(map(str.isalnum, text)):
            return Turn(Wording(fields=state.fields, known=state.known, title=" ".join(text.split())[:TITLE]))
        case _:
            return again(state, _("Please write a short title by which you will find it, for example: Format SK."))


def _wording(state: Wording, event: Event) -> Turn[Step]:
    match event:
        case Pressed("keep") if state.known:
            return Turn(_placing(state, state.known.body, state.known.files))
        case Pressed("done") if state.parts:
            return Turn(_placing(state, joined(state.parts), files(state.parts)))
        case Pressed("drop"):
            return Turn(Wording(fields=state.fields, known=state.known, title=state.title))
        case _:
            return _heard(state, part_of(event))


def _heard(state: Wording, part: Part | None) -> Turn[Step]:
    if part is None or not says_something((part,)):
        return again(state.model_copy(update={"misses": state.misses + 1}), _help(state.misses + 1))
    parts = tuple({one.key: one for one in (*state.parts, part)}.values())
    if len(joined(parts)) > LONGEST:
        return again(state, _("This is very long for a ready answer. Please put the rest in a document."))
    return Turn(state.model_copy(update={"parts": parts, "misses": 0}))


def _help(misses: int) -> Say:
    if misses < 2:
        return _("Please write the answer, or send a document or a photo.")
    return _("Example: “{example}”", example="Yth. {nama}, format SK ada pada lampiran. Tenggatnya {tenggat}.")


def _placing(state: Wording, body: str, found: tuple[File, ...]) -> Placing:
    return Placing(fields=state.fields, known=state.known, title=state.title, body=body, files=found)


def _is_field(state: Step, key: str) -> bool:
    return key == "" or any(one.key == key for one in state.fields)


def _save(state: Sharing, *, shared: bool) -> Turn[Step]:
    known_id = state.known.canned_id if state.known else 0
    wish = SaveCanned(known_id, state.title, state.body, state.files, state.pillar, shared)
    return Turn(None, wishes=(wish,), then="canned")


# --- What is asked


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Wording():
            return _wording_question(state)
        case Placing():
            return _placing_question(state)
        case Sharing():
            own = Choice(_p("button", "👤 Only for me"), "own")
            shared = Choice(_p("button", "👥 For all mentors"), "shared")
            return Question(_("Who uses this ready answer? <i>(4 of 4)</i>"), ((own,), (shared,), (_CANCEL,)))
        case _:
            return _titling_question(state)


_CANCEL = Choice(_p("button", "Cancel"), "cancel")


def _titling_question(state: Step) -> Question:
    text = paragraphs(
        _("⚡ <b>Ready answer</b> <i>(1 of 4)</i>"),
        _("Its title now: <b>{title}</b>", title=state.known.title) if state.known else None,
        _("Under which title will you find it?"),
    )
    return Question(text, ((*_keep(state), _CANCEL),))


def _keep(state: Step) -> tuple[Choice, ...]:
    return (Choice(_p("button", "Leave as it is"), "keep"),) if state.known else ()


def _wording_question(state: Wording) -> Question:
    before = state.known.body[:_SHOWN] if state.known and not state.parts else ""
    text = paragraphs(
        _("⚡ <b>{title}</b> <i>(2 of 4)</i>", title=state.title),
        _("<blockquote>{text}</blockquote>", text=before) if before else None,
        _kept(state.parts) if state.parts else None,
        _("Please write the answer; files are welcome. These are filled in by themselves:"),
        Plain(" ".join(f"{{{name}}}" for name in VARIABLES)),
    )
    if not state.parts:
        return Question(text, ((*_keep(state), _CANCEL),))
    done = Choice(_p("button", "✅ Finished"), "done")
    return Question(text, ((done,), (Choice(_p("button", "🗑 Discard"), "drop"), _CANCEL)))


def _kept(parts: Parts) -> Say:
    text, count = joined(parts), len(files(parts))
    return lines(
        _("<blockquote>{text}</blockquote>", text=text[:_SHOWN]) if text else None,
        _n("📎 {count} file", "📎 {count} files", count) if count else None,
    )


def _placing_question(state: Step) -> Question:
    rows = tuple((Choice(Plain(one.title), "field", one.key),) for one in state.fields)
    every = (Choice(_p("button", "Every field"), "field", ""),)
    return Question(_("For which field is it? <i>(3 of 4)</i>"), (every, *rows, (_CANCEL,)))


FLOW: Flow[Step] = Flow(
    name="canned",
    title=_("Ready answer"),
    states=TypeAdapter(Canning),
    advance=advance,
    question=question,
)
