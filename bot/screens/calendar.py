"""The working calendar: which days around now are not worked, by decree or by a coordinator's word."""

from collections.abc import Mapping
from datetime import timedelta

from bot.buttons import Row, do, look
from bot.flows.holidaying import KINDS, PAGE, Area, place_words
from bot.screens import forecast, pauses
from bot.screens.screen import PAGE as LINES
from bot.screens.screen import Draw, Screen, page_of, pager
from bot.services import holidays, seats
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Day, Say, _, _p, lines, paragraphs
from db.models import Holiday

SPAN = timedelta(days=120)


def calendar(visit: Visit) -> Screen:
    """Holidays and joint leave of the next four months."""
    visit.require(Act.SEE_ALL_REGIONS)
    days = [visit.today + timedelta(days=count) for count in range(SPAN.days)]
    found = [(day, visit.work.calendar.holiday_name(day)) for day in days]
    told = [_("• {day}: {name}", day=Day(day), name=name) for day, name in found if name]
    text = paragraphs(
        _("📅 <b>Days off in the next four months</b>"),
        lines(*told) if told else _("There are none."),
        _("<i>Source: the joint ministerial decree and the edition's own days. Weekends are never working days.</i>"),
    )
    return Screen(text, _rows(visit), (_("Calendar"),), "home")


def _rows(visit: Visit) -> tuple[Row, ...]:
    if not visit.may(Act.CHANGE_CALENDAR, seats.reach(visit.seat)):
        return ()
    days = look(_p("button", "🗓 Own days"), PAGE)
    first = (days, pauses.OPEN)
    if not visit.may(Act.CHANGE_CALENDAR):
        return (first, (forecast.OPEN,))
    settings = (look(_p("button", "⏰ Reminders"), "timing"), look(_p("button", "⏱ Targets"), "targets"))
    return (first, (forecast.OPEN,), settings)


def own_days(visit: Visit, number: str = "0") -> Screen:
    """What coordinators have added to the calendar, to add more and to take back."""
    visit.require(Act.CHANGE_CALENDAR, seats.reach(visit.seat))
    found = holidays.of_edition(visit.work, visit.today)
    page = page_of(number, len(found), LINES)
    shown = list(enumerate(found, 1))[page * LINES : (page + 1) * LINES]
    text = paragraphs(
        _("🗓 <b>Days that coordinators have set</b>"),
        lines(*(_line(visit, place, one) for place, one in shown))
        if found
        else _("None yet. The days of the decree are in the calendar already."),
    )
    removing = tuple(
        do(_p("button", "🗑 {number}", number=place), "holiday-remove", one.id)
        for place, one in shown
        if holidays.may_change(visit, one.region_code)
    )
    buttons = tuple(removing[start : start + 4] for start in range(0, len(removing), 4))
    new = ((do(_p("button", "✏️ Add days"), "holiday", 0),),)
    return Screen(text, (*buttons, *pager(PAGE, page, len(found), LINES), *new), (_("Calendar"),), "calendar")


def _line(visit: Visit, number: int, one: Holiday) -> Say:
    return _(
        "{number}. {day}: {name} ({kind}, {place})",
        number=number,
        day=Day(one.day),
        name=one.name,
        kind=KINDS[one.kind],
        place=place_words(Area(code=one.region_code, name=holidays.place_name(visit.work, one.region_code))),
    )


SCREENS: Mapping[str, Draw] = {"calendar": calendar, PAGE: own_days}
