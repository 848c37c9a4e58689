"""Messages to Telegram: committed with what caused them, claimed by lane and chat, settled together."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, Table, bindparam, delete, func, literal_column, select, update
from sqlalchemy.orm import Session

from db.bulk import add_missing
from db.models import Conversation, OutboxMessage
from db.vocabulary import Lane, OutboxState, Policy

GROUP = 64
# Longer than the sum of the HTTP timeouts of one call, uploads included.
LEASE = timedelta(seconds=120)
# Lower-case parts of Telegram's descriptions for a chat that takes nothing more, beside every 403.
_GONE = ("chat not found", "peer_id_invalid", "user not found", "chat_id is empty", "have no rights to send")
DOUBT_WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call to Telegram that should exist once under `unique_key`. `panel` rows edit the chat's live panel."""

    unique_key: str
    chat_id: int
    method: str
    body: Mapping[str, Any]
    lane: Lane = Lane.REPLY
    policy: Policy = Policy.AT_LEAST_ONCE
    panel: bool = False
    paper: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this process sends now. `panel_id` is the panel that can be edited; `stale_panel_id` one that
    something was written below, whose keyboard goes when a new one is sent."""

    id: int
    chat_id: int
    lane: Lane
    method: str
    body: str
    panel: bool
    paper: str | None
    policy: Policy
    attempts: int
    doubts: int
    panel_id: int | None
    stale_panel_id: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed message. `new_message` tells that it stands lowest in its chat now; `album` has the
    numbers of all messages it became."""

    claimed: Claimed
    state: OutboxState
    message_id: int | None = None
    album: str | None = None
    new_message: bool = False
    error: str | None = None
    due_at: datetime | None = None
    body: str | None = None
    attempted: bool = True
    doubted: bool = False


def post(session: Session, messages: Sequence[Outgoing], now: datetime) -> None:
    """Write the messages down; one whose key is known already is passed over."""
    add_missing(session, _table, [_row(message, now) for message in messages])


def _row(message: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        "unique_key": message.unique_key,
        "chat_id": message.chat_id,
        "lane": message.lane,
        "method": message.method,
        "body": json.dumps(message.body, separators=(",", ":")),
        "panel": message.panel,
        "paper": message.paper,
        "policy": message.policy,
        "due_at": message.due_at or now,
        "expires_at": message.expires_at,
        "state": OutboxState.WAITING,
        "attempts": 0,
        "doubts": 0,
        "created_at": now,
    }


def _heads(*, of_chats: bool) -> Select[Any]:
    """The first open message of each chat in one lane that may leave now, while nothing of that chat is under way."""
    other, flying = _table.alias(), _table.alias()
    first = (
        select(other.c.id)
        .where(other.c.chat_id == _table.c.chat_id, other.c.state.in_(_OPEN))
        .order_by(other.c.lane, other.c.id)
        .limit(1)
        .scalar_subquery()
    )
    under_way = select(flying.c.id).where(flying.c.chat_id == _table.c.chat_id, flying.c.state == _SENDING)
    statement = (
        select(*(_table.c[name] for name in _CLAIMED), _chats.c.panel_message_id, _chats.c.last_message_id)
        .select_from(_table.outerjoin(_chats, _chats.c.chat_id == _table.c.chat_id))
        .where(
            _table.c.state == _WAITING,
            _table.c.lane == bindparam("lane"),
            _table.c.due_at <= bindparam("now", type_=_table.c.due_at.type),
            _table.c.id == first,
            _table.c.expires_at.is_(None) | (_table.c.expires_at > bindparam("now", type_=_table.c.due_at.type)),
            ~under_way.exists(),
        )
        .order_by(_table.c.due_at, _table.c.id)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True, of=_table)
    )
    return statement.where(_table.c.chat_id.in_(bindparam("chats", expanding=True))) if of_chats else statement


_table = cast(Table, OutboxMessage.__table__)
_chats = cast(Table, Conversation.__table__)
# Written out, because a partial index is used only where the planner sees the very words of its condition.
_WAITING: ColumnElement[str] = literal_column(f"'{OutboxState.WAITING}'")
_SENDING: ColumnElement[str] = literal_column(f"'{OutboxState.SENDING}'")
_OPEN = (_WAITING, _SENDING)
_CLAIMED = ("id", "chat_id", "lane", "method", "body", "panel", "paper", "policy", "attempts", "doubts")
# Statements are built once: building one takes longer than running it.
HEADS = _heads(of_chats=False)
HEADS_OF_CHATS = _heads(of_chats=True)
_DUE = (
    select(_table.c.id)
    .where(
        _table.c.state == _WAITING,
        _table.c.lane == bindparam("lane"),
        _table.c.due_at <= bindparam("now", type_=_table.c.due_at.type),
    )
    .order_by(_table.c.due_at)
    .limit(1)
)
_MARK = (
    update(_table)
    .where(_table.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=OutboxState.SENDING, owner=bindparam("claimer"), lease_until=bindparam("until"))
)


def anything_due(session: Session, now: datetime, lanes: Iterable[Lane]) -> bool:
    """Whether a claim may find something; cheap enough to ask every second."""
    connection = session.connection()
    return any(connection.execute(_DUE, {"now": now, "lane": lane}).first() is not None for lane in lanes)


def claim(
    session: Session,
    owner: str,
    now: datetime,
    lanes: Iterable[Lane] = tuple(Lane),
    limit: int = GROUP,
    chats: Sequence[int] | None = None,
) -> list[Claimed]:
    """Mark messages as under way and hand them out. From the commit on each counts as perhaps sent."""
    connection = session.connection()
    rows: list[Any] = []
    for lane in lanes:
        given = {"now": now, "lane": lane, "most": limit - len(rows)} | (
            {} if chats is None else {"chats": list(chats)}
        )
        rows += connection.execute(HEADS if chats is None else HEADS_OF_CHATS, given).all()
    if rows:
        connection.execute(_MARK, {"ids": [row.id for row in rows], "claimer": owner, "until": now + LEASE})
    return [_claimed(*row) for row in rows]


def _claimed(*row: Any) -> Claimed:
    *fields, panel, last = row
    covered = (last or 0) > (panel or 0)
    return Claimed(*(*fields, None if covered else panel, panel if covered else None))


_SETTLE = (
    update(_table)
    .where(_table.c.id == bindparam("row_id"), _table.c.owner == bindparam("row_owner"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "message_id", "album", "error", "due_at", "sent_at", "attempts", "doubts")
        }
        | {"owner": None, "lease_until": None, "body": func.coalesce(bindparam("new_body"), _table.c.body)}
    )
)


# What stands lowest in a chat now: its panel, or something below it.
_LOWEST = {
    panel: update(_chats).where(_chats.c.chat_id == bindparam("chat")).values({column: bindparam("lowest")})
    for panel, column in ((True, "panel_message_id"), (False, "last_message_id"))
}


def settle(session: Session, results: Sequence[Settled], owner: str, now: datetime) -> None:
    """Write down what became of the messages; a message that another process took over meanwhile is left to it."""
    if not results:
        return
    session.connection().execute(_SETTLE, [_settlement(result, owner, now) for result in results])
    for panel, statement in _LOWEST.items():
        lowest = [
            {"chat": result.claimed.chat_id, "lowest": result.message_id}
            for result in results
            if result.message_id is not None and result.new_message and result.claimed.panel is panel
        ]
        if lowest:
            session.connection().execute(statement, lowest)


def _settlement(result: Settled, owner: str, now: datetime) -> dict[str, Any]:
    claimed = result.claimed
    return {
        "row_id": claimed.id,
        "row_owner": owner,
        "new_state": result.state,
        "new_message_id": result.message_id,
        "new_album": result.album,
        "new_error": result.error,
        "new_due_at": result.due_at or now,
        "new_body": result.body,
        "new_sent_at": now if result.state is OutboxState.SENT else None,
        "new_attempts": claimed.attempts + result.attempted,
        "new_doubts": claimed.doubts + result.doubted,
    }


def reopen_lost(session: Session, now: datetime, *, all_of_them: bool = False) -> int:
    """Decide about messages whose process ended in the middle of sending, by their policy.

    `all_of_them` is for SQLite, where the lock on the file proves that every earlier process is dead; otherwise
    only expired leases count. Returns how many were found.
    """
    lost = OutboxMessage.state == _SENDING
    if not all_of_them:
        lost &= OutboxMessage.lease_until < now
    found = 0
    for policy, values in _AFTER_LOSS.items():
        result = session.execute(
            update(OutboxMessage)
            .where(lost, OutboxMessage.policy == policy)
            .values(owner=None, lease_until=None, doubts=OutboxMessage.doubts + 1, **values)
        )
        found += int(getattr(result, "rowcount", 0))
    return found


_AFTER_LOSS: dict[Policy, dict[str, Any]] = {
    Policy.REPEATABLE: {"state": OutboxState.WAITING},
    Policy.AT_LEAST_ONCE: {"state": OutboxState.WAITING},
    Policy.AT_MOST_ONCE: {"state": OutboxState.IN_DOUBT},
}


def expire(session: Session, now: datetime) -> int:
    """Cancel messages whose time has passed before they left, also while they were held. Returns how many."""
    late = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state.in_((_WAITING, OutboxState.HELD)), OutboxMessage.expires_at < now)
        .values(state=OutboxState.CANCELLED, error="expired")
    )
    return int(getattr(late, "rowcount", 0))


def withdraw(session: Session, kind: str, chats: Select[int | None] | None = None) -> Sequence[str]:
    """Take what waits under keys of a kind (`digest:…`) out again, in these chats or in all. Returns the keys."""
    gone = delete(OutboxMessage).where(
        OutboxMessage.state == _WAITING, OutboxMessage.unique_key.startswith(f"{kind}:", autoescape=True)
    )
    if chats is not None:
        gone = gone.where(OutboxMessage.chat_id.in_(chats))
    return session.scalars(gone.returning(OutboxMessage.unique_key)).all()


def give_way(session: Session, chat_id: int, prefix: str) -> None:
    """Messages of a chat whose keys begin so, and that still wait, are replaced by one that says it better."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.chat_id == chat_id,
            OutboxMessage.state == _WAITING,
            OutboxMessage.unique_key.startswith(prefix, autoescape=True),
        )
        .values(state=OutboxState.CANCELLED, error="replaced")
    )


def says_gone(error: str) -> bool:
    """Whether a message failed ("403: Forbidden: …") because its chat is gone or has blocked the bot."""
    return error.startswith("403") or any(part in error.lower() for part in _GONE)


def close_chat(session: Session, chat_id: int, reason: str) -> None:
    """Nothing more goes to a chat that is gone or has blocked the bot."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == _WAITING)
        .values(state=OutboxState.DEAD, error=reason)
    )


def readdress(session: Session, chat_id: int, new_chat_id: int) -> None:
    """A group became a supergroup: what still waits goes to its new number."""
    rows = session.execute(
        select(_table.c.id, _table.c.body).where(_table.c.chat_id == chat_id, _table.c.state.in_(_OPEN))
    ).all()
    for row in rows:
        body = json.dumps(json.loads(row.body) | {"chat_id": new_chat_id}, separators=(",", ":"))
        session.execute(update(_table).where(_table.c.id == row.id).values(chat_id=new_chat_id, body=body))


def hold_open(session: Session) -> int:
    """After a restore: what was open is held until a person says go. Returns how many."""
    held = session.execute(
        update(OutboxMessage).where(OutboxMessage.state.in_(_OPEN)).values(state=OutboxState.HELD, owner=None)
    )
    return int(getattr(held, "rowcount", 0))


def depth(session: Session) -> dict[OutboxState, int]:
    """How many messages are in each state."""
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)).all()
    return {row[0]: row[1] for row in rows}


def oldest_reply(session: Session, now: datetime) -> datetime | None:
    """Since when the longest waiting reply could have left; None if none waits."""
    waiting = select(func.min(OutboxMessage.due_at)).where(
        OutboxMessage.state == _WAITING, OutboxMessage.lane == Lane.REPLY, OutboxMessage.due_at <= now
    )
    return session.scalar(waiting)
