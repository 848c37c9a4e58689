"""What one part of the content says of another: keys that must exist, be unique, and hold together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol, TypeVar

from bot.program.calendar import WorkingCalendar
from bot.program.files import (
    DayWord,
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
from bot.program.model import ALL_PILLARS, Value
from bot.program.parts import Loc, Part
from bot.program.regions import Regions

T = TypeVar("T", bound=Value)


class Keyed(Protocol):
    @property
    def key(self) -> str: ...


@dataclass(frozen=True)
class Parts:
    """Everything an edition is made of, as read."""

    edition: Part[EditionFile]
    milestones: Part[MilestonesFile]
    items: Part[ItemsFile]
    pillars: Part[PillarsFile]
    questionnaire: Part[QuestionnaireFile]
    documents: Part[DocumentsFile]
    faq: Part[FaqFile]
    examples: Part[ExamplesFile]
    roles: Part[RolesFile]
    glossary: Part[GlossaryFile]
    rules: Part[RulesFile]

    def all(self) -> tuple[Part[Value], ...]:
        return tuple(vars(self).values())


@dataclass(frozen=True)
class Known:
    """The keys that may be referred to; None where the part that would tell has faults of its own."""

    milestones: frozenset[str] | None
    items: frozenset[str] | None
    pillars: frozenset[str] | None
    subpillars: frozenset[str] | None
    weighable: frozenset[str] | None
    books: frozenset[str] | None


def check_references(parts: Parts, regions: Regions) -> None:
    """Blame each part for its own false references; parts that could not be read are passed over."""
    known = _known(parts)
    _check_unique(parts)
    _check_items(parts.items, known)
    _check_pillars(parts.pillars, known)
    _check_questionnaire(parts.questionnaire, known)
    _check_examples(parts.examples, regions)
    _check_edition(parts.edition, known, regions)


def _keys(entries: Iterable[Keyed]) -> frozenset[str]:
    return frozenset(entry.key for entry in entries)


def _known(parts: Parts) -> Known:
    milestones, items, pillars = parts.milestones.value, parts.items.value, parts.pillars.value
    questionnaire, rules, documents = parts.questionnaire.value, parts.rules.value, parts.documents.value
    groups = _keys(questionnaire.questionnaire.groups) if questionnaire else None
    elements = _keys(rules.rules.evaluation) if rules else None
    return Known(
        milestones=_keys(milestones.milestones) if milestones else None,
        items=_keys(items.items) if items else None,
        pillars=_keys(pillars.pillars) if pillars else None,
        subpillars=_keys(part for one in pillars.pillars for part in one.subpillars) if pillars else None,
        weighable=groups | elements if groups is not None and elements is not None else None,
        books=frozenset(str(one.book) for one in documents.documents if one.book) if documents else None,
    )


def _check_unique(parts: Parts) -> None:
    for part in parts.all():
        for name, entries in _lists(part.value):
            _blame_repeats(part, name, entries)


def _lists(value: Value | None, *above: str) -> Iterator[tuple[Loc, Sequence[object]]]:
    """Every list of entries in a value, with the way to it."""
    for name, held in vars(value).items() if value else ():
        if isinstance(held, Value):
            yield from _lists(held, *above, name)
        elif isinstance(held, tuple):
            yield (*above, name), held


def _blame_repeats(part: Part[Value], loc: Loc, entries: Sequence[object]) -> None:
    seen: set[object] = set()
    for index, entry in enumerate(entries):
        key = vars(entry).get("key") if isinstance(entry, Value) else None
        if key is not None and key in seen:
            remedy = "give one of them another key, or remove it"
            part.blame((*loc, index, "key"), f"the key '{key}' is used twice in {loc[-1]}", remedy)
        seen.add(key)


def _check_items(part: Part[ItemsFile], known: Known) -> None:
    for index, item in enumerate(part.value.items if part.value else ()):
        loc: Loc = ("items", index)
        _must_exist(part, (*loc, "milestone"), "milestone", [item.milestone], known.milestones)
        if item.pillars != ALL_PILLARS:
            _must_exist(part, (*loc, "pillars"), "pillar", item.pillars, known.pillars)
        _must_exist(part, (*loc, "subpillars"), "sub-pillar", item.subpillars, known.subpillars)
        if item.book is not None:
            _must_exist(part, (*loc, "book"), "book", [str(item.book)], known.books)


def _check_pillars(part: Part[PillarsFile], known: Known) -> None:
    for alias, pillar in part.value.aliases.items() if part.value else ():
        _must_exist(part, ("aliases", alias), "pillar", [pillar], known.pillars)


def _check_questionnaire(part: Part[QuestionnaireFile], known: Known) -> None:
    if part.value is None:
        return
    content = part.value.questionnaire
    groups, questions = _keys(content.groups), _keys(content.questions)
    for index, question in enumerate(content.questions):
        _must_exist(part, ("questionnaire", "questions", index, "group"), "group", [question.group], groups)
    for index, advice in enumerate(content.advice):
        loc: Loc = ("questionnaire", "advice", index)
        _must_exist(part, (*loc, "question"), "question", [advice.question], questions)
        _must_exist(part, (*loc, "items"), "item", advice.items, known.items)
    if all(band.least for band in content.bands):
        part.blame(("questionnaire", "bands"), "no band begins at 0", "let the lowest band have `least: 0`")


def _check_examples(part: Part[ExamplesFile], regions: Regions) -> None:
    for index, example in enumerate(part.value.examples if part.value else ()):
        _check_region(part, ("examples", index, "region_code"), example.region_code, regions)


def _check_edition(part: Part[EditionFile], known: Known, regions: Regions) -> None:
    edition = part.value
    if edition is None:
        return
    _check_participants(part, edition, regions)
    _check_cohorts(part, edition)
    _must_exist(part, ("weights",), "group or element", edition.weights, known.weighable)
    _must_exist(part, ("mandatory",), "item", edition.mandatory, known.items)
    if known.items is not None and known.milestones is not None:
        stages = known.items | known.milestones
        _must_exist(part, ("deadlines",), "milestone or item", edition.deadlines, stages)
    if known.books is not None and str(edition.books) not in known.books:
        part.blame(("books",), f"there is no Buku {edition.books} among the documents", "lower the number, or add it")
    _check_holidays(part, edition, regions)
    _check_fixed_days(part, edition)


def _check_participants(part: Part[EditionFile], edition: EditionFile, regions: Regions) -> None:
    for index, code in enumerate(edition.participants):
        loc: Loc = ("participants", index)
        _check_region(part, loc, code, regions)
        if code in edition.participants[:index]:
            part.blame(loc, f"the region '{code}' takes part twice", "remove one of the two lines")


def _check_cohorts(part: Part[EditionFile], edition: EditionFile) -> None:
    for name, codes in edition.cohorts.items():
        for index, code in enumerate(codes):
            loc: Loc = ("cohorts", name, index)
            if code not in edition.participants:
                part.blame(loc, f"the region '{code}' takes no part", "add it to `participants:`, or take it out here")
            if code in codes[:index]:
                part.blame(loc, f"the region '{code}' is in it twice", "remove one of the two lines")


def _check_holidays(part: Part[EditionFile], edition: EditionFile, regions: Regions) -> None:
    provinces = {region.province_code for region in regions}
    for index, row in enumerate(edition.holidays):
        loc: Loc = ("holidays", index)
        if row.name is None and row.kind is not DayWord.WORKING_DAY:
            part.blame(loc, "the holiday has no name", "add `name:`, or say `kind: working-day`")
        if row.region is not None and row.region not in provinces:
            _check_region(part, (*loc, "region"), row.region, regions)


def _check_fixed_days(part: Part[EditionFile], edition: EditionFile) -> None:
    overrides = tuple(row.override() for row in edition.holidays)
    calendar = WorkingCalendar((), overrides)
    for key, deadline in edition.deadlines.items():
        if deadline.day and not calendar.is_working(deadline.day):
            why = calendar.holiday_name(deadline.day) or "a weekend"
            before = calendar.previous_working(deadline.day)
            part.blame(("deadlines", key), f"{deadline.day} is not a working day ({why})", f"choose {before}, say")


def _check_region(part: Part[T], loc: Loc, code: str, regions: Regions) -> None:
    if code not in regions.by_code:
        part.blame(loc, f"there is no region '{code}'", "use a Kemendagri code such as 12.76 (see regions.csv)")


def _must_exist(part: Part[T], loc: Loc, noun: str, keys: Iterable[str], known: frozenset[str] | None) -> None:
    """Blame every key that is not known; a mapping's or list's own line is found where there is one."""
    if known is None:
        return
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else f"use one of: {', '.join(sorted(known)[:12])}"
            part.blame((*loc, key), f"there is no {noun} '{key}'", remedy)
