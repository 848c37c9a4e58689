"""The recap of the closing: how regions stood at that instant, and beside it what has changed since."""

from collections.abc import Mapping, Sequence

from bot.buttons import Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import items, progress, recaps, snapshots
from bot.services.item_words import STATE, SYMBOL
from bot.services.progress import Progress
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Snapshot
from db.vocabulary import ItemState

TITLE = _("At the closing")
# Changes of one region on its page; the workbook has them all.
CHANGES = 20


def recap(visit: Visit, code: str = "", number: str = "0") -> Screen:
    """Of one region, or without a code of all in the person's reach."""
    return _of_region(visit, code) if code and code != recaps.ALL else _of_all(visit, number)


def _of_all(visit: Visit, number: str) -> Screen:
    visit.require(Act.SEE_ALL_REGIONS)
    frozen = recaps.in_reach(visit)
    if not frozen:
        return Screen(_("The recap stands here a few minutes after the closing."), (), (TITLE,), "home")
    codes = recaps.by_name(visit, frozen)
    page = page_of(number, len(codes))
    shown = codes[page * PAGE : (page + 1) * PAGE]
    now = progress.of_regions(visit.work, shown)
    text = paragraphs(
        _("🏁 <b>At the closing</b>"),
        _together(list(frozen.values())),
        lines(*(_line(frozen[one.region.code], one) for one in now)),
    )
    rows: tuple[Row, ...] = tuple((look(Plain(one.region.name), "recap", one.region.code),) for one in now)
    book = (do(_p("button", "📊 As a workbook"), "export", f"recap-{recaps.ALL}"),)
    return Screen(text, (*rows, *pager(f"recap:{recaps.ALL}", page, len(codes)), book), (TITLE,), "home")


def _together(frozen: Sequence[Snapshot]) -> Say:
    whole = recaps.together(frozen)
    return lines(
        _n("{count} region took part", "{count} regions took part", len(frozen)),
        _n(
            "{count} with every mandatory item accepted",
            "{count} with every mandatory item accepted",
            snapshots.completed({one.region_code: one for one in frozen}),
        ),
        _numbers(whole),
    )


def _numbers(one: Snapshot) -> Say:
    return lines(
        _(
            "<b>Completeness:</b> {accepted} of {mandatory} mandatory items accepted ({percent}%)",
            accepted=one.accepted,
            mandatory=one.mandatory,
            percent=one.completeness,
        ),
        _(
            "<b>On time:</b> {on_time} of {due} items due so far ({percent}%)",
            on_time=one.on_time,
            due=one.due,
            percent=one.punctuality,
        )
        if one.punctuality is not None
        else None,
    )


def _line(frozen: Snapshot, now: Progress) -> Say:
    if frozen.completeness == now.completeness:
        return _("• {region}: {percent}%", region=now.region.name, percent=frozen.completeness)
    return _(
        "• {region}: {percent}%, now {present}%",
        region=now.region.name,
        percent=frozen.completeness,
        present=now.completeness,
    )


def _of_region(visit: Visit, code: str) -> Screen:
    visit.require(Act.SEE_REGION, Place(code))
    frozen = snapshots.of_edition(visit.work).get(code)
    back = "recap" if visit.may(Act.SEE_ALL_REGIONS) else "home"
    if frozen is None:
        return Screen(_("The recap stands here a few minutes after the closing."), (), (TITLE,), back)
    region = visit.work.programme.regions.by_code[code]
    text = paragraphs(
        _("🏁 <b>{region}</b> at the closing", region=region.name),
        _numbers(frozen),
        lines(*_states(frozen)),
        _since(visit, frozen),
        _("<i>Frozen {when}.</i>", when=Moment(frozen.taken_at, visit.zone)),
    )
    return Screen(text, (), (TITLE,), back)


def _states(frozen: Snapshot) -> list[Say]:
    counts = [(state, sum(value == state for value in frozen.states.values())) for state in ItemState]
    return [_("{symbol} {state}: {count}", symbol=SYMBOL[at], state=STATE[at], count=count) for at, count in counts]


def _since(visit: Visit, frozen: Snapshot) -> Say:
    """What has happened after the closing; it stands beside the snapshot, never in it."""
    present = items.of_region(visit.work, frozen.region_code)
    found = snapshots.later(visit.work.programme.edition, frozen, present)
    if not found:
        return _("Nothing has changed since.")
    told = [
        _("• {title}: {before} → {after}", title=_title(visit, key), before=STATE[before], after=STATE[after])
        for key, before, after in found[:CHANGES]
    ]
    more = len(found) - CHANGES
    rest = _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None
    return lines(_("<b>Since then</b>"), *told, rest)


def _title(visit: Visit, key: str) -> str:
    return visit.work.programme.edition.item(key).title


SCREENS: Mapping[str, Draw] = {"recap": recap}
