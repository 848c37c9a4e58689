"""Announcements that repeat: choosing the days, and what became of each time."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.buttons import Button, Row, do, look, pairs
from bot.screens.announcement_list import STATES, TITLE, trail
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcements, readers, repetitions, series
from bot.services.announcement_letters import title
from bot.services.announcing import SENT
from bot.services.repetitions import Repetition
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Day, Joined, Moment, Plain, Say, ShortDay, _, _n, _p, lines, listed, paragraphs
from db.models import Announcement, Series

_SHOWN = 5


def repeating(visit: Visit, announcement_id: str) -> Screen:
    """On which days a draft repeats."""
    found = announcements.draft(visit, announcement_id)
    chosen = series.repetition(found)

    def toggle(label: Say, part: str, value: int, ticked: bool) -> Button:
        said = Joined((Plain("✅" if ticked else "⬜"), label), " ")
        return do(said, "ann-repeat", f"{found.id}-{part}-{value}", found.version)

    weekdays = [toggle(name, "day", day, day in chosen.weekdays) for day, name in repetitions.WEEKDAYS.items()]
    steps = [toggle(_step(count), "every", count, chosen.every == count) for count in repetitions.STEPS]
    until = do(_p("button", "📅 Last day"), "ann-fill", f"{found.id}-ends")
    never = do(_p("button", "🚫 Do not repeat"), "ann-repeat", f"{found.id}-never-0", found.version)
    text = paragraphs(
        _("🔁 <b>Repeat it</b>"),
        plan(visit, found) or _("It is sent once. Choose weekdays, or every so many working days."),
        _("A day off moves it to the working day before. The readers are counted anew each time."),
    )
    rows = (*pairs(weekdays), *pairs(steps), (until, never))
    return Screen(text, rows, trail(found, _("Repeat")), f"announcement:{found.id}")


def _step(count: int) -> Say:
    return _p("button", "Every working day") if count == 1 else _p("button", "{count} working days", count=count)


def plan(visit: Visit, found: Announcement) -> Say | None:
    """What was chosen for a draft, and the next days; None where it does not repeat."""
    chosen = series.repetition(found)
    if not chosen.repeats:
        return None
    last, first = series.last_day(visit.work, chosen), series.first_day(found)
    coming = repetitions.next_days(chosen, visit.work.calendar, first, last, _SHOWN) if first else []
    return lines(
        _("🔁 It repeats {rhythm}.", rhythm=repetitions.words(chosen, last)),
        _next(coming),
        None if first else _("Please choose with “Schedule” when it leaves the first time."),
    )


def _next(coming: Sequence[date]) -> Say | None:
    named = [_("{day}", day=ShortDay(day)) for day in coming]
    return _("Next: {days}", days=listed(named)) if named else None


def whole(visit: Visit, series_id: str, number: str = "0") -> Screen:
    """All occurrences of a series, newest first, and when the next ones come."""
    row = series.by_id(visit, series_id)
    work, chosen = visit.work, Repetition.model_validate(row.repeats)
    found = list(reversed(series.occurrences(work, row)))
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    coming, counts = series.coming(work, row, _SHOWN), readers.tally_each(work, shown)
    text = paragraphs(
        _("🔁 <b>{subject}</b>", subject=title(found[-1])),
        _("It repeats {rhythm}.", rhythm=repetitions.words(chosen, series.last_day(work, chosen)))
        if row.ended_at is None
        else _ended(visit, row),
        _next(coming),
        lines(*(_line(one, counts[one.id]) for one in shown)),
    )
    rows: tuple[Row, ...] = tuple(
        (look(_p("button", "📢 Open {number}", number=str(one.number)), "announcement", one.id),)
        for one in shown
        if one.number
    )
    stop = ((look(_p("button", "⏹ End the series"), "ann-series-ending", row.id),),) if row.ended_at is None else ()
    more = pager(f"ann-series:{row.id}", page, len(found))
    return Screen(text, (*rows, *more, *stop), (TITLE, _("Series")), "announcements")


def ending(visit: Visit, series_id: str) -> Screen:
    """Which days will not come any more. Nothing is done yet."""
    row = series.by_id(visit, series_id)
    if row.ended_at is not None:
        return whole(visit, series_id)
    newest = series.occurrences(visit.work, row)[-1]
    text = paragraphs(
        _("⏹ <b>End the series “{subject}”</b>", subject=title(newest)),
        _next(series.coming(visit.work, row, _SHOWN)),
        _("It then leaves on none of these days. What was sent stays; to begin again, make a new announcement."),
    )
    keep = (look(_p("button", "◀ Do not end it"), "ann-series", row.id),)
    sure = (do(_p("button", "⏹ End it"), "ann-series-end", row.id),)
    return Screen(text, (keep, sure), (TITLE, _("Series"), _("End")), f"ann-series:{row.id}")


def _ended(visit: Visit, row: Series) -> Say:
    if row.ended_by_id is None or row.ended_at is None:
        return _("It repeats no more.")
    name, at = visit.work.person(row.ended_by_id).name, Moment(row.ended_at, DEFAULT_ZONE)
    return _("It repeats no more: {name} ended it on {moment}.", name=name, moment=at)


def _line(one: Announcement, counts: readers.Tally) -> Say:
    day, (symbol, state) = Day(one.occurrence or one.created_at.date()), STATES[one.state]
    if one.state not in SENT:
        return _("{symbol} {day}: {state}", symbol=symbol, day=day, state=state)
    return _n(
        "{symbol} {day}: sent to {sent} of {count} reader",
        "{symbol} {day}: sent to {sent} of {count} readers",
        counts.total,
        symbol=symbol,
        day=day,
        sent=counts.sent,
    )


SCREENS: Mapping[str, Draw] = {"ann-repeat": repeating, "ann-series": whole, "ann-series-ending": ending}
