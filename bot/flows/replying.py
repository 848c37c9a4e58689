"""The asker's further words on a question: a reply, an addition, what is still unclear, and the word to a grade."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.flows.composing import Part, part_of, says_something
from bot.flows.turns import Choice, Event, Flow, Pressed, Question, State, Turn, Wish, Wrote, again
from bot.words import Say, _, _p, paragraphs


@dataclass(frozen=True, slots=True)
class AddReply(Wish):
    question_id: int
    part: Part


@dataclass(frozen=True, slots=True)
class AddGradeWord(Wish):
    question_id: int
    text: str


@dataclass(frozen=True, slots=True)
class RewritePost(Wish):
    question_id: int
    post_id: int
    text: str


class Step(State):
    question_id: int
    number: str


class Replying(Step):
    """`asked` is what the mentor wants to know. While the parts of an album arrive the question stays open."""

    step: Literal["replying"] = "replying"
    asked: str = ""
    album: str | None = None
    misses: int = 0


class Grading(Step):
    step: Literal["grading"] = "grading"
    grade: int


class Correcting(Step):
    """A mentor writes a post anew."""

    step: Literal["correcting"] = "correcting"
    post_id: int
    text: str


Reply = Annotated[Replying | Grading | Correcting, Field(discriminator="step")]


def advance(state: Step, event: Event) -> Turn[Step]:
    """Where an event leads from a step of replying."""
    screen = f"question:{state.question_id}"
    match state, event:
        case Replying(album=str()), Pressed("cancel" | "done"):
            return Turn(None, then=screen)
        case Grading(), Pressed("cancel" | "skip"):
            return Turn(None, _("Thank you for the grade."), then=screen)
        case _, Pressed("cancel"):
            return Turn(None, _("Nothing was sent."), then=screen)
        case Replying(), _:
            return _replying(state, event)
        case Grading(), Wrote(text) if text.strip():
            return Turn(None, _("Thank you. The word was kept."), (AddGradeWord(state.question_id, text),), screen)
        case Correcting(post_id=post_id), Wrote(text) if text.strip():
            return Turn(None, wishes=(RewritePost(state.question_id, post_id, text),), then=screen)
        case _:
            return again(state, _("Please write it as text, or choose a button."))


def _replying(state: Replying, event: Event) -> Turn[Step]:
    part = part_of(event)
    if part is None or not says_something((part,)):
        misses = state.misses + 1
        return again(state.model_copy(update={"misses": misses}), _help(misses))
    wishes = (AddReply(state.question_id, part),)
    if part.album is None:
        return Turn(None, wishes=wishes, then=f"question:{state.question_id}")
    return Turn(state.model_copy(update={"album": part.album}), wishes=wishes)


def _help(misses: int) -> Say:
    if misses < 2:
        return _("Please write your reply, or send a photo, a document or a voice message.")
    return _("For example: “The decree number 188 of this year.” A photo of the page is welcome too.")


def question(state: Step) -> Question:
    """What is asked at a step."""
    match state:
        case Grading(number=number, grade=grade):
            return Question(
                paragraphs(
                    _("⭐ <b>{number}</b>: {grade} of 5", number=number, grade=grade),
                    _("Would you like to add a word on the answer? Only the mentors and coordinators read it."),
                ),
                ((Choice(_p("button", "Skip"), "skip"),),),
            )
        case Correcting(number=number, text=text):
            return Question(
                paragraphs(
                    _("✏️ <b>Correct {number}</b>", number=number),
                    _("<blockquote>{text}</blockquote>", text=text),
                    _("Please write the whole text anew. The asker's copy is changed and marked as corrected."),
                ),
                ((Choice(_p("button", "Cancel"), "cancel"),),),
            )
        case Replying(album=str()):
            return Question(
                _("The files were added to <b>{number}</b>. Send more, or finish.", number=state.number),
                ((Choice(_p("button", "✅ Finished"), "done"),),),
            )
        case _:
            return _reply_question(state)


def _reply_question(state: Step) -> Question:
    asked = state.asked if isinstance(state, Replying) else ""
    text = paragraphs(
        _("✍️ <b>{number}</b>", number=state.number),
        _("<blockquote>{text}</blockquote>", text=asked) if asked else None,
        _("Please write your reply, or send a photo, a document or a voice message."),
    )
    return Question(text, ((Choice(_p("button", "Cancel"), "cancel"),),))


FLOW: Flow[Step] = Flow(
    name="reply",
    title=_("Reply to the mentors"),
    states=TypeAdapter(Reply),
    advance=advance,
    question=question,
    subject=lambda state: state.number,
)
