"""`pandu extension`: what waits for a second word on a deadline of all regions, and the operator's word on it."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.work import Work
from db.engine import Database
from db.models import AuditEntry, Extension, OutboxMessage
from db.vocabulary import ActorKind, ExtensionState, Role
from tests import stage
from tests.commandline.console import Console

T = TypeVar("T")


def happens(console: Console, deed: Callable[[Session], T]) -> T:
    """Something happens on the console's own database, and is committed."""
    assert console.run("migrate").code == 0
    database = Database(f"sqlite+aiosqlite:///{console.directory / 'data' / 'pandu.db'}")
    try:
        return database.write_now(deed)
    finally:
        database.writer.dispose()


def for_all(session: Session, **columns: object) -> Extension:
    """The only coordinator wants this of a deadline of all regions."""
    work = stage.open_work(session)
    sari = stage.member(work, Role.COORDINATOR, None, "Sari Wulandari")
    usual: dict[str, object] = {
        "subject": "bp-slide",
        "state": ExtensionState.GRANTED,
        "former_day": stage.NOW.date(),
        "proposed_day": stage.NOW.date(),
        "day": stage.NOW.date(),
        "reason": "Jadwal nasional bergeser.",
        "asked_by_id": sari.id,
        "asked_at": work.now,
    }
    row = Extension(edition_id=work.edition_id, **(usual | columns))
    session.add(row)
    session.flush()
    return row


def leaving(session: Session) -> None:
    """An extension for all is to be taken back."""
    work: Work = stage.open_work(session)
    stage.region(work)
    stage.member(work, Role.LEAD, stage.TEBING_TINGGI, "Siti Rahma")
    row = for_all(session)
    row.revoked_by_id, row.revoke_reason = row.asked_by_id, "Rapat jadi diadakan."


def proposed_long_ago(session: Session) -> None:
    for_all(session, state=ExtensionState.PROPOSED, day=None, proposed_day=stage.NOW.date().replace(year=2020))


def decided(session: Session) -> tuple[ExtensionState, list[ActorKind], list[str]]:
    row = session.scalars(select(Extension)).one()
    actors = session.scalars(select(AuditEntry.actor_kind).order_by(AuditEntry.id))
    keys = session.scalars(select(OutboxMessage.unique_key).where(OutboxMessage.unique_key.startswith("extension:")))
    return row.state, list(actors), list(keys)


def test_what_waits_is_listed_and_approved_once(console: Console) -> None:
    happens(console, leaving)
    assert "1  Bahan tayang paparan kepala daerah  take back 2026-11-14" in console.run("extension").out

    assert console.run("extension", "1", "--approve").code == 0

    state, actors, told = happens(console, decided)
    assert (state, actors[-1]) == (ExtensionState.REVOKED, ActorKind.OPERATOR)
    # The lead, and the coordinator who wanted it.
    assert len(told) == 2
    assert "no deadline of all regions waits" in console.run("extension").out
    again = console.run("extension", "1", "--approve")
    assert again.code == 1
    assert "does not wait for a second word" in again.err


def test_a_day_that_has_passed_meanwhile_is_not_approved(console: Console) -> None:
    happens(console, proposed_long_ago)
    assert "2026-11-14 -> 2020-11-14" in console.run("extension").out
    said = console.run("extension", "1", "--approve")
    assert (said.code, "2020" in said.err) == (1, True)
    assert happens(console, decided)[:2] == (ExtensionState.PROPOSED, [])


def test_a_number_is_needed_and_must_be_one_of_the_list(console: Console) -> None:
    happens(console, leaving)
    assert console.run("extension", "--approve").code == 2
    assert console.run("extension", "7", "--approve").code == 1


def test_without_a_database_it_says_so(console: Console) -> None:
    assert console.run("extension").code == 2
