"""The programme as values: an edition with its milestones, checklist, pillars and guidance.

Everything is frozen. Texts may hold {year}, {closing} and {ministry}; `Edition.fill` replaces them. What is marked
`proposal` is our own draft ("usulan") that the programme's owner has yet to approve; coordinators see that mark.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, time
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.program import wording
from bot.program.calendar import DayOverride, WorkingCalendar
from bot.program.deadlines import DeadlineText, read_clock
from bot.program.wording import Answer, Key, Label, Paragraph, Sentence

Texts = tuple[Sentence, ...]
Share = Annotated[float, Field(ge=0, le=1)]
Percent = Annotated[int, Field(ge=0, le=100)]
Clock = Annotated[time, BeforeValidator(read_clock)]
ALL_PILLARS = ("all",)
PillarKeys = Annotated[tuple[Key, ...], BeforeValidator(lambda told: ALL_PILLARS if told == "all" else told)]


class Value(BaseModel):
    """A frozen value that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Entry(Value):
    """Something with a key. `only_edition` is set where this wording belongs to one edition alone.

    `basis` holds codes of SOURCES.md; `proposal_part` says which part is a proposal, if not the whole.
    """

    key: Key
    only_edition: Key | None = None
    basis: tuple[Label, ...] = ()
    proposal: bool = False
    proposal_part: Sentence | None = None


class Milestone(Entry):
    """A stage. `time` is when it takes place as reported or as is usual; the deadline is what counts."""

    title: Label
    explanation: Sentence
    time: Sentence | None = None
    deadline: DeadlineText
    deadline_is_proposal: bool = False
    outputs: Texts


class ChecklistItem(Entry):
    """A thing to do and prove. `pillars` names them one by one, also where the item belongs to all."""

    milestone: Key
    mandatory: bool
    mandatory_is_proposal: bool = True
    title: Label
    how: Paragraph
    evidence: Sentence
    pillars: PillarKeys = ALL_PILLARS
    subpillars: tuple[Key, ...] = ()
    deadline: DeadlineText | None = None
    deadline_is_proposal: bool = False
    book: int | None = None


class SubPillar(Value):
    key: Key
    title: Label


class Pillar(Entry):
    """One of the six; `challenges` and `potentials` are the questions that guide a group's discussion."""

    title: Label
    summary: Label
    subpillars: tuple[SubPillar, ...]
    challenges: Texts
    potentials: Texts
    quick_wins: Texts
    measures: Texts
    offices: Texts


class ScaleStep(Value):
    score: int
    label: Sentence


class QuestionGroup(Value):
    key: Key
    title: Label


class QuestionnaireItem(Entry):
    group: Key
    aspect: Label
    question: Sentence
    hint: Sentence | None = None


class Band(Value):
    """A verdict for values from `least` up to the next band, in percent."""

    least: Percent
    label: Label


class Advice(Value):
    """What to say when a question was answered with this score, and the items that help."""

    question: Key
    score: int
    text: Sentence
    items: tuple[Key, ...]


class Questionnaire(Value):
    """The self-assessment of readiness: a basis for talking, not an official verdict.

    A group's value is its scores ÷ (highest score × questions answered) × 100, shown only when at least
    `least_answered` of the group was answered; the overall value is the mean of the groups.
    """

    purpose: Sentence
    basis: tuple[Label, ...] = ()
    proposal: bool = False
    proposal_part: Sentence | None = None
    scale: tuple[ScaleStep, ...]
    unknown: Sentence
    groups: tuple[QuestionGroup, ...]
    questions: tuple[QuestionnaireItem, ...]
    bands: tuple[Band, ...]
    least_answered: Share
    advice: tuple[Advice, ...]

    def band(self, percent: float) -> Band:
        """The band of a value between 0 and 100."""
        return max((one for one in self.bands if one.least <= percent), key=lambda one: one.least)


class Chapter(Value):
    title: Label
    contents: Texts = ()
    proposal: bool = False
    proposal_part: Sentence | None = None


class Document(Entry):
    """A paper to write, chapter by chapter; `book` is its number, None for a companion."""

    title: Label
    summary: Sentence
    book: int | None = None
    chapters: tuple[Chapter, ...]


class FaqEntry(Entry):
    question: Sentence
    answer: Answer


class Example(Entry):
    """What one region did; the lesson is always our proposal, never that region's masterplan."""

    region_code: str
    region: Label
    focus: Sentence
    lesson: Paragraph
    background: Paragraph | None = None


class ProgramRole(Entry):
    title: Label
    duties: Sentence


class Term(Entry):
    term: Label
    meaning: Sentence


class Reminders(Value):
    """Days from a deadline on which people are reminded; those after it count working days.

    So many working days after a deadline the region's lead, then the coordinator hears of what is still open.
    """

    offsets: tuple[int, ...]
    at: Clock
    closing_countdown: tuple[int, ...]
    lead_after: int = 1
    coordinator_after: int = 3


class QuietHours(Value):
    """Reminders go out between these times of a working day, the region's own time."""

    earliest: Clock
    latest: Clock
    friday_pause_from: Clock
    friday_pause_until: Clock


class Note(Entry):
    text: Paragraph


class Rules(Value):
    """Defaults that coordinators may change, and remarks that go with the programme."""

    reminders: Reminders
    quiet_hours: QuietHours
    item_states: tuple[Term, ...]
    evaluation: tuple[QuestionGroup, ...]
    notes: tuple[Note, ...]


class Ministry(Value):
    name: Label
    short: Label


class Edition(Value):
    """One run of the programme, complete. Lookups by key raise KeyError for an unknown key."""

    key: Key
    year: int
    name: str
    closing: date
    ministry: Ministry
    books: int
    milestones: tuple[Milestone, ...]
    items: tuple[ChecklistItem, ...]
    pillars: tuple[Pillar, ...]
    pillar_aliases: Mapping[str, Key]
    questionnaire: Questionnaire
    documents: tuple[Document, ...]
    faq: tuple[FaqEntry, ...]
    examples: tuple[Example, ...]
    roles: tuple[ProgramRole, ...]
    glossary: tuple[Term, ...]
    rules: Rules
    participants: tuple[str, ...]
    cohorts: Mapping[str, tuple[str, ...]]
    weights: Mapping[Key, float]
    holidays: tuple[DayOverride, ...]
    # Whether a deadline that lies before the closing may be moved beyond it.
    extensions_past_closing: bool

    def milestone(self, key: str) -> Milestone:
        return self._milestones[key]

    def item(self, key: str) -> ChecklistItem:
        return self._items[key]

    def pillar(self, key: str) -> Pillar:
        return self._pillars[key]

    def items_of(self, milestone_key: str) -> tuple[ChecklistItem, ...]:
        """The items of a milestone in their order; empty for a milestone without any."""
        return tuple(item for item in self.items if item.milestone == milestone_key)

    def pillar_named(self, name: str) -> Pillar | None:
        """The pillar by key, title or another name the press uses ("smart mobility"); case does not matter."""
        wanted = " ".join(name.casefold().replace("-", " ").split())
        by_name = {key.replace("-", " "): key for key in self._pillars} | dict(self.pillar_aliases)
        return self._pillars[by_name[wanted]] if wanted in by_name else None

    def weight(self, key: str) -> float:
        """How much a questionnaire group or an element of the evaluation counts; 1 unless the edition says so."""
        return self.weights.get(key, 1.0)

    def default_deadline(self, item_key: str, calendar: WorkingCalendar | None = None) -> date:
        """The item's last day before any extension: a working day of the calendar (default: the edition's own)."""
        item = self.item(item_key)
        deadline = item.deadline or self.milestone(item.milestone).deadline
        return deadline.working_day(self.closing, calendar or self.calendar)

    def milestone_deadline(self, milestone_key: str, calendar: WorkingCalendar | None = None) -> date:
        """The milestone's last day; single items of it may be due earlier."""
        return self.milestone(milestone_key).deadline.working_day(self.closing, calendar or self.calendar)

    def fill(self, text: str, closing_words: str) -> str:
        """The text with its placeholders replaced; the caller words the closing day in the reader's language."""
        return wording.fill(text, self.year, closing_words, self.ministry.short)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days around this edition, with its own overrides."""
        return WorkingCalendar(range(self.year - 1, self.year + 2), self.holidays)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of what the edition says; layout and comments of its files do not matter."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @cached_property
    def _milestones(self) -> Mapping[str, Milestone]:
        return {one.key: one for one in self.milestones}

    @cached_property
    def _items(self) -> Mapping[str, ChecklistItem]:
        return {one.key: one for one in self.items}

    @cached_property
    def _pillars(self) -> Mapping[str, Pillar]:
        return {one.key: one for one in self.pillars}
