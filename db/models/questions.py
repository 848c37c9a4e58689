"""Questions to the mentors, their threads, canned answers, articles and absences."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base
from db.models.people import Person
from db.vocabulary import ArticleState, Closing, EvidenceKind, PostKind, QuestionState

_OPEN = text("state IN ('new', 'taken', 'waiting')")


class Question(Base):
    """A question with its place in the queue. `number` counts within the edition: T-0042.

    The clock runs in the mentor's working time: `answer_due_at` and `solution_due_at` move when it stood still
    (`paused_at`). `version` grows with every change, so an old button is known as old. `draft` has the parts of an
    answer that somebody began, as JSON.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        UniqueConstraint("unique_key"),
        Index("ix_questions_open", "state", "waiting_since", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_questions_mentor_id", "mentor_id", "state"),
        Index("ix_questions_asker_id", "asker_id", "id"),
        Index("ix_questions_routed_to_id", "routed_to_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    number: Mapped[int]
    unique_key: Mapped[str] = mapped_column(String(64))
    asker_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    region_code: Mapped[str] = mapped_column(String(5))
    pillar: Mapped[str | None] = mapped_column(String(32))
    item_key: Mapped[str | None] = mapped_column(String(48))
    about: Mapped[str | None] = mapped_column(String(64))
    shared: Mapped[bool] = mapped_column(default=False)
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.NEW)
    version: Mapped[int] = mapped_column(default=0)
    routed_to_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    referred_to: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    active_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime]
    solution_due_at: Mapped[datetime]
    first_answer_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closing: Mapped[Closing | None]
    reopened: Mapped[int] = mapped_column(default=0)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    rating: Mapped[int | None]
    rating_word: Mapped[str] = mapped_column(Text, default="")
    draft: Mapped[str] = mapped_column(Text, default="")

    mentor: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[mentor_id])
    posts: Mapped[list["Post"]] = relationship(lazy="raise", order_by="Post.id")


class Post(Base):
    """One part of a thread, as its author wrote it, perhaps in several messages: `parts` has each with its key.

    A correction or an edited message keeps the wording of before in `earlier`.
    """

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_question_id", "question_id", "id"),
        Index("ix_posts_author_id", "author_id", "at"),
        UniqueConstraint("question_id", "message_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    kind: Mapped[PostKind]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    message_key: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text, default="")
    parts: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]
    earlier: Mapped[list[Any]] = mapped_column(default=list)

    author: Mapped[Person | None] = relationship(lazy="raise")
    files: Mapped[list["PostFile"]] = relationship(lazy="raise", order_by="PostFile.id")


class PostFile(Base):
    """A file of a post, by Telegram's number. `voice` and other kinds keep their own word in `method`."""

    __tablename__ = "post_files"
    __table_args__ = (Index("ix_post_files_post_id", "post_id"), UniqueConstraint("post_id", "unique_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    kind: Mapped[EvidenceKind]
    file_id: Mapped[str] = mapped_column(String(300))
    unique_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(255), default="")
    size: Mapped[int | None]


class CannedAnswer(Base):
    """A ready answer with {variables}. Without an owner it is shared by all mentors."""

    __tablename__ = "canned_answers"
    __table_args__ = (Index("ix_canned_answers_owner_id", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    pillar: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(default=list)
    uses: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Article(Base):
    """A frequent question with its answer: written by mentors, or taken from a question's answer."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("edition_id", "key"), Index("ix_articles_state", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    key: Mapped[str] = mapped_column(String(48))
    category: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[ArticleState] = mapped_column(default=ArticleState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    review_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ArticleVote(Base):
    """ "Membantu?": one word of one person on one article or answer; the last one counts."""

    __tablename__ = "article_votes"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    helpful: Mapped[bool]
    at: Mapped[datetime]


class Search(Base):
    """A search as it was typed, with how many results it had: none means something is missing."""

    __tablename__ = "searches"
    __table_args__ = (Index("ix_searches_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    words: Mapped[str] = mapped_column(String(200))
    results: Mapped[int]
    answered: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]


class Absence(Base):
    """A mentor away from one day to another, both included, with who stands in."""

    __tablename__ = "absences"
    __table_args__ = (Index("ix_absences_person_id", "person_id", "last_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Escalation(Base):
    """Somebody was told that something is late: once for each step, whatever is late."""

    __tablename__ = "escalations"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "round", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    round: Mapped[int]
    step: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class Target(Base):
    """How many working days something may take in an edition, where a coordinator has changed it."""

    __tablename__ = "targets"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    days: Mapped[int]
