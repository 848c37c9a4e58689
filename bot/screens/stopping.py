"""Whether everything goes out, and the two buttons that change it."""

from collections.abc import Mapping

from bot.buttons import do, look
from bot.screens.screen import Draw, Screen
from bot.services import stopping
from bot.services.rights import Act
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Moment, Say, _, _n, _p, paragraphs

_GO_ON = _p("button", "▶ Let all go on")
OPEN = look(_p("button", "🛑 Emergency stop"), "stop")


def stop(visit: Visit) -> Screen:
    """Only whoever may press them sees it."""
    visit.require(Act.STOP_EVERYTHING)
    count = stopping.waiting(visit.work)
    text = paragraphs(
        banner(visit) or _restored(visit) or _("✅ <b>Everything goes out.</b>"),
        _n("{count} message waits.", "{count} messages wait.", count) if count else None,
        _("The stop holds reminders, notices and announcements. Whoever presses or writes still gets a reply."),
    )
    stop_all = do(_p("button", "⛔ Stop everything"), "stop-all", 0)
    go_on = do(_GO_ON, "go-on", 0)
    rows = ((go_on,),) if stopping.is_on(visit.work.session) else ((stop_all,), *(((go_on,),) if count else ()))
    return Screen(text, rows, (_("Emergency stop"),), "home")


def _restored(visit: Visit) -> Say | None:
    """What a restore has held, and that it goes nowhere by itself."""
    count = stopping.held(visit.work)
    return (
        _n(
            "⏸ <b>{count} message has been held since a backup was restored.</b> It may have been sent since that "
            "backup; {button} sends it.",
            "⏸ <b>{count} messages have been held since a backup was restored.</b> They may have been sent since that "
            "backup; {button} sends them.",
            count,
            button=_GO_ON,
        )
        if count
        else None
    )


def banner(visit: Visit) -> Say | None:
    """For everybody who looks after the programme, while it is stopped."""
    found = stopping.standing(visit.work)
    if found is None:
        return None
    switch, person = found
    return _(
        "⛔ <b>Everything is stopped</b> since {moment}, by {name}.",
        moment=Moment(switch.since, DEFAULT_ZONE),
        name=person.name,
    )


SCREENS: Mapping[str, Draw] = {"stop": stop}
