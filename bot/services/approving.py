"""The operator's word on an announcement that needs a second person, where there is only one coordinator."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import second_person, series
from db import audit
from db.audit import OPERATOR
from db.models import Announcement
from db.vocabulary import AnnouncementState


def approve_by_operator(session: Session, announcement: Announcement, now: datetime) -> str | None:
    """Let it begin at its hour, thirty seconds from now at the earliest. Returns why not, if it does not wait for that.

    Raises `Refusal` where it would leave too late.
    """
    if announcement.state is not AnnouncementState.APPROVAL:
        return f"announcement {announcement.number} does not wait for a second word: it is {announcement.state.value}"
    starts = second_person.starts(announcement, now)
    series.hold(session, announcement.id)
    series.approve(session, announcement, now)
    announcement.state = AnnouncementState.SCHEDULED
    announcement.version += 1
    announcement.paused_why = ""
    announcement.starts_at = starts
    audit.record(
        session, OPERATOR, "approve_announcement", "announcement", announcement.id, at=now, cause="pandu announcement"
    )
    return None
