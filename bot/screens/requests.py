"""Who asks to join, oldest first, for those who decide."""

from collections.abc import Mapping

from bot.buttons import look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import requests
from bot.services.visits import Visit
from bot.words import Plain, _, _n, _p, paragraphs
from db.models import JoinRequest


def request_list(visit: Visit, number: str = "0") -> Screen:
    """The requests that wait for this person, oldest first."""
    waiting = requests.pending(visit)
    if not waiting:
        empty = _("🙋 <b>Requests</b>\n\nNobody waits at the moment. 👍 New members come fastest by invitation.")
        return Screen(empty, ((look(_p("button", "✉️ Invite"), "invite"),),), (_("Requests"),), "home")
    page = page_of(number, len(waiting))
    shown = waiting[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("🙋 <b>Requests</b>"),
        _n("{count} person waits. Please open one:", "{count} persons wait. Please open one:", len(waiting)),
    )
    rows = tuple((look(Plain(f"{one.person.name} · {_where(visit, one)}"), "request", one.id),) for one in shown)
    return Screen(text, (*rows, *pager("requests", page, len(waiting))), (_("Requests"),), "home")


def _where(visit: Visit, one: JoinRequest) -> str:
    return requests.place_of(visit.work, one)


def request_card(visit: Visit, request_id: str) -> Screen:
    """One request with its two answers, as long as it waits."""
    request = requests.by_id(visit, request_id)
    text = paragraphs(requests.card(visit.work, request, request.person), requests.state_words(request))
    rows = requests.choices(request) if requests.is_pending(request) else ()
    return Screen(text, rows, (_("Requests"), Plain(request.person.name)), "requests")


SCREENS: Mapping[str, Draw] = {"requests": request_list, "request": request_card}
