"""How states and deadlines of items are named, the same everywhere: one symbol and one word each."""

from collections.abc import Mapping

from bot.buttons import Button, do, look
from bot.services.deadlines import Due, days_left
from bot.services.work import Work
from bot.words import Day, Say, _, _n, _p
from db.models import Item
from db.vocabulary import ItemState

SYMBOL: Mapping[ItemState, str] = {
    ItemState.UNTOUCHED: "⬜",
    ItemState.STARTED: "✏️",
    ItemState.SUBMITTED: "⏳",
    ItemState.RETURNED: "🔁",
    ItemState.ACCEPTED: "✅",
    ItemState.WAIVED: "⛔",
}
DECLARED_SYMBOL = "☑️"
STATE: Mapping[ItemState, Say] = {
    ItemState.UNTOUCHED: _("not started"),
    ItemState.STARTED: _("in progress"),
    ItemState.SUBMITTED: _("submitted"),
    ItemState.RETURNED: _("returned"),
    ItemState.ACCEPTED: _("accepted"),
    ItemState.WAIVED: _("not applicable"),
}
DECLARED = _("declared done, evidence to follow")


def symbol(item: Item) -> str:
    """The one sign of an item's state."""
    return DECLARED_SYMBOL if is_declared(item) else SYMBOL[item.state]


def state(item: Item) -> Say:
    """The one name of an item's state."""
    return DECLARED if is_declared(item) else STATE[item.state]


def is_declared(item: Item) -> bool:
    """Declared done in bulk and nothing happened since: never counts as accepted."""
    return item.declared_at is not None and item.state in (ItemState.UNTOUCHED, ItemState.STARTED)


def due_words(work: Work, region_code: str, due: Due) -> Say:
    """ "Jumat, 25 November 2022 (3 hari kerja lagi)"."""
    return _("{day} ({left})", day=Day(due.day), left=left_words(work, region_code, due))


def left_words(work: Work, region_code: str, due: Due) -> Say:
    """How much time is left, in working days of the region."""
    left = days_left(work, region_code, due)
    if left == 0 and not due.passed(work.now):
        return _("today until 24.00")
    if left >= 0:
        return _n("{count} working day left", "{count} working days left", left)
    return _n("{count} working day late", "{count} working days late", -left)


def opening(item: Item) -> Button:
    """Opens the card of an item from any message."""
    return look(_p("button", "Open the item"), "item-id", item.id)


def working(item: Item) -> Button:
    """Begins or continues the work on an item."""
    return do(_p("button", "✏️ Work on it"), "work", item.id, item.version)
