"""Deadlines that were moved, and who was reminded of what."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base
from db.models.people import Person
from db.vocabulary import EvidenceState, ExtensionState, HolidayKind, ReminderState, Rhythm

_GRANTED = text("state = 'granted'")
_CHECKING = text("state = 'checking'")


class Extension(Base):
    """Another last day for a stage or an item: of one person, of one region, or (neither) of all.

    `subject` is the key of the stage or item. `proposed_day` is what was asked for, `day` what is granted; `answer`
    is the coordinator's word on it, `former_day` the last day that was in force before. A change for all is PROPOSED
    until a second person, `approved_by`, agrees. `revoked_by` took it back for `revoke_reason`: one for all counts
    until a second person has agreed to that too, which is `revoked_at`. The asker may take back what was not decided
    yet.
    """

    __tablename__ = "extensions"
    __table_args__ = (
        Index("ix_extensions_granted", "edition_id", sqlite_where=_GRANTED, postgresql_where=_GRANTED),
        Index("ix_extensions_edition_id", "edition_id", "state", "id"),
        Index("ix_extensions_region_code", "region_code", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    subject: Mapped[str] = mapped_column(String(48))
    region_code: Mapped[str | None] = mapped_column(String(5))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[ExtensionState]
    version: Mapped[int] = mapped_column(default=0)
    former_day: Mapped[date | None]
    proposed_day: Mapped[date]
    day: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    revoke_reason: Mapped[str] = mapped_column(Text, default="")
    revoked_at: Mapped[datetime | None]

    asked_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    approved_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[approved_by_id])
    revoked_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[revoked_by_id])


class TimeSettings(Base):
    """What coordinators have changed of the edition's reminders and quiet hours: only the changed values, as the
    content writes them (`{"at": "10.00", "offsets": [-7, -1]}`)."""

    __tablename__ = "time_settings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    changed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)


class RegionPause(Base):
    """No reminders about a region from one day to another, both included: a disaster, an election."""

    __tablename__ = "region_pauses"
    __table_args__ = (Index("ix_region_pauses_edition_id", "edition_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    region_code: Mapped[str] = mapped_column(String(5))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class DecreeList(Base):
    """A list of days off that came as a file; it waits in its row until it was fetched and read.

    `kind` and `place`, the code of a region or a province, are what its sender had chosen. `lines` is its text, a row
    a line; `refusal` says why there is none. Two weeks after it was `received_at` it is forgotten.
    """

    __tablename__ = "decree_lists"
    __table_args__ = (
        Index("ix_decree_lists_checking", "next_try_at", sqlite_where=_CHECKING, postgresql_where=_CHECKING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    kind: Mapped[HolidayKind]
    place: Mapped[str | None] = mapped_column(String(5))
    state: Mapped[EvidenceState] = mapped_column(default=EvidenceState.CHECKING)
    file_id: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(255), default="")
    mime: Mapped[str] = mapped_column(String(127), default="")
    size: Mapped[int | None]
    lines: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(String(64))


class DigestClock(Base):
    """When a person's reminders are looked at next, and what they chose. Everybody with a seat has one.

    `region_code` only keeps people of one region together. `hour` is None where the edition's is kept. `last_day` is
    the day, where the person is, of the last digest, `extra` whether a second notice followed on that day.
    """

    __tablename__ = "digest_clocks"
    __table_args__ = (Index("ix_digest_clocks_next_at", "next_at", "region_code", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(String(5), default="")
    next_at: Mapped[datetime]
    hour: Mapped[time | None] = mapped_column(Time)
    rhythm: Mapped[Rhythm] = mapped_column(default=Rhythm.ALL)
    last_day: Mapped[date | None]
    extra: Mapped[bool] = mapped_column(default=False)


class Reminder(Base):
    """A person was reminded of a subject on an occasion, or it was passed over: once for each deadline it ever had.

    `subject` is `item:12` or `closing`; `occasion` an offset (`-7`), a step of the ladder (`lead+1`), or a snooze.
    `digest` is the key of the message in the outbox.
    """

    __tablename__ = "reminders"
    __table_args__ = (Index("ix_reminders_subject", "subject", "at"),)

    # Without a foreign key, which PostgreSQL would look up for each of half a million rows of a morning: whoever is
    # reminded has a `DigestClock`, and that has one.
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    occasion: Mapped[str] = mapped_column(String(24), primary_key=True)
    due_day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[ReminderState]
    at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(48), default="")


class Snooze(Base):
    """A person wants to hear of an item again on a day, and not before."""

    __tablename__ = "snoozes"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)
    until: Mapped[date]


class Snapshot(Base):
    """How a region stood at the closing; written once and never changed.

    `states` has the state of each item by its key. `due` counts the mandatory items that were due by then, `on_time`
    those of them that were accepted and came before their deadline.
    """

    __tablename__ = "snapshots"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True, autoincrement=False)
    region_code: Mapped[str] = mapped_column(String(5), primary_key=True)
    accepted: Mapped[int]
    mandatory: Mapped[int]
    on_time: Mapped[int]
    due: Mapped[int]
    states: Mapped[dict[str, Any]]
    taken_at: Mapped[datetime]

    @property
    def completeness(self) -> int:
        """In whole percent, rounded down."""
        return 100 * self.accepted // self.mandatory if self.mandatory else 0

    @property
    def punctuality(self) -> int | None:
        return 100 * self.on_time // self.due if self.due else None
