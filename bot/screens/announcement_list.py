"""Drafts and everything that was announced, for coordinators: by number, newest first, and found by words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.buttons import Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcement_letters, announcements
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Plain, Say, _, _n, _p, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState

TITLE = _("Announcements")
STATES: Mapping[AnnouncementState, tuple[str, Say]] = {
    AnnouncementState.DRAFT: ("📝", _("draft")),
    AnnouncementState.APPROVAL: ("⏳", _("waits for a second coordinator")),
    AnnouncementState.SCHEDULED: ("⏳", _("scheduled")),
    AnnouncementState.SENDING: ("📤", _("being sent")),
    AnnouncementState.PAUSED: ("⏸", _("paused")),
    AnnouncementState.DONE: ("✅", _("sent")),
    AnnouncementState.STOPPED: ("⛔", _("stopped")),
    AnnouncementState.SKIPPED: ("⏭", _("left out")),
    AnnouncementState.RECALLED: ("↩️", _("recalled")),
}


def trail(found: Announcement, *further: Say) -> tuple[Say, ...]:
    """Where the page of an announcement stands, and the pages below it."""
    return TITLE, _("Number {number}", number=str(found.number)) if found.number else _("Draft"), *further


def announcement_list(visit: Visit, number: str = "0", words: str = "") -> Screen:
    """Drafts and everything that was announced, newest first; or only what has these words."""
    everything = announcements.of_edition(visit, list(STATES))
    found = announcements.matching(everything, words) if words else everything
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    rows = tuple((look(_label(one), "announcement", one.id),) for one in shown)
    text = paragraphs(_("📢 <b>Announcements</b>"), _listed(len(found), words))
    return Screen(text, (*rows, *_pages(page, len(found), words), *_further(words, everything)), (TITLE,), "home")


def _listed(count: int, words: str) -> Say | None:
    if words:
        return _n("🔎 “{words}”: {count} announcement", "🔎 “{words}”: {count} announcements", count, words=words)
    return None if count else _("Nothing was announced yet. An announcement reaches exactly the people you choose.")


def _pages(page: int, count: int, words: str) -> tuple[Row, ...]:
    """The row `◀ 2/5 ▶`, which keeps what is looked for."""
    return tuple(
        tuple(replace(button, data=f"{button.data}:{words}") if words else button for button in row)
        for row in pager("announcements", page, count)
    )


def _further(words: str, everything: Sequence[Announcement]) -> tuple[Row, ...]:
    new = do(_p("button", "✏️ New announcement"), "announce", 0)
    search = do(_p("button", "🔎 Search"), "ann-search", 0)
    if words:
        return ((search, look(_p("button", "📢 All of them"), "announcements")), (new,))
    return ((new, search),) if everything else ((new,),)


def _label(one: Announcement) -> Say:
    number = f"{one.number}. " if one.number else ""
    return Plain(f"{STATES[one.state][0]} {number}{cut(announcement_letters.title(one), 34)}")


SCREENS: Mapping[str, Draw] = {"announcements": announcement_list}
