"""What a reader gets beside the copy: a reminder that a word is awaited, and the word that a session was moved.

Their keys begin as those of the announcement, so that whatever holds, stops or answers one does so with the other.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, literal

from bot.buttons import Row, look
from bot.services.announcement_letters import (
    Sum,
    answer_rows,
    event,
    keys_of,
    page,
    session_before,
    session_of,
    title,
)
from bot.services.work import Work
from bot.words import Say, _, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation, Lane, Policy

FOLLOW, MOVED = "follow", "moved"


def keys_to(announcement_id: int, person_id: int, kind: str = FOLLOW) -> str:
    """How the keys of what one reader gets of a kind begin."""
    return f"announcement:{announcement_id}:{person_id}:{kind}:"


def keys_to_sql(announcement: Sum, person: Sum, kind: str) -> ColumnElement[str]:
    """The same in the words of the database."""
    return keys_of(announcement) + cast(person, String) + literal(f":{kind}:")


def key(announcement_id: int, person_id: int, at: datetime) -> str:
    """The key of a reminder written at this moment."""
    return f"{keys_to(announcement_id, person_id)}{int(at.timestamp())}"


def remind(work: Work, announcement: Announcement, person_id: int, expires_at: datetime) -> None:
    """Write to one reader that a word of theirs is still awaited; it leaves until `expires_at` or never."""
    work.tell(
        person_id,
        reminder(announcement),
        key=key(announcement.id, person_id, work.now),
        rows=_rows(announcement),
        lane=Lane.BULK,
        policy=Policy.AT_MOST_ONCE,
        expires_at=expires_at,
    )


def _rows(announcement: Announcement) -> tuple[Row, ...]:
    return (*answer_rows(announcement), (look(_p("button", "📢 Read it again"), "my-announcement", announcement.id),))


def reminder(announcement: Announcement) -> Say:
    """The few words for whoever has not confirmed an announcement, or not answered an invitation."""
    if announcement.confirmation is Confirmation.ATTENDANCE:
        return paragraphs(
            _("🔔 You have not answered the invitation “{subject}” yet.", subject=title(announcement)),
            event(announcement),
            _("Please tell whether you will attend."),
        )
    return paragraphs(
        _("🔔 You have not confirmed the announcement “{subject}” yet.", subject=title(announcement)),
        _("Please confirm that you have read it."),
    )


def tell_moved(work: Work, announcement: Announcement, person_id: int, wording: int) -> None:
    """Tell one reader, whose copy has an earlier wording, that the session was moved since, if it was."""
    now, kept = session_of(announcement), announcement.earlier[wording]
    before, said = {name: kept.get(name) for name in now}, session_before(kept)
    if said is None or before == now:
        return
    same_time = all(before[name] == now[name] for name in ("begins", "ends"))
    place_is_gone = before["place"] and not now["place"]
    work.tell(
        person_id,
        paragraphs(
            _("📍 The place of the session “{subject}” has changed.", subject=title(announcement))
            if same_time
            else _("🕘 The session “{subject}” has another time.", subject=title(announcement)),
            lines(event(announcement), _("📍 The place is not known yet.") if place_is_gone else None),
            _("Before: <s>{session}</s>", session=said),
            _("Your answer stays as it is.") if same_time else _("Please tell whether you will attend."),
        ),
        key=f"{keys_to(announcement.id, person_id, MOVED)}{announcement.corrections}",
        rows=_rows(announcement),
        lane=Lane.BULK,
        policy=Policy.AT_MOST_ONCE,
        expires_at=announcement.event_at,
    )


def rewritten_key(announcement: Announcement, person_id: int, message_id: int) -> str:
    """The key of the edit that brings such a message to the present wording."""
    return f"announcement-reminder:{announcement.id}:{person_id}:{announcement.corrections}:{message_id}"


def rewrite(work: Work, announcement: Announcement, person_id: int, message_id: int) -> None:
    """Bring a reminder that a reader got up to date; of a recalled one it becomes the word that it was."""
    recalled = announcement.state is AnnouncementState.RECALLED
    work.tell(
        person_id,
        page(work, announcement) if recalled else reminder(announcement),
        key=rewritten_key(announcement, person_id, message_id),
        rows=() if recalled else _rows(announcement),
        lane=Lane.BULK,
        policy=Policy.REPEATABLE,
        method="editMessageText",
        message_id=message_id,
    )
