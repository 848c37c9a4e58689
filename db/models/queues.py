"""What waits: updates, messages, conversations, duties."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import InboxState, Lane, OutboxState, Policy

_NEW = text("state = 'new'")
_OPEN = text("state IN ('waiting', 'sending')")
_WAITING = text("state = 'waiting'")
_SENDING = text("state = 'sending'")


class InboxUpdate(Base):
    """An update of Telegram as it came. Order within a chat is the order of arrival: `update_id` may restart."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_new", "not_before", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_inbox_new_chat_id", "chat_id", "id", sqlite_where=_NEW, postgresql_where=_NEW),
        Index("ix_inbox_done_at", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(unique=True)
    chat_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    state: Mapped[InboxState] = mapped_column(default=InboxState.NEW)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(32))
    not_before: Mapped[datetime]
    code: Mapped[str | None] = mapped_column(String(8))
    done_at: Mapped[datetime | None]


class OutboxMessage(Base):
    """A call to Telegram, word for word. `unique_key` lets it exist once; `state` tells what became of it.

    `album` has the numbers of all messages that Telegram made of it, with a space between, where these are several.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "lane", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_outbox_sending", "chat_id", sqlite_where=_SENDING, postgresql_where=_SENDING),
        Index("ix_outbox_open_chat_id", "chat_id", "lane", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_outbox_message", "chat_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unique_key: Mapped[str] = mapped_column(String(120), unique=True)
    chat_id: Mapped[int]
    lane: Mapped[Lane] = mapped_column(default=Lane.REPLY)
    method: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    panel: Mapped[bool] = mapped_column(default=False)
    paper: Mapped[str | None] = mapped_column(String(64))
    policy: Mapped[Policy]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    message_id: Mapped[int | None]
    album: Mapped[str | None] = mapped_column(String(210))
    doubts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Paper(Base):
    """Bytes that Pandu made and sends (a letter, a picture), by their SHA-256."""

    __tablename__ = "papers"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    mime: Mapped[str] = mapped_column(String(127))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class Export(Base):
    """A workbook that a person has asked for, until it is on its way. `book` is its kind, `subject` what it is of."""

    __tablename__ = "exports"
    __table_args__ = (UniqueConstraint("person_id", "book", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    book: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(24))
    cause: Mapped[str] = mapped_column(String(64))


class Conversation(Base):
    """Where a chat stands: the open question, what was set aside for it, and the live panel.

    The panel can be edited in place while `last_message_id`, the newest message that is not the panel, is older.
    """

    __tablename__ = "conversations"

    chat_id: Mapped[int] = mapped_column(primary_key=True)
    turn: Mapped[int] = mapped_column(default=0)
    flow: Mapped[dict[str, Any] | None]
    stack: Mapped[list[Any]] = mapped_column(default=list)
    screen: Mapped[str] = mapped_column(String(64), default="home")
    panel_message_id: Mapped[int | None]
    last_message_id: Mapped[int | None]
    changed_at: Mapped[datetime]


class Lease(Base):
    """Who holds a duty (polling, ticking) until when. One row a duty."""

    __tablename__ = "leases"

    duty: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
