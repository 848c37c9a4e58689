"""Updates of Telegram: stored before they are acknowledged, worked on in the order each chat sent them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from db.models import InboxUpdate
from db.vocabulary import InboxState

GROUP = 64
# The kind of an update that could not be read: kept, never worked on.
UNREADABLE = "unreadable"
MAX_ATTEMPTS = 5
CLAIM_SECONDS = 60
WAITS = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=25), timedelta(seconds=60))
KEEP_DONE = timedelta(hours=48)
KEEP_DEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came, read just far enough to be stored in order."""

    update_id: int
    chat_id: int
    kind: str
    payload: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An update this process may work on now; `attempts` already counts this one."""

    id: int
    update_id: int
    chat_id: int
    kind: str
    payload: str
    sent_at: datetime | None
    attempts: int


def insert_ignoring(session: Session, table: Any) -> Any:
    """An INSERT that passes over rows whose unique key is known, in the words of the database at hand."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def store(session: Session, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep the updates that are new; a repeat is passed over. Returns how many were new."""
    if not arrivals:
        return 0
    rows = [
        {
            "update_id": arrival.update_id,
            "chat_id": arrival.chat_id,
            "kind": arrival.kind,
            "payload": arrival.payload,
            "sent_at": arrival.sent_at,
            "received_at": now,
            "state": InboxState.NEW,
            "attempts": 0,
            "not_before": now,
        }
        for arrival in arrivals
    ]
    statement: Insert = insert_ignoring(session, InboxUpdate).on_conflict_do_nothing(index_elements=["update_id"])
    stored = session.scalars(statement.returning(InboxUpdate.id), rows).all()
    return len(stored)


def heads(now: datetime, limit: int) -> Select[Any]:
    """The oldest open update of each chat, if it may be worked on now."""
    earlier = aliased(InboxUpdate)
    blocked = (
        select(earlier.id)
        .where(
            earlier.chat_id == InboxUpdate.chat_id,
            earlier.state == InboxState.NEW,
            earlier.id < InboxUpdate.id,
        )
        .exists()
    )
    return (
        select(InboxUpdate.__table__)
        .where(InboxUpdate.state == InboxState.NEW, InboxUpdate.not_before <= now, ~blocked)
        .order_by(InboxUpdate.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=InboxUpdate)
    )


def claim(session: Session, owner: str, now: datetime, limit: int = GROUP) -> list[Claimed]:
    """Take the heads of up to `limit` chats and count the attempt, which must be committed before the work.

    An update that was tried before comes alone: it may be the one that ended the last process.
    """
    rows = session.execute(heads(now, limit)).all()
    tried = [row for row in rows if row.attempts > 0]
    taken = tried[:1] or rows
    if not taken:
        return []
    session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.id.in_([row.id for row in taken]))
        .values(
            attempts=InboxUpdate.attempts + 1,
            owner=owner,
            not_before=now + timedelta(seconds=CLAIM_SECONDS),
        )
    )
    return [
        Claimed(row.id, row.update_id, row.chat_id, row.kind, row.payload, row.sent_at, row.attempts + 1)
        for row in taken
    ]


def release_claims(session: Session, now: datetime, owner: str | None = None) -> None:
    """Open again what an ended process had claimed: all claims (SQLite, whose lock proves it) or one owner's."""
    statement = update(InboxUpdate).where(InboxUpdate.state == InboxState.NEW, InboxUpdate.owner.is_not(None))
    if owner is not None:
        statement = statement.where(InboxUpdate.owner == owner)
    session.execute(statement.values(owner=None, not_before=now))


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a claim may find something; cheap enough to ask every second."""
    due = select(InboxUpdate.id).where(InboxUpdate.state == InboxState.NEW, InboxUpdate.not_before <= now)
    return session.scalar(due.limit(1)) is not None


def finish(session: Session, ids: Sequence[int], owner: str, now: datetime, state: InboxState = InboxState.DONE) -> int:
    """Mark the work on these updates as done, in the same commit as its effects.

    Returns how many this process still held: if fewer than given, another has taken over and nothing may be kept.
    """
    if not ids:
        return 0
    done = session.execute(
        update(InboxUpdate)
        .where(InboxUpdate.id.in_(ids), InboxUpdate.state == InboxState.NEW, InboxUpdate.owner == owner)
        .values(state=state, done_at=now, owner=None)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def postpone(session: Session, claimed: Claimed, owner: str, now: datetime) -> None:
    """Try a failed update again later; only its own chat waits for it."""
    wait = WAITS[min(claimed.attempts, len(WAITS)) - 1]
    _set(session, claimed.id, owner, not_before=now + wait)


def set_aside(session: Session, claimed: Claimed, owner: str, code: str, now: datetime) -> None:
    """Give a poison update up, under the code its sender was told."""
    _set(session, claimed.id, owner, state=InboxState.DEAD, code=code, done_at=now)


def _set(session: Session, row_id: int, owner: str, **values: Any) -> None:
    statement = update(InboxUpdate).where(InboxUpdate.id == row_id, InboxUpdate.owner == owner)
    session.execute(statement.values(owner=None, **values))


def purge(session: Session, now: datetime) -> int:
    """Forget updates past their time: done ones after 48 hours, dead ones after 14 days. Returns how many."""
    finished = InboxUpdate.state.in_([InboxState.DONE, InboxState.IGNORED]) & (InboxUpdate.done_at < now - KEEP_DONE)
    dead = (InboxUpdate.state == InboxState.DEAD) & (InboxUpdate.done_at < now - KEEP_DEAD)
    gone = session.execute(delete(InboxUpdate).where(finished | dead))
    return int(getattr(gone, "rowcount", 0))


def waiting(session: Session) -> int:
    """How many updates are open."""
    return session.scalar(select(func.count()).where(InboxUpdate.state == InboxState.NEW)) or 0
