"""`pandu restore FILE`: put a backup back. What was still to be sent is held until a person says so."""

import argparse
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.app import CannotStart
from bot.commandline.archive import BrokenArchive, Reader, opened
from bot.commandline.backup import told
from bot.commandline.offline import alone, require_stopped, work_of
from bot.commandline.tokenless import settings_without_token
from bot.files import EvidenceStore
from bot.jobs.ticks import DUTIES, Duty
from bot.services import editions, readers, series
from bot.services.announcing import SENT
from bot.services.letters import post_letters
from bot.services.schedule import ZONE
from bot.services.visits import texts
from bot.services.work import Fault, Work
from bot.settings import Settings
from db import audit, outbox, schema, tables
from db.audit import OPERATOR
from db.engine import Database
from db.models import Announcement, InboxUpdate, Invite
from db.schema import SchemaState
from db.vocabulary import AnnouncementState, InboxState

CAUSE = "restore"


@dataclass(frozen=True, slots=True)
class Quieted:
    """What a restored database does not do by itself: messages held, invitations revoked, updates left aside."""

    held: int
    revoked: int
    left: int


def execute(options: argparse.Namespace) -> int:
    settings, path = settings_without_token(), Path(options.file)
    with opened(path) as reader:
        quieted = restore(settings, reader, datetime.now(UTC), force=options.force)
        print(f"Restored from {path}: {told(reader.manifest)}.")
    print(f"Held: {quieted.held} messages that were still to be sent; none of them leaves by itself.")
    print(f"Revoked: {quieted.revoked} open invitations; make new ones where they are still needed.")
    print(f"Left aside: {quieted.left} updates that waited when the backup was made; people can simply write again.")
    print("Next: `pandu check`, then `pandu run`. An administrator sends what is held with /lanjutkansemua;")
    print("coordinators look at each announcement under way, which is paused now, and go on with it in Telegram.")
    return 0


def restore(settings: Settings, reader: Reader, now: datetime, *, force: bool = False) -> Quieted:
    """Fill an empty place, or with `force` replace what is there, whole or not at all.

    Raises `CannotStart` for a place that is in use or was made by another release.
    """
    _require_same_release(reader)
    database = Database(settings.database_url)
    with alone(database):
        _keep_evidence(settings, reader)
        if database.path:
            return _into_file(database, database.path, settings, reader, now, force=force)
        require_stopped(database, now)
        return _into_server(database, settings, reader, now, force=force)


def _require_same_release(reader: Reader) -> None:
    if reader.manifest.schema_version != schema.needed():
        raise CannotStart(
            f"the backup is of another release (schema {reader.manifest.schema_version}, this one needs "
            f"{schema.needed()}): restore it with that release, then run `pandu migrate` with this one",
            4,
        )


def _keep_evidence(settings: Settings, reader: Reader) -> None:
    """Before the rows that speak of it. A copy that is here already is the same: its name is its content."""
    store = EvidenceStore(settings.data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for name, content in reader.files("evidence"):
        try:
            store.keep(content, name)
        except ValueError:
            raise BrokenArchive(f"evidence {name[:12]}… has another content than its name says") from None


def _into_file(
    database: Database, path: Path, settings: Settings, reader: Reader, now: datetime, *, force: bool
) -> Quieted:
    """A new file is filled beside the old one and then takes its place; the old one stays under another name."""
    if _has_content(database, path) and not force:
        raise CannotStart(_occupied(str(path)), 2)
    beside = path.with_name(path.name + ".restoring")
    _remove(beside)
    fresh = Database(f"sqlite+aiosqlite:///{beside}")
    try:
        with fresh.writer.begin() as connection:
            quieted = _fill(connection, settings, reader, now)
    finally:
        fresh.writer.dispose()
    database.writer.dispose()
    if path.exists():
        _move(path, path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}"))
    os.replace(beside, path)
    return quieted


def _has_content(database: Database, path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    try:
        return schema.state(database) is not SchemaState.EMPTY
    except DBAPIError:
        return True  # a damaged database may hold something as well


def _into_server(database: Database, settings: Settings, reader: Reader, now: datetime, *, force: bool) -> Quieted:
    with database.writer.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        if schema.present_in(connection) is not None:
            if not force:
                raise CannotStart(_occupied("PANDU_DATABASE_URL"), 2)
            tables.erase(connection)
        return _fill(connection, settings, reader, now)


def _occupied(place: str) -> str:
    return f"{place} holds a database already: name an empty place with PANDU_DATABASE_URL, or replace it with --force"


def _fill(connection: Connection, settings: Settings, reader: Reader, now: datetime) -> Quieted:
    schema.migrate_within(connection)
    for table in tables.in_order():
        count = tables.write(connection, table, reader.rows(table.name))
        if count != reader.manifest.rows.get(table.name, 0):
            raise BrokenArchive(f"table {table.name} has {count} rows, the manifest says otherwise")
    if connection.dialect.name == "postgresql":
        # What was filled at once is unknown to the planner for a minute, in which a morning takes five times as long.
        connection.execute(text("ANALYZE"))
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session, session.begin():
        return _quieten(session, settings, now)


def _quieten(session: Session, settings: Settings, now: datetime) -> Quieted:
    """The world has gone on since the backup: nothing of it happens a second time by itself."""
    _pause_announcements(session)
    series.after_restore(session, now.astimezone(ZONE).date())
    _say_what_is_due(session, settings, now)
    done = Quieted(outbox.hold_open(session), _revoke_open(session, now), _leave_waiting(session, now))
    after = {"held": done.held, "revoked": done.revoked, "left": done.left}
    audit.record(session, OPERATOR, "restore", "database", None, at=now, cause=CAUSE, after=after)
    return done


def _pause_announcements(session: Session) -> None:
    """Who was still to get one may have it since the backup: a coordinator looks before it goes on or is approved.
    Likewise whoever was to be reminded: by hand it can still be done."""
    session.execute(update(Announcement).where(Announcement.state.in_(SENT)).values(follow_days=0))
    going = (AnnouncementState.SCHEDULED, AnnouncementState.SENDING)
    session.execute(
        update(Announcement)
        .where(Announcement.state.in_((*going, AnnouncementState.APPROVAL)))
        .values(paused_why=readers.RESTORED, version=Announcement.version + 1)
    )
    session.execute(update(Announcement).where(Announcement.state.in_(going)).values(state=AnnouncementState.PAUSED))


def _say_what_is_due(session: Session, settings: Settings, now: datetime) -> None:
    """Reminders and letters whose time has come since the backup may have been sent: they are written now, to be held
    with all the others. A broken row is left to the clock: no backup is lost for it."""
    if editions.present(session) is None:
        return
    work = replace(work_of(session, settings, CAUSE), now=now)
    for duty in DUTIES:
        apart: set[str] = set()
        while not duty.at_any_clock and _goes_on(duty, replace(work, letters=[], apart=apart), apart):
            continue


def _goes_on(duty: Duty, work: Work, apart: set[str]) -> bool:
    """Do a duty once; whether there is more of it, or one row has spoilt it for the others."""
    try:
        with work.session.begin_nested():
            count = duty.deed(work)
            post_letters(work.session, work.letters, texts(), work.now)
    except Fault as fault:
        if fault.row in apart:
            return False
        apart.add(fault.row)
        return True
    return count >= duty.batch


def _revoke_open(session: Session, now: datetime) -> int:
    still_open = (Invite.revoked_at.is_(None), Invite.expires_at > now, Invite.uses < Invite.max_uses)
    found = session.scalars(select(Invite).where(*still_open)).all()
    for invite in found:
        invite.revoked_at = now
        audit.record(
            session, OPERATOR, "revoke", "invite", invite.id, at=now, cause=CAUSE, region_code=invite.region_code
        )
    return len(found)


def _leave_waiting(session: Session, now: datetime) -> int:
    """Updates that were answered after the backup would be answered twice."""
    left = session.execute(
        update(InboxUpdate).where(InboxUpdate.state == InboxState.NEW).values(state=InboxState.IGNORED, done_at=now)
    )
    return int(getattr(left, "rowcount", 0))


_PARTS: tuple[Callable[[Path], Path], ...] = (
    lambda path: path,
    lambda path: path.with_name(path.name + "-wal"),
    lambda path: path.with_name(path.name + "-shm"),
)


def _move(path: Path, to: Path) -> None:
    for part in _PARTS:
        with suppress(FileNotFoundError):
            os.replace(part(path), part(to))


def _remove(path: Path) -> None:
    for part in _PARTS:
        part(path).unlink(missing_ok=True)
