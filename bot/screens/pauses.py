"""Reminders that rest: on the page of a region, and all of them together."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import pauses, seats
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Day, Say, _, _p, lines, paragraphs
from db.models import RegionPause

OPEN = look(_p("button", "⏸ Held back"), "pauses")
_REASON = 200


def region_words(visit: Visit, code: str) -> Say | None:
    """On the page of a region: that its reminders rest, from when until when, and why."""
    found = pauses.of_region(visit.work, code, visit.today)
    return lines(*(_words(visit, one) for one in found)) if found else None


def _words(visit: Visit, one: RegionPause) -> Say:
    return _(
        "⏸ Reminders are held back from {first} to {last} by {name}: {reason}",
        first=Day(one.first_day),
        last=Day(one.last_day),
        name=visit.work.person(one.created_by_id).name,
        reason=cut(one.reason, _REASON),
    )


def region_rows(visit: Visit, code: str) -> tuple[Row, ...]:
    """To hold the reminders of a region back, or to let them go on."""
    if not pauses.may_pause(visit, code):
        return ()
    ends = tuple(
        (do(_p("button", "▶️ Remind again"), "pause-end", one.id),)
        for one in pauses.of_region(visit.work, code, visit.today)
    )
    ahead = look(_p("button", "🔭 Week ahead"), "forecast-region", code)
    return (*ends, (do(_p("button", "⏸ Hold back"), "pause", code), ahead))


def pause_list(visit: Visit, number: str = "0") -> Screen:
    """The regions whose reminders rest or will rest."""
    visit.require(Act.CHANGE_CALENDAR, seats.reach(visit.seat))
    found = [one for one in pauses.of_edition(visit.work, visit.today) if pauses.may_pause(visit, one.region_code)]
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    names = visit.work.programme.regions.by_code
    text = paragraphs(
        _("⏸ <b>Reminders held back</b>"),
        *(lines(_("<b>{region}</b>", region=names[one.region_code].name), _words(visit, one)) for one in shown),
        None if found else _("None. They are held back from the page of a region, for example after a disaster."),
    )
    rows = tuple((look(_region(names[one.region_code].name), "region", one.region_code),) for one in shown)
    regions = () if found else ((look(_p("button", "🗺 Regions"), "regions"),),)
    return Screen(text, (*rows, *pager("pauses", page, len(found)), *regions), (_("Calendar"),), "calendar")


def _region(name: str) -> Say:
    return _p("button", "🗺 {region}", region=cut(name, 30))


SCREENS: Mapping[str, Draw] = {"pauses": pause_list}
