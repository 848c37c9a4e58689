"""Requests for more time as coordinators decide them, and the history of a region's deadlines."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.screens.checklist import own_region
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import extensions, items
from bot.services.extension_days import aim_of, fits, is_stage, item_keys, title
from bot.services.extension_letters import ENDED, changed_words, heading, names, quoted, where
from bot.services.item_words import state, symbol
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Day, Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Extension, Item
from db.vocabulary import ExtensionState

TITLE = _("More time")
OPEN = look(_p("button", "⏳ More time"), "extensions")
WITHDRAW = _p("button", "↩️ Withdraw")
EARLIER = 5
FEW = 5
_LABEL = 36


# --- Coordinators


def request_list(visit: Visit, number: str = "0") -> Screen:
    """What waits for this coordinator, oldest first, then what else there is for all regions; for everybody else the
    history of the own region."""
    if not visit.may(Act.DECIDE_EXTENSION) and visit.region is not None:
        return history(visit)
    waiting, others = extensions.waiting(visit), extensions.for_all(visit)
    found = [*waiting, *others]
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    count = _n("{count} request waits. Please open one:", "{count} requests wait. Please open one:", len(waiting))
    text = paragraphs(
        _("⏳ <b>Requests for more time</b>"),
        count if waiting else _("No request waits. An extension can also be given unasked, to one region or to many."),
        lines(_("<b>For all regions</b>"), *(_standing_line(visit, one) for one in others)) if others else None,
    )
    rows = tuple((look(Plain(_label(visit, one)), "extension", one.id),) for one in shown)
    give = (look(_p("button", "⏳ Extend for many"), "extend-pick"),)
    return Screen(text, (*rows, *pager("extensions", page, len(found)), give), (TITLE,), "home")


def _standing_line(visit: Visit, one: Extension) -> Say:
    name, day = title(visit.work, one.subject), Day(one.day or one.proposed_day)
    if extensions.needs_second(one):
        return _("⏳ {title}, {day}: waits for a second coordinator", title=name, day=day)
    return _("✅ {title}: {day}", title=name, day=day)


def _label(visit: Visit, one: Extension) -> str:
    region = visit.work.programme.regions.by_code[one.region_code].name if one.region_code else "◆"
    return cut(f"{region} · {title(visit.work, one.subject)}", _LABEL)


def waiting_words(visit: Visit) -> Say | None:
    """For the home page: how many requests wait for this coordinator."""
    count = len(extensions.waiting(visit)) if visit.may(Act.DECIDE_EXTENSION) else 0
    if not count:
        return None
    return _n("⏳ {count} request for more time waits.", "⏳ {count} requests for more time wait.", count)


def card(visit: Visit, extension_id: str) -> Screen:
    """One request or extension: both dates, the reason, how far the region is, what was moved; and the answers."""
    found = extensions.by_id(visit, extension_id)
    text = paragraphs(
        _("⏳ <b>More time</b>"),
        lines(heading(visit.work, found), _standing(visit, found)),
        _dates(found),
        quoted(found.reason),
        lines(*_decided(visit, found)),
        _earlier(visit, found),
    )
    back = "extensions" if found.region_code is None else f"extended:{found.region_code}"
    waits = found.state in (ExtensionState.ASKED, ExtensionState.PROPOSED)
    return Screen(text, _answers(visit, found), (TITLE,), "extensions" if waits else back)


def _standing(visit: Visit, found: Extension) -> Say | None:
    """How far the item is, or how many items of the stage need nothing more."""
    if found.region_code is None or not _is_known(visit, found):
        return None
    there = items.of_region(visit.work, found.region_code)
    keys = [key for key in item_keys(visit.work, found.subject) if key in there]
    if is_stage(visit.work, found.subject):
        ended = sum(there[key].state in ENDED for key in keys)
        return _("{ended} of {count} items of the stage need nothing more", ended=ended, count=len(keys))
    return _item_state(there[keys[0]]) if keys else None


def _is_known(visit: Visit, found: Extension) -> bool:
    edition = visit.work.programme.edition
    return found.subject in {one.key for one in (*edition.milestones, *edition.items)}


def _item_state(item: Item) -> Say:
    return _("{symbol} {state}", symbol=symbol(item), state=state(item))


def _dates(found: Extension) -> Say | None:
    if found.state is ExtensionState.GRANTED or found.day is not None:
        return changed_words(found)
    return lines(
        _("Deadline now: {day}", day=Day(found.former_day)) if found.former_day else None,
        _("Asked for: {day}", day=Day(found.proposed_day))
        if found.region_code
        else _("Proposed: {day}", day=Day(found.proposed_day)),
    )


def _decided(visit: Visit, found: Extension) -> list[Say | None]:
    """Who did what to it, and when."""
    return [
        _asked(visit, found),
        state_words(visit, found),
        quoted(found.answer),
        _("{name} wants to take it back.", name=found.revoked_by.name)
        if found.revoked_by and extensions.is_leaving(found)
        else None,
        quoted(found.revoke_reason),
    ]


def _asked(visit: Visit, found: Extension) -> Say | None:
    """Whose wish it was. What a coordinator gave unasked was nobody's."""
    by, when = found.asked_by.name, Moment(found.asked_at, visit.zone)
    if found.region_code is None:
        return _("Proposed by {name}, {when}", name=by, when=when)
    return _("Asked by {name}, {when}", name=by, when=when) if found.asked_by_id != found.decided_by_id else None


def state_words(visit: Visit, found: Extension) -> Say:
    """What became of it, who decided, and when."""
    who = names(found)
    match found.state:
        case ExtensionState.ASKED:
            return _("⏳ waits for a coordinator")
        case ExtensionState.PROPOSED:
            return _("⏳ waits for a second coordinator")
        case ExtensionState.GRANTED if found.decided_at:
            return _("✅ granted by {name}, {when}", name=who, when=Moment(found.decided_at, visit.zone))
        case ExtensionState.REFUSED if found.decided_at:
            return _("✖️ refused by {name}, {when}", name=who, when=Moment(found.decided_at, visit.zone))
        case ExtensionState.REVOKED if found.revoked_by and found.revoked_at:
            by, when = found.revoked_by.name, Moment(found.revoked_at, visit.zone)
            withdrawn = _("↩️ withdrawn by {name}, {when}", name=by, when=when)
            return _("↩️ taken back by {name}, {when}", name=by, when=when) if found.day else withdrawn
        case _:
            return Plain(found.state.value)


def _earlier(visit: Visit, found: Extension) -> Say | None:
    """What was moved in this region before."""
    if found.region_code is None:
        return None
    others = [
        one
        for one in extensions.of_region(visit, found.region_code)
        if one.id != found.id and one.day is not None and one.region_code
    ]
    if not others:
        return _("<i>Nothing was extended in this region before.</i>")
    told = [_moved_line(visit, one) for one in others[:EARLIER]]
    return lines(
        _n("{count} other extension in this region:", "{count} other extensions in this region:", len(others)), *told
    )


def _moved_line(visit: Visit, one: Extension) -> Say:
    """From which day to which, and whether that was taken back: none of it is the deadline of this card."""
    moved = _(
        "• {title}: {former} → {day}",
        title=title(visit.work, one.subject),
        former=Day(one.former_day or one.proposed_day),
        day=Day(one.day or one.proposed_day),
    )
    return _("{moved} (taken back)", moved=moved) if one.state is ExtensionState.REVOKED else moved


def _answers(visit: Visit, found: Extension) -> tuple[Row, ...]:
    """What can be done with it now. A day that has passed meanwhile is not offered any more; another one is."""
    mine = found.asked_by_id == visit.member.id
    fit = fits(visit.work, aim_of(found), found.proposed_day) if _is_known(visit, found) else False
    refuse = do(_p("button", "✖️ Refuse"), "ext-refuse", found.id, found.version)
    agree = do(_p("button", "✅ Agree"), "ext-approve", found.id, found.version)
    match found.state:
        case ExtensionState.ASKED if not mine:
            grant = do(_p("button", "✅ Grant"), "ext-grant", found.id, found.version)
            change = do(_p("button", "📅 Another day"), "ext-change", found.id, found.version)
            first = ((grant, refuse), (change,)) if fit else ((change, refuse),)
            return (*first, *_to_region(found))
        case ExtensionState.PROPOSED if mine:
            return ((do(WITHDRAW, "ext-withdraw", found.id, found.version),),)
        case ExtensionState.PROPOSED:
            return ((agree, refuse),) if fit else ((refuse,),)
        case ExtensionState.GRANTED if extensions.is_leaving(found):
            keep = do(_p("button", "Let it stay"), "ext-keep", found.id, found.version)
            return ((keep,),) if found.revoked_by_id == visit.member.id else ((agree, keep),)
        case ExtensionState.GRANTED:
            return ((do(_p("button", "↩️ Take it back"), "ext-revoke", found.id, found.version),), *_to_region(found))
        case _:
            return _to_region(found)


def _to_region(found: Extension) -> tuple[Row, ...]:
    if found.region_code is None:
        return ()
    return ((look(_p("button", "🕘 History"), "extended", found.region_code),),)


def pick(visit: Visit, key: str = "", number: str = "0") -> Screen:
    """Which stage or item a coordinator wants to extend, for one region, several or all."""
    visit.require(Act.DECIDE_EXTENSION)
    edition = visit.work.programme.edition
    heading_ = _("⏳ <b>Extend for many regions</b>")
    if not key:
        rows = tuple(
            (look(Plain(cut(f"{n}. {stage.title}", _LABEL)), "extend-pick", stage.key),)
            for n, stage in enumerate(edition.milestones, 1)
        )
        return Screen(paragraphs(heading_, _("Of which stage?")), rows, (TITLE,), "extensions")
    stage = edition.milestone(key)
    found = edition.items_of(key)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows = tuple((do(Plain(cut(one.title, _LABEL)), "ext-many", one.key),) for one in shown)
    whole = (do(_p("button", "◆ The whole stage"), "ext-many", key),)
    text = paragraphs(heading_, lines(Plain(stage.title), _("The whole stage, or one item of it?")))
    return Screen(text, (whole, *rows, *pager(f"extend-pick:{key}", page, len(found))), (TITLE,), "extend-pick")


# --- The region


def history(visit: Visit, code: str = "", number: str = "0") -> Screen:
    """Every request and extension of a region, newest first: what, from when to when, who and why."""
    region = own_region(visit, code)
    found = extensions.of_region(visit, region.code)
    page = page_of(number, len(found), FEW)
    shown = found[page * FEW : (page + 1) * FEW]
    text = paragraphs(
        _("⏳ <b>Deadlines moved</b> · {region}", region=region.name),
        *(_entry(visit, one) for one in shown),
        None if found else _("No deadline was moved here, and nobody has asked for it."),
    )
    rows = tuple(row for one in shown for row in _entry_row(visit, one))
    back = f"region:{region.code}" if visit.region is None else "stages"
    return Screen(text, (*rows, *pager(f"extended:{region.code}", page, len(found), FEW)), (TITLE,), back)


def _entry(visit: Visit, one: Extension) -> Say:
    whose = where(visit.work, one) if one.person_id or one.region_code is None else None
    return lines(
        _("<b>{title}</b>", title=title(visit.work, one.subject)),
        whose,
        _dates(one),
        quoted(cut(one.reason, 200)),
        _asked(visit, one),
        state_words(visit, one),
        quoted(cut(one.answer, 200)),
        quoted(cut(one.revoke_reason, 200)) if one.state is ExtensionState.REVOKED else None,
    )


def _entry_row(visit: Visit, one: Extension) -> tuple[Row, ...]:
    """A coordinator opens it; whoever asked withdraws it while it waits."""
    if one.region_code and visit.may(Act.DECIDE_EXTENSION, Place(one.region_code)):
        return ((look(Plain(cut(title(visit.work, one.subject), _LABEL)), "extension", one.id),),)
    waits = one.state is ExtensionState.ASKED and one.asked_by_id == visit.member.id
    if not waits or not visit.may(Act.ASK_EXTENSION, Place(one.region_code)):
        return ()
    return ((do(WITHDRAW, "ext-withdraw", one.id, one.version),),)


SCREENS: Mapping[str, Draw] = {
    "extensions": request_list,
    "extension": card,
    "extend-pick": pick,
    "extended": history,
}
