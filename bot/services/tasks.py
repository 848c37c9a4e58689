"""What waits for a person: the open items they work on, over all their seats."""

from bot.services import items, rights
from bot.services.deadlines import due_of
from bot.services.item_words import is_declared
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.services.work import Work
from db.models import Item
from db.vocabulary import ItemState

_BEGUN = {ItemState.RETURNED: 0, ItemState.STARTED: 1}


def of_person(visit: Visit) -> list[Item]:
    """Returned ones first, then by deadline; declared and finished ones are left out."""
    found = [
        item
        for code in sorted({seat.region_code for seat in visit.seats if seat.region_code})
        for item in items.of_region(visit.work, code).values()
        if is_open(item) and _is_mine(visit, item) and items.is_going_on(visit, item, visit.at)
    ]
    return sorted(found, key=lambda item: (item.state is not ItemState.RETURNED, _due(visit, item)))


def likeliest(visit: Visit) -> list[Item]:
    """The same, in the order in which a file without an item probably proves one: begun first, then what comes next."""
    return sorted(
        of_person(visit),
        key=lambda item: (_BEGUN.get(item.state, 2), is_late(visit, item), _due(visit, item)),
    )


def is_open(item: Item) -> bool:
    """Something is still to be done by the region, and nobody has said that it was done before."""
    return item.state in items.OPEN_STATES and not is_declared(item)


def is_late(visit: Visit, item: Item) -> bool:
    """Open, and its deadline has passed for this person."""
    return is_open(item) and due_of(visit.work, item.region_code, item.key, visit.member.id).passed(visit.work.now)


def is_mandatory(work: Work, item: Item) -> bool:
    known = items.content(work, item)
    return bool(known and known.mandatory)


def _is_mine(visit: Visit, item: Item) -> bool:
    mine = any(rights.may(seat, Act.WORK_ON_ITEM, items.place(visit.work, item)) for seat in visit.seats)
    entrusted = any(seat.id == item.assignee_id for seat in visit.seats)
    return mine and (entrusted or (item.assignee_id is None and is_mandatory(visit.work, item)))


def _due(visit: Visit, item: Item) -> float:
    return due_of(visit.work, item.region_code, item.key, visit.member.id).at.timestamp()
