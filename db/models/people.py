"""Persons, the seats they hold, and the ways in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base
from db.vocabulary import RequestState, Role


class Person(Base):
    """A Telegram account. Its record outlives its name: anonymising empties name, telephone number and account only.

    `phone` is as it is dialled from anywhere, +62…
    """

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int | None] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(64))
    position: Mapped[str] = mapped_column(String(128), default="")
    phone: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8), default="id")
    timezone: Mapped[str | None] = mapped_column(String(32))
    data_saver: Mapped[bool] = mapped_column(default=False)
    notice_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    registered_at: Mapped[datetime]
    active_seat_id: Mapped[int | None]
    menu: Mapped[str | None] = mapped_column(String(24))
    unreachable_at: Mapped[datetime | None]
    unreachable_reason: Mapped[str | None] = mapped_column(String(200))
    suspended_at: Mapped[datetime | None]


class Seat(Base):
    """A role in a scope. It outlives its holder: people are transferred, the seat's work stays."""

    __tablename__ = "seats"
    __table_args__ = (
        Index("ix_seats_holder_id", "holder_id"),
        Index("ix_seats_edition_id_role", "edition_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    role: Mapped[Role]
    leads_mentors: Mapped[bool] = mapped_column(default=False)
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    invite_id: Mapped[int | None] = mapped_column(ForeignKey("invites.id"))
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    scopes: Mapped[list["Scope"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    holder: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def region_code(self) -> str | None:
        """The one region of a seat in a region; None for seats over several."""
        return self.scopes[0].region_code if len(self.scopes) == 1 else None


class Scope(Base):
    """One part of what a seat reaches. An empty column does not narrow; a seat without scopes reaches nothing."""

    __tablename__ = "scopes"
    __table_args__ = (Index("ix_scopes_seat_id", "seat_id"), Index("ix_scopes_region_code", "region_code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    region_code: Mapped[str | None] = mapped_column(String(5))
    pillar: Mapped[str | None] = mapped_column(String(32))
    province: Mapped[str | None] = mapped_column(String(64))


class Invite(Base):
    """A way in, bound to role and scope. Only the hash of its code is kept."""

    __tablename__ = "invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_start: Mapped[str] = mapped_column(String(4))
    role: Mapped[Role]
    region_code: Mapped[str | None] = mapped_column(String(5))
    pillar: Mapped[str | None] = mapped_column(String(32))
    province: Mapped[str | None] = mapped_column(String(64))
    item_key: Mapped[str | None] = mapped_column(String(48))
    expected_name: Mapped[str | None] = mapped_column(String(64))
    max_uses: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class JoinRequest(Base):
    """Somebody asks for a seat; a coordinator or the region's lead answers."""

    __tablename__ = "join_requests"
    __table_args__ = (
        Index(
            "uq_join_requests_pending",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_join_requests_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[Role]
    region_code: Mapped[str | None] = mapped_column(String(5))
    pillar: Mapped[str | None] = mapped_column(String(32))
    province: Mapped[str | None] = mapped_column(String(64))
    item_key: Mapped[str | None] = mapped_column(String(48))
    invite_id: Mapped[int | None] = mapped_column(ForeignKey("invites.id"))
    state: Mapped[RequestState] = mapped_column(default=RequestState.PENDING)
    reason: Mapped[str | None] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class InviteGuess(Base):
    """A wrong code, kept a day to slow guessing and to show attacks."""

    __tablename__ = "invite_guesses"
    __table_args__ = (
        Index("ix_invite_guesses_telegram_id_at", "telegram_id", "at"),
        Index("ix_invite_guesses_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[int]
    at: Mapped[datetime]


class Edition(Base):
    """A year of the programme. Its closing is fixed when it is opened."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    closing: Mapped[date]
    fingerprint: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
