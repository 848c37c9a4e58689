"""What a digest said and why, looked up from the record for the one person who got it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from bot.program.calendar import WorkingCalendar
from bot.services import boards, digest_words, digests, reminder_words
from bot.services.boards import Task
from bot.services.deadlines import Due, due_of, end_of
from bot.services.digest_words import Line
from bot.services.reminding import CLOSING, LAST, THANKS, Entry, Why, urgency
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from db.models import Item, Reminder
from db.vocabulary import REGION_ROLES, ReminderState


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of a digest, said `at` a moment; `calendar` tells which days are worked where it counts."""

    entry: Entry
    at: datetime
    calendar: WorkingCalendar


def of_digest(visit: Visit, day: str, number: str) -> Sequence[Reason]:
    """What this person's first or second message of a day (`20261116`) said, in its order; nothing without a record."""
    name = digests.key(visit.member.id, datetime.strptime(day, "%Y%m%d").date(), int(number))  # noqa: DTZ007 - a day
    rows = visit.work.session.scalars(
        select(Reminder).where(
            Reminder.digest == name, Reminder.person_id == visit.member.id, Reminder.state == ReminderState.SENT
        )
    ).all()
    numbers = [digests.item_of(row.subject) for row in rows]
    found = visit.work.session.scalars(select(Item).where(Item.id.in_(numbers))).all()
    items = {item.id: item for item in found}
    own = {seat.region_code for seat in visit.seats if seat.role in REGION_ROLES}
    reasons = [_reason(visit.work, row, items.get(digests.item_of(row.subject)), own) for row in rows]
    return sorted(reasons, key=lambda one: urgency(one.entry, one.at))


def said_again(visit: Visit, reasons: Sequence[Reason]) -> Sequence[Line]:
    """The lines of a digest of this person about what is still to be done, and still concerns them."""
    entries = {one.entry.task.item_id: one.entry for one in reasons if one.entry.task}
    regions = {one.entry.task.region_code for one in reasons if one.entry.task}
    board = boards.open_board(visit.work, [visit.member.id], only=regions)
    still = {task.item_id for tasks in board.tasks.values() for task in tasks}
    return digest_words.every_line(visit.work, board, [entry for item, entry in entries.items() if item in still])


def _reason(work: Work, row: Reminder, item: Item | None, own: set[str | None]) -> Reason:
    calendar = work.calendar_for(item.region_code) if item else work.calendar
    raw = reminder_words.meant_for(row.occasion, row.due_day, calendar)
    zone = work.programme.regions.by_code[item.region_code].timezone if item else DEFAULT_ZONE
    due = Due(row.due_day, end_of(row.due_day, zone), zone)
    entry = Entry(_why(row, item, own), row.subject, row.occasion, due, raw, _task(work, item) if item else None)
    return Reason(entry, row.at, calendar)


def _why(row: Reminder, item: Item | None, own: set[str | None]) -> Why:
    if row.subject == CLOSING or item is None:
        return Why.THANKS if row.occasion == THANKS else Why.CLOSING
    if row.occasion == LAST:
        return Why.LAST if item.region_code in own else Why.MISSING
    for why in (Why.LEAD, Why.COORDINATOR):
        if row.occasion.startswith(why.value):
            return why
    if row.occasion.startswith("snooze"):
        return Why.SNOOZED
    return Why.OWN if item.region_code in own else Why.NOBODY


def _task(work: Work, item: Item) -> Task:
    known = {one.key: one.mandatory for one in work.programme.edition.items}
    return Task(item.id, item.key, item.region_code, item.assignee_id, known.get(item.key, False))


def present_day(visit: Visit, task: Task) -> date | None:
    """The last day of a task as it is now; None where the content does not know it any more."""
    try:
        return due_of(visit.work, task.region_code, task.key, visit.member.id).day
    except KeyError:
        return None
