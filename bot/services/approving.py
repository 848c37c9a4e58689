"""The operator's word on an announcement that needs a second person, where there is only one coordinator."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import series
from bot.services.announcing import CALL_OFF
from db import audit
from db.audit import OPERATOR
from db.models import Announcement
from db.vocabulary import AnnouncementState


def approve_by_operator(session: Session, announcement: Announcement, now: datetime) -> str | None:
    """Let it begin at its hour, thirty seconds from now at the earliest. Returns why not, if it cannot."""
    if announcement.state is not AnnouncementState.APPROVAL:
        return f"announcement {announcement.number} does not wait for a second word: it is {announcement.state.value}"
    series.hold(session, announcement.id)
    series.approve(session, announcement, now)
    announcement.state = AnnouncementState.SCHEDULED
    announcement.version += 1
    announcement.paused_why = ""
    announcement.starts_at = max(announcement.starts_at or now, now + CALL_OFF)
    audit.record(
        session, OPERATOR, "approve_announcement", "announcement", announcement.id, at=now, cause="pandu announcement"
    )
    return None
