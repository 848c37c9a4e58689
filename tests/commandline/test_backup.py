"""A backup holds everything, and comes back as it was on either database; what waited then does nothing by itself."""

import asyncio
import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from bot.commandline.archive import BrokenArchive, opened
from bot.files import EvidenceStore
from bot.services import invites
from bot.services.seats import Grantable
from db import leases, outbox, tables
from db.audit import OPERATOR
from db.engine import Database
from db.models import AuditEntry, DigestClock, Evidence, InboxUpdate, Invite, OutboxMessage, Paper, Person
from db.outbox import Outgoing
from db.vocabulary import EvidenceKind, EvidenceState, InboxState, ItemState, OutboxState, Role
from tests import stage
from tests.commandline.console import Console, Said

CONTENT = b"%PDF-1.4 a decree"
SUM = hashlib.sha256(CONTENT).hexdigest()


@contextmanager
def session_of(url: str) -> Iterator[Session]:
    database = Database(url)
    with Session(database.writer, expire_on_commit=False) as session, session.begin():
        yield session
    database.writer.dispose()


def fill(url: str, data_dir: Path) -> None:
    """A region with a lead who is reminded of nothing yet, evidence, an open invitation, a message to be sent and an
    update to be worked on."""
    with session_of(url) as session:
        work = stage.open_work(session)
        lead = stage.member(work, Role.LEAD, stage.TEBING_TINGGI)
        item = stage.put(work, stage.region(work)["kl-sk-dewan"], ItemState.STARTED, note="“Draf” – 東京 🏙")
        session.add(evidence_of(item.id, lead))
        session.execute(update(DigestClock).values(next_at=datetime(2100, 1, 1, tzinfo=UTC)))
        session.add(
            Paper(sha256="0" * 64, name="surat.png", mime="image/png", content=bytes(range(256)), created_at=work.now)
        )
        work.actor = OPERATOR
        invites.create_as_operator(work, Grantable(Role.COORDINATOR))
        outbox.post(session, [Outgoing("waiting", 7_000_000_001, "sendMessage", {"text": "Halo"})], work.now)
        arrivals(session, work.now)
    EvidenceStore(data_dir).keep(CONTENT, SUM)


def evidence_of(item_id: int, lead: Person) -> Evidence:
    return Evidence(
        item_id=item_id,
        kind=EvidenceKind.DOCUMENT,
        state=EvidenceState.STORED,
        message_key="1:1",
        name="SK.pdf",
        sha256=SUM,
        size=len(CONTENT),
        dated=stage.NOW.date(),
        uploaded_by_id=lead.id,
        uploaded_at=stage.NOW - timedelta(microseconds=1),
        attempts=1,
    )


def arrivals(session: Session, now: Any) -> None:
    session.add(
        InboxUpdate(
            update_id=900_001,
            chat_id=7_000_000_001,
            kind="message",
            payload="{}",
            received_at=now,
            not_before=now,
            state=InboxState.NEW,
            attempts=0,
        )
    )


def everything(url: str) -> dict[str, list[tables.Row]]:
    """All rows of all tables as a backup has them."""
    with session_of(url) as session:
        return {table.name: list(tables.read(session.connection(), table)) for table in tables.in_order()}


def backed_up(console: Console, url: str) -> Said:
    return console.run("backup", "pandu.zip", PANDU_DATABASE_URL=url, PANDU_BOT_TOKEN="")


def restored(console: Console, url: str, *words: str) -> Said:
    return console.run(
        "restore", "pandu.zip", *words, PANDU_DATABASE_URL=url, PANDU_DATA_DIR="restored", PANDU_BOT_TOKEN=""
    )


@pytest.fixture
def filled(console: Console, database_url: str) -> str:
    fill(database_url, console.directory / "data")
    return database_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is yet: no file, or a PostgreSQL database whose tables are to be replaced."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'elsewhere' / 'pandu.db'}"
    return str(request.getfixturevalue("postgresql_url"))


def test_everything_comes_back_on_either_database(console: Console, filled: str, tmp_path: Path) -> None:
    before = everything(filled)
    assert backed_up(console, filled).code == 0
    url = f"sqlite+aiosqlite:///{tmp_path / 'elsewhere' / 'pandu.db'}"
    said = restored(console, url)
    assert said.code == 0, said
    after = everything(url)
    changed = {"outbox", "inbox", "invites", "audit"}
    assert {name: after[name] for name in after.keys() - changed} == {
        name: before[name] for name in before.keys() - changed
    }
    assert after["audit"][: len(before["audit"])] == before["audit"]
    assert EvidenceStore(console.directory / "restored").read(SUM) == CONTENT


def test_what_was_open_is_held_revoked_and_left_aside_and_each_is_told(
    console: Console, filled: str, empty_url: str
) -> None:
    assert backed_up(console, filled).code == 0
    said = restored(console, empty_url, "--force")
    assert said.code == 0, said
    assert "Held: 1 " in said.out
    assert "Revoked: 1 " in said.out
    assert "Left aside: 1 " in said.out
    assert "/lanjutkansemua" in said.out
    with session_of(empty_url) as session:
        assert session.scalars(select(OutboxMessage.state)).all() == [OutboxState.HELD]
        assert session.scalars(select(InboxUpdate.state)).all() == [InboxState.IGNORED]
        assert session.scalar(select(func.count(Invite.id)).where(Invite.revoked_at.is_(None))) == 0
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.cause == "restore")).all()
        assert sorted(acts) == ["restore", "revoke"]


def test_after_a_restore_new_rows_get_new_numbers(console: Console, filled: str, empty_url: str) -> None:
    assert backed_up(console, filled).code == 0
    assert restored(console, empty_url, "--force").code == 0
    with session_of(empty_url) as session:
        work = stage.open_work(session)
        known = session.scalar(select(func.max(Person.id)))
        assert known is not None
        assert stage.person(work, "Rudi Hartono").id > known


def test_a_place_that_holds_a_database_is_kept_unless_forced(console: Console, filled: str) -> None:
    assert backed_up(console, filled).code == 0
    before = everything(filled)
    said = restored(console, filled)
    assert said.code == 2
    assert "--force" in said.err
    assert everything(filled) == before


def test_a_replaced_file_stays_beside_the_new_one(console: Console, sqlite_url: str) -> None:
    fill(sqlite_url, console.directory / "data")
    assert backed_up(console, sqlite_url).code == 0
    assert restored(console, sqlite_url, "--force").code == 0
    path = Database(sqlite_url).path
    assert path is not None
    assert len(list(path.parent.glob("pandu.db.replaced-*"))) == 1


def test_a_damaged_backup_changes_nothing(console: Console, filled: str, tmp_path: Path) -> None:
    assert backed_up(console, filled).code == 0
    path = console.directory / "pandu.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "new.zip", "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content.replace(b"Siti", b"Budi") if part == "tables/persons.jsonl" else content)
    (tmp_path / "new.zip").replace(path)
    before = everything(filled)
    said = restored(console, filled, "--force")
    assert said.code == 2
    assert "tables/persons.jsonl" in said.err
    assert everything(filled) == before


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pandu.zip"
    path.write_bytes(content)
    with pytest.raises(BrokenArchive), opened(path):
        pass


def test_a_backup_never_replaces_a_file_and_is_for_its_owner_only(console: Console, filled: str) -> None:
    assert backed_up(console, filled).code == 0
    path = console.directory / "pandu.zip"
    assert path.stat().st_mode & 0o077 == 0
    first = path.read_bytes()
    assert backed_up(console, filled).code == 2
    assert path.read_bytes() == first


def test_a_backup_of_nothing_is_refused(console: Console) -> None:
    said = console.run("backup", "pandu.zip")
    assert said.code == 2
    assert not (console.directory / "pandu.zip").exists()


def test_on_postgresql_a_running_pandu_stops_a_restore(console: Console, postgresql_url: str) -> None:
    fill(postgresql_url, console.directory / "data")
    assert backed_up(console, postgresql_url).code == 0
    with session_of(postgresql_url) as session:
        leases.take(session, "lead", "another", datetime.now(UTC))
    said = restored(console, postgresql_url, "--force")
    assert said.code == 3
    assert "running" in said.err


def test_after_a_restore_postgresql_knows_at_once_how_much_its_tables_hold(
    console: Console, postgresql_url: str
) -> None:
    fill(postgresql_url, console.directory / "data")
    assert backed_up(console, postgresql_url).code == 0
    assert restored(console, postgresql_url, "--force").code == 0
    with session_of(postgresql_url) as session:
        known = session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'persons'"))
        assert known == session.scalar(select(func.count(Person.id)))


def test_a_backup_can_be_made_while_pandu_runs(console: Console, filled: str) -> None:
    async def with_a_writer() -> Said:
        database = Database(filled)
        try:
            await database.write(lambda session: session.execute(select(func.count(Person.id))))
            return await asyncio.to_thread(backed_up, console, filled)
        finally:
            await database.close()

    assert asyncio.run(with_a_writer()).code == 0
