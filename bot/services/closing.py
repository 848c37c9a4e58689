"""The closing: its instant, what it ends, and how it is named.

It is called 23.59 WIB, and the whole of that minute belongs to the programme: whoever's phone shows 23.59 is in time.
Afterwards items can only be read, but for stages that are due later and for what a coordinator opens again.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.program.model import Edition
from bot.services.deadlines import default_day, default_stage_day, due_of, moved_of
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.words import Clock, Day, Refusal, Say, _, _n

AT = time(23, 59)
MINUTE = timedelta(minutes=1)
# So long after the last piece of evidence a press still counts with its time, and Telegram keeps what we did not fetch.
GRACE = timedelta(hours=24)
# Named in all zones on home from so many days before it.
LAST_DAYS = 7


def instant(edition: Edition) -> datetime:
    """The first moment after the closing: the end of the minute 23.59 WIB of the closing day."""
    return instant_of(edition.closing)


def instant_of(day: date) -> datetime:
    """The same for a closing day."""
    return _named(day) + MINUTE


def _named(day: date) -> datetime:
    return datetime.combine(day, AT, ZoneInfo(DEFAULT_ZONE)).astimezone(UTC)


def is_over(edition: Edition, moment: datetime) -> bool:
    """Whether this moment is after the closing. Of a message Telegram's time decides, not ours."""
    return moment >= instant(edition)


# --- What can still be worked on


def is_open(work: Work, region_code: str, item_key: str, moment: datetime, person_id: int | None = None) -> bool:
    """Whether an item can be worked on by what was sent at this moment: before the closing, in a stage that is due
    after it, or until a deadline beyond it that was granted."""
    if not is_over(work.programme.edition, moment) or is_due_after(work, region_code, item_key):
        return True
    due = due_of(work, region_code, item_key, person_id)
    return due.day > work.programme.edition.closing and not due.passed(moment)


def is_due_after(work: Work, region_code: str, item_key: str) -> bool:
    """Whether the item or its stage is due after the closing by itself."""
    stage = default_stage_day(work, region_code, work.programme.edition.item(item_key).milestone)
    return max(stage, default_day(work, region_code, item_key)) > work.programme.edition.closing


def is_corrected(work: Work, region_code: str, item_key: str, moment: datetime, person_id: int | None = None) -> bool:
    """Whether a coordinator has opened an item again after the closing, so that even what was accepted may change."""
    if not is_over(work.programme.edition, moment) or is_due_after(work, region_code, item_key):
        return False
    moved = moved_of(work, region_code, item_key, person_id)
    is_granted = moved is not None and moved.extension_id is not None
    return is_granted and is_open(work, region_code, item_key, moment, person_id)


def is_settling(edition: Edition, moment: datetime) -> bool:
    """The day after the closing, in which a draft that was sent in time can still be submitted."""
    return is_over(edition, moment) and not is_over(edition, moment - GRACE)


def refusal(work: Work) -> Refusal:
    """Why an item cannot be worked on any more, and the way out."""
    return Refusal(closed_words(work))


def closed_words(work: Work) -> Say:
    return _(
        "🔒 The programme closed on {day} at 23.59 WIB, and this item can only be read now. If something has to be "
        "corrected, a coordinator can open it again.",
        day=Day(work.programme.edition.closing),
    )


# --- How it is named


def countdown(work: Work) -> Say:
    """How long it is to the closing, named with its day; in the last week with its hour in all three zones."""
    edition = work.programme.edition
    if is_over(edition, work.now):
        return _("The programme closed on {day}.", day=Day(edition.closing))
    left = (edition.closing - work.now.astimezone(ZoneInfo(DEFAULT_ZONE)).date()).days
    if left == 0:
        return _("🏁 The closing is <b>today</b>: {when}.", when=when(edition))
    return _n(
        "🏁 <b>{count} day</b> to the closing, {when}.",
        "🏁 <b>{count} days</b> to the closing, {when}.",
        left,
        when=when(edition) if left <= LAST_DAYS else Day(edition.closing),
    )


def when(edition: Edition) -> Say:
    """The hour of the closing in all three zones, each with its day."""
    at = _named(edition.closing)
    return _(
        "{day} at {western}, that is {next_day} at {central} and {eastern}",
        day=Day(edition.closing),
        western=Clock(at, DEFAULT_ZONE),
        next_day=Day(at.astimezone(ZoneInfo("Asia/Makassar")).date()),
        central=Clock(at, "Asia/Makassar"),
        eastern=Clock(at, "Asia/Jayapura"),
    )


def closing_words(edition: Edition, language: str) -> str:
    """ "Kamis, 1 Desember 2022" in this language."""
    return format_date(edition.closing, "EEEE, d MMMM y", locale=language)


def filled(visit: Visit, text: str) -> str:
    """A text of the content with {year}, {closing} and {ministry} filled in."""
    return filled_in(visit.work.programme.edition, text, visit.language)


def filled_in(edition: Edition, text: str, language: str) -> str:
    """The same for a reader of this language."""
    return edition.fill(text, closing_words(edition, language))
