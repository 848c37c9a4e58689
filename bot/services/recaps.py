"""The snapshot of the closing put together: per region, nationally, and as a workbook with later changes beside it."""

from collections.abc import Iterator, Mapping, Sequence

from bot.papers.workbook import Book, Cell, Sheet
from bot.services import items, progress, snapshots
from bot.services.item_words import STATE
from bot.services.rights import Act, Forbidden, Place
from bot.services.sheet_words import headed
from bot.services.visits import Visit
from bot.words import Refusal, Say, _
from db.models import Snapshot
from db.vocabulary import ItemState

# Stands for all regions where a region's code could stand.
ALL = "all"
Frozen = Mapping[str, Snapshot]


def in_reach(visit: Visit) -> Frozen:
    """The snapshots of the regions that this person may see."""
    frozen = snapshots.of_edition(visit.work)
    return {code: one for code, one in frozen.items() if visit.may(Act.SEE_REGION, Place(code))}


def by_name(visit: Visit, frozen: Frozen) -> list[str]:
    """The regions in the order of their names."""
    known = visit.work.programme.regions.by_code
    return sorted(frozen, key=lambda code: (known[code].name, code))


def together(frozen: Sequence[Snapshot]) -> Snapshot:
    """All of them summed up, as if they were one region."""
    return Snapshot(
        accepted=sum(one.accepted for one in frozen),
        mandatory=sum(one.mandatory for one in frozen),
        on_time=sum(one.on_time for one in frozen),
        due=sum(one.due for one in frozen),
    )


def book(visit: Visit, subject: str) -> Book:
    """The workbook of all regions in reach. Raises `Forbidden`, or `Refusal` before the snapshot is taken."""
    visit.require(Act.SEE_ALL_REGIONS)
    if subject != ALL:
        raise Forbidden(Act.SEE_ALL_REGIONS, Place())
    frozen = in_reach(visit)
    if not frozen:
        raise Refusal(_("The recap stands here a few minutes after the closing."))
    year = str(visit.work.programme.edition.year)
    return Book(
        f"rekap-penutupan-{year}.xlsx",
        _("🏁 Recap of the closing {year}", year=year),
        _sheets(visit, frozen),
        visit.zone,
    )


def _sheets(visit: Visit, frozen: Frozen) -> Iterator[Sheet]:
    yield _regions(visit, frozen)
    yield _items(visit, frozen)


def _regions(visit: Visit, frozen: Frozen) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Region"), 36),
        (_("Province"), 26),
        (_("Mandatory"), 12),
        (_("Accepted"), 12),
        (_("Complete (%)"), 14),
        (_("Due"), 12),
        (_("On time"), 12),
        (_("On time (%)"), 14),
        (_("In review"), 14),
        (_("Accepted now"), 18),
        (_("Complete now (%)"), 18),
    )
    return Sheet(visit.plain(_("By region")), headed(visit, columns), _region_rows(visit, frozen))


def _region_rows(visit: Visit, frozen: Frozen) -> Iterator[Sequence[Cell]]:
    order = by_name(visit, frozen)
    now = progress.of_regions(visit.work, order)
    for one in now:
        yield one.region.name, one.region.province, *_counts(frozen[one.region.code]), one.accepted, one.completeness
    accepted, mandatory = sum(one.accepted for one in now), sum(one.mandatory for one in now)
    summed = together(list(frozen.values()))
    waiting = sum(_waiting(one) for one in frozen.values())
    percent = 100 * accepted // mandatory if mandatory else 0
    yield visit.plain(_("All regions")), "", *_counts(summed, waiting), accepted, percent


def _counts(one: Snapshot, waiting: int | None = None) -> Sequence[Cell]:
    in_review = _waiting(one) if waiting is None else waiting
    return one.mandatory, one.accepted, one.completeness, one.due, one.on_time, one.punctuality, in_review


def _waiting(one: Snapshot) -> int:
    return sum(state == ItemState.SUBMITTED for state in one.states.values())


def _items(visit: Visit, frozen: Frozen) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Region"), 36),
        (_("Milestone"), 30),
        (_("Item"), 50),
        (_("At the closing"), 24),
        (_("Now"), 24),
    )
    return Sheet(visit.plain(_("By item")), headed(visit, columns), _item_rows(visit, frozen))


def _item_rows(visit: Visit, frozen: Frozen) -> Iterator[Sequence[Cell]]:
    edition, known = visit.work.programme.edition, visit.work.programme.regions.by_code
    present = items.states(visit.work)
    for code in by_name(visit, frozen):
        for one in edition.items:
            if one.key in frozen[code].states and (code, one.key) in present:
                before, now = ItemState(frozen[code].states[one.key]), present[code, one.key]
                stage = edition.milestone(one.milestone).title
                yield known[code].name, stage, one.title, visit.plain(STATE[before]), visit.plain(STATE[now])
