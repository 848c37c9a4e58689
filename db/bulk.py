"""Many rows at once, on both databases."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def add_missing(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns, in their order; one whose key is known already is passed over."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(_ignoring(table), list(rows))
        return
    names = tuple(rows[0])
    connection.execute(_of_arrays(table, names), {name: [row[name] for row in rows] for name in names})


@lru_cache(maxsize=64)
def _ignoring(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing()


@lru_cache(maxsize=64)
def _of_arrays(table: Table, names: tuple[str, ...]) -> Insert:
    """One statement with an array a column, which spares PostgreSQL a round for each row."""
    columns = [bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names]
    given = func.unnest(*columns).table_valued(*names, with_ordinality="place").render_derived()
    picked = select(*(given.c[name] for name in names)).order_by(given.c.place)
    return postgresql.insert(table).from_select(list(names), picked).on_conflict_do_nothing()
