"""Updates of Telegram: stored before they are acknowledged, worked on in the order each chat sent them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, literal_column, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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
    """An update as it came, read just far enough to be stored in order. `sent_at` is Telegram's; a press has none, and
    is kept with the moment it came in."""

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
    """An INSERT that can be told what to do `on_conflict` with a known key, in the words of the database at hand."""
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def store(session: Session, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Keep the updates that are new; a repeat is passed over. Returns how many were new."""
    if not arrivals:
        return 0
    statement = insert_ignoring(session, _table).on_conflict_do_nothing(index_elements=["update_id"])
    rows = [_row(arrival, now) for arrival in arrivals]
    return len(session.connection().execute(statement.returning(_table.c.id), rows).all())


def _row(arrival: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "update_id": arrival.update_id,
        "chat_id": arrival.chat_id,
        "kind": arrival.kind,
        "payload": arrival.payload,
        "sent_at": now if arrival.kind == "callback_query" else arrival.sent_at,
        "received_at": now,
        "state": InboxState.NEW,
        "attempts": 0,
        "not_before": now,
    }


_table = cast(Table, InboxUpdate.__table__)
# Written out, because a partial index is used only where the planner sees the very words of its condition.
_NEW: ColumnElement[str] = literal_column(f"'{InboxState.NEW}'")
# How many chats a claim looks at: twice a group, because some are being worked on by others.
STEPS = 2 * GROUP
# The oldest open update of each chat, if it may be worked on now. The walk goes from the chat of the oldest update
# to the next chat that has one, by the index and around, so that a person who sends thousands costs one step, and
# no chat is passed over for ever. A join of the table with itself takes seconds there.
_HEADS = """
WITH RECURSIVE walk (chat_id, start, step) AS (
    SELECT chat_id, chat_id, 1
    FROM (
        SELECT chat_id FROM inbox WHERE state = 'new' AND not_before <= :now ORDER BY not_before, id LIMIT 1
    ) AS oldest
    UNION ALL
    SELECT
        coalesce(
            (SELECT min(chat_id) FROM inbox WHERE state = 'new' AND chat_id > walk.chat_id),
            (SELECT min(chat_id) FROM inbox WHERE state = 'new')
        ),
        start,
        step + 1
    FROM walk
    WHERE step < :steps AND (step = 1 OR chat_id <> start)
)
SELECT id, update_id, chat_id, kind, payload, sent_at, attempts
FROM inbox
WHERE state = 'new' AND not_before <= :now AND id IN (
    SELECT (SELECT min(id) FROM inbox AS own WHERE own.state = 'new' AND own.chat_id = walk.chat_id) FROM walk
)
ORDER BY id
LIMIT :most
"""
_WHEN = bindparam("now", type_=_table.c.not_before.type)
_ROW = [_table.c[name] for name in ("id", "update_id", "chat_id", "kind", "payload", "sent_at", "attempts")]
# Statements are built once: building one takes longer than running it.
HEADS = {
    "sqlite": text(_HEADS).bindparams(_WHEN).columns(*_ROW),
    "postgresql": text(f"{_HEADS}FOR UPDATE SKIP LOCKED").bindparams(_WHEN).columns(*_ROW),
}
_DUE = (
    select(_table.c.id)
    .where(_table.c.state == _NEW, _table.c.not_before <= _WHEN)
    .order_by(_table.c.not_before)
    .limit(1)
)
_MARK = (
    update(_table)
    .where(_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(attempts=_table.c.attempts + 1, owner=bindparam("claimer"), not_before=bindparam("until"))
)
_FINISH = (
    update(_table)
    .where(_table.c.id.in_(bindparam("ids", expanding=True)), _table.c.state == _NEW)
    .where(_table.c.owner == bindparam("claimer"))
    .values(state=bindparam("reached"), done_at=bindparam("now"), owner=None)
)


def claim(session: Session, owner: str, now: datetime, limit: int = GROUP) -> list[Claimed]:
    """Take the heads of up to `limit` chats and count the attempt, which must be committed before the work.

    An update that was tried before comes alone: it may be the one that ended the last process.
    """
    connection = session.connection()
    heads = HEADS[connection.dialect.name]
    rows = connection.execute(heads, {"now": now, "steps": STEPS, "most": limit}).all()
    tried = [row for row in rows if row.attempts > 0]
    taken = tried[:1] or rows
    if taken:
        until = now + timedelta(seconds=CLAIM_SECONDS)
        connection.execute(_MARK, {"ids": [row.id for row in taken], "claimer": owner, "until": until})
    return [Claimed(*(*row[:-1], row.attempts + 1)) for row in taken]


def release_claims(session: Session, now: datetime, owner: str | None = None) -> None:
    """Open again what an ended process had claimed: all claims (SQLite, whose lock proves it) or one owner's."""
    statement = update(InboxUpdate).where(InboxUpdate.state == _NEW, InboxUpdate.owner.is_not(None))
    if owner is not None:
        statement = statement.where(InboxUpdate.owner == owner)
    session.execute(statement.values(owner=None, not_before=now))


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a claim may find something; cheap enough to ask every second."""
    return session.connection().execute(_DUE, {"now": now}).first() is not None


def finish(session: Session, ids: Sequence[int], owner: str, now: datetime, state: InboxState = InboxState.DONE) -> int:
    """Mark the work on these updates as done, in the same commit as its effects.

    Returns how many this process still held: if fewer than given, another has taken over and nothing may be kept.
    """
    if not ids:
        return 0
    given = {"ids": list(ids), "claimer": owner, "reached": state, "now": now}
    return int(session.connection().execute(_FINISH, given).rowcount)


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
    return session.scalar(select(func.count()).where(InboxUpdate.state == _NEW)) or 0
