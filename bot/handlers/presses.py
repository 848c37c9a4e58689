"""A press on a button. Nothing in it is trusted: it says only what was wished, under which turn or version."""

from dataclasses import replace
from datetime import date

from bot.handlers.desk import STALE, Desk
from bot.services.conversations import EARLIER_STEP, Reply
from bot.services.visits import Visit
from bot.words import Day, _


def on_press(desk: Desk, visit: Visit, data: str, written: date) -> Reply:
    """Look, do, or answer; whatever cannot be read shows the present screen with one kind sentence.

    `written` is the day of the message with the button: an old one is named in that sentence.
    """
    reply = _pressed(desk, visit, data)
    if reply.toast in (STALE, EARLIER_STEP) and written < visit.today:
        old = _("This button is from a message of {day}. Here is where things stand now.", day=Day(written))
        return replace(reply, toast=old)
    return reply


def _pressed(desk: Desk, visit: Visit, data: str) -> Reply:
    kind, _colon, rest = data.partition(":")
    match kind:
        case "s" if rest == "resume":
            return Reply()
        case "s" if rest.split(":")[0] in desk.screens:
            return Reply(then=rest)
        case "a":
            return _act(desk, visit, rest)
        case "f":
            return _answer(desk, visit, rest)
        case _:
            return Reply(toast=STALE)


def _act(desk: Desk, visit: Visit, rest: str) -> Reply:
    deed, subject, version = (*rest.split(":"), "", "", "")[:3]
    if not version.isdecimal() or len(version) > 9:
        return Reply(toast=STALE)
    return desk.act(visit, deed, subject, int(version))


def _answer(desk: Desk, visit: Visit, rest: str) -> Reply:
    turn, name, value = (*rest.split(":", 2), "", "", "")[:3]
    if not turn.isdecimal() or len(turn) > 9:
        return Reply(toast=STALE)
    return desk.conversations.press(visit, int(turn), name, value)
