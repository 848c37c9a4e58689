"""Settings of one person: language, time zone, data saver."""

from collections.abc import Mapping

from bot.buttons import Button, do, look
from bot.flows.touring import ZONES
from bot.screens import own_reminders
from bot.screens.screen import Draw, Screen
from bot.services.visits import Visit
from bot.texts import zone_label
from bot.words import Plain, Say, _, _p, lines, paragraphs

LANGUAGE_NAMES = (("id", "Bahasa Indonesia"), ("en", "English"))


def settings(visit: Visit) -> Screen:
    """What is set, each changed with one press."""
    person = visit.member
    text = paragraphs(
        _("⚙️ <b>Settings</b>"),
        lines(
            _("Language: {language}", language=dict(LANGUAGE_NAMES).get(person.language, person.language)),
            _("Time zone: {zone}", zone=zone_label(visit.zone)),
            _("Data saver: on") if person.data_saver else _("Data saver: off"),
        ),
        _("With the data saver on, pictures come only when asked for. Deadlines always follow the region's own zone."),
    )
    languages = tuple(do(_marked(Plain(name), key == person.language), "language", key) for key, name in LANGUAGE_NAMES)
    zones = tuple(do(_marked(Plain(label), zone == visit.zone), "zone", zone) for zone, label in ZONES)
    profile = look(_p("button", "👤 Profile"), "profile")
    privacy = look(_p("button", "🔒 Privacy"), "privacy")
    saver, others = (_saver(person.data_saver),), (profile, privacy)
    return Screen(text, (languages, zones, saver, (own_reminders.OPEN,), others), (_("Settings"),), "home")


def _marked(label: Say, chosen: bool) -> Say:
    return _p("button", "🔘 {label}", label=label) if chosen else _p("button", "⚪ {label}", label=label)


def _saver(on: bool) -> Button:
    if on:
        return do(_p("button", "✅ Data saver: on"), "saver", "off")
    return do(_p("button", "⬜ Data saver: off"), "saver", "on")


SCREENS: Mapping[str, Draw] = {"settings": settings}
