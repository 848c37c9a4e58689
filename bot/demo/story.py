"""The sample as it is written down: people, and what they did, each with its moment. Programme staff can read it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from db.vocabulary import REGION_ROLES, Role

SAMPLE = Path(__file__).with_name("sample.yaml")
WIB = "Asia/Jakarta"
_MOMENT = re.compile(r"H-(\d{1,3}) (\d\d)\.(\d\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """Days before the closing and a time of day, in the zone of whoever acts."""

    days: int
    clock: time

    def at(self, closing: date, zone: str) -> datetime:
        """The instant, in UTC."""
        day = closing - timedelta(days=self.days)
        return datetime.combine(day, self.clock, ZoneInfo(zone)).astimezone(UTC)


def read_moment(text: object) -> Moment:
    """`H-24 14.05`."""
    if isinstance(text, Moment):
        return text
    found = _MOMENT.fullmatch(str(text))
    if found is None:
        raise ValueError(f"'{text}' is not a moment: write H-24 14.05")
    return Moment(int(found[1]), time(int(found[2]), int(found[3])))


At = Annotated[Moment, BeforeValidator(read_moment)]


class Part(BaseModel):
    """Something written down, with nothing beside what is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Character(Part):
    """Somebody of the sample. `order` 1 to 3 stand on the page first; without `joined` they only wait or look on."""

    key: str
    name: str
    position: str = ""
    label: str
    role: Role
    regions: tuple[str, ...] = ()
    item: str | None = None
    invited_by: str | None = None
    joined: At | None = None
    asks: At | None = None
    order: int = 100
    saver: bool = False
    english: bool = False
    note: str = ""

    @property
    def home(self) -> str | None:
        """The one region of somebody who belongs to a region."""
        return self.regions[0] if self.role in REGION_ROLES and self.regions else None


class Step(Part):
    """One deed of one person. What is attached stands in `file`, `photos`, `link` or `text`; else `do` says what.

    `until` is the day asked for with `extend`, in days before the closing, or the working day before it.
    """

    at: At
    who: str
    item: str = ""
    do: Literal["attach", "submit", "accept", "return", "waive", "assign", "note", "declare", "extend", "grant"] = (
        "attach"
    )
    file: str = ""
    photos: tuple[str, ...] = ()
    link: str = ""
    text: str = ""
    caption: str = ""
    reason: str = ""
    to: str = ""
    until: int = 0
    arrives: Literal["whole", "slowly", "damaged"] = "whole"

    @model_validator(mode="after")
    def _says_what(self) -> "Step":
        attached = bool(self.file or self.photos or self.link or self.text)
        if (self.do in ("attach", "note")) != attached:
            raise ValueError(f"{self.who} {self.item}: file, photos, link or text belong to attach and note alone")
        return self


class Routine(Part):
    """Items that went the usual way: attached and submitted before the deadline, accepted some days later."""

    by: str
    reviewer: str
    items: tuple[str, ...]


class Tale(Part):
    """What happened in one region."""

    routine: tuple[Routine, ...] = ()
    steps: tuple[Step, ...] = ()


class Invitation(Part):
    """An invitation that is still open; the code of one `for_` somebody stands under that person's name."""

    at: At
    by: str
    role: Role
    region: str
    name: str
    for_: str | None = Field(default=None, alias="for")


class Story(Part):
    people: tuple[Character, ...]
    tales: dict[str, Tale]
    invitations: tuple[Invitation, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Character]:
        return {one.key: one for one in self.people}


def read_story(path: Path = SAMPLE) -> Story:
    """The sample's story. Raises pydantic's `ValidationError` naming the place of a fault."""
    return Story.model_validate(yaml.safe_load(path.read_text("utf-8")))
