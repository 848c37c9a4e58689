"""A digest looked at again: all of its lines, and why each came: deadline, occasion, day and hour."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.screens import more_time, own_reminders
from bot.screens.screen import Draw, Screen, page_of, pager
from bot.services import digest_reasons, reminder_words
from bot.services.boards import Task
from bot.services.digest_reasons import Reason
from bot.services.digest_words import SHOWN, buttons, under_headings
from bot.services.reminding import Why
from bot.services.visits import Visit
from bot.words import Day, Moment, Say, _, _p, lines, paragraphs

_PAGE = 5


def why(visit: Visit, day: str, number: str, page: str = "0") -> Screen:
    """The reasons of one's own digest of a day."""
    found = digest_reasons.of_digest(visit, day, number)
    if not found:
        return _nothing()
    shown = page_of(page, len(found), _PAGE)
    text = paragraphs(
        _("❔ <b>Why this reminder?</b>"),
        *(_reason(visit, one) for one in found[shown * _PAGE : (shown + 1) * _PAGE]),
        _sent(visit, found),
    )
    rows = (*pager(f"why:{day}:{number}", shown, len(found), _PAGE), (own_reminders.OPEN,))
    return Screen(text, rows, (_("Reminders"),), "home")


def _nothing() -> Screen:
    return Screen(_("Nothing is kept of this reminder."), ((own_reminders.OPEN,),), (_("Reminders"),), "home")


def digest(visit: Visit, day: str, number: str, page: str = "0") -> Screen:
    """All of one's own digest of a day that is still to be done, where it was too long for one message."""
    reasons = digest_reasons.of_digest(visit, day, number)
    if not reasons:
        return _nothing()
    found = digest_reasons.said_again(visit, reasons)
    shown = page_of(page, len(found), SHOWN)
    part, first = found[shown * SHOWN : (shown + 1) * SHOWN], shown * SHOWN + 1
    day_of = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day
    text = paragraphs(
        _("⏰ <b>Reminder</b>, {day}", day=Day(day_of)),
        *under_headings(part, first),
        None if found else _("Nothing of it is open any more. 👍"),
    )
    rows = (*buttons(part, first), *pager(f"digest:{day}:{number}", shown, len(found), SHOWN))
    return Screen(text, rows, (_("Reminders"),), "home")


def _reason(visit: Visit, one: Reason) -> Say:
    entry = one.entry
    return lines(
        _("<b>{title}</b>", title=reminder_words.title(visit.work, entry)),
        *_deadline(visit, entry.task, one),
        reminder_words.occasion(entry),
        reminder_words.shift(entry, visit.local(one.at), one.calendar),
    )


def _deadline(visit: Visit, task: Task | None, one: Reason) -> list[Say]:
    if task is None:
        return [_("Closing: {day}", day=Day(one.entry.due.day))]
    region = visit.work.programme.regions.by_code[task.region_code].name
    now = digest_reasons.present_day(visit, task)
    said: list[Say] = [_("{region}. Deadline: {day}", region=region, day=Day(one.entry.due.day))]
    if now != one.entry.due.day and now is not None:
        said.append(_("Since then it has become {day}.", day=Day(now)))
    extended = more_time.in_force_words(visit, task.key, task.region_code) if now else None
    return [*said, extended] if extended else said


def _sent(visit: Visit, found: Sequence[Reason]) -> Say:
    own = any(one.entry.why in (Why.OWN, Why.SNOOZED) for one in found)
    return lines(
        _("Sent on {moment}.", moment=Moment(found[0].at, visit.zone)),
        own_reminders.hour_words(visit),
        _CHANGE,
        _("A single item is put off on its own page.") if own else None,
    )


_CHANGE = _("Hour and rhythm are changed under {button}.", button=_p("button", "⏰ My reminders"))
SCREENS: Mapping[str, Draw] = {"why": why, "digest": digest}
