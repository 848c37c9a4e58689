"""Many rows at once, on both databases.

SQLAlchemy looks at every value of every row for itself, which takes longer than writing it. Here the types of the
columns are asked once, and the rows go to the driver as they are: as tuples to SQLite, as one JSON to PostgreSQL, which
is spared a round for each row and an array for each column.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Dialect,
    Insert,
    Integer,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

_Stored = Callable[[Mapping[str, Any]], tuple[Any, ...]]
# Where a row stands among those that are given together.
_PLACE = "place"


def add_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, in their order; one whose key is known already is passed over. All have the same columns, among them
    every one that must have a value. Raises `ValueError` for one that the table has not."""
    if not rows:
        return
    connection = session.connection()
    names = tuple(sorted(rows[0], key=table.c.keys().index))
    if connection.dialect.name == "sqlite":
        stored = _stored(table, names, connection.dialect)
        connection.exec_driver_sql(_of_tuples(table, names), [stored(row) for row in rows])
    else:
        connection.execute(_of_json(table, names), {"rows": _as_json(table, names, connection.dialect, rows)})


def change(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give rows, known by their primary keys, new values. All name the same columns, the key among them; one whose key
    is not known is passed over. Raises `ValueError` for a column that the table has not."""
    if not rows:
        return
    names = tuple(sorted(rows[0], key=table.c.keys().index))
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        keys = _keys(table)
        places = (*(name for name in names if name not in keys), *keys)
        stored = _stored(table, places, connection.dialect)
        connection.exec_driver_sql(_change_of_tuples(table, places), [stored(row) for row in rows])
    else:
        connection.execute(_change_of_json(table, names), {"rows": _as_json(table, names, connection.dialect, rows)})


def among(which: ColumnElement[int] | InstrumentedAttribute[int], numbers: Collection[int]) -> ColumnElement[bool]:
    """Whether it is one of these whole numbers, however many: they are written into the statement, since a parameter
    for each costs more than the rows that are found."""
    return which.in_(bindparam(None, list(numbers), type_=Integer, expanding=True, literal_execute=True))


def _keys(table: Table) -> tuple[str, ...]:
    return tuple(one.name for one in table.primary_key)


def _as_json(table: Table, names: tuple[str, ...], dialect: Dialect, rows: Sequence[Mapping[str, Any]]) -> str:
    stored = _stored(table, names, dialect)
    given = [dict(zip(names, stored(row), strict=True)) | {_PLACE: place} for place, row in enumerate(rows)]
    return json.dumps(given, default=_written)


@lru_cache(maxsize=64)
def _stored(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Stored:
    """How a row's values are handed to the driver, in the order of the names."""
    ways = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
    return lambda row: tuple([row[name] if way is None else way(row[name]) for name, way in ways])


@lru_cache(maxsize=1024)
def _written(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no column of these tables holds {value!r}")


@lru_cache(maxsize=64)
def _of_tuples(table: Table, names: tuple[str, ...]) -> str:
    values: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in names}
    return str(sqlite.insert(table).values(values).on_conflict_do_nothing().compile(dialect=sqlite.dialect()))


@lru_cache(maxsize=64)
def _change_of_tuples(table: Table, places: tuple[str, ...]) -> str:
    keys = _keys(table)
    known = [table.c[name] == bindparam(f"key_{name}") for name in keys]
    values: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in places if name not in keys}
    return str(update(table).where(*known).values(values).compile(dialect=sqlite.dialect()))


@lru_cache(maxsize=64)
def _of_json(table: Table, names: tuple[str, ...]) -> Insert:
    given = _given(table, names)
    picked = select(*(given.c[name] for name in names)).order_by(given.c[_PLACE])
    return postgresql.insert(table).from_select(list(names), picked).on_conflict_do_nothing()


@lru_cache(maxsize=64)
def _change_of_json(table: Table, names: tuple[str, ...]) -> Update:
    keys, given = _keys(table), _given(table, names)
    known = [table.c[name] == given.c[name] for name in keys]
    return update(table).where(*known).values({name: given.c[name] for name in names if name not in keys})


def _given(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    """The rows of the JSON in `rows`, each with its place."""
    columns = [column(name, table.c[name].type) for name in names]
    rows = cast(bindparam("rows", type_=Text), postgresql.JSON)
    told = func.json_to_recordset(rows).table_valued(*columns, column(_PLACE, Integer))
    return told.render_derived(with_types=True)
