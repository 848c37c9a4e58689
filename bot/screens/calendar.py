"""The working calendar: which days around now are not worked, by decree or by a coordinator's word."""

from collections.abc import Mapping
from datetime import timedelta

from bot.buttons import look
from bot.screens.screen import Draw, Screen
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Day, _, _p, lines, paragraphs

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
    settings = (look(_p("button", "⏰ Reminders"), "timing"), look(_p("button", "⏱ Targets"), "targets"))
    rows = (settings,) if visit.may(Act.CHANGE_CALENDAR) else ()
    return Screen(text, rows, (_("Calendar"),), "home")


SCREENS: Mapping[str, Draw] = {"calendar": calendar}
