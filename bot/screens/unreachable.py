"""Who cannot be reached in Telegram, with the number to call: everybody, or the readers of one announcement."""

from collections.abc import Mapping

from bot.buttons import do
from bot.flows.roles import ROLE_NAMES, place_words
from bot.screens.announcement_list import trail
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import unreachable
from bot.services.reader_words import reason
from bot.services.unreachable import ALL, Lost
from bot.services.visits import Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs


def unreachable_people(visit: Visit, which: str = ALL, number: str = "0") -> Screen:
    """Each with region, since when, why, and telephone."""
    found = unreachable.of_announcement(visit, which)
    people = unreachable.people(visit, found)
    page = page_of(number, len(people))
    shown = people[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _n("📵 <b>{count} person cannot be reached</b>", "📵 <b>{count} persons cannot be reached</b>", len(people))
        if people
        else _("📵 Everybody can be reached. Whoever blocks Pandu or deletes their account appears here at once."),
        *(_line(visit, one) for one in shown),
    )
    export = ((do(_p("button", "📊 List (Excel)"), "export", f"unreachable-{which}"),),) if people else ()
    title = _("Unreachable")
    crumbs, back = (trail(found, title), f"announcement:{found.id}") if found else ((title,), "home")
    return Screen(text, (*export, *pager(f"unreachable:{which}", page, len(people))), crumbs, back)


def _line(visit: Visit, one: Lost) -> Say:
    return lines(
        _("<b>{name}</b>, {role}, {place}", name=one.name, role=ROLE_NAMES[one.role], place=place_words(one.place)),
        _("since {moment}: {why}", moment=Moment(one.since, visit.zone), why=reason(one.why)),
        _("☎️ {phone}", phone=Plain(one.phone)) if one.phone else _("☎️ no telephone number is known"),
    )


SCREENS: Mapping[str, Draw] = {"unreachable": unreachable_people}
