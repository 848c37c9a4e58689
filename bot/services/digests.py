"""Digests as they stand in the outbox: their keys, which did not leave, and which are taken back before they do."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Select, Table, delete, select, update

from bot.services.work import Work
from db import outbox
from db.bulk import add_missing
from db.models import DigestClock, Item, OutboxMessage, Person, Reminder, Snooze
from db.vocabulary import OutboxState

_KIND, _SNOOZE = "digest", "snooze"
# So many in one statement.
_SOME = 500
# A digest leaves on its day or not at all.
_LONGEST = timedelta(days=1)
# Not sent, and never will be.
_LOST = (OutboxState.CANCELLED, OutboxState.DEAD)


def key(person_id: int, day: date, number: int) -> str:
    """The key of a person's first or second message of a day."""
    return f"{_KIND}:{person_id}:{day:%Y%m%d}:{number}"


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
    if lost:
        _forget(work, lost)


def withdraw(work: Work, item: Item) -> None:
    """An item is done, so that nothing need be said of it: digests that name it and have not left are made anew."""
    naming = (
        select(Reminder.person_id)
        .join(OutboxMessage, OutboxMessage.unique_key == Reminder.digest)
        .where(
            Reminder.subject == subject(item.id),
            Reminder.at > work.now - _LONGEST,
            OutboxMessage.state == OutboxState.WAITING,
        )
    )
    take_back(work, naming)


def take_back(work: Work, persons: Select[int] | Select[int | None] | Sequence[int] | None) -> None:
    """What these persons, or all (None), are told in digests that have not left counts as not told: it is made anew."""
    chats = None if persons is None else select(Person.telegram_id).where(Person.id.in_(persons))
    names = outbox.withdraw(work.session, _KIND, chats)
    for start in range(0, len(names), _SOME):
        some = names[start : start + _SOME]
        _forget(work, some)
        _turn_back(work, some)


def _turn_back(work: Work, names: Sequence[str]) -> None:
    """The clocks of these digests stand as before them, and strike now."""
    firsts = [_person(name) for name in names if name.endswith(":1")]
    clocks = update(DigestClock).execution_options(synchronize_session=False)
    everybody = DigestClock.person_id.in_([_person(name) for name in names])
    work.session.execute(clocks.where(everybody).values(next_at=work.now, extra=False))
    work.session.execute(clocks.where(DigestClock.person_id.in_(firsts)).values(last_day=None))


def _forget(work: Work, names: Sequence[str]) -> None:
    """What these digests said counts as not told; what somebody had asked to hear of is asked for again."""
    theirs = Reminder.person_id.in_([_person(name) for name in names]), Reminder.digest.in_(names)
    columns = Reminder.person_id, Reminder.subject, Reminder.occasion
    gone = work.session.execute(delete(Reminder).where(*theirs).returning(*columns)).all()
    asked = [
        {"person_id": person, "item_id": item_of(subject), "until": date.fromisoformat(day)}
        for person, subject, occasion in gone
        for kind, _colon, day in [occasion.partition(":")]
        if kind == _SNOOZE
    ]
    add_missing(work.session, cast(Table, Snooze.__table__), asked)


def _person(name: str) -> int:
    return int(name.split(":")[1])
