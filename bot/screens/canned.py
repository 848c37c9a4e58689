"""Ready answers to look at: one's own and the shared ones, most used first."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import canned
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.models import CannedAnswer

TITLE = _("Ready answers")
_LABEL = 40
_TEXT = 2500


def canned_list(visit: Visit, number: str = "0") -> Screen:
    """All that this person may use, each with how often it was used."""
    found = canned.of(visit)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("⚡ <b>Ready answers</b>"),
        _("👤 yours · 👥 shared by all mentors. The number says how often it was used.") if found else _EMPTY,
    )
    rows = tuple((look(_label(one), "canned-one", one.id),) for one in shown)
    make = ((do(_p("button", "✏️ New ready answer"), "make-canned", 0),),)
    return Screen(text, (*rows, *pager("canned", page, len(found)), *make), (TITLE,), "home")


_EMPTY = _("There is no ready answer yet. What you write often is written here once, and then chosen with one tap.")


def _label(one: CannedAnswer) -> Say:
    mark = "👤" if one.owner_id else "👥"
    return Plain(f"{mark} {cut(one.title, _LABEL)} · {one.uses}")


def canned_one(visit: Visit, canned_id: str) -> Screen:
    """One ready answer, as it is written."""
    one = canned.by_id(visit, canned_id)
    count = len(one.files)
    text = paragraphs(
        _("⚡ <b>{title}</b>", title=one.title),
        Plain(cut(one.body, _TEXT)) if one.body else None,
        lines(
            _n("📎 {count} file", "📎 {count} files", count) if count else None,
            _("Field: {pillar}", pillar=visit.work.programme.edition.pillar(one.pillar).title) if one.pillar else None,
            _("👤 only yours") if one.owner_id else _("👥 for all mentors"),
            _n("used {count} time", "used {count} times", one.uses),
        ),
    )
    return Screen(text, _rows(visit, one), (TITLE,), "canned")


def _rows(visit: Visit, one: CannedAnswer) -> tuple[Row, ...]:
    if not canned.may_change(visit, one):
        return ()
    change = do(_p("button", "✏️ Change"), "edit-canned", one.id, one.version)
    return ((change, do(_p("button", "🗑 Remove"), "remove-canned", one.id, one.version)),)


def canned_removed(visit: Visit, canned_id: str) -> Screen:
    """A ready answer that was just removed, with the way to have it back."""
    one = canned.removed(visit, canned_id)
    back = do(_p("button", "↩️ Undo"), "restore-canned", one.id, one.version)
    return Screen(
        _("Removed: <b>{title}</b>. Answers that were sent with it stay.", title=one.title),
        ((back,),),
        (TITLE,),
        "canned",
    )


SCREENS: Mapping[str, Draw] = {"canned": canned_list, "canned-one": canned_one, "canned-removed": canned_removed}
