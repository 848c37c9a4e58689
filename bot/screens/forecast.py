"""Who will receive which reminders in the next seven days: by region and day, and in a region by name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.buttons import look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import forecasts, progress, reminder_words, seats
from bot.services.forecasts import Coming
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Joined, Moment, Plain, Say, ShortDay, _, _n, _p, lines, paragraphs

OPEN = look(_p("button", "🔭 Week ahead"), "forecast")
# Digests on one page, and things named of each.
_DIGESTS = 5
_NAMED = 4
_TITLE = 60


def forecast(visit: Visit, number: str = "0") -> Screen:
    """The regions in reach, with how many people hear something on each day."""
    visit.require(Act.CHANGE_CALENDAR, seats.reach(visit.seat))
    codes = [one for one in progress.participants(visit.work) if visit.may(Act.CHANGE_CALENDAR, Place(one))]
    page = page_of(number, len(codes))
    shown = codes[page * PAGE : (page + 1) * PAGE]
    found = forecasts.of_regions(visit.work, shown)
    names = visit.work.programme.regions.by_code
    text = paragraphs(
        _("🔭 <b>Reminders of the next seven days</b>"),
        _("How many people hear something on which day, as things stand now:"),
        lines(*(_region(names[code].name, found[code]) for code in shown)) if shown else _NO_REGION,
    )
    rows = tuple((look(Plain(names[code].name), "forecast-region", code),) for code in shown)
    return Screen(text, (*rows, *pager("forecast", page, len(codes))), (_("Calendar"),), "calendar")


_NO_REGION = _("No region takes part yet. A region takes part as soon as its first member is invited.")


def _region(name: str, found: Sequence[Coming]) -> Say:
    counted = Counter(one.day for one in found)
    days = [_("{day}: {count}", day=ShortDay(day), count=count) for day, count in sorted(counted.items())]
    said = Joined(tuple(days), " · ") if days else _("nobody")
    return _("<b>{region}</b>: {days}", region=name, days=said)


def of_region(visit: Visit, code: str, number: str = "0") -> Screen:
    """The digests of one region, by name, in the order of time."""
    visit.require(Act.CHANGE_CALENDAR, Place(code))
    found = forecasts.of_regions(visit.work, [code])[code]
    page = page_of(number, len(found), _DIGESTS)
    shown = found[page * _DIGESTS : (page + 1) * _DIGESTS]
    text = paragraphs(
        _("🔭 <b>{region}, the next seven days</b>", region=visit.work.programme.regions.by_code[code].name),
        *(_digest(visit, one) for one in shown),
        None if found else _("Nobody receives a reminder, as things stand now."),
    )
    rows = (*pager(f"forecast-region:{code}", page, len(found), _DIGESTS), (look(_REGION, "region", code),))
    return Screen(text, rows, (_("Calendar"),), "forecast")


_REGION = _p("button", "🗺 The region")


def _digest(visit: Visit, one: Coming) -> Say:
    more = len(one.entries) - _NAMED
    return lines(
        _("<b>{name}</b>, {when}", name=one.name, when=Moment(one.at, one.zone)),
        *_entries(visit, one),
        _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
    )


def _entries(visit: Visit, one: Coming) -> Iterable[Say]:
    for entry in one.entries[:_NAMED]:
        title = reminder_words.title(visit.work, entry)
        shown = Plain(cut(title.text, _TITLE)) if isinstance(title, Plain) else title
        said = _("• {title} ({occasion})", title=shown, occasion=reminder_words.short(entry))
        moved = reminder_words.shift(entry, one.day, forecasts.calendar_of(visit.work, entry))
        yield Joined((said, moved), ". ") if moved else said


SCREENS: Mapping[str, Draw] = {"forecast": forecast, "forecast-region": of_region}
