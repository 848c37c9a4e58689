"""Databases that tests stand on: copies of a migrated one, and the common ones in which no test leaves anything."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from db import schema
from db.engine import Database

TEMPLATE = "template_pandu"
_numbers = itertools.count(1)


def migrate(url: str) -> None:
    database = Database(url)
    try:
        schema.migrate(database)
    finally:
        database.writer.dispose()


def copied(template: Path, directory: Path) -> str:
    """The address of a copy of this SQLite file in the directory: quicker than migrating anew for each test."""
    path = directory / "pandu.db"
    shutil.copy(template, path)
    return f"sqlite+aiosqlite:///{path}"


@contextmanager
def made(server: str) -> Iterator[str]:
    """The address of a copy of the migrated PostgreSQL database on this server, dropped at the end."""
    name = f"pandu_{next(_numbers)}"
    uri = server.replace("+psycopg", "", 1)
    order(uri, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield named(server, name)
    order(uri, f"DROP DATABASE {name} WITH (FORCE)")


def order(uri: str, statement: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(statement.encode())


def named(address: str, name: str) -> str:
    head, _, query = address.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@contextmanager
def common(url: str, *sows: Callable[[Session], object]) -> Iterator[Engine]:
    """The database of every test of one transaction, with what is sown before the first: each statement is compiled
    once, and none may commit."""
    database = Database(url)
    for sow in sows:
        database.write_now(sow)
    event.listen(database.writer, "commit", _refuse)
    yield database.writer
    database.writer.dispose()


def _refuse(_connection: Connection) -> None:
    raise AssertionError("what commits asks for `database`: this one belongs to every test")
