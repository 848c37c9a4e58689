"""The checklist of the region: stages, lists with filters, one's own tasks, drafts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from bot.buttons import Button, Row, do, look, pairs
from bot.program.regions import Region
from bot.screens import more_time
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import closing, extensions, items, stages, undoing
from bot.services import drafts as drafting
from bot.services import tasks as tasking
from bot.services.closing import filled
from bot.services.deadlines import due_of
from bot.services.item_words import due_words, is_declared, left_words, symbol
from bot.services.rights import Act, Forbidden, Place
from bot.services.stages import Stage
from bot.services.visits import Visit
from bot.words import Plain, Say, ShortDay, _, _n, _p, lines, paragraphs
from db.models import Item
from db.vocabulary import ItemState, Role

CHECKLIST = _("Milestones")
_TITLE = 34
# From so many late items on, "it was done before Pandu came" is likelier than "it was not done".
MANY_LATE = 5

Filter = Callable[[Visit, Item], bool]


FILTERS: Mapping[str, tuple[Say, Filter]] = {
    "all": (_p("button", "All"), lambda _visit, _item: True),
    "open": (_p("button", "Open"), lambda _visit, item: tasking.is_open(item)),
    "late": (_p("button", "Late"), lambda visit, item: tasking.is_late(visit, item)),
    "must": (_p("button", "Mandatory"), lambda visit, item: tasking.is_mandatory(visit.work, item)),
    "submitted": (_p("button", "Submitted"), lambda _visit, item: item.state is ItemState.SUBMITTED),
    "returned": (_p("button", "Returned"), lambda _visit, item: item.state is ItemState.RETURNED),
    "declared": (_p("button", "To follow"), lambda _visit, item: is_declared(item)),
}


# Labels of one row are about as long as its buttons are wide on a phone.
_FILTER_ROWS = (("all", "open", "late"), ("must", "submitted"), ("returned", "declared"))


def own_region(visit: Visit, code: str = "") -> Region:
    """The region asked for, or the seat's own; the right to see it is required. Raises `Forbidden`."""
    region = visit.work.programme.regions.by_code.get(code) if code else visit.region
    if region is None or not items.is_participant(visit.work, region.code):
        raise Forbidden(Act.SEE_REGION, Place(code or None))
    own = visit.region is not None and visit.region.code == region.code
    if not (own and is_contributor(visit)):
        visit.require(Act.SEE_REGION, Place(region.code))
    return region


def is_contributor(visit: Visit) -> bool:
    """Somebody who sees only the items delegated to the seat."""
    return visit.seat is not None and visit.seat.role is Role.CONTRIBUTOR


def _seen(visit: Visit, found: Iterable[Item]) -> list[Item]:
    return [item for item in found if visit.may(Act.SEE_ITEM, items.place(visit.work, item))]


def stage_list(visit: Visit, code: str = "") -> Screen:
    """The thirteen stages with how far each is."""
    region = own_region(visit, code)
    found = _stages_seen(visit, region.code)
    text = paragraphs(
        _("<b>Milestones</b> · {region}", region=region.name),
        None if found else _("No item is entrusted to you yet. The team lead can entrust one."),
        lines(*(_stage_line(visit, stage) for stage in found)),
        _("✅ complete  ▶️ under way  ⚠️ late  ⬜ not started"),
    )
    numbers = [look(Plain(str(stage.number)), "stage", stage.milestone.key, "0", region.code) for stage in found]
    extra: list[Row] = [(look(_p("button", "☰ All items"), "items", "all", 0, region.code),)]
    extra += _declaring(visit, region.code)
    return Screen(text, (*pairs(numbers, 5), *extra), (CHECKLIST,), "home")


def _stages_seen(visit: Visit, code: str) -> list[Stage]:
    """The stages with the items that this person may see."""
    narrowed = [replace(one, items=tuple(_seen(visit, one.items))) for one in _stages(visit, code)]
    return [one for one in narrowed if one.items]


def _stages(visit: Visit, code: str) -> tuple[Stage, ...]:
    return stages.of_region(visit.work, code, visit.member.id)


def _declaring(visit: Visit, code: str) -> list[Row]:
    """Declaring earlier stages done, and taking that back as a whole while it can be."""
    if not visit.may(Act.DECLARE_STAGES, Place(code)):
        return []
    rows: list[Row] = []
    if undoing.declared_lately(visit, code):
        rows.append((do(_p("button", "↩️ Undo"), "undeclare", code),))
    if visit.region and visit.region.code == code and stages.declarable(visit.work, code):
        rows.append((do(_p("button", "☑️ Declare done"), "declare", 0),))
    return rows


def _stage_line(visit: Visit, stage: Stage) -> Say:
    return _(
        "{mark} {number}. {title}: {ended}/{count} · {day}",
        mark=_stage_mark(visit, stage),
        number=stage.number,
        title=stage.milestone.title,
        ended=stage.ended,
        count=len(stage.items),
        day=ShortDay(stage.due.day),
    )


def _stage_mark(visit: Visit, stage: Stage) -> str:
    if stage.is_complete and stage.mandatory:
        return "✅"
    if stage.due.passed(visit.work.now) and any(
        tasking.is_late(visit, item) for item in stage.items if item.key in stage.mandatory
    ):
        return "⚠️"
    return "▶️" if any(item.state is not ItemState.UNTOUCHED for item in stage.items) else "⬜"


def stage(visit: Visit, key: str, number: str = "0", code: str = "") -> Screen:
    """One stage: what it is for, and its items."""
    region = own_region(visit, code)
    found = {stage.milestone.key: stage for stage in _stages(visit, region.code)}[key]
    waits = extensions.asked_by_me(visit, key, region.code)
    text = paragraphs(
        _("<b>{number}. {title}</b>", number=found.number, title=found.milestone.title),
        None if visit.member.data_saver else Plain(filled(visit, found.milestone.explanation)),
        lines(
            _("<b>Deadline:</b> {due}", due=due_words(visit.work, region.code, found.due)),
            more_time.in_force_words(visit, key, region.code),
            more_time.asked_words(waits),
            _("<b>Result:</b> {outputs}", outputs=", ".join(found.milestone.outputs)),
        ),
        _proposal_mark(visit, found.milestone.deadline_is_proposal),
        _states_legend(found.items),
    )
    shown = _seen(visit, found.items)
    rows = (
        *_item_rows(visit, shown, f"stage:{key}", number, region.code),
        *more_time.stage_row(visit, found, region.code, waits),
    )
    return Screen(text, rows, (CHECKLIST,), f"stages:{region.code}")


def _proposal_mark(visit: Visit, is_proposal: bool) -> Say | None:
    if is_proposal and visit.may(Act.SEE_PROPOSALS):
        return _("<i>(proposal: deadline to be approved by the programme)</i>")
    return None


def _states_legend(found: Sequence[Item]) -> Say | None:
    return None if found else _("This stage has no items.")


def item_list(visit: Visit, chosen: str = "all", number: str = "0", code: str = "") -> Screen:
    """All items through one filter."""
    region = own_region(visit, code)
    _label, fits = FILTERS.get(chosen, FILTERS["all"])
    every = _seen(visit, items.of_region(visit.work, region.code).values())
    shown = [item for item in every if fits(visit, item)]
    count = _n("{count} item", "{count} items", len(shown))
    text = lines(_("<b>Items</b> · {region}", region=region.name), count if shown else _nothing(chosen))
    filters = tuple(tuple(_filter_button(key, chosen, region.code) for key in row) for row in _FILTER_ROWS)
    rows = (*filters, *_item_rows(visit, shown, f"items:{chosen}", number, region.code))
    return Screen(text, rows, (CHECKLIST, _("Items")), f"stages:{region.code}")


def _nothing(chosen: str) -> Say:
    if chosen == "late":
        return _("Nothing is late. 👍")
    return _("There are no items here. Please choose another filter.")


def _filter_button(key: str, chosen: str, code: str) -> Button:
    label, _fits = FILTERS[key]
    shown = _p("button", "• {label}", label=label) if key == chosen else label
    return look(shown, "items", key, 0, code)


def _item_rows(visit: Visit, shown: Sequence[Item], screen: str, number: str, code: str) -> tuple[Row, ...]:
    page = page_of(number, len(shown))
    listed = [(_item_button(visit, item),) for item in shown[page * PAGE : (page + 1) * PAGE]]
    return (*listed, *_paged(screen, page, len(shown), code))


def _paged(screen: str, page: int, count: int, code: str) -> tuple[Row, ...]:
    return tuple(
        tuple(Button(button.label, f"{button.data}:{code}") for button in row) for row in pager(screen, page, count)
    )


def _item_button(visit: Visit, item: Item) -> Button:
    title = items.title(visit.work, item).text
    short = title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"
    star = "❗" if tasking.is_mandatory(visit.work, item) and tasking.is_late(visit, item) else ""
    return look(Plain(f"{symbol(item)}{star} {short}"), "item-id", item.id)


_MANY = _(
    "Much of this is late. What was done before Pandu came can be declared done at once; the evidence may follow."
)


def _none_waiting(visit: Visit) -> Say:
    if closing.is_over(visit.work.programme.edition, visit.work.now):
        return _("The programme has closed; no task waits for you any more. The checklist shows the follow-up.")
    return _("No task waits for you. 👍 The checklist shows what comes next.")


def tasks(visit: Visit, number: str = "0") -> Screen:
    """What waits for the person over all their seats: due first, declared and finished ones left out."""
    waiting = tasking.of_person(visit)
    page = page_of(number, len(waiting))
    shown = waiting[page * PAGE : (page + 1) * PAGE]
    many = len({item.region_code for item in waiting}) > 1
    text = paragraphs(
        _("📌 <b>My tasks</b>"),
        _MANY if _catching_up(visit, waiting) and page == 0 else None,
        lines(*(_task_line(visit, n, item, many) for n, item in enumerate(shown, page * PAGE + 1)))
        if shown
        else _none_waiting(visit),
    )
    numbers = [look(Plain(f"{n}"), "item-id", item.id) for n, item in enumerate(shown, page * PAGE + 1)]
    rows = (*pairs(numbers, 4), *pager("tasks", page, len(waiting)), *_catching_up(visit, waiting))
    milestones = ((look(_p("button", "🗂 Milestones"), "stages"),),) if visit.region else ()
    return Screen(text, (*rows, *milestones), (_("My tasks"),), "home")


def _catching_up(visit: Visit, waiting: Sequence[Item]) -> tuple[Row, ...]:
    """A late start: where many items are late, declaring them done in bulk is offered."""
    region = visit.region
    if region is None or not visit.may(Act.DECLARE_STAGES, Place(region.code)):
        return ()
    late = sum(tasking.is_late(visit, item) for item in waiting if item.region_code == region.code)
    if late < MANY_LATE or not stages.declarable(visit.work, region.code):
        return ()
    return ((do(_p("button", "☑️ Done already ({count})", count=late), "declare", 0),),)


def _task_line(visit: Visit, number: int, item: Item, many: bool) -> Say:
    due = due_of(visit.work, item.region_code, item.key, visit.member.id)
    region = visit.work.programme.regions.by_code[item.region_code].name if many else None
    return lines(
        _("<b>{number}.</b> {symbol} {title}", number=number, symbol=symbol(item), title=items.title(visit.work, item)),
        _("{day} · {left}", day=ShortDay(due.day), left=left_words(visit.work, item.region_code, due)),
        Plain(region) if region else None,
    )


def drafts(visit: Visit, number: str = "0") -> Screen:
    """Items with evidence that has not been submitted yet."""
    region = own_region(visit)
    found = drafting.drafted(visit, region.code)
    page = page_of(number, len(found))
    text = paragraphs(
        _("📎 <b>Drafts not yet submitted</b> · {region}", region=region.name),
        None if found else _("There are no drafts. Evidence is kept here as soon as it is sent for an item."),
    )
    rows = tuple((_item_button(visit, item),) for item in found[page * PAGE : (page + 1) * PAGE])
    return Screen(text, (*rows, *pager("drafts", page, len(found))), (_("Drafts"),), "home")


SCREENS: Mapping[str, Draw] = {
    "stages": stage_list,
    "stage": stage,
    "items": item_list,
    "tasks": tasks,
    "drafts": drafts,
}
