"""A backup comes back days later: what time has made due meanwhile is held with the rest, and nothing comes twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.buttons import do
from bot.commandline.archive import opened
from bot.commandline.restore import restore
from bot.services import announcing, approving, digests, reminders
from bot.settings import Settings
from bot.words import _
from db import outbox
from db.engine import Database
from db.models import Announcement, DigestClock, OutboxMessage, Scope, Seat
from db.vocabulary import AnnouncementState, ItemState, OutboxState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.commandline.console import Console
from tests.people.phone import Town

# Saturday 14 November is `stage.NOW`; the backup comes back on Monday at ten, an hour after the reminders.
MONDAY = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)


@contextmanager
def session_of(url: str) -> Iterator[Session]:
    database = Database(url)
    with Session(database.writer, expire_on_commit=False) as session, session.begin():
        yield session
    database.writer.dispose()


@dataclass
class Vault:
    """A database that was backed up, and the place to which the backup comes back on Monday."""

    console: Console
    source: str
    target: str

    def comes_back(self) -> None:
        said = self.console.run("backup", "pandu.zip", PANDU_DATABASE_URL=self.source, PANDU_BOT_TOKEN="")
        assert said.code == 0, said
        given: dict[str, Any] = {"bot_token": "1:x", "data_dir": self.console.directory / "restored", "_env_file": None}
        settings = Settings(database_url=self.target, **given)
        with opened(self.console.directory / "pandu.zip") as reader:
            restore(settings, reader, MONDAY, force=True)


@pytest.fixture
def vault(console: Console, tmp_path: Path) -> Vault:
    source, target = (f"sqlite+aiosqlite:///{tmp_path / name / 'pandu.db'}" for name in ("before", "after"))
    assert console.run("migrate", PANDU_DATABASE_URL=source).code == 0
    return Vault(console, source, target)


def on_monday(session: Session) -> Town:
    """The telephones after the restore; Telegram counts on."""
    return Town(session, now=MONDAY, _numbers=count(1000), _messages=count(1000))


def newsroom_of(session: Session) -> Newsroom:
    town = Town(session)
    return Newsroom(town, town.member(Role.COORDINATOR, None, "Andi Saputra"))


def test_a_digest_whose_hour_came_since_the_backup_is_held_and_a_new_day_has_its_own(vault: Vault) -> None:
    with session_of(vault.source) as session:
        town = Town(session)
        lead = town.member(Role.LEAD, stage.TEBING_TINGGI).person.id
        stage.put(town.work(), stage.region(town.work())["kl-sk-dewan"], ItemState.STARTED)
    vault.comes_back()

    with session_of(vault.target) as session:
        assert not reminders.is_due(session, MONDAY)
        row = session.scalars(select(OutboxMessage).where(OutboxMessage.unique_key.like("digest:%"))).one()
        assert (row.unique_key, row.state) == (digests.key(lead, MONDAY.date(), 1), OutboxState.HELD)
        clock = session.get_one(DigestClock, lead)
        assert clock.next_at > MONDAY

        # Nobody lets it go: on the next day it says what still matters.
        tuesday = clock.next_at
        outbox.expire(session, tuesday)
        work = stage.open_work(session, now=tuesday)
        assert reminders.run(work) == 1
        assert [letter.key for letter in work.letters] == [digests.key(lead, tuesday.date(), 1)]


def test_a_row_that_cannot_be_understood_keeps_no_backup_from_coming_back(vault: Vault) -> None:
    with session_of(vault.source) as session:
        town = Town(session)
        lead = town.member(Role.LEAD, stage.TEBING_TINGGI).person.id
        lost = town.member(Role.LEAD, stage.TEBING_TINGGI, "Rudi").person.id
        stage.put(town.work(), stage.region(town.work())["kl-sk-dewan"], ItemState.STARTED)
        mine = select(Seat.id).where(Seat.holder_id == lost)
        session.execute(update(Scope).where(Scope.seat_id.in_(mine)).values(region_code="99.99"))
    vault.comes_back()

    with session_of(vault.target) as session:
        held = select(OutboxMessage.unique_key).where(OutboxMessage.state == OutboxState.HELD)
        assert session.scalars(held).all() == [digests.key(lead, MONDAY.date(), 1)]
        assert session.get_one(DigestClock, lost).next_at <= MONDAY


def test_an_announcement_whose_hour_is_still_to_come_waits_for_it_again(vault: Vault) -> None:
    with session_of(vault.source) as session:
        newsroom = newsroom_of(session)
        newsroom.reader("Siti Rahma")
        newsroom.drafts()
        newsroom.coordinator.presses("Schedule").writes("20 November 09.00")
        newsroom.coordinator.presses("Check and send").presses("Send to")
        coordinator = newsroom.coordinator.person.telegram_id
    vault.comes_back()

    with session_of(vault.target) as session:
        town = on_monday(session)
        newsroom = Newsroom(town, town.newcomer("Andi Saputra", coordinator))
        newsroom.coordinator.writes("/siarkan").presses("Senin pukul")
        assert "Paused after a restore. Once it goes on, it leaves on Friday, 20 November" in newsroom.coordinator.text

        newsroom.coordinator.presses("Go on")
        assert "It begins at the hour below" in newsroom.coordinator.toast
        assert newsroom.newest().state is AnnouncementState.SCHEDULED
        newsroom.ticks()
        assert newsroom.arrive() == 0

        town.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
        newsroom.ticks()
        assert newsroom.arrive() == 2


def test_one_that_waited_for_a_second_person_warns_whoever_would_approve_it(vault: Vault) -> None:
    with session_of(vault.source) as session:
        newsroom = newsroom_of(session)
        second = newsroom.town.member(Role.COORDINATOR, None, "Maya Kusuma").person.telegram_id
        newsroom.crowd(201)
        newsroom.drafts()
        newsroom.coordinator.presses("Check and send").presses("Send to").writes("203")
        found = newsroom.newest()
        assert found.state is AnnouncementState.APPROVAL
        number, pressed = found.id, do(_("Approve"), "ann-approve", found.id, found.version).data
    vault.comes_back()

    with session_of(vault.target) as session:
        maya = on_monday(session).newcomer("Maya Kusuma", second)
        maya.sends_data(pressed)
        assert "changed meanwhile" in maya.toast
        assert "may have been approved and sent since" in maya.text

        maya.presses("Approve")
        assert session.get_one(Announcement, number).state is AnnouncementState.SCHEDULED
        assert "may have been approved" not in maya.text


def test_an_operator_who_approves_one_ends_its_warning_too(vault: Vault) -> None:
    with session_of(vault.source) as session:
        newsroom = newsroom_of(session)
        newsroom.crowd(201)
        newsroom.drafts()
        newsroom.coordinator.presses("Check and send").presses("Send to").writes("202")
    vault.comes_back()

    with session_of(vault.target) as session:
        found = session.scalars(select(Announcement)).one()
        assert approving.approve_by_operator(session, found, MONDAY) is None
        assert (found.state, found.paused_why) == (AnnouncementState.SCHEDULED, "")
        assert announcing.is_ahead(found, MONDAY)
