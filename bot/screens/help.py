"""Help: what can be done here, and which person to turn to. Also what those read who are not in."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.flows.notice import contact_words
from bot.screens.knowledge import OPEN, SEARCH
from bot.screens.screen import Draw, Screen
from bot.screens.welcome import ASK, CODE, suspended, welcome
from bot.services.menus import menu_for
from bot.services.visits import Visit
from bot.words import Say, _, _p, lines, paragraphs


def help_screen(visit: Visit) -> Screen:
    """What can be done, the commands of the role, and a human contact."""
    contact = contact_words(visit.work.programme.help_contact)
    text = paragraphs(
        _("❔ <b>Help</b>"),
        _what(visit),
        lines(_("<b>Commands</b>"), *_commands(visit)),
        _("<b>A person to ask:</b> {contact}", contact=contact),
    )
    return Screen(text, _rows(visit), (_("Help"),), "home")


def _what(visit: Visit) -> Say:
    if visit.seat is None:
        return _(
            "Pandu guides the regions through the programme. To come in, open the link of your invitation or type its "
            "code here. Without an invitation, ask for access; a coordinator decides."
        )
    return _(
        "Buttons lead everywhere; writing works too. /batal leaves an open question, and what was saved stays saved. "
        "Old buttons do no harm. If something stays unclear, please call the person below."
    )


def _commands(visit: Visit) -> list[Say]:
    role = visit.seat.role if visit.seat else None
    return [_("/{command}: {meaning}", command=name, meaning=meaning) for name, meaning in menu_for(role)]


def _rows(visit: Visit) -> tuple[Row, ...]:
    if visit.seat is None:
        return ((CODE, ASK), (look(_p("button", "🔒 Privacy"), "privacy"),))
    return (
        (OPEN, SEARCH),
        (do(_p("button", "🎓 The tour again"), "tour", 0), look(_p("button", "🔒 Privacy"), "privacy")),
        (look(_p("button", "👤 Profile"), "profile"), look(_p("button", "⚙️ Settings"), "settings")),
    )


SCREENS: Mapping[str, Draw] = {"help": help_screen, "welcome": welcome, "suspended": suspended}
