"""When people come together: bimtek, visits of mentors, meetings, presentations, the closing event."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base
from db.vocabulary import MeetingKind

_UNTOLD = text("tell_at IS NOT NULL")


class Meeting(Base):
    """Something that takes place for one region, or without a region for all of them.

    A bimtek names its stage in `milestone_key`. An empty `title` is the usual name of its kind; `mentor_id` is who goes
    there. `version` grows with every change. `told` holds what those concerned were told last, empty before the first
    time; at `tell_at` they hear what has changed since, None where they know it all. `check_in_code` is there from when
    its check-in was opened.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("check_in_code"),
        Index("ix_meetings_edition_id", "edition_id", "starts_at"),
        Index("ix_meetings_region_code", "region_code", "starts_at"),
        Index("ix_meetings_untold", "tell_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    kind: Mapped[MeetingKind]
    milestone_key: Mapped[str | None] = mapped_column(String(48))
    title: Mapped[str] = mapped_column(String(128), default="")
    region_code: Mapped[str | None] = mapped_column(String(5))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    version: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str] = mapped_column(Text, default="")
    tell_at: Mapped[datetime | None]
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    check_in_code: Mapped[str | None] = mapped_column(String(6))


class MeetingAnswer(Base):
    """Whether somebody comes. A meeting that is moved is asked about anew."""

    __tablename__ = "meeting_answers"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    comes: Mapped[bool]
    at: Mapped[datetime]
