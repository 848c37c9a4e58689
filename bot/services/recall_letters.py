"""Taking one reader's copy back: its words become the word that it was recalled, its files are deleted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.buttons import look
from bot.services import announcement_letters, announcement_reminders
from bot.services.work import Work
from bot.words import _n, _p, lines
from db.models import Announcement
from db.vocabulary import Lane, Policy

# Bot API, deleteMessage: only messages younger than this.
DELETABLE = timedelta(hours=48)
TOO_OLD = "older than 48 hours"


def take_back(
    work: Work,
    announcement: Announcement,
    person_id: int,
    message_ids: Sequence[int],
    sent_at: datetime | None,
    reminders: Sequence[int],
) -> None:
    """Words of their own are edited, reminders of it too, which Telegram allows at any age. A file is deleted while
    that is possible, and words that stood below it come anew; below one that is too old they are edited."""
    for message_id in reminders:
        announcement_reminders.rewrite(work, announcement, person_id, message_id)
    young = sent_at is not None and work.now - sent_at < DELETABLE
    files, words = _split(announcement, message_ids)
    for message_id in files if young else ():
        _delete(work, announcement, person_id, message_id)
    if words:
        announcement_letters.rewrite(work, announcement, person_id, words)
    elif announcement_letters.is_below_a_file(announcement) and files:
        if young:
            _anew(work, announcement, person_id)
        else:
            announcement_letters.rewrite(work, announcement, person_id, files[-1])


def posted_under(
    announcement: Announcement, person_id: int, message_ids: Sequence[int], reminders: Sequence[int]
) -> Sequence[str]:
    """The keys of everything that `take_back` may have posted."""
    return (
        *(announcement_reminders.rewritten_key(announcement, person_id, message_id) for message_id in reminders),
        announcement_letters.wording_key(announcement, person_id),
        _anew_key(announcement, person_id),
        *(_gone_key(announcement, person_id, message_id) for message_id in message_ids if message_id),
    )


def needed(announcement: Announcement, message_ids: Sequence[int], reminders: Sequence[int]) -> int:
    """How many of these have to succeed before nothing of the copy is left."""
    anew = announcement_letters.is_below_a_file(announcement) and any(message_ids)
    return len([one for one in message_ids if one]) + len(reminders) + (1 if anew else 0)


def is_whole(announcement: Announcement, message_ids: Sequence[int]) -> bool:
    """Whether every message of a copy is known."""
    expected = 1 if announcement_letters.is_below_a_file(announcement) else len(announcement.files) + 1
    return len(message_ids) == expected and all(message_ids)


def _split(announcement: Announcement, message_ids: Sequence[int]) -> tuple[list[int], int]:
    """The messages with files, and the one with words alone; 0 where there is none or it is not known."""
    if announcement_letters.is_below_a_file(announcement) or not message_ids:
        return [one for one in message_ids if one], 0
    return [one for one in message_ids[:-1] if one], message_ids[-1]


def _delete(work: Work, announcement: Announcement, person_id: int, message_id: int) -> None:
    work.tell(
        person_id,
        announcement_letters.page(work, announcement),
        key=_gone_key(announcement, person_id, message_id),
        lane=Lane.BULK,
        policy=Policy.REPEATABLE,
        method="deleteMessage",
        message_id=message_id,
    )


def _anew(work: Work, announcement: Announcement, person_id: int) -> None:
    """A Reply to it is a question about the announcement, like one to the copy was."""
    work.tell(
        person_id,
        announcement_letters.page(work, announcement),
        key=_anew_key(announcement, person_id),
        lane=Lane.BULK,
        silent=True,
    )


def _anew_key(announcement: Announcement, person_id: int) -> str:
    return f"announcement-recalled:{announcement.id}:{person_id}"


def _gone_key(announcement: Announcement, person_id: int, message_id: int) -> str:
    return f"announcement-gone:{announcement.id}:{person_id}:{message_id}"


def tell_outcome(work: Work, announcement: Announcement, done: int, kept: int) -> None:
    """Whoever recalled it hears once what became of the copies; the author too."""
    for person_id in {announcement.author_id, announcement.recalled_by_id} - {None}:
        work.tell(
            person_id or announcement.author_id,
            lines(
                _n(
                    "↩️ “{subject}” is recalled: {count} copy was taken back.",
                    "↩️ “{subject}” is recalled: {count} copies were taken back.",
                    done,
                    subject=announcement_letters.title(announcement),
                ),
                _n("⚠️ {count} copy could not be.", "⚠️ {count} copies could not be.", kept) if kept else None,
            ),
            key=f"recalled:{announcement.id}:{person_id}",
            rows=((look(_p("button", "📢 Open it"), "announcement", announcement.id),),),
        )
