"""`pandu migrate`: bring the tables to this release's version, after a copy of what is there."""

import argparse
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.app import CannotStart
from bot.commandline.offline import alone
from bot.commandline.tokenless import settings_without_token
from db import schema
from db.engine import Database
from db.schema import SchemaState


def execute(_options: argparse.Namespace) -> int:
    database = Database(settings_without_token().database_url)
    with alone(database):
        print(migrate(database, datetime.now(UTC)))
    return 0


def migrate(database: Database, now: datetime) -> str:
    """Do it and say what was done. Raises `CannotStart` for tables of a later release."""
    match schema.state(database):
        case SchemaState.CURRENT:
            return f"The tables are of this release already (schema {schema.needed()}); nothing was changed."
        case SchemaState.NEWER:
            raise CannotStart("the database is of a later release: start that release, or restore a backup", 4)
        case SchemaState.EMPTY:
            return f"The tables were made (schema {schema.migrate(database)})."
    before, copy = schema.present(database), _copy(database, now)
    schema.migrate(database)
    kept = f"The state before is kept in {copy}." if copy else "A backup of before is yours to keep: `pandu backup`."
    return f"The tables were brought from schema {before} to {schema.needed()}. {kept}"


def _copy(database: Database, now: datetime) -> Path | None:
    """A whole copy beside the SQLite file; PostgreSQL undoes a failed migration by itself."""
    if database.path is None:
        return None
    copy = database.path.with_name(f"{database.path.name}.before-{schema.needed()}-{now:%Y%m%dT%H%M%S}")
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return copy
