"""Digests as they stand in the outbox: their keys, which did not leave, and which are taken back before they do."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select, update

from bot.services.work import Work
from db.models import DigestClock, Item, OutboxMessage, Reminder
from db.vocabulary import OutboxState

# A digest leaves on its day or not at all.
_LONGEST = timedelta(days=1)
# Not sent, and never will be.
_LOST = (OutboxState.CANCELLED, OutboxState.DEAD)


def key(person_id: int, day: date, number: int) -> str:
    """The key of a person's first or second message of a day."""
    return f"digest:{person_id}:{day:%Y%m%d}:{number}"


def subject(item_id: int) -> str:
    """How an item is named among reminders."""
    return f"item:{item_id}"


def item_of(subject: str) -> int:
    """The number of the item that a subject names; 0 for the closing."""
    kind, _colon, number = subject.partition(":")
    return int(number) if kind == "item" else 0


def forget_lost(work: Work, clocks: Sequence[DigestClock]) -> None:
    """What stood in a last digest that never left counts as not told."""
    keys = {key(clock.person_id, clock.last_day, 1 + clock.extra) for clock in clocks if clock.last_day}
    if not keys:
        return
    lost = work.session.scalars(
        select(OutboxMessage.unique_key).where(OutboxMessage.unique_key.in_(keys), OutboxMessage.state.in_(_LOST))
    ).all()
    for name in lost:
        _forget(work, name)


def withdraw(work: Work, item: Item) -> None:
    """An item is done, so that nothing need be said of it: digests that name it and have not left are made anew."""
    keys = (
        select(Reminder.digest)
        .where(Reminder.subject == subject(item.id), Reminder.at > work.now - _LONGEST, Reminder.digest != "")
        .distinct()
    )
    gone = work.session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.unique_key.in_(keys), OutboxMessage.state == OutboxState.WAITING)
        .returning(OutboxMessage.unique_key)
    )
    for (name,) in gone.all():
        _take_back(work, name)


def _take_back(work: Work, name: str) -> None:
    _word, _person, _day, number = name.split(":")
    before = {"extra": False} if number == "2" else {"last_day": None}
    clock = update(DigestClock).where(DigestClock.person_id == _forget(work, name))
    work.session.execute(clock.values(next_at=work.now, **before))


def _forget(work: Work, name: str) -> int:
    """What a digest said counts as not told. Returns to whom it went."""
    person = int(name.split(":")[1])
    work.session.execute(delete(Reminder).where(Reminder.person_id == person, Reminder.digest == name))
    return person
