"""The version of the tables: which one is here, which one this release needs, and the way there."""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db import search
from db.engine import Database
from db.models import Base

_MIGRATION_LOCK = 7_268_213


class SchemaState(StrEnum):
    CURRENT = "current"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, bound to an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def needed() -> str:
    """The version this release works with."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    if head is None:
        raise RuntimeError("the migrations are missing from this installation")
    return head


def present(database: Database) -> str | None:
    """The version of the tables in this database; None where there are none."""
    with database.writer.connect() as connection:
        return present_in(connection)


def present_in(connection: Connection) -> str | None:
    """The same on an open connection."""
    return MigrationContext.configure(connection).get_current_revision()


def state(database: Database) -> SchemaState:
    """Whether this release may start on these tables."""
    return judged(present(database))


def judged(here: str | None) -> SchemaState:
    """What this release thinks of tables of this version."""
    if here is None:
        return SchemaState.EMPTY
    if here == needed():
        return SchemaState.CURRENT
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    return SchemaState.OLDER if here in known else SchemaState.NEWER


def migrate(database: Database) -> str:
    """Bring the tables to this release's version, all or nothing. Returns that version.

    Two processes may call it at once: the second waits and finds the work done.
    """
    with database.writer.begin() as connection:
        migrate_within(connection)
    return needed()


def migrate_within(connection: Connection) -> None:
    """The same within a transaction that is open already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    command.upgrade(config(connection), "head")
    if connection.dialect.name == "sqlite":
        _require_sound(connection)


def _require_sound(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if broken or sound != "ok":
        raise RuntimeError(f"the migration was undone: it would leave broken rows ({sound}, {len(broken)} links)")


def differences(database: Database) -> list[object]:
    """Where the tables differ from the models; empty when the migrations are complete."""
    with database.writer.connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_where: not search.is_outside_models(name)}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Base.metadata))
