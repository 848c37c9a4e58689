"""What coordinators announce, to whom, and what became of it for each of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base
from db.models.people import Person
from db.vocabulary import AnnouncementState, Confirmation, ReaderState

_GOING = text("state IN ('scheduled', 'sending', 'paused')")
_PLANNED = text("state IN ('planned', 'queued')")
_FOLLOWED = text("followed = 'queued'")


class Series(Base):
    """An announcement that repeats. Each occurrence is an announcement of its own, a copy of the one before.

    `repeats` says on which days; `hour` is the clock of WIB ("09:00"), or with `by_local_time` everybody's own.
    `valid_minutes` is how long an occurrence is valid. `approved` is the greatest number of readers that a second
    person let go, 0 before. `done_until` is the last day whose occurrence has been taken care of. `next_at` is when
    the clock looks at it again: none where it waits for a second person or has ended.
    """

    __tablename__ = "announcement_series"
    __table_args__ = (Index("ix_announcement_series_next_at", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    repeats: Mapped[dict[str, Any]]
    hour: Mapped[str] = mapped_column(String(5))
    by_local_time: Mapped[bool]
    valid_minutes: Mapped[int | None]
    approved: Mapped[int] = mapped_column(default=0)
    done_until: Mapped[date]
    next_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class Announcement(Base):
    """An announcement from its draft to its archive. `number` counts within the edition, given when it is confirmed.

    `text` is Telegram's HTML as typed; `files` and `links` are lists of documents; `audience` is the rule, frozen
    into readers when confirmed. `parts` is how many messages it takes for one reader. `version` grows with every
    change, so an old button is known as old. `local_at` is set where each reader gets it when their own clock shows
    what the clock of WIB shows then; `starts_at` is the first of these moments once confirmed. `streak` counts
    readers in a row of whom nobody knows what they got. `earlier` has the wordings before each correction; `asked_at`
    is when one asked for every word anew; `level` is the correction that every copy has by now. A recall counts as a
    correction: each copy becomes the word that it was recalled. `repeats` is on which days a draft is to come; one that
    repeats is the `occurrence` of a day in a series. `follow_days` is after how many working days whoever has not
    confirmed is reminded, 0 for never. An invitation has `event_at`, `event_until` and `event_place`, and
    `check_in_code` from when its check-in was opened.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        UniqueConstraint("check_in_code"),
        UniqueConstraint("series_id", "occurrence"),
        Index("ix_announcements_going", "state", "starts_at", sqlite_where=_GOING, postgresql_where=_GOING),
        Index("ix_announcements_edition_id", "edition_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    state: Mapped[AnnouncementState] = mapped_column(default=AnnouncementState.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    number: Mapped[int | None]
    reference: Mapped[str] = mapped_column(String(64), default="")
    dated: Mapped[date | None]
    subject: Mapped[str] = mapped_column(String(128), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[list[Any]] = mapped_column(default=list)
    links: Mapped[list[Any]] = mapped_column(default=list)
    confirmation: Mapped[Confirmation] = mapped_column(default=Confirmation.READ)
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)
    valid_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    starts_at: Mapped[datetime | None]
    local_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    confirmed_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    parts: Mapped[int] = mapped_column(default=1)
    paused_why: Mapped[str] = mapped_column(String(200), default="")
    streak: Mapped[int] = mapped_column(default=0)
    corrections: Mapped[int] = mapped_column(default=0)
    corrected_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    earlier: Mapped[list[Any]] = mapped_column(default=list)
    level: Mapped[int] = mapped_column(default=0)
    recalled_at: Mapped[datetime | None]
    recalled_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    recall_reason: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]
    repeats: Mapped[dict[str, Any]] = mapped_column(default=dict)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("announcement_series.id"))
    occurrence: Mapped[date | None]
    follow_days: Mapped[int] = mapped_column(default=0)
    event_at: Mapped[datetime | None]
    event_until: Mapped[datetime | None]
    event_place: Mapped[str] = mapped_column(String(100), default="")
    check_in_code: Mapped[str | None] = mapped_column(String(6))

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])


class Reader(Base):
    """One person of an announcement's audience: frozen when it was confirmed, settled from what the outbox says.

    `due_at` is the moment before which it does not leave; none: with the first. `tries` numbers the times it was put
    into the outbox; a second time needs a person's word. `wording` is the correction that the reader's copy has, or
    will have once it is edited. `message_ids` are the messages that Telegram made of it, the one with the words last,
    0 where that is not known. `recalled` tells whether they could be taken back. `followed` is what became of the one
    reminder, None before it was written; `followed_at` when it was written, and once it is settled, when it left.
    """

    __tablename__ = "announcement_readers"
    __table_args__ = (
        Index("ix_announcement_readers_person_id", "person_id", "announcement_id"),
        Index("ix_announcement_readers_state", "announcement_id", "state"),
        Index(
            "ix_announcement_readers_open",
            "announcement_id",
            "person_id",
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index(
            "ix_announcement_readers_followed",
            "announcement_id",
            sqlite_where=_FOLLOWED,
            postgresql_where=_FOLLOWED,
        ),
    )

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    region_code: Mapped[str | None] = mapped_column(String(5))
    state: Mapped[ReaderState] = mapped_column(default=ReaderState.PLANNED)
    why: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    wording: Mapped[int] = mapped_column(default=0)
    message_ids: Mapped[list[Any]] = mapped_column(default=list)
    recalled: Mapped[bool | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    attends: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    followed: Mapped[ReaderState | None]
    followed_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class CheckIn(Base):
    """Somebody who was there, invited or not: at the session of an announcement, or at a meeting; never both.

    `at` is Telegram's time of the message that said so.
    """

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("announcement_id", "person_id"), UniqueConstraint("meeting_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int | None] = mapped_column(ForeignKey("announcements.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    region_code: Mapped[str | None] = mapped_column(String(5))
    at: Mapped[datetime]


class SavedAudience(Base):
    """An audience kept under a name, for every coordinator of the edition."""

    __tablename__ = "audiences"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    name: Mapped[str] = mapped_column(String(64))
    rule: Mapped[dict[str, Any]]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    created_at: Mapped[datetime]


class Switch(Base):
    """Something that a person has turned on for the whole installation, like the emergency stop; off: no row."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    since: Mapped[datetime]
