"""Words for the queue tests: times, updates, messages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import inbox, outbox
from db.inbox import Arrival
from db.models import Conversation, InboxUpdate, OutboxMessage
from db.outbox import Claimed, Outgoing, Settled
from db.vocabulary import Lane, OutboxState

NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def arrivals(*chats: int, first: int = 1) -> list[Arrival]:
    """One update for each chat, in this order."""
    return [Arrival(first + number, chat, "message", "{}", NOW) for number, chat in enumerate(chats)]


def message(key: str, chat: int = 1, lane: Lane = Lane.REPLY, **more: Any) -> Outgoing:
    return Outgoing(key, chat, "sendMessage", {"chat_id": chat, "text": key}, lane=lane, **more)


def post(session: Session, *messages: Outgoing) -> None:
    outbox.post(session, messages, NOW)


def claim(session: Session, *lanes: Lane, owner: str = "one", at: datetime = NOW, **more: Any) -> list[Claimed]:
    return outbox.claim(session, owner, at, lanes or tuple(Lane), **more)


def keys(session: Session, claimed: list[Claimed]) -> list[str]:
    known = {one.id: one.unique_key for one in session.scalars(select(OutboxMessage))}
    return [known[row.id] for row in claimed]


def sent(row: Claimed, message_id: int | None = None, *, new: bool = False) -> Settled:
    return Settled(row, OutboxState.SENT, message_id=message_id, new_message=new)


def settle(session: Session, *results: Settled, owner: str = "one") -> None:
    outbox.settle(session, results, owner, NOW)


def states(session: Session) -> dict[str, OutboxState]:
    return {one.unique_key: one.state for one in session.scalars(select(OutboxMessage))}


def row(session: Session, key: str) -> OutboxMessage:
    return session.scalars(select(OutboxMessage).where(OutboxMessage.unique_key == key)).one()


def update(session: Session, update_id: int) -> InboxUpdate:
    return session.scalars(select(InboxUpdate).where(InboxUpdate.update_id == update_id)).one()


def conversation(session: Session, chat: int = 1, panel: int | None = None, last: int | None = None) -> None:
    session.add(Conversation(chat_id=chat, stack=[], panel_message_id=panel, last_message_id=last, changed_at=NOW))
    session.flush()


def numbers(claimed: list[inbox.Claimed]) -> list[int]:
    return [one.update_id for one in claimed]
