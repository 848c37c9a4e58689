"""`pandu backup FILE`: everything in one file, while Pandu runs or not."""

import argparse
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from bot.app import CannotStart
from bot.commandline.archive import Manifest, written
from bot.commandline.offline import existing, look
from bot.commandline.tokenless import settings_without_token
from bot.services import editions
from bot.settings import Settings
from db import schema, tables
from db.models import InboxUpdate

_SHA256 = re.compile(r"[0-9a-f]{64}")


def execute(options: argparse.Namespace) -> int:
    settings, path = settings_without_token(), Path(options.file)
    manifest = back_up(settings, path, datetime.now(UTC))
    size = path.stat().st_size / 1024 / 1024
    print(
        f"{path} ({size:.1f} MB) holds {told(manifest)}. It contains personal data: keep it safe and apart from here."
    )
    return 0


def told(manifest: Manifest) -> str:
    """What is in a backup, in words."""
    files = sum(part.startswith("evidence/") for part in manifest.parts)
    return (
        f"{manifest.rows.get('persons', 0)} people, {manifest.rows.get('items', 0)} items, "
        f"{files} evidence files, {sum(manifest.rows.values())} rows (edition {manifest.edition or 'none'}, "
        f"schema {manifest.schema_version}, {manifest.made_at:%Y-%m-%d %H:%M} UTC)"
    )


def back_up(settings: Settings, path: Path, now: datetime) -> Manifest:
    """Write all tables as they are at one moment, then the evidence. Raises `CannotStart` if there is nothing."""
    if path.exists():
        raise CannotStart(f"{path} exists already: name another file", 2)
    return look(existing(settings), lambda session: _write(session, settings, path, now))


def _write(session: Session, settings: Settings, path: Path, now: datetime) -> Manifest:
    connection = session.connection()
    _hold_still(connection)
    manifest = _manifest(session, now)
    with written(path, manifest) as archive:
        for table in tables.in_order():
            archive.add_table(table.name, tables.read(connection, table))
        # After the tables: whatever they speak of lies here already, and evidence is never changed.
        for copy in sorted((settings.data_dir / "evidence").glob("??/*")):
            if _SHA256.fullmatch(copy.name):
                archive.add_file(f"evidence/{copy.parent.name}/{copy.name}", copy)
    return manifest


def _hold_still(connection: Connection) -> None:
    """All tables are read at one moment. SQLite does so within any transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))


def _manifest(session: Session, now: datetime) -> Manifest:
    here = schema.present_in(session.connection())
    if here is None:
        raise CannotStart("the database has no tables of Pandu: nothing to back up", 2)
    edition = editions.present(session)
    return Manifest(
        pandu=version("pandu"),
        made_at=now,
        schema_version=here,
        edition=edition.key if edition else None,
        last_update_id=session.scalar(select(func.max(InboxUpdate.update_id))),
    )
