"""What a person looks at: text and buttons, made anew from the database each time. Read-only, without state."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.buttons import Row, look
from bot.services.visits import Visit
from bot.words import Joined, Plain, Say, _, _p, paragraphs

BACK = _p("button", "◀ Back")
HOME = _p("button", "🏠 Home")
PAGE = 8
_TOP = _("Home")


@dataclass(frozen=True, slots=True)
class Screen:
    """A page. `crumbs` are the way here from home, `back` the screen one step up (none on the home screen)."""

    text: Say
    rows: tuple[Row, ...] = ()
    crumbs: tuple[Say, ...] = ()
    back: str = ""


Draw = Callable[..., Screen]


def framed(screen: Screen, note: Say | None, extra: tuple[Row, ...] = ()) -> tuple[Say, tuple[Row, ...]]:
    """The screen as it is sent: note above, breadcrumb in italics, the way back on the last row."""
    crumbs = _trail(screen.crumbs) if screen.crumbs else None
    return paragraphs(note, crumbs, screen.text), (*extra, *screen.rows, *_way_back(screen))


def _trail(crumbs: tuple[Say, ...]) -> Say:
    return _("<i>{trail}</i>", trail=Joined((_TOP, *crumbs), " › "))


def _way_back(screen: Screen) -> tuple[Row, ...]:
    if not screen.back:
        return ()
    if screen.back == "home":
        return ((look(HOME, "home"),),)
    return ((look(BACK, *screen.back.split(":")), look(HOME, "home")),)


def pager(screen: str, page: int, count: int, size: int = PAGE) -> tuple[Row, ...]:
    """The row `◀ 2/5 ▶`, where there is more than one page. `screen` is the key up to the page number."""
    pages = page_count(count, size)
    if pages < 2:
        return ()
    middle = look(Plain(f"{page + 1}/{pages}"), *screen.split(":"), page)
    before = (look(Plain("◀"), *screen.split(":"), page - 1),) if page > 0 else ()
    after = (look(Plain("▶"), *screen.split(":"), page + 1),) if page + 1 < pages else ()
    return ((*before, middle, *after),)


def page_count(count: int, size: int = PAGE) -> int:
    return max(1, -(-count // size))


def page_of(number: str, count: int, size: int = PAGE) -> int:
    """The page asked for, as far as there is one."""
    asked = int(number) if number.isdecimal() and len(number) < 6 else 0
    return min(asked, page_count(count, size) - 1)


def nothing_there(visit: Visit) -> Screen:
    """For a screen that does not exist, or not for this person."""
    return Screen(_("This could not be found, or it is not open to you."), back="home")
