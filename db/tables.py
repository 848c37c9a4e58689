"""All tables at once: read out as plain JSON values, written back, erased. The same on both databases."""

import base64
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, Enum, LargeBinary, Table, func, insert, select, text
from sqlalchemy.types import TypeEngine

from db import search
from db.models import Base
from db.types import LaneNumber, UtcDateTime
from db.vocabulary import Lane

Row = Mapping[str, Any]

# Who holds a duty says nothing about another place or time; what can be found is indexed anew at the next start.
PASSING = frozenset({"leases", "search_builds", "search_entries", "search_slips"})
GROUP = 500


def in_order() -> list[Table]:
    """Every table worth keeping, those that others point to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in PASSING]


def read(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows of a table as JSON has them, in the order of the key."""
    key = list(table.primary_key.columns)
    for row in connection.execute(select(table).order_by(*key).execution_options(yield_per=GROUP)).mappings():
        yield {name: _plain(value) for name, value in row.items()}


def write(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Put rows that `read` gave into an empty table. Returns how many."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    count, waiting = 0, iter(rows)
    while group := [_typed(row, readers) for row in islice(waiting, GROUP)]:
        connection.execute(insert(table), group)
        count += len(group)
    _continue_numbers(connection, table)
    return count


def _plain(value: Any) -> Any:
    match value:
        case enum.Enum():
            return value.value
        case bytes():
            return base64.b64encode(value).decode()
        case date():
            return value.isoformat()
    return value


def _typed(row: Row, readers: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: None if value is None else readers[name](value) for name, value in row.items()}


def _reader(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """How a JSON value becomes the column's own again."""
    match kind:
        case UtcDateTime():
            return datetime.fromisoformat
        case Date():
            return date.fromisoformat
        case LargeBinary():
            return base64.b64decode
        case LaneNumber():
            return Lane
        case Enum(enum_class=words) if words is not None:
            return words
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL counts ids beside the table: go on after the highest one written."""
    if connection.dialect.name != "postgresql" or "id" not in table.primary_key.columns:
        return
    highest = connection.scalar(select(func.max(table.c.id)))
    if highest is not None:
        order = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
        connection.execute(order, {"name": table.name, "highest": highest})


def erase(connection: Connection) -> None:
    """Drop everything this release's migrations make; other things in the database stay."""
    search.erase(connection)
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_audit_change()"))
