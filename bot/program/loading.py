"""From content files to an edition: everything is read and checked before anything is used."""

import os
from datetime import date
from pathlib import Path
from typing import TypeVar

from bot.program import wording
from bot.program.calendar import DayOverride
from bot.program.deadlines import Yearly
from bot.program.faults import ContentError, Fault
from bot.program.files import (
    ContentPaths,
    DocumentsFile,
    EditionFile,
    ExamplesFile,
    FaqFile,
    GlossaryFile,
    ItemsFile,
    MilestonesFile,
    PillarsFile,
    QuestionnaireFile,
    RolesFile,
    RulesFile,
)
from bot.program.model import ALL_PILLARS, ChecklistItem, Edition, Milestone, Value
from bot.program.parts import Part, read_part
from bot.program.references import Parts, check_references
from bot.program.regions import load_regions
from bot.program.sources import Source, read_source

PROGRAM = Path(__file__).parent
T = TypeVar("T", bound=Value)


def shipped_edition(name: str = "current") -> Path:
    """The file of an edition that comes with Pandu: "current" or "2022"."""
    return PROGRAM / "editions" / f"{name}.yaml"


def load_edition(path: Path, today: date) -> Edition:
    """The edition of this file; raises ContentError with every fault of all its files.

    `today` settles a closing written `next 1 December` and nothing else. Whoever has kept the closing of a running
    edition gives that day, and so gets the same edition again after it.
    """
    parts = _read(path)
    check_references(parts, load_regions())
    faults: set[Fault] = {fault for part in parts.all() for fault in part.faults}
    if faults:
        raise ContentError(tuple(sorted(faults)))
    return _build(parts, today)


def _read(path: Path) -> Parts:
    edition = read_part(_edition_source(path), EditionFile)
    key = edition.value.key if edition.value else str(edition.data.get("key", ""))
    paths = edition.value.content if edition.value else _paths_of(edition)

    def content(name: str, kind: type[T]) -> Part[T]:
        return _content(edition, paths, name, kind, key)

    return Parts(
        edition=edition,
        milestones=content("milestones", MilestonesFile),
        items=content("items", ItemsFile),
        pillars=content("pillars", PillarsFile),
        questionnaire=content("questionnaire", QuestionnaireFile),
        documents=content("documents", DocumentsFile),
        faq=content("faq", FaqFile),
        examples=content("examples", ExamplesFile),
        roles=content("roles", RolesFile),
        glossary=content("glossary", GlossaryFile),
        rules=content("rules", RulesFile),
    )


def _edition_source(path: Path) -> Source:
    source = read_source(path)
    if not source.faults and "closing" not in source.data and ContentPaths.model_fields.keys() & source.data.keys():
        source.blame(1, "this is a content file, not an edition", "check the edition's file that names it")
    return source


def _paths_of(edition: Part[EditionFile]) -> ContentPaths:
    """The content paths of a faulty edition file, as far as they can be told: its content is checked all the same."""
    told = edition.data.get("content")
    named = told.items() if isinstance(told, dict) else ()
    usable = {name: path for name, path in named if name in ContentPaths.model_fields and isinstance(path, str)}
    return ContentPaths().model_copy(update=usable)


def _content(edition: Part[EditionFile], paths: ContentPaths, name: str, kind: type[T], key: str) -> Part[T]:
    own: str | None = getattr(paths, name)
    if own is None:
        return read_part(read_source(PROGRAM / "content" / f"{name}.yaml"), kind, key)
    path = Path(os.path.normpath(edition.path.parent / own))
    if not path.is_file():
        edition.blame(
            ("content", name), f"there is no file {own}", f"correct the name, or remove `{name}:` to use Pandu's own"
        )
        return Part(path, edition.data)
    return read_part(read_source(path), kind, key)


def _value(part: Part[T]) -> T:
    if part.value is None:
        raise ContentError(tuple(part.faults))
    return part.value


def _build(parts: Parts, today: date) -> Edition:
    told = _value(parts.edition)
    closing = told.closing.after(today) if isinstance(told.closing, Yearly) else told.closing
    pillars = _value(parts.pillars)
    return Edition(
        key=told.key,
        year=closing.year,
        name=wording.fill(told.name, closing.year, closing.isoformat(), told.ministry.short),
        closing=closing,
        ministry=told.ministry,
        books=told.books,
        milestones=_milestones(told, _value(parts.milestones)),
        items=_items(told, _value(parts.items), tuple(pillar.key for pillar in pillars.pillars)),
        pillars=pillars.pillars,
        pillar_aliases={" ".join(alias.casefold().split()): key for alias, key in pillars.aliases.items()},
        questionnaire=_value(parts.questionnaire).questionnaire,
        documents=tuple(one for one in _value(parts.documents).documents if (one.book or 0) <= told.books),
        faq=_value(parts.faq).faq,
        examples=_value(parts.examples).examples,
        roles=_value(parts.roles).roles,
        glossary=_value(parts.glossary).glossary,
        rules=_value(parts.rules).rules,
        participants=told.participants,
        cohorts=told.cohorts,
        weights=told.weights,
        holidays=_holidays(told),
        extensions_past_closing=told.extensions_past_closing,
    )


def _holidays(told: EditionFile) -> tuple[DayOverride, ...]:
    return tuple(row.override() for row in told.holidays)


def _milestones(told: EditionFile, file: MilestonesFile) -> tuple[Milestone, ...]:
    return tuple(
        one.model_copy(update={"deadline": told.deadlines.get(one.key, one.deadline)}) for one in file.milestones
    )


def _items(told: EditionFile, file: ItemsFile, pillars: tuple[str, ...]) -> tuple[ChecklistItem, ...]:
    """The items that this edition has, with what it settles itself: duty, deadlines, number of books."""
    return tuple(_settled(told, item, file, pillars) for item in file.items if (item.book or 0) <= told.books)


def _settled(told: EditionFile, item: ChecklistItem, file: ItemsFile, pillars: tuple[str, ...]) -> ChecklistItem:
    settled = {
        "mandatory": told.mandatory.get(item.key, item.mandatory),
        "mandatory_is_proposal": file.mandatory_is_proposal and item.key not in told.mandatory,
        "pillars": pillars if item.pillars == ALL_PILLARS else item.pillars,
        "deadline": told.deadlines.get(item.key, item.deadline),
    }
    return item.model_copy(update=settled)
