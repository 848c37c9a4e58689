"""The numbers of a region. Card, list, picture and export all ask here, so they cannot differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.program.regions import Region
from bot.services import items
from bot.services.deadlines import Due, due_of
from bot.services.item_words import is_declared
from bot.services.work import Work
from db.models import Item, Participant, Submission
from db.vocabulary import ItemState, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a region stands. Percentages are whole numbers, rounded down; None where nothing can be counted yet.

    Completeness: accepted mandatory items of those that apply. On time: of the items due by now, those whose last
    accepted submission came before the deadline then valid.
    """

    region: Region
    accepted: int
    mandatory: int
    on_time: int
    due: int
    by_state: dict[ItemState, int]
    declared: int
    late: int
    next_item: Item | None
    next_due: Due | None
    last_activity: datetime | None

    @property
    def completeness(self) -> int:
        return 100 * self.accepted // self.mandatory if self.mandatory else 0

    @property
    def punctuality(self) -> int | None:
        return 100 * self.on_time // self.due if self.due else None


def of_region(work: Work, region_code: str) -> Progress:
    """The numbers of one region."""
    found = items.of_region(work, region_code)
    return _count(work, region_code, list(found.values()), _punctual(work, [region_code]))


def of_regions(work: Work, codes: Sequence[str]) -> list[Progress]:
    """The numbers of several regions, in the order given, in two looks at the database."""
    rows = work.session.scalars(
        select(Item).where(Item.edition_id == work.edition_id, Item.region_code.in_(codes))
    ).all()
    punctual = _punctual(work, codes)
    grouped: dict[str, list[Item]] = {code: [] for code in codes}
    for item in rows:
        grouped[item.region_code].append(item)
    return [_count(work, code, grouped[code], punctual) for code in codes]


def participants(work: Work) -> list[str]:
    """The regions that take part, by code."""
    return list(
        work.session.scalars(
            select(Participant.region_code)
            .where(Participant.edition_id == work.edition_id)
            .order_by(Participant.region_code)
        )
    )


def _punctual(work: Work, codes: Sequence[str]) -> set[int]:
    """Items whose last accepted submission was in time."""
    latest = (
        select(Submission.item_id, func.max(Submission.number).label("number"))
        .where(Submission.verdict == Verdict.ACCEPTED)
        .group_by(Submission.item_id)
        .subquery()
    )
    return set(
        work.session.scalars(
            select(Submission.item_id)
            .join(latest, (latest.c.item_id == Submission.item_id) & (latest.c.number == Submission.number))
            .join(Item, Item.id == Submission.item_id)
            .where(
                Item.edition_id == work.edition_id,
                Item.region_code.in_(codes),
                Submission.submitted_at < Submission.due_at,
            )
        )
    )


def _count(work: Work, region_code: str, found: Sequence[Item], punctual: set[int]) -> Progress:
    edition = work.programme.edition
    known = {item.key: item for item in edition.items}
    present = [item for item in found if item.key in known]
    mandatory = [item for item in present if known[item.key].mandatory and item.state is not ItemState.WAIVED]
    dues = {item.id: due_of(work, region_code, item.key) for item in present}
    due_now = [item for item in mandatory if dues[item.id].passed(work.now)]
    to_do = [item for item in present if item.state in items.OPEN_STATES and not is_declared(item)]
    ahead = min(
        (item for item in to_do if known[item.key].mandatory and not dues[item.id].passed(work.now)),
        key=lambda item: dues[item.id].at,
        default=None,
    )
    return Progress(
        region=work.programme.regions.by_code[region_code],
        accepted=_in_state(mandatory, ItemState.ACCEPTED),
        mandatory=len(mandatory),
        on_time=sum(item.id in punctual and item.state is ItemState.ACCEPTED for item in due_now),
        due=len(due_now),
        by_state={state: _in_state(present, state) for state in ItemState},
        declared=sum(is_declared(item) for item in present),
        late=sum(dues[item.id].passed(work.now) for item in to_do if known[item.key].mandatory),
        next_item=ahead,
        next_due=dues[ahead.id] if ahead else None,
        last_activity=max((item.changed_at for item in present if item.changed_at), default=None),
    )


def _in_state(found: Iterable[Item], state: ItemState) -> int:
    return sum(item.state is state for item in found)
