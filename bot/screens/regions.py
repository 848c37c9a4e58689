"""Regions as their own people, mentors, observers and coordinators see them."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.screens import pauses
from bot.screens.checklist import own_region
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import cohorts, items, progress, rights
from bot.services.item_words import SYMBOL, due_words
from bot.services.progress import Progress
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Joined, Moment, Plain, Say, _, _n, _p, lines, listed, paragraphs
from db.vocabulary import ItemState


def region_progress(visit: Visit, code: str = "") -> Screen:
    """The region card: two numbers, what is next, what waits, the last activity."""
    if not code and visit.region is None:
        return region_list(visit)
    region = own_region(visit, code)
    visit.require(Act.SEE_REGION, Place(region.code))
    now = progress.of_region(visit.work, region.code)
    text = paragraphs(
        _("📊 <b>{region}</b> · {province}", region=region.name, province=region.province),
        lines(
            _(
                "<b>Completeness:</b> {accepted} of {mandatory} mandatory items accepted ({percent}%)",
                accepted=now.accepted,
                mandatory=now.mandatory,
                percent=now.completeness,
            ),
            _punctuality(now),
        ),
        lines(*_states(now)),
        pauses.region_words(visit, region.code),
        _cohorts(visit, region.code),
        _next(visit, now),
        _activity(visit, now),
    )
    where, back = (_("Progress"), "home") if visit.region else (_("Regions"), "regions")
    return Screen(text, _rows(visit, region.code), (where,), back)


def _cohorts(visit: Visit, code: str) -> Say | None:
    names = cohorts.names_of(visit.work, code) if visit.may(Act.SEE_ALL_REGIONS) else []
    return _("🎓 {cohorts}", cohorts=listed(map(Plain, names))) if names else None


def bar(percent: int) -> str:
    """Ten blocks; the number always stands beside them."""
    return "▓" * (percent // 10) + "░" * (10 - percent // 10)


def _punctuality(now: Progress) -> Say:
    if now.punctuality is None:
        return _("<b>On time:</b> nothing was due yet")
    return _(
        "<b>On time:</b> {on_time} of {due} items due so far ({percent}%)",
        on_time=now.on_time,
        due=now.due,
        percent=now.punctuality,
    )


def _states(now: Progress) -> list[Say]:
    named: Mapping[ItemState, Say] = {
        ItemState.ACCEPTED: _("accepted"),
        ItemState.SUBMITTED: _("submitted"),
        ItemState.RETURNED: _("returned"),
        ItemState.STARTED: _("in progress"),
        ItemState.UNTOUCHED: _("not started"),
        ItemState.WAIVED: _("not applicable"),
    }
    found: list[Say] = [
        _("{symbol} {count} {state}", symbol=SYMBOL[state], count=now.by_state[state], state=name)
        for state, name in named.items()
        if now.by_state[state]
    ]
    if now.declared:
        found.append(
            _n(
                "☑️ {count} of them declared done, evidence to follow",
                "☑️ {count} of them declared done, evidence to follow",
                now.declared,
            )
        )
    if now.late:
        found.append(_n("⚠️ {count} mandatory item is late", "⚠️ {count} mandatory items are late", now.late))
    return found


def _next(visit: Visit, now: Progress) -> Say | None:
    if now.next_item is None or now.next_due is None:
        return None
    return _(
        "<b>Next:</b> {title}, {due}",
        title=items.title(visit.work, now.next_item),
        due=due_words(visit.work, now.region.code, now.next_due),
    )


def _activity(visit: Visit, now: Progress) -> Say:
    if now.last_activity is None:
        return _("<i>No activity yet.</i>")
    return _("<i>Last activity: {when}</i>", when=Moment(now.last_activity, visit.zone))


def _rows(visit: Visit, code: str) -> tuple[Row, ...]:
    rows: list[Row] = [
        (
            look(_p("button", "🗂 Milestones"), "stages", code),
            look(_p("button", "☰ All items"), "items", "all", 0, code),
        ),
        (do(_p("button", "📤 Text for WhatsApp"), "share", code),),
    ]
    rows.append((look(_p("button", "⏳ Deadlines moved"), "extended", code),))
    if visit.may(Act.SEE_TEAM, Place(code)):
        rows.append((look(_p("button", "👥 Team"), "team", code),))
    return (*rows, *pauses.region_rows(visit, code))


def region_list(visit: Visit, number: str = "0") -> Screen:
    """The participating regions that this seat reaches, the least complete first for those who coordinate."""
    visit.require(Act.SEE_ALL_REGIONS)
    codes = [code for code in progress.participants(visit.work) if rights.may(visit.seat, Act.SEE_REGION, Place(code))]
    found = sorted(progress.of_regions(visit.work, codes), key=lambda one: (one.completeness, one.region.name))
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    count = _n("{count} region", "{count} regions", len(found))
    text = paragraphs(
        Joined((_("🗺 <b>Regions</b>"), count), " · "),
        lines(*(_line(one) for one in shown))
        if shown
        else _("No region takes part yet. A region takes part as soon as its first member is invited."),
    )
    buttons = tuple((look(Plain(one.region.name), "region", one.region.code),) for one in shown)
    groups = ((look(_p("button", "🎓 Cohorts"), "cohorts"),),) if visit.may(Act.ADD_PARTICIPANT) else ()
    return Screen(text, (*buttons, *pager("regions", page, len(found)), *groups), (_("Regions"),), "home")


def _line(one: Progress) -> Say:
    late = _n(" · ⚠️ {count} late", " · ⚠️ {count} late", one.late) if one.late else ""
    return lines(
        _("<b>{region}</b>", region=one.region.name),
        _("{bar} {percent}%{late}", bar=bar(one.completeness), percent=one.completeness, late=late),
    )


SCREENS: Mapping[str, Draw] = {"progress": region_progress, "region": region_progress, "regions": region_list}
