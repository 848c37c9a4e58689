"""One line for every change, with the true actor. Lines are never changed: triggers see to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from db.models import AuditEntry
from db.vocabulary import ActorKind, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in a role, the clock, or the operator at the command line."""

    kind: ActorKind
    person_id: int | None = None
    role: Role | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
OPERATOR = Actor(ActorKind.OPERATOR)


def record(
    session: Session,
    actor: Actor,
    act: str,
    subject: str,
    subject_id: int | None,
    *,
    at: datetime,
    cause: str,
    region_code: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add a line. `cause` names the update, tick or command behind it."""
    entry = AuditEntry(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.person_id,
        role=actor.role,
        act=act,
        subject=subject,
        subject_id=subject_id,
        region_code=region_code,
        before=before,
        after=after,
        reason=reason,
        cause=cause,
    )
    session.add(entry)
    return entry
