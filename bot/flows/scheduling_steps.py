"""The steps of scheduling a meeting, with what is known at each, and what they may wish for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from bot.flows.turns import State, Wish
from bot.words import Clock, Moment, Plain, Say, _
from db.vocabulary import MeetingKind

FieldName = Literal["title", "when", "end", "place", "note", "cancel"]


def span_words(starts_at: datetime, ends_at: datetime, zone: str) -> Say:
    """From when until when, the day named once where it is one day."""
    there = ZoneInfo(zone)
    is_one_day = starts_at.astimezone(there).date() == ends_at.astimezone(there).date()
    end = Clock(ends_at, zone) if is_one_day else Moment(ends_at, zone)
    return _("{start}, until {end}", start=Moment(starts_at, zone), end=end)


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


KINDS: Mapping[MeetingKind, Say] = {
    MeetingKind.BIMTEK: _("Bimtek"),
    MeetingKind.VISIT: _("Mentoring visit"),
    MeetingKind.COORDINATION: _("Coordination meeting"),
    MeetingKind.PRESENTATION: _("Presentation"),
    MeetingKind.CLOSING: _("Closing event"),
}


class Sort(Part):
    """Something that can be scheduled. A bimtek is called like its `stage`; `outputs` are what it must lead to."""

    kind: MeetingKind
    milestone_key: str | None = None
    stage: str = ""
    outputs: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """What its button carries."""
        return self.milestone_key or self.kind.value

    @property
    def name(self) -> Say:
        return Plain(self.stage) if self.kind is MeetingKind.BIMTEK and self.stage else KINDS[self.kind]


class Host(Part):
    """What the person may schedule, and where: a few regions as buttons, and perhaps all of them together."""

    sorts: tuple[Sort, ...]
    places: tuple[tuple[str, str], ...] = ()
    everywhere: bool = False


class Colleague(Part):
    """A mentor who could go there."""

    person_id: int
    name: str


class Aim(Part):
    """What it is, and for which regions, by code; none is all of them. Several regions get a meeting each."""

    sort: Sort
    regions: tuple[str, ...]
    names: tuple[str, ...] = ()
    mentors: tuple[Colleague, ...] = ()


class Span(Part):
    """From when until when, as the clock shows it in `zone`; `local` is the same hour in each region's own zone."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    local: bool = False


class Draft(Part):
    aim: Aim
    span: Span
    place: str = ""
    link: str = ""
    mentor: Colleague | None = None
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FindPlaces(Wish):
    """Told "places": codes, names and mentors. Refused for what cannot be told."""

    sort: Sort
    text: str


@dataclass(frozen=True, slots=True)
class ReadStart(Wish):
    """Told "starts": beginning, end where it was named too, zone, and whether it is each region's own hour."""

    aim: Aim
    text: str


@dataclass(frozen=True, slots=True)
class ReadEnd(Wish):
    """Told "ends": the end."""

    aim: Aim
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class ReadPlace(Wish):
    """Told "place": place and link, one of them perhaps empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ScheduleMeeting(Wish):
    """Told "scheduled": the screen to go on with, and how many were made."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ChangeMeeting(Wish):
    """One field as it was typed; an empty text empties it."""

    meeting_id: int
    version: int
    field: FieldName
    text: str


class ChoosingSort(State):
    step: Literal["sort"] = "sort"
    host: Host


class Aiming(State):
    step: Literal["aim"] = "aim"
    host: Host
    sort: Sort


class Starting(State):
    step: Literal["start"] = "start"
    aim: Aim


class Ending(State):
    """`span` ends where it begins until its end is known."""

    step: Literal["end"] = "end"
    aim: Aim
    span: Span


class Locating(State):
    step: Literal["locate"] = "locate"
    draft: Draft


class Sending(State):
    """Which mentor goes there."""

    step: Literal["send"] = "send"
    draft: Draft


class Checking(State):
    step: Literal["check"] = "check"
    draft: Draft


class Writing(State):
    """Its own name, or a word to those who come."""

    step: Literal["write"] = "write"
    draft: Draft
    field: Literal["title", "note"]


class Changing(State):
    step: Literal["change"] = "change"
    meeting_id: int
    version: int
    field: FieldName
    present: str = ""


Step = ChoosingSort | Aiming | Starting | Ending | Locating | Sending | Checking | Writing | Changing
TITLE_LIMIT = 128
NOTE_LIMIT = 1000
