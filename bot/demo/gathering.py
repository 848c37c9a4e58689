"""What the sample tells of the agenda, as it is written down in `meetings.yaml`, each through its service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from bot.demo.players import Players
from bot.demo.story import WIB, At, Part
from bot.flows.scheduling_steps import Aim, Colleague, Draft, ScheduleMeeting, Sort, Span
from bot.services import meeting_answers, meeting_letters, meetings, scheduling
from bot.services.visits import Visit
from db.vocabulary import MeetingKind

MEETINGS = Path(__file__).with_name("meetings.yaml")
# The clock tells those concerned so long after the coordinator's last word.
TOLD_AFTER = meeting_letters.WAIT + timedelta(minutes=1)


class Word(Part):
    """Somebody's answer to whether they come."""

    who: str
    at: At
    comes: bool


class Date(Part):
    """A meeting of one region, or of all of them; `starts` and `ends` as the clock shows it there."""

    key: str
    by: str
    at: At
    kind: MeetingKind
    stage: str | None = None
    region: str | None = None
    mentor: str | None = None
    starts: At
    ends: At
    title: str = ""
    place: str = ""
    link: str = ""
    note: str = ""
    answers: tuple[Word, ...] = ()


class Dates(Part):
    meetings: tuple[Date, ...]


def read_dates(path: Path = MEETINGS) -> Sequence[Date]:
    """The agenda of the sample. Raises pydantic's `ValidationError` naming the place of a fault."""
    return Dates.model_validate(yaml.safe_load(path.read_text("utf-8"))).meetings


@dataclass
class Secretary:
    """Schedules for the coordinators and mentors of the story, and answers for those who come."""

    players: Players
    _numbers: dict[str, int] = field(default_factory=dict)

    def schedule(self, one: Date, at: datetime) -> None:
        """As if every question had been answered and the last button pressed."""
        visit = self.players.visit(one.by, at)
        told = scheduling.schedule(visit, ScheduleMeeting(self._draft(one, visit)))
        self._numbers[one.key] = int(str(told.facts[0]).removeprefix("meeting:"))

    def _draft(self, one: Date, visit: Visit) -> Draft:
        closing = visit.work.programme.edition.closing
        zone = self.players.regions.by_code[one.region].timezone if one.region else WIB
        sort = Sort(kind=one.kind, milestone_key=one.stage)
        return Draft(
            aim=Aim(sort=sort, regions=(one.region,) if one.region else ()),
            span=Span(starts_at=one.starts.at(closing, zone), ends_at=one.ends.at(closing, zone), zone=zone),
            mentor=self._mentor(one, visit),
            **one.model_dump(include={"place", "link", "title", "note"}),
        )

    def _mentor(self, one: Date, visit: Visit) -> Colleague | None:
        if one.mentor is None:
            return None
        name = self.players.story.by_key[one.mentor].name
        found = [person for person in scheduling.mentors_of(visit.work, one.region) if person.name == name]
        return Colleague(person_id=found[0].id, name=name)

    def tell(self, at: datetime) -> None:
        """What the clock does."""
        meeting_letters.run(self.players.work_at(at))

    def answer(self, one: Date, word: Word, at: datetime) -> None:
        """A press of somebody who comes, or does not."""
        visit = self.players.visit(word.who, at)
        number = self._numbers[one.key]
        press = meeting_answers.come if word.comes else meeting_answers.stay
        press(visit, str(number), meetings.by_id(visit, number).version)
