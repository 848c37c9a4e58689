"""Being reminded again of an item of one's own: on a day that is worked, never after the deadline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete

from bot.services import boards, items
from bot.services.conversations import Begin, Reply
from bot.services.deadlines import due_of
from bot.services.rights import Act, Forbidden
from bot.services.visits import Visit
from bot.words import Say, _, _p
from db.models import Item, Snooze

ONE_DAY, THREE_DAYS = timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Offer:
    """A day on which to hear of an item again, as its button calls it."""

    label: Say
    day: date


def is_offered(visit: Visit, item: Item) -> bool:
    """Whether this person is reminded of the item at all."""
    return visit.member.id in boards.receivers_of(visit.work, item)


def offers(visit: Visit, item: Item) -> tuple[Offer, ...]:
    """The next working day, and the one on or before the third day from today; none after the deadline."""
    calendar, today = visit.work.calendar_for(item.region_code), visit.today
    tomorrow = calendar.next_working(today + ONE_DAY)
    found = (
        Offer(_p("button", "⏰ Tomorrow") if tomorrow == today + ONE_DAY else _weekday(tomorrow), tomorrow),
        Offer(_p("button", "⏰ In 3 days"), calendar.previous_working(today + THREE_DAYS)),
    )
    last = due_of(visit.work, item.region_code, item.key, visit.member.id).day
    return tuple(one for number, one in enumerate(found) if one.day <= last and (not number or one.day > tomorrow))


_WEEKDAYS = (
    _p("button", "⏰ On Monday"),
    _p("button", "⏰ On Tuesday"),
    _p("button", "⏰ On Wednesday"),
    _p("button", "⏰ On Thursday"),
    _p("button", "⏰ On Friday"),
    _p("button", "⏰ On Saturday"),
    _p("button", "⏰ On Sunday"),
)


def _weekday(day: date) -> Say:
    return _WEEKDAYS[day.weekday()]


def until(visit: Visit, item: Item) -> date | None:
    """The day this person has chosen for the item; None where they have chosen none."""
    row = visit.work.session.get(Snooze, (visit.member.id, item.id))
    return row.until if row else None


def owned(visit: Visit, item_id: str) -> Item:
    """An item this person is reminded of. Raises `Forbidden` for any other."""
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    if not is_offered(visit, item):
        raise Forbidden(Act.SEE_ITEM, items.place(visit.work, item))
    return item


def snooze(visit: Visit, subject: str, _version: int) -> Reply:
    """Hear of an item again on a day (`12-20261117`); that day must be offered now."""
    number, _dash, chosen = subject.partition("-")
    item = owned(visit, number)
    here = f"item-id:{item.id}"
    day = next((one.day for one in offers(visit, item) if f"{one.day:%Y%m%d}" == chosen), None)
    if day is None:
        return Reply(
            toast=_("This day is not open any more. Here is what can be chosen now."), then=f"snooze:{item.id}"
        )
    if until(visit, item) != day:
        row = Snooze(person_id=visit.member.id, item_id=item.id, until=day)
        visit.work.session.merge(row)
        visit.work.session.flush()
        visit.work.audit("snooze", "person", visit.member.id, after={"item": item.id, "until": day.isoformat()})
    return Reply(toast=_("You will be reminded again then, and not before."), then=here)


def unsnooze(visit: Visit, subject: str, _version: int) -> Reply:
    """Take it back: reminders come as usual."""
    item = items.by_id(visit, subject, Act.SEE_ITEM)
    mine = delete(Snooze).where(Snooze.person_id == visit.member.id, Snooze.item_id == item.id)
    if getattr(visit.work.session.execute(mine), "rowcount", 0):
        visit.work.audit("unsnooze", "person", visit.member.id, after={"item": item.id})
    return Reply(toast=_("The reminders of this item come as usual again."), then=f"item-id:{item.id}")


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"snooze": snooze, "unsnooze": unsnooze}
