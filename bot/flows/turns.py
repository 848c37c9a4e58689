"""What every conversation in steps is made of: events come in, a turn comes out. No clock, no database, no Telegram.

A flow is two pure functions: `advance(state, event) -> Turn` and `question(state) -> Question`. After a restart
the same state asks the same question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.words import Say
from db.vocabulary import EvidenceKind


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the open question."""

    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Wrote:
    """A text message, whole. `key` names the message; `at` is Telegram's time; `day` is today where the person is.

    `html` is the text with its formatting as Telegram's HTML; empty where it has none.
    """

    text: str
    key: str
    at: datetime
    day: date
    html: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file. `album` joins the files that were sent as one; `size` is in bytes; `html` is the caption's."""

    kind: EvidenceKind
    file_id: str
    unique_id: str
    name: str
    mime: str
    size: int | None
    caption: str
    album: str | None
    key: str
    at: datetime
    html: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Something most questions have no use for: a sticker, a voice message, a contact, a location, a poll.

    `sent` has the file of a voice or audio message, for whoever can listen to it; `number` the telephone number of the
    person's own contact, never anybody else's.
    """

    kind: str
    sent: Sent | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a wish, told to the flow that made it: `name` says what, `facts` are plain values."""

    name: str
    facts: tuple[Any, ...] = ()


Event = Pressed | Wrote | Sent | Other | Told


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a question. `name` and `value` come back as `Pressed`; 40 bytes together at most."""

    label: Say
    name: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked: text, choices in rows, and where the person stands in the flow."""

    text: Say
    rows: tuple[tuple[Choice, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a flow wants done. `bot.services.conversations` grants it; a refusal undoes it and is said."""


class State(BaseModel):
    """One step with exactly what is known by then."""

    model_config = ConfigDict(frozen=True, extra="forbid")


S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class Turn(Generic[S]):
    """What an event leads to. No state: the flow is over, and `then` names the screen to show.

    `note` is said above the next question or screen. `heard` is False when the event was no answer to the question.
    """

    state: S | None
    note: Say | None = None
    wishes: tuple[Wish, ...] = ()
    then: str = "home"
    heard: bool = True


def again(state: S, note: Say | None = None) -> Turn[S]:
    """The same question again: this was not its answer."""
    return Turn(state, note, heard=False)


@dataclass(frozen=True, slots=True)
class Flow(Generic[S]):
    """A conversation in steps, by name. `version` grows when steps change; `upgrade` carries old states over.

    `look` is a wish granted before each question, so that it shows what others changed meanwhile.
    `subject` names what a state is about, for the button that leads back to it.
    """

    name: str
    title: Say
    states: TypeAdapter[S]
    advance: Callable[[S, Event], Turn[S]]
    question: Callable[[S], Question]
    look: Callable[[S], Wish] | None = None
    subject: Callable[[S], str] | None = None
    version: int = 1
    upgrade: Callable[[int, dict[str, Any]], dict[str, Any]] | None = None

    def save(self, state: S) -> dict[str, Any]:
        """The state as a JSON document."""
        return {"flow": self.name, "version": self.version, "state": self.states.dump_python(state, mode="json")}

    def load(self, saved: dict[str, Any]) -> S | None:
        """The state of a document, also of an earlier version; None when nothing can be made of it."""
        document = saved["state"]
        if saved["version"] != self.version:
            document = self.upgrade(saved["version"], document) if self.upgrade else document
        try:
            return self.states.validate_python(document)
        except ValidationError:
            return None
