"""Cohorts for coordinators: which there are, and which regions are in one."""

from collections.abc import Mapping

from bot.buttons import Button, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import cohorts, progress
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Joined, Plain, _, _n, _p, lines, paragraphs
from db.models import Cohort

_LABEL = 30


def cohort_list(visit: Visit) -> Screen:
    """All cohorts, with how many regions each has."""
    visit.require(Act.ADD_PARTICIPANT)
    found = cohorts.of_edition(visit.work)
    counts = (_n("{name}: {count} region", "{name}: {count} regions", many, name=one.name) for one, many in found)
    text = paragraphs(
        _("🎓 <b>Cohorts</b>"),
        _("A cohort gathers regions that go through the programme together; announcements can go to it alone."),
        lines(*counts) if found else None,
    )
    rows = tuple((look(Plain(cut(one.name, _LABEL)), "cohort", one.id),) for one, _many in found)
    new = ((do(_p("button", "🎓 New cohort"), "cohort-name", 0),),)
    return Screen(text, (*rows, *new), (_("Regions"),), "regions")


def cohort(visit: Visit, cohort_id: str, number: str = "0") -> Screen:
    """The regions that take part, ticked where they are in this cohort."""
    found = cohorts.by_id(visit, cohort_id)
    inside = cohorts.codes_of(visit.work, [found.id])
    codes = progress.participants(visit.work)
    page = page_of(number, len(codes))
    shown = codes[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("🎓 <b>{name}</b>", name=found.name),
        _n("{count} region", "{count} regions", len(inside)),
        _("Press a region to put it in or take it out.")
        if codes
        else _("No region takes part yet. A region takes part as soon as its first member is invited."),
    )
    rows = tuple((_toggle(visit, found, code, code in inside),) for code in shown)
    last = (
        do(_p("button", "✏️ Other name"), "cohort-name", found.id),
        do(_p("button", "🗑 Dissolve it"), "cohort-end", found.id),
    )
    more = pager(f"cohort:{found.id}", page, len(codes))
    return Screen(text, (*rows, *more, last), (_("Regions"), _("Cohorts")), "cohorts")


def _toggle(visit: Visit, found: Cohort, code: str, inside: bool) -> Button:
    name = Plain(cut(visit.work.programme.regions.by_code[code].name, _LABEL))
    label = Joined((Plain("✅" if inside else "⬜"), name), " ")
    return do(label, "cohort-put", f"{found.id}-{code}-{'out' if inside else 'in'}")


SCREENS: Mapping[str, Draw] = {"cohorts": cohort_list, "cohort": cohort}
