"""One's own reminders: which come next, at which hour and how often, and the buttons that change it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import time

from bot.buttons import Button, Row, do, look, pairs
from bot.screens.screen import Draw, Screen
from bot.services import own_reminders, reminder_words
from bot.services.forecasts import Coming
from bot.services.occasions import fewer
from bot.services.timing import timing_of
from bot.services.timing_changes import days_words
from bot.services.visits import Visit
from bot.texts import cut, zone_label
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.vocabulary import Rhythm, Role

OPEN = look(_p("button", "⏰ My reminders"), "reminders")
_AHEAD = _p("button", "🔭 Week ahead")
_TITLE = 60
# Of one digest so many things are named.
_NAMED = 4
_RHYTHMS: Mapping[Rhythm, Say] = {
    Rhythm.ALL: _("at every occasion"),
    Rhythm.FEW: _("only the last one before the deadline, on its day, and the first one after it"),
    Rhythm.NONE: _("none"),
}
_BUTTONS: Mapping[Rhythm, Say] = {
    Rhythm.ALL: _p("button", "Every one"),
    Rhythm.FEW: _p("button", "Few"),
    Rhythm.NONE: _p("button", "None"),
}


def reminders(visit: Visit) -> Screen:
    """What comes in the next seven days, and how it is set."""
    clock = own_reminders.clock_of(visit.work, visit.member)
    if clock is None:
        return Screen(_("You have no reminders yet. They begin with your first seat."), (), (_("Reminders"),), "home")
    found, whole = own_reminders.foreseen(visit)
    text = paragraphs(
        _("⏰ <b>My reminders</b>"),
        lines(
            hour_words(visit),
            _("<b>How often:</b> {rhythm}", rhythm=_RHYTHMS[clock.rhythm]),
            _days(visit, clock.rhythm),
        ),
        _in_spite_of_it(visit, clock.rhythm),
        _("<b>The next seven days</b>, as things stand now:"),
        *_coming(visit, found),
        None
        if whole
        else _(
            "What the regions are late with for long comes as well; {button} in the calendar shows it.", button=_AHEAD
        ),
    )
    rhythms = pairs([_rhythm(one, clock.rhythm) for one in Rhythm])
    hour = look(_p("button", "🕘 Another hour"), "reminder-hour")
    return Screen(text, (*rhythms, (hour, look(_p("button", "⚙️ Settings"), "settings"))), (_("Reminders"),), "home")


def hour_words(visit: Visit) -> Say | None:
    """The person's hour, and whose choice it is; None for somebody without reminders."""
    clock = own_reminders.clock_of(visit.work, visit.member)
    if clock is None:
        return None
    zone = zone_label(own_reminders.zone_of(visit.work, visit.member, clock))
    if clock.hour is None:
        usual = timing_of(visit.work).reminders.at
        return _("<b>Hour:</b> {hour} {zone}, as usual in the programme", hour=_said(usual), zone=zone)
    return _("<b>Hour:</b> {hour} {zone}, chosen by you", hour=_said(clock.hour), zone=zone)


def _said(hour: time) -> str:
    return f"{hour:%H.%M}"


def _days(visit: Visit, rhythm: Rhythm) -> Say | None:
    """On which days from a deadline reminders come, as the programme is set now."""
    every = timing_of(visit.work).reminders.offsets
    wanted = {Rhythm.ALL: every, Rhythm.FEW: fewer(every), Rhythm.NONE: ()}[rhythm]
    return _("<b>Days:</b> {days}", days=days_words(wanted)) if wanted else None


def _in_spite_of_it(visit: Visit, rhythm: Rhythm) -> Say | None:
    """What comes although somebody wants to hear nothing."""
    if rhythm is not Rhythm.NONE:
        return None
    if any(seat.role is Role.LEAD for seat in visit.seats):
        return _(
            "As the lead of a team you are still reminded of mandatory items, though of few occasions. The days to the "
            "closing, and what you have put off yourself, come as well."
        )
    return _("The days to the closing, and what you have put off yourself, come all the same.")


def _coming(visit: Visit, found: Sequence[Coming]) -> Iterable[Say]:
    if not found:
        yield _("No reminder is due. 👍")
    for one in found:
        more = len(one.entries) - _NAMED
        yield lines(
            _("<b>{when}</b>", when=Moment(one.at, one.zone)),
            *(_line(visit, one, number) for number in range(min(_NAMED, len(one.entries)))),
            _n("… and {count} more.", "… and {count} more.", more) if more > 0 else None,
        )


def _line(visit: Visit, one: Coming, number: int) -> Say:
    entry = one.entries[number]
    title = reminder_words.title(visit.work, entry)
    shown = Plain(cut(title.text, _TITLE)) if isinstance(title, Plain) else title
    return _("• {title} ({occasion})", title=shown, occasion=reminder_words.short(entry))


def _rhythm(rhythm: Rhythm, present: Rhythm) -> Button:
    return do(_marked(_BUTTONS[rhythm], rhythm is present), "remind-rhythm", rhythm.value)


def _marked(label: Say, chosen: bool) -> Say:
    return _p("button", "🔘 {label}", label=label) if chosen else _p("button", "⚪ {label}", label=label)


def hour_list(visit: Visit) -> Screen:
    """The hours that can be chosen."""
    clock = own_reminders.clock_of(visit.work, visit.member)
    present = clock.hour if clock else None
    usual = timing_of(visit.work).reminders.at
    text = paragraphs(
        _("🕘 <b>At which hour should your reminders come?</b>"),
        hour_words(visit),
        _(
            "They come on working days, never during the Friday prayers. Today's reminders, if they came, stay as they "
            "are."
        ),
    )
    buttons = [
        do(_marked(Plain(_said(hour)), hour == present), "remind-hour", f"{hour:%H%M}") for hour in _hours(visit)
    ]
    label = _marked(_p("button", "As usual ({hour})", hour=_said(usual)), present is None)
    rows: tuple[Row, ...] = (*pairs(buttons, 3), (do(label, "remind-hour", "usual"),))
    return Screen(text, rows, (_("Reminders"),), "reminders")


def _hours(visit: Visit) -> Sequence[time]:
    return own_reminders.hours(visit.work)


SCREENS: Mapping[str, Draw] = {"reminders": reminders, "reminder-hour": hour_list}
