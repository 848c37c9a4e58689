"""Announcements of the coordinators: a draft before it leaves, and the page of one that was confirmed."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.buttons import Button, Row, do, look
from bot.screens import series as repeating
from bot.screens.announcement_list import trail
from bot.screens.announcement_progress import follows, progress
from bot.screens.screen import Draw, Screen
from bot.services import announcement_letters, announcements, audiences, follow_ups, reader_lists, schedule
from bot.services.announcing import is_ahead
from bot.services.visits import Visit
from bot.words import Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation

ASKED: Mapping[Confirmation, Say] = {
    Confirmation.NONE: _p("button", "No confirmation"),
    Confirmation.READ: _p("button", "Ask “I have read it”"),
    Confirmation.ATTENDANCE: _p("button", "Ask for attendance"),
}
_NAMES = 6


def announcement(visit: Visit, announcement_id: str) -> Screen:
    """A draft to work on, or where one that was confirmed stands."""
    found = announcements.by_id(visit, announcement_id)
    return _draft(visit, found) if found.state is AnnouncementState.DRAFT else progress(visit, found)


def _draft(visit: Visit, found: Announcement) -> Screen:
    total, lost = announcements.counted(visit.work, found)
    text = paragraphs(
        _("📝 <b>Draft of an announcement</b>"),
        _("<blockquote>{page}</blockquote>", page=announcement_letters.page(visit.work, found)),
        lines(
            _with_it(found),
            _("🗓 To be sent: {moment}", moment=when) if (when := schedule.words(found)) else None,
            repeating.plan(visit, found),
            _aim(visit, found, total, lost),
            follows(found),
        ),
    )
    return Screen(text, _draft_rows(found), trail(found), "announcements")


def _with_it(found: Announcement) -> Say | None:
    if not found.files and not found.links:
        return None
    return lines(
        _n("📎 {count} file", "📎 {count} files", len(found.files)) if found.files else None,
        _n("🔗 {count} link", "🔗 {count} links", len(found.links)) if found.links else None,
    )


def _aim(visit: Visit, found: Announcement, total: int, lost: int) -> Say:
    return lines(
        _("👥 To: {audience}", audience=audiences.sentence(visit.work, announcements.audience(found))),
        _n("<b>{count} person</b>", "<b>{count} persons</b>", total),
        _n("⚠️ {count} of them cannot be reached.", "⚠️ {count} of them cannot be reached.", lost) if lost else None,
    )


def _draft_rows(found: Announcement) -> tuple[Row, ...]:
    def field(label: Say, name: str) -> Button:
        return do(label, "ann-fill", f"{found.id}-{name}")

    return (
        (
            do(_p("button", "✏️ Text and files"), "ann-rewrite", found.id),
            look(_p("button", "👥 Audience"), "audience", found.id),
        ),
        (field(_p("button", "🏷 Subject"), "subject"), field(_p("button", "🔢 Letter number"), "reference")),
        (field(_p("button", "📅 Letter date"), "dated"), field(_p("button", "⌛ Valid until"), "until")),
        (field(_p("button", "🔗 Link"), "link"), _next_asking(found)),
        *_asked_rows(found, field),
        (_schedule(found), look(_p("button", "🔁 Repeat"), "ann-repeat", found.id)),
        _whose_hour(found),
        (
            do(_p("button", "🧪 Try it on me"), "ann-trial", found.id),
            look(_p("button", "🧪 In a pilot region"), "ann-pilots", found.id),
        ),
        (look(_p("button", "▶ Check and send"), "announcement-check", found.id),),
        (do(_p("button", "🗑 Put the draft away"), "ann-discard", found.id, found.version),),
    )


def _asked_rows(found: Announcement, field: Callable[[Say, str], Button]) -> tuple[Row, ...]:
    """What belongs to a confirmation: the reminder, and of an invitation when and where."""
    if found.confirmation is Confirmation.NONE:
        return ()
    event = (field(_p("button", "🕘 Session time"), "event"), field(_p("button", "📍 Session place"), "place"))
    return (*((event,) if found.confirmation is Confirmation.ATTENDANCE else ()), (_next_follow(found),))


def _next_follow(found: Announcement) -> Button:
    """The label says when readers are reminded now; a press goes to the next choice."""
    choices = follow_ups.CHOICES
    following = choices[(choices.index(found.follow_days) + 1) % len(choices)]
    days = found.follow_days
    label = _p("button", "🔔 Remind: day {count}", count=days) if days else _p("button", "🔕 No reminder")
    return do(label, "ann-remind", f"{found.id}-{following}", found.version)


def _whose_hour(found: Announcement) -> Row:
    """Where an hour was chosen: whose it is. A press goes to the other."""
    if found.local_at is None and found.starts_at is None:
        return ()
    label = _p("button", "🕘 Everybody's own hour") if found.local_at is None else _p("button", "🕘 One hour for all")
    return (do(label, "ann-local", found.id, found.version),)


def _next_asking(found: Announcement) -> Button:
    """The label says what is asked now; a press goes to the next."""
    order = list(ASKED)
    following = order[(order.index(found.confirmation) + 1) % len(order)]
    label = _p("button", "☑️ {asked}", asked=ASKED[found.confirmation])
    return do(label, "ann-ask", f"{found.id}-{following}", found.version)


def check(visit: Visit, announcement_id: str) -> Screen:
    """Everything once more before it leaves: the words, who gets them, who cannot be reached, and what is strange."""
    found = announcements.by_id(visit, announcement_id)
    if found.state is not AnnouncementState.DRAFT:
        return progress(visit, found)
    total, lost = announcements.counted(visit.work, found)
    names = reader_lists.names(visit.work, found, _NAMES)
    text = paragraphs(
        _("▶ <b>Before it leaves</b>"),
        _("<blockquote>{page}</blockquote>", page=announcement_letters.page(visit.work, found)),
        lines(_with_it(found), _aim(visit, found, total, lost)),
        _("ℹ️ The text is too long to stand below the file: it follows as a message of its own.")
        if announcement_letters.is_apart(found)
        else None,
        _named(names, total),
        _repeats(visit, found),
        _when(visit, found) if total else _("Nobody is meant. Please choose the audience."),
        repeating.plan(visit, found),
    )
    return Screen(text, _check_rows(visit, found, total), trail(found, _("Check")), f"announcement:{found.id}")


def _named(names: list[str], total: int) -> Say | None:
    if not names:
        return None
    more = total - len(names)
    shown = Plain(", ".join(names))
    return _n("{names} and {count} more", "{names} and {count} more", more, names=shown) if more > 0 else shown


def _repeats(visit: Visit, found: Announcement) -> Say | None:
    count = reader_lists.repeats(visit.work, found, timedelta(hours=48))
    if not count:
        return None
    return _n(
        "⚠️ {count} of them got the very same text within the last 48 hours.",
        "⚠️ {count} of them got the very same text within the last 48 hours.",
        count,
    )


def _when(visit: Visit, found: Announcement) -> Say:
    if _is_missed(visit, found):
        return _("⚠️ The hour chosen for it has passed ({moment}).", moment=schedule.words(found) or "")
    if when := schedule.words(found):
        return _("It leaves on {moment}.", moment=when)
    return _("It leaves 30 seconds after you press; until then it can be called off.")


def _is_missed(visit: Visit, found: Announcement) -> bool:
    """Whether the hour chosen for a draft has passed: then it cannot leave before another one is chosen."""
    return found.starts_at is not None and not is_ahead(found, visit.work.now)


def _check_rows(visit: Visit, found: Announcement, total: int) -> tuple[Row, ...]:
    back = (look(_p("button", "✏️ Not yet, change it"), "announcement", found.id),)
    if not total:
        return ((look(_p("button", "👥 Audience"), "audience", found.id),), back)
    names = (look(_p("button", "👥 All names ({count})", count=total), "ann-meant", found.id),)
    label = _n("📢 Send to {count} person", "📢 Send to {count} persons", total)
    send = do(label, "ann-send", found.id, found.version)
    return (names, back, (_schedule(found) if _is_missed(visit, found) else send,))


def _schedule(found: Announcement) -> Button:
    return do(_p("button", "🗓 Schedule"), "ann-fill", f"{found.id}-starts")


SCREENS: Mapping[str, Draw] = {
    "announcement": announcement,
    "announcement-check": check,
}
