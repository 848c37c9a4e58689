"""What was announced to whoever looks: unread first."""

from collections.abc import Mapping
from datetime import datetime

from bot.buttons import Button, Row, do, look
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcement_letters
from bot.services import announcement_reading as reading
from bot.services.announcements import has_begun
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.texts import cut
from bot.words import Moment, Plain, Say, _, _n, _p, paragraphs
from db.models import Announcement, Reader
from db.vocabulary import AnnouncementState, Confirmation

TITLE = _("My announcements")


def opening(visit: Visit) -> Button:
    """To them, with how many await a word."""
    count = reading.count_unread(visit.work, visit.member.id)
    label = _p("button", "📢 Announcements ({count})", count=count) if count else _p("button", "📢 Announcements")
    return look(label, "my-announcements")


def my_announcements(visit: Visit, number: str = "0") -> Screen:
    """All that came to this person."""
    found = reading.mine(visit)
    waiting = sum(reading.unread(*row, visit.work.now) for row in found)
    page = page_of(number, len(found))
    shown = found[page * PAGE : (page + 1) * PAGE]
    text = paragraphs(
        _("📢 <b>My announcements</b>"),
        _n("{count} awaits your confirmation.", "{count} await your confirmation.", waiting) if waiting else None,
        None if found else _("Nothing was announced to you yet. What is announced stays here to be read again."),
    )
    rows = tuple((look(_label(visit, *row), "my-announcement", row[0].id),) for row in shown)
    return Screen(text, (*rows, *pager("my-announcements", page, len(found))), (TITLE,), "home")


def _label(visit: Visit, found: Announcement, reader: Reader) -> Say:
    if found.state is AnnouncementState.RECALLED:
        return Plain(f"↩️ {cut(announcement_letters.title(found), 40)}")
    symbol = "🔵" if reading.unread(found, reader, visit.work.now) else "✅"
    return Plain(f"{symbol} {cut(announcement_letters.title(found), 40)}")


def my_announcement(visit: Visit, announcement_id: str) -> Screen:
    """One of them, to be read again and confirmed."""
    found, reader = reading.one(visit, announcement_id)
    text = paragraphs(
        announcement_letters.page(visit.work, found),
        _said(found, reader, visit.work.now),
    )
    asking = not _is_said(found, reader) and not has_begun(found, visit.work.now)
    rows = (*_files(found), *announcement_letters.rows(found, asking=asking))
    return Screen(text, rows, (TITLE,), "my-announcements")


def _is_said(found: Announcement, reader: Reader) -> bool:
    """Whether nothing more can be said: having read it is said once, an answer on coming may be changed."""
    return found.confirmation is Confirmation.READ and reader.read_at is not None


def _files(found: Announcement) -> tuple[Row, ...]:
    if not found.files or found.state is AnnouncementState.RECALLED:
        return ()
    return ((do(_p("button", "📎 Files ({count})", count=len(found.files)), "ann-files", found.id),),)


def _said(found: Announcement, reader: Reader, now: datetime) -> Say | None:
    if found.state is AnnouncementState.RECALLED:
        return None
    if reader.answered_at and reader.attends is not None:
        answer = _("you will attend") if reader.attends else _("you cannot attend")
        return _("🙋 Your answer: {answer}.", answer=answer)
    if reader.read_at:
        return _("👁 You confirmed it on {moment}.", moment=Moment(reader.read_at, DEFAULT_ZONE))
    if found.confirmation is Confirmation.ATTENDANCE and has_begun(found, now):
        return _("🕘 The session has begun; an answer is no longer needed.")
    return None


SCREENS: Mapping[str, Draw] = {"my-announcements": my_announcements, "my-announcement": my_announcement}
