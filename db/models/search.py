"""What can be found: an index made from content, articles and shared answers. It can be made anew at any time."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base


class SearchEntry(Base):
    """One thing that can be found. `terms` are its stems: the first `leading` of them stand in the title.

    Beside it, outside the models, stand a full-text table on SQLite and an index on PostgreSQL (`db.search`).
    """

    __tablename__ = "search_entries"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    staff_only: Mapped[bool] = mapped_column(default=False)
    pillar: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
    leading: Mapped[int]


class SearchSlip(Base):
    """A word of the index, under itself and under each form with one letter left out."""

    __tablename__ = "search_slips"

    slip: Mapped[str] = mapped_column(String(32), primary_key=True)
    word: Mapped[str] = mapped_column(String(32), primary_key=True)


class SearchBuild(Base):
    """What the index was made from. There is one row at most."""

    __tablename__ = "search_builds"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
