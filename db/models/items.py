"""The checklist as each region works on it, with evidence, submissions and the calendar."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base
from db.models.people import Person
from db.vocabulary import (
    EvidenceKind,
    EvidenceState,
    HolidayKind,
    ItemState,
    SubmissionKind,
    Verdict,
)


class Participant(Base):
    """A region that takes part in an edition."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("edition_id", "region_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    region_code: Mapped[str] = mapped_column(String(5))
    joined_at: Mapped[datetime]


class Cohort(Base):
    """Regions that go through an edition together, under a name that coordinators give ("Gelombang 2")."""

    __tablename__ = "cohorts"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(String(32))


class CohortRegion(Base):
    """A region of a cohort; it may be in several."""

    __tablename__ = "cohort_regions"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(5), primary_key=True)


class Item(Base):
    """One checklist item in one region. `version` grows with every change, so an old button is known as old."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("edition_id", "region_code", "key"),
        Index("ix_items_assignee_id", "assignee_id"),
        Index("ix_items_state_submitted_at", "state", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    region_code: Mapped[str] = mapped_column(String(5))
    key: Mapped[str] = mapped_column(String(48))
    state: Mapped[ItemState] = mapped_column(default=ItemState.UNTOUCHED)
    version: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("seats.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]

    # Whoever adds or removes evidence expires it.
    draft: Mapped[list["Evidence"]] = relationship(
        primaryjoin="and_(Evidence.item_id == Item.id, Evidence.removed_at.is_(None))",
        order_by="Evidence.id",
        viewonly=True,
    )


class Submission(Base):
    """What was put to the reviewer, frozen. Numbered from 1 within its item."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index(
            "ix_submissions_waiting",
            "submitted_at",
            sqlite_where=text("verdict = 'waiting'"),
            postgresql_where=text("verdict = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    number: Mapped[int]
    kind: Mapped[SubmissionKind]
    note: Mapped[str] = mapped_column(Text, default="")
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.WAITING)
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(lazy="raise")
    evidence: Mapped[list["Evidence"]] = relationship(lazy="raise", secondary="submission_evidence")
    submitted_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[submitted_by_id])
    decided_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])


class SubmissionEvidence(Base):
    """Which evidence a submission froze. Removing evidence later never changes an earlier submission."""

    __tablename__ = "submission_evidence"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


class Evidence(Base):
    """A file, link or text that proves an item. What is not removed is the item's present draft."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index("ix_evidence_item_id", "item_id"),
        Index("ix_evidence_sha256", "sha256"),
        UniqueConstraint("item_id", "message_key"),
        Index(
            "ix_evidence_checking",
            "next_try_at",
            sqlite_where=text("state = 'checking'"),
            postgresql_where=text("state = 'checking'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    kind: Mapped[EvidenceKind]
    state: Mapped[EvidenceState]
    message_key: Mapped[str] = mapped_column(String(64))
    album: Mapped[str | None] = mapped_column(String(64))
    file_id: Mapped[str | None] = mapped_column(String(300))
    file_unique_id: Mapped[str | None] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255), default="")
    mime: Mapped[str] = mapped_column(String(127), default="")
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text, default="")
    caption: Mapped[str] = mapped_column(Text, default="")
    dated: Mapped[date | None]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    uploaded_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(String(64))
    removed_at: Mapped[datetime | None]

    item: Mapped[Item] = relationship(lazy="raise")


class Holiday(Base):
    """An edition's own word on a day, over the decree: for all, or for one region."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("edition_id", "day", "region_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(128))
    kind: Mapped[HolidayKind]
    region_code: Mapped[str | None] = mapped_column(String(5))
