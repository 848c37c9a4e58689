"""What people check in to: the session of an invitation, or a meeting of the agenda."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.flows.scheduling_steps import span_words
from bot.services import announcement_letters, meeting_words
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from bot.words import Plain, Say
from db.models import Announcement, CheckIn, Meeting
from db.vocabulary import AnnouncementState

_STANDS = (
    AnnouncementState.SCHEDULED,
    AnnouncementState.SENDING,
    AnnouncementState.PAUSED,
    AnnouncementState.DONE,
    AnnouncementState.STOPPED,
)
# So long after its end a code is still known, and whoever comes late is told.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session with its hours, told in `zone`. `subject` names its kind, `page` is the screen where its check-in
    stands. Without hours nobody checks in."""

    row: Announcement | Meeting
    subject: str
    page: str
    title: Say
    when: Say
    place: str
    begins: datetime | None
    ends: datetime | None
    zone: str

    @property
    def column(self) -> dict[str, Any]:
        """How a check-in points to it."""
        return {f"{self.subject}_id": self.row.id}

    @property
    def stamp(self) -> int:
        """The present code as a number, by which a button of an earlier one is known; 0 before there is one."""
        # A version in a button has nine digits at most.
        return int(self.row.check_in_code or "0", 36) % 10**9

    def has(self) -> ColumnElement[bool]:
        """Which check-ins are its own."""
        mine = CheckIn.announcement_id if isinstance(self.row, Announcement) else CheckIn.meeting_id
        return mine == self.row.id

    def is_over(self, at: datetime) -> bool:
        """Whether it had ended by then: no code checks in any more."""
        return self.ends is not None and at > self.ends


def of_announcement(found: Announcement) -> Gathering:
    """The session to which an announcement invites."""
    return Gathering(
        found,
        "announcement",
        f"ann-attendance:{found.id}",
        Plain(announcement_letters.title(found)),
        announcement_letters.event_time(found) or Plain(""),
        found.event_place,
        found.event_at,
        found.event_until,
        DEFAULT_ZONE,
    )


def of_meeting(work: Work, found: Meeting) -> Gathering:
    """A meeting, its hours in the zone where it takes place."""
    zone = meeting_words.zone(work, found)
    return Gathering(
        found,
        "meeting",
        f"meeting:{found.id}",
        meeting_words.title(work, found),
        span_words(found.starts_at, found.ends_at, zone),
        found.place,
        found.starts_at,
        found.ends_at,
        zone,
    )


def with_code(work: Work, code: str) -> Gathering | None:
    """The session of this edition that has this code."""
    sent = (Announcement.edition_id == work.edition_id, Announcement.state.in_(_STANDS))
    invitation = work.session.scalar(select(Announcement).where(Announcement.check_in_code == code, *sent))
    if invitation is not None:
        return of_announcement(invitation)
    planned = (Meeting.edition_id == work.edition_id, Meeting.cancelled_at.is_(None))
    meeting = work.session.scalar(select(Meeting).where(Meeting.check_in_code == code, *planned))
    return None if meeting is None else of_meeting(work, meeting)


def any_open(work: Work) -> bool:
    """Whether a session has a code that is still known."""
    known = work.now - REMEMBERED
    sessions = (
        select(Announcement.id).where(
            Announcement.edition_id == work.edition_id,
            Announcement.check_in_code.is_not(None),
            Announcement.event_until > known,
        ),
        select(Meeting.id).where(
            Meeting.edition_id == work.edition_id, Meeting.check_in_code.is_not(None), Meeting.ends_at > known
        ),
    )
    return any(work.session.scalar(one.limit(1)) is not None for one in sessions)


def stands(found: Announcement) -> bool:
    """Whether it is an invitation that was confirmed."""
    return found.state in _STANDS and announcement_letters.event_time(found) is not None


def count(work: Work, gathering: Gathering) -> int:
    """How many have checked in."""
    return work.session.scalar(select(func.count()).select_from(CheckIn).where(gathering.has())) or 0
