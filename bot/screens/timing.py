"""When reminders go out, for those who set it."""

from collections.abc import Mapping

from bot.buttons import Row, do
from bot.flows.timing import PAGE, Setting
from bot.screens.screen import Draw, Screen
from bot.services import timing_changes
from bot.services.rights import Act
from bot.services.timing import timing_of, usual
from bot.services.visits import Visit
from bot.words import _, _p, lines, paragraphs


def settings(visit: Visit) -> Screen:
    """What is in force, each with a button that changes it."""
    visit.require(Act.CHANGE_CALENDAR)
    now = timing_of(visit.work)
    value = {one: timing_changes.in_force(visit.work, one)[0] for one in Setting if one is not Setting.COUNTDOWN}
    text = paragraphs(
        _("⏰ <b>Settings of reminders</b>"),
        lines(
            _("<b>Days:</b> {days}", days=timing_changes.days_words(now.reminders.offsets)),
            _("<b>Hour:</b> {hour}, where the person is; each may choose another", hour=value[Setting.AT]),
            _(
                "<b>Hours in which anything is sent:</b> {earliest} to {latest}",
                earliest=value[Setting.EARLIEST],
                latest=value[Setting.LATEST],
            ),
            _(
                "<b>On Fridays not:</b> {pause} to {end}",
                pause=value[Setting.FRIDAY_FROM],
                end=value[Setting.FRIDAY_UNTIL],
            ),
            _("<b>The lead hears of it:</b> working day {count} after the deadline", count=now.reminders.lead_after),
            _(
                "<b>The coordinator hears of it:</b> working day {count} after the deadline",
                count=now.reminders.coordinator_after,
            ),
            _("<b>Countdown:</b> {days}", days=timing_changes.days_words(now.reminders.closing_countdown)),
        ),
        _("<i>Days before a deadline that are not worked move earlier. Nothing is sent twice by a change.</i>"),
    )
    return Screen(text, _rows(visit, changed=now != usual(visit.work)), (_("Calendar"),), "calendar")


def _rows(visit: Visit, *, changed: bool) -> tuple[Row, ...]:
    version = timing_changes.version_of(visit.work)
    named = (
        ((_p("button", "Days"), Setting.OFFSETS), (_p("button", "Hour"), Setting.AT)),
        ((_p("button", "Sent from"), Setting.EARLIEST), (_p("button", "Sent until"), Setting.LATEST)),
        ((_p("button", "Friday from"), Setting.FRIDAY_FROM), (_p("button", "Friday until"), Setting.FRIDAY_UNTIL)),
        ((_p("button", "Lead"), Setting.LEAD), (_p("button", "Coordinator"), Setting.COORDINATOR)),
        ((_p("button", "Countdown"), Setting.COUNTDOWN),),
    )
    rows = tuple(tuple(do(label, "timing", setting.value, version) for label, setting in row) for row in named)
    return (*rows, (do(_p("button", "↩️ As at first"), "timing", "usual", version),)) if changed else rows


SCREENS: Mapping[str, Draw] = {PAGE: settings}
