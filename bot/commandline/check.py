"""`pandu check`: everything that must be right, one line each, and what to do about each fault."""

import argparse
import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.commandline.faults import database_words
from bot.health import FREE_BYTES, SKEW_SECONDS
from bot.program.check import summary
from bot.program.faults import ContentError
from bot.services import editions, search_index
from bot.services.editions import EditionMismatch
from bot.settings import Settings, SettingsError, read_settings
from bot.transport import Accepted, Refused, Transport
from db import schema, search
from db.engine import Database
from db.models import Edition as EditionRow
from db.schema import SchemaState


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` stands there for faults only."""

    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"✗ {self.what}: {self.remedy}" if self.remedy else f"✓ {self.what}"


def execute(_options: argparse.Namespace) -> int:
    try:
        settings = read_settings()
    except SettingsError as error:
        print(f"✗ settings: {error}")
        return 1
    return asyncio.run(_say_all(settings))


async def _say_all(settings: Settings) -> int:
    code = 0
    async for finding in findings(settings):
        print(finding, flush=True)
        code = 1 if finding.remedy else code
    return code


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything in turn. Nothing is written but a test file in the data directory."""
    yield Finding(f"settings: {_mode(settings)}, evidence in {settings.data_dir}")
    yield _data_directory(settings)
    async for finding in _database_and_content(settings):
        yield finding
    transport = Transport(settings.api_url, settings.bot_token.get_secret_value())
    try:
        async for finding in _telegram(settings, transport):
            yield finding
    finally:
        await transport.close()


def _mode(settings: Settings) -> str:
    return f"webhook {settings.webhook_url}" if settings.webhook_url else "long polling"


def _data_directory(settings: Settings) -> Finding:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Finding(
            f"data directory {settings.data_dir}: {error.strerror}",
            "let Pandu's account write there, or set PANDU_DATA_DIR to another directory",
        )
    free = shutil.disk_usage(settings.data_dir).free
    if free < FREE_BYTES:
        return Finding(f"disk: {free // 1024**2} MB free", "make room: 500 MB are needed for evidence and backups")
    return Finding(f"data directory: writable, {free / 1024**3:.1f} GB free")


async def _database_and_content(settings: Settings) -> AsyncIterator[Finding]:
    database = Database(settings.database_url)
    row: EditionRow | None = None
    indexed = ""
    try:
        if database.path and not database.path.exists():
            yield Finding(f"database: none yet at {database.path}; `pandu run` makes it")
        else:
            version = await database.read(_integrity)
            yield Finding(f"database: {database.url.render_as_string(hide_password=True)}, sound")
            yield _schema(version)
            if schema.judged(version) is SchemaState.CURRENT:
                row = await database.read(editions.present)
                indexed = await database.read(search.built_from)
    except DBAPIError as error:
        yield Finding("database", database_words(error))
    except Damaged as damaged:
        yield Finding(f"database: damaged: {damaged}", "end Pandu and restore the latest backup: `pandu restore FILE`")
    finally:
        await database.close()
    for finding in _content(settings, row, indexed):
        yield finding


class Damaged(Exception):  # noqa: N818 (a finding)
    """What SQLite says of a damaged file."""


def _integrity(session: Session) -> str | None:
    """The version of the tables of a sound database. Raises `Damaged`, or the driver's error."""
    if session.get_bind().dialect.name == "sqlite":
        said = session.scalar(text("PRAGMA quick_check"))
        broken = session.execute(text("PRAGMA foreign_key_check")).first()
        if said != "ok" or broken:
            raise Damaged(str(said)[:200] if said != "ok" else "rows that point nowhere")
    return schema.present_in(session.connection())


def _schema(version: str | None) -> Finding:
    match schema.judged(version):
        case SchemaState.CURRENT:
            return Finding(f"schema: {version}")
        case SchemaState.EMPTY:
            return Finding("schema: no tables yet; `pandu run` makes them")
        case SchemaState.OLDER:
            return Finding(f"schema: {version}, this release needs {schema.needed()}", "run `pandu migrate`")
    return Finding(f"schema: {version} is of a later release", "start that release, or restore a backup")


def _content(settings: Settings, row: EditionRow | None, indexed: str) -> Iterator[Finding]:
    try:
        edition = editions.load_for(row, settings.edition, datetime.now(UTC).date())
    except ContentError as error:
        yield from (Finding("content", str(fault)) for fault in error.faults)
    except EditionMismatch as error:
        yield Finding("content", str(error))
    except OSError as error:
        yield Finding("content", f"PANDU_EDITION: {error.filename}: {error.strerror}")
    else:
        yield Finding(f"content: {summary(edition)}")
        if indexed == search_index.fingerprint(edition):
            yield Finding("search: everything of this content is found")
        else:
            yield Finding("search: not of this content yet; `pandu run` indexes it anew")


async def _telegram(settings: Settings, transport: Transport) -> AsyncIterator[Finding]:
    match await transport.call("getMe"):
        case Accepted(result={"username": str(username)}):
            yield Finding(f"token: of @{username}")
        case Refused(code=401 | 404):
            yield Finding("token: Telegram does not know it", "copy it again from BotFather into PANDU_BOT_TOKEN")
            return
        case Refused(code=code):
            yield Finding(f"Telegram: refuses with {code}", "try again in a minute")
            return
        case failed:
            why = getattr(failed, "why", "an unreadable answer")
            yield Finding(
                f"Telegram: not reached ({why})", f"look at the network and at PANDU_API_URL ({settings.api_url})"
            )
            return
    yield _webhook(settings, await transport.call("getWebhookInfo"))
    yield _skew(transport)


def _webhook(settings: Settings, answer: object) -> Finding:
    if not isinstance(answer, Accepted) or not isinstance(answer.result, Mapping):
        return Finding("webhook: its state is unknown", "try again in a minute")
    info: Mapping[str, Any] = answer.result
    there, ours = str(info.get("url", "")), str(settings.webhook_url or "")
    waiting = f"{info.get('pending_update_count', 0)} updates wait"
    if there == ours and info.get("last_error_message"):
        return Finding(
            f"webhook: Telegram could not deliver: {info['last_error_message']}", "look at proxy, TLS and port"
        )
    if there == ours:
        return Finding(f"webhook: as set ({waiting})" if ours else f"webhook: none, as polling wants it ({waiting})")
    if not ours:
        return Finding(f"webhook: one is set, but Pandu polls ({waiting}); `pandu run` removes it")
    return Finding(f"webhook: not yet the one of PANDU_WEBHOOK_URL ({waiting}); `pandu run` sets it")


def _skew(transport: Transport) -> Finding:
    if transport.skew is None:
        return Finding("clock: Telegram's answer told no time")
    seconds = transport.skew.total_seconds()
    if abs(seconds) > SKEW_SECONDS:
        return Finding(
            f"clock: {seconds:+.0f} s away from Telegram's", "set this machine's clock (NTP): reminders wait"
        )
    return Finding(f"clock: within {abs(seconds):.0f} s of Telegram's")
