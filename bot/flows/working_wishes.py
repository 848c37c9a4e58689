"""What the work on an item may wish to have done."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.flows.turns import Sent, Wish


@dataclass(frozen=True, slots=True)
class LookAtDraft(Wish):
    """The item's draft as it is now, told as `draft`."""

    item_id: int


@dataclass(frozen=True, slots=True)
class AttachFile(Wish):
    item_id: int
    file: Sent


@dataclass(frozen=True, slots=True)
class AttachText(Wish):
    """`at` is when the last part was sent."""

    item_id: int
    text: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttachLink(Wish):
    item_id: int
    link: str
    key: str


@dataclass(frozen=True, slots=True)
class NoteItem(Wish):
    item_id: int
    text: str


@dataclass(frozen=True, slots=True)
class DateEvidence(Wish):
    item_id: int
    day: date


@dataclass(frozen=True, slots=True)
class RemoveEvidence(Wish):
    item_id: int
    evidence_id: int


@dataclass(frozen=True, slots=True)
class AskMentors(Wish):
    """A question in the middle of the work; afterwards the work goes on where it was."""

    item_id: int


@dataclass(frozen=True, slots=True)
class SubmitItem(Wish):
    item_id: int


@dataclass(frozen=True, slots=True)
class HandToLead(Wish):
    """A contributor is done: the region's leads are told."""

    item_id: int
