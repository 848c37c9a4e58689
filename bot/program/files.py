"""What may stand in an edition's file and in the content files it names."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.program.calendar import DayOverride, Holiday, HolidayKind
from bot.program.deadlines import Closing, Day, DeadlineText
from bot.program.model import (
    ChecklistItem,
    Document,
    Example,
    FaqEntry,
    Milestone,
    Ministry,
    Pillar,
    ProgramRole,
    Questionnaire,
    Rules,
    Term,
    Value,
)
from bot.program.wording import Key, Label


class DayWord(StrEnum):
    """How an author calls a day that differs from the national calendar."""

    NATIONAL = "national"
    JOINT_LEAVE = "joint-leave"
    LOCAL = "local"
    WORKING_DAY = "working-day"


class HolidayRow(Value):
    """A day that differs; `region` is a region or province code."""

    date: Day
    kind: DayWord
    name: Label | None = None
    region: str | None = None

    def override(self) -> DayOverride:
        if self.kind is DayWord.WORKING_DAY:
            return DayOverride(self.date, None, self.region)
        return DayOverride(self.date, Holiday(self.name or "", HolidayKind(self.kind)), self.region)


class ContentPaths(Value):
    """Content files, relative to the edition's file; what is left out is the content shipped with Pandu."""

    milestones: Label | None = None
    items: Label | None = None
    pillars: Label | None = None
    questionnaire: Label | None = None
    documents: Label | None = None
    faq: Label | None = None
    examples: Label | None = None
    roles: Label | None = None
    glossary: Label | None = None
    rules: Label | None = None


CohortName = Annotated[str, Field(min_length=1, max_length=32)]


class EditionFile(Value):
    """One edition with all that varies from year to year."""

    key: Key
    name: Label
    closing: Closing
    ministry: Ministry
    content: ContentPaths = ContentPaths()
    participants: tuple[str, ...] = ()
    cohorts: dict[CohortName, tuple[str, ...]] = Field(default_factory=dict)
    books: Annotated[int, Field(ge=1, le=9)] = 3
    weights: dict[Key, Annotated[float, Field(ge=0, le=100)]] = Field(default_factory=dict)
    mandatory: dict[Key, bool] = Field(default_factory=dict)
    deadlines: dict[Key, DeadlineText] = Field(default_factory=dict)
    holidays: tuple[HolidayRow, ...] = ()
    extensions_past_closing: bool = False


class MilestonesFile(Value):
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1)]


class ItemsFile(Value):
    """`mandatory_is_proposal` holds for every item whose duty the edition does not settle itself."""

    mandatory_is_proposal: bool = False
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]


class PillarsFile(Value):
    pillars: Annotated[tuple[Pillar, ...], Field(min_length=1)]
    aliases: dict[str, Key] = Field(default_factory=dict)


class QuestionnaireFile(Value):
    questionnaire: Questionnaire


class DocumentsFile(Value):
    documents: tuple[Document, ...]


class FaqFile(Value):
    faq: tuple[FaqEntry, ...]


class ExamplesFile(Value):
    examples: tuple[Example, ...]


class RolesFile(Value):
    roles: tuple[ProgramRole, ...]


class GlossaryFile(Value):
    glossary: tuple[Term, ...]


class RulesFile(Value):
    rules: Rules
