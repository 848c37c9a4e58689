"""A press on a button. Nothing in it is trusted: it says only what was wished, under which turn or version."""

from bot.handlers.desk import STALE, Desk
from bot.services.conversations import Reply
from bot.services.visits import Visit


def on_press(desk: Desk, visit: Visit, data: str) -> Reply:
    """Look, do, or answer; whatever cannot be read shows the present screen with one kind sentence."""
    kind, _colon, rest = data.partition(":")
    match kind:
        case "s" if rest == "resume":
            return Reply()
        case "s" if rest:
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
