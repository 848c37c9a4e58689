"""The stages of a region: what is open in each, and declaring earlier ones done after a late start."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.program.model import Milestone
from bot.services import closing, items
from bot.services.deadlines import Due, stage_due
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, Say, _, _n
from db.models import Item
from db.vocabulary import ItemState

CLOSED = _("The programme has closed; nothing can be declared done any more.")
_ENDED = (ItemState.ACCEPTED, ItemState.WAIVED)


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone as a region stands in it; `number` counts from 1."""

    number: int
    milestone: Milestone
    items: tuple[Item, ...]
    mandatory: frozenset[str]
    due: Due

    @property
    def ended(self) -> int:
        """Items that need nothing more."""
        return sum(item.state in _ENDED for item in self.items)

    @property
    def is_complete(self) -> bool:
        """No mandatory item is open. Nothing else completes a stage: no button, no bulk, no import."""
        return all(item.state in _ENDED for item in self.items if item.key in self.mandatory)


def of_region(work: Work, region_code: str, person_id: int | None = None) -> tuple[Stage, ...]:
    """All stages of a region, in order, with the deadlines of the region, or of one person of it."""
    found = items.of_region(work, region_code)
    return tuple(
        _stage(work, region_code, person_id, number, milestone, found)
        for number, milestone in enumerate(work.programme.edition.milestones, 1)
    )


def _stage(
    work: Work, region_code: str, person_id: int | None, number: int, milestone: Milestone, found: dict[str, Item]
) -> Stage:
    edition = work.programme.edition
    known = edition.items_of(milestone.key)
    return Stage(
        number=number,
        milestone=milestone,
        items=tuple(found[item.key] for item in known if item.key in found),
        mandatory=frozenset(item.key for item in known if item.mandatory),
        due=stage_due(work, region_code, milestone.key, person_id),
    )


def declarable(work: Work, region_code: str) -> list[tuple[int, Milestone, int]]:
    """Stages up to which something can be declared done, with how many items that would be; none after the closing.

    Only stages whose deadline has passed: a late start catches up, it does not run ahead.
    """
    counted: list[tuple[int, Milestone, int]] = []
    if closing.is_over(work.programme.edition, work.now):
        return counted
    total = 0
    for stage in of_region(work, region_code):
        total += len(_declared_by(stage.items))
        if stage.due.passed(work.now) and total:
            counted.append((stage.number, stage.milestone, total))
    return counted


def declare(visit: Visit, region_code: str, milestone_key: str) -> Say:
    """Declare everything open up to and with a stage done, evidence to follow. Raises `Forbidden`, or `Refusal` after
    the closing."""
    visit.require(Act.DECLARE_STAGES, Place(region_code))
    if closing.is_over(visit.work.programme.edition, visit.at):
        raise Refusal(CLOSED)
    upto = {milestone.key: number for number, milestone, _count in declarable(visit.work, region_code)}
    last = upto.get(milestone_key, 0)
    earlier = [stage for stage in of_region(visit.work, region_code) if stage.number <= last]
    found = [item for stage in earlier for item in _declared_by(stage.items)]
    for item in found:
        items.change(visit.work, item, "declare", declared_at=visit.work.now)
    count = len(found)
    return _n(
        "☑️ {count} item is shown as declared done, evidence to follow.",
        "☑️ {count} items are shown as declared done, evidence to follow.",
        count,
    )


def _declared_by(found: Sequence[Item]) -> list[Item]:
    states = (ItemState.UNTOUCHED, ItemState.STARTED)
    return [item for item in found if item.state in states and item.declared_at is None]
