"""Fresh databases by the handful, for tests that need more than one."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

_numbers = itertools.count(1)


@contextmanager
def copy_of(template: str, directory: Path) -> Iterator[str]:
    """The address of a copy of this database, which nobody may be using, for as long as it is needed."""
    url = make_url(template)
    if url.get_backend_name() == "sqlite":
        assert url.database
        shutil.copy(url.database, directory / "pandu.db")
        yield f"sqlite+aiosqlite:///{directory / 'pandu.db'}"
        return
    name = f"{url.database}_copy_{next(_numbers)}"
    server = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    _order(server, f"CREATE DATABASE {name} TEMPLATE {url.database} STRATEGY FILE_COPY")
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        _order(server, f"DROP DATABASE {name} WITH (FORCE)")


def _order(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
