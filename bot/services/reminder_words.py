"""Why somebody hears of something, and why on this day, in words: the same in a look ahead and in a look back."""

from datetime import date, timedelta

from bot.program.calendar import WorkingCalendar
from bot.services.reminding import LAST, THANKS, Entry, Why
from bot.services.work import Work
from bot.words import Day, Joined, Plain, Say, _, _n, listed


def title(work: Work, entry: Entry) -> Plain | Say:
    """What the entry is about."""
    if entry.task is None:
        return _("The closing of the programme")
    try:
        return Plain(work.programme.edition.item(entry.task.key).title)
    except KeyError:
        return Plain(entry.task.key)


def offset_of(occasion: str) -> int | None:
    """The offset in the name of an occasion (`-7`, `lead+1`); None for a day that was asked for, and for what the
    closing day and the day after it have of their own."""
    digits = occasion.removeprefix("lead").removeprefix("coordinator")
    return None if digits.startswith(("snooze", LAST, THANKS)) else int(digits)


def short(entry: Entry) -> Say:
    """The occasion in a few letters: H-3, H, H+1."""
    offset = offset_of(entry.occasion)
    if entry.why is Why.THANKS:
        return _("thanks")
    if entry.why in (Why.LAST, Why.MISSING):
        return Plain("H")
    if offset is None:
        return _("put off")
    return Plain(f"H{offset:+d}" if offset else "H")


def occasion(entry: Entry) -> Say:
    """The occasion in a sentence, with whose it is."""
    match entry.why:
        case Why.SNOOZED:
            return _("You asked to be reminded again on {day}.", day=Day(entry.raw))
        case Why.LAST | Why.MISSING:
            return _("It is mandatory and due today, the day of the closing, and still open.")
        case Why.THANKS:
            return _("The programme has closed.")
        case Why.CLOSING:
            return _countdown(offset_of(entry.occasion) or 0)
        case Why.LEAD:
            return _late(
                offset_of(entry.occasion) or 0, _("As the lead of the team you hear of what the team is late with.")
            )
        case Why.COORDINATOR:
            return _late(
                offset_of(entry.occasion) or 0, _("As a coordinator you hear of what a region is late with for long.")
            )
        case Why.NOBODY:
            return _with(
                _offset(entry), _("As a coordinator you hear of it because nobody in the region can be reached.")
            )
        case Why.OWN:
            return _offset(entry)


def _with(first: Say, second: Say) -> Say:
    return Joined((first, second), " ")


def _late(days: int, because: Say) -> Say:
    return _with(_after(days), because)


def _offset(entry: Entry) -> Say:
    days = offset_of(entry.occasion) or 0
    if days > 0:
        return _after(days)
    if days == 0:
        return _("It was the day of the deadline (H).")
    return _n("H-{count}: one day before the deadline.", "H-{count}: {count} days before the deadline.", -days)


def _after(days: int) -> Say:
    return _n(
        "H+{count}: the first working day after the deadline.",
        "H+{count}: working day {count} after the deadline.",
        days,
    )


def _countdown(days: int) -> Say:
    if days == 0:
        return _("It was the day of the closing.")
    return _n("H-{count}: one day before the closing.", "H-{count}: {count} days before the closing.", -days)


def shift(entry: Entry, day: date, calendar: WorkingCalendar) -> Say | None:
    """Why it came on this day and not on the one it was meant for; None where it was that one."""
    if day == entry.raw or entry.why is Why.THANKS:
        return None
    if day == calendar.previous_working(entry.raw):
        reasons = listed(_off(calendar, day, entry.raw))
        return _("Moved earlier from {day}, because of {reason}.", day=Day(entry.raw), reason=reasons)
    if day < entry.raw:
        return _("It was meant for {day}; the deadline was nearer then.", day=Day(entry.raw))
    return _("It was meant for {day}, and could only be told later.", day=Day(entry.raw))


def _off(calendar: WorkingCalendar, first: date, last: date) -> list[Say]:
    """What keeps people from work after the first of these days up to the last one, each once."""
    days = (first + timedelta(days=count) for count in range((last - first).days, 0, -1))
    names = dict.fromkeys(calendar.holiday_name(day) for day in days)
    return [Plain(name) if name else _("the weekend") for name in names]


def meant_for(name: str, due_day: date, calendar: WorkingCalendar) -> date:
    """The day an occasion was meant for, from its name."""
    offset = offset_of(name)
    if name in (LAST, THANKS):
        return due_day
    if offset is None:
        return date.fromisoformat(name.partition(":")[2])
    return calendar.add_working_days(due_day, offset) if offset > 0 else due_day + timedelta(days=offset)
