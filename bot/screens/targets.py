"""How many working days answers and verdicts may take, and the buttons with which coordinators change it."""

from collections.abc import Mapping

from bot.buttons import Row, do
from bot.screens.screen import Draw, Screen
from bot.services import targets
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Say, _, _n, _p, lines, paragraphs

NAMES: Mapping[str, Say] = {
    "answer": _("First answer to a question"),
    "solution": _("Solution of a question"),
    "review": _("Verdict on evidence"),
    "idle": _("A question taken but not worked on returns to the queue"),
}


def target_list(visit: Visit) -> Screen:
    """The targets in force."""
    visit.require(Act.CHANGE_CALENDAR)
    days = {name: targets.days(visit.work, name) for name in NAMES}
    told = [
        lines(
            _("<b>{number}. {name}</b>", number=number, name=NAMES[name]),
            _n("within {count} working day", "within {count} working days", count),
        )
        for number, (name, count) in enumerate(days.items(), 1)
    ]
    text = paragraphs(_("⏱ <b>Targets in working days</b>"), *told)
    return Screen(text, tuple(_row(n, name, days[name]) for n, name in enumerate(NAMES, 1)), (_("Targets"),), "home")


def _row(number: int, name: str, days: int) -> Row:
    fewer = do(_p("button", "{number}: less", number=number), "target", f"{name}-{max(1, days - 1)}")
    more = do(_p("button", "{number}: more", number=number), "target", f"{name}-{min(targets.MOST, days + 1)}")
    return (fewer, more)


SCREENS: Mapping[str, Draw] = {"targets": target_list}
