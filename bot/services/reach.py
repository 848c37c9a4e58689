"""Who can no longer be written to, as Telegram tells it when a message is refused."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import audit
from db.audit import SYSTEM
from db.models import Person


def lost(session: Session, chat_id: int, reason: str, now: datetime) -> None:
    """Mark the person of a chat as unreachable, once; coordinators find them in the team with that mark."""
    person = session.scalar(select(Person).where(Person.telegram_id == chat_id, Person.unreachable_at.is_(None)))
    if person is None:
        return
    person.unreachable_at, person.unreachable_reason = now, reason[:200]
    audit.record(session, SYSTEM, "unreachable", "person", person.id, at=now, cause="outbox", reason=reason[:200])
