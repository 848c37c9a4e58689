"""Being reminded of an item again: what its card says of it, and the page to choose the day."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.screens.screen import Draw, Screen
from bot.services import items, snoozing
from bot.services.deadlines import due_of
from bot.services.item_words import due_words
from bot.services.visits import Visit
from bot.words import Day, Say, _, _p, lines, paragraphs
from db.models import Item


def words(visit: Visit, item: Item) -> Say | None:
    """The day this person has chosen, while they are reminded of the item."""
    day = snoozing.until(visit, item)
    if day is None or not snoozing.is_offered(visit, item):
        return None
    return _("<i>⏰ You will be reminded again on {day}.</i>", day=Day(day))


def row(visit: Visit, item: Item) -> tuple[Row, ...]:
    """To choose a day or to take it back."""
    if not snoozing.is_offered(visit, item):
        return ()
    if snoozing.until(visit, item):
        return ((do(_p("button", "⏰ Do not put it off"), "unsnooze", item.id),),)
    return ((look(_p("button", "⏰ Remind me again"), "snooze", item.id),),)


def choose(visit: Visit, item_id: str) -> Screen:
    """The days that can be chosen, or why there is none."""
    item = snoozing.owned(visit, item_id)
    due = due_of(visit.work, item.region_code, item.key, visit.member.id)
    found = snoozing.offers(visit, item)
    text = paragraphs(
        lines(
            _("⏰ <b>Remind me again</b>"),
            items.title(visit.work, item),
            _("<b>Deadline:</b> {due}", due=due_words(visit.work, item.region_code, due)),
        ),
        _("Until the day you choose, this item is not in your reminders. Others are reminded as usual.")
        if found
        else _NONE_LEFT,
        lines(*(_("{button}: {day}", button=one.label, day=Day(one.day)) for one in found)) if found else None,
    )
    buttons = tuple(do(one.label, "snooze", f"{item.id}-{one.day:%Y%m%d}") for one in found)
    return Screen(text, (buttons,) if buttons else (), back=f"item-id:{item.id}")


_NONE_LEFT = _(
    "It cannot be put off any more: no working day is left before the deadline. If more time is needed, please ask "
    "for it on the item."
)

SCREENS: Mapping[str, Draw] = {"snooze": choose}
