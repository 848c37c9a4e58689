"""What all models share."""

import enum
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Date, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase

from db.types import Document, Id, LaneNumber, UtcDateTime
from db.vocabulary import Lane

# Alembic can only alter a constraint whose name it knows.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A word of the vocabulary is stored as its value, without a CHECK: adding one is then no migration.
_WORD = Enum(
    enum.Enum,
    native_enum=False,
    create_constraint=False,
    length=16,
    values_callable=lambda words: [word.value for word in words],
)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Id,
        datetime: UtcDateTime,
        date: Date,
        enum.Enum: _WORD,
        Lane: LaneNumber,
        dict[str, Any]: Document,
        list[Any]: Document,
    }
