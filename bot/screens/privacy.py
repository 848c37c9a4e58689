"""The privacy notice, readable at any time."""

from collections.abc import Mapping

from bot.flows.notice import notice
from bot.screens.screen import Draw, Screen
from bot.services import consent
from bot.services.visits import Visit
from bot.words import Moment, Say, _, paragraphs


def privacy(visit: Visit) -> Screen:
    """The notice in force, and when this person agreed to it."""
    text = paragraphs(notice(visit.work.programme.privacy_contact), _agreed(visit))
    return Screen(text, (), (_("Privacy"),), "home")


def _agreed(visit: Visit) -> Say | None:
    person = visit.person
    if person is None or person.consented_at is None:
        return None
    when = Moment(person.consented_at, visit.zone)
    if consent.needed(person):
        return _("<i>You agreed to an earlier version on {when}.</i>", when=when)
    return _("<i>You agreed on {when}.</i>", when=when)


SCREENS: Mapping[str, Draw] = {"privacy": privacy}
