"""`pandu announcement`: a row for each reader, and the second word where there is only one coordinator."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.services import announcements, announcing, follow_ups
from db.engine import Database
from db.vocabulary import AnnouncementState, Confirmation, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.commandline.console import Console
from tests.people.phone import Town


@pytest.fixture
def newsroom_of(console: Console) -> Callable[[Callable[[Newsroom], None]], None]:
    """Do something in a newsroom on the console's own database, and commit it."""

    def happen(deed: Callable[[Newsroom], None]) -> None:
        assert console.run("migrate").code == 0
        database = Database(f"sqlite+aiosqlite:///{console.directory / 'data' / 'pandu.db'}")

        def inside(session: Session) -> None:
            town = Town(session)
            stage.region(town.work())
            deed(Newsroom(town, town.member(Role.COORDINATOR, None, "Sari Wulandari")))

        database.write_now(inside)
        database.writer.dispose()

    return happen


def _sent_and_read(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive()
    siti.presses_letter("I have read it")


def _half_sent(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.announces()
    newsroom.arrive(only=[next(phone for phone in newsroom.town.phones.values() if phone.name == "Siti Rahma")])
    assert newsroom.newest().state is AnnouncementState.SENDING


def _to_be_reminded(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()


def _reminded(newsroom: Newsroom) -> None:
    _to_be_reminded(newsroom)
    newsroom.town.later(days=3, hours=1)
    newsroom.follows_up()
    newsroom.arrive()
    newsroom.follows_up()


def _waits_for_a_second_word(newsroom: Newsroom) -> None:
    newsroom.crowd(201)
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to").writes("201")
    assert newsroom.newest().state is AnnouncementState.APPROVAL


def test_every_reader_has_a_row_with_state_attempts_and_times(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_sent_and_read)

    found = json.loads(console.run("announcement", "1", "--json").out)

    (reader,) = found["readers"]
    assert found["state"] == "done"
    assert (reader["name"], reader["region"], reader["state"], reader["attempts"]) == ("Siti Rahma", "12.76", "sent", 1)
    assert reader["sent_at"] < reader["read_at"] or reader["sent_at"] == reader["read_at"]
    assert "sent      12.76  Siti Rahma  read" in console.run("announcement", "1").out


def test_the_row_of_a_reader_says_whether_and_when_they_were_reminded(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_reminded)

    (reader,) = json.loads(console.run("announcement", "1", "--json").out)["readers"]

    assert (reader["reminded"], reader["reminded_at"][:10]) == ("sent", "2026-11-17")


def test_an_unknown_number_is_named(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_sent_and_read)

    said = console.run("announcement", "7")

    assert said.code == 2
    assert "there is no announcement number 7" in said.err


def test_the_operator_gives_the_second_word_once(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_waits_for_a_second_word)

    approved = console.run("announcement", "1", "--approve")
    assert approved.code == 0
    found = json.loads(console.run("announcement", "1", "--json").out)
    assert found["state"] == "scheduled"
    assert f"it begins at {found['starts_at']}" in approved.out
    again = console.run("announcement", "1", "--approve")
    assert again.code == 1
    assert "does not wait for a second word" in again.err


def test_the_operator_cannot_let_an_invitation_go_whose_session_has_begun(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    def waits(newsroom: Newsroom) -> None:
        _waits_for_a_second_word(newsroom)
        session = {"confirmation": Confirmation.ATTENDANCE, "event_at": stage.NOW.replace(year=2020)}
        announcements.change(newsroom.town.work(), newsroom.newest(), **session)

    newsroom_of(waits)

    said = console.run("announcement", "1", "--approve")

    assert said.code == 1
    assert "Its session would have begun when it leaves" in said.err
    assert json.loads(console.run("announcement", "1", "--json").out)["state"] == "approval"


def test_after_a_restore_an_announcement_waits_for_a_coordinator(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_half_sent)
    elsewhere = f"sqlite+aiosqlite:///{console.directory / 'elsewhere.db'}"
    assert console.run("backup", "copy.zip").code == 0
    assert console.run("restore", "copy.zip", PANDU_DATABASE_URL=elsewhere).code == 0

    found = json.loads(console.run("announcement", "1", "--json", PANDU_DATABASE_URL=elsewhere).out)
    assert found["state"] == "paused"
    database = Database(elsewhere)
    fed = database.write_now(lambda session: announcing.run(Town(session).work()))
    database.writer.dispose()
    again = json.loads(console.run("announcement", "1", "--json", PANDU_DATABASE_URL=elsewhere).out)
    assert fed == 0
    assert again["readers"] == found["readers"]


def test_after_a_restore_nobody_is_reminded_by_itself_who_may_have_been_since(
    console: Console, newsroom_of: Callable[[Callable[[Newsroom], None]], None]
) -> None:
    newsroom_of(_to_be_reminded)
    elsewhere = f"sqlite+aiosqlite:///{console.directory / 'elsewhere.db'}"
    assert console.run("backup", "copy.zip").code == 0
    assert console.run("restore", "copy.zip", PANDU_DATABASE_URL=elsewhere).code == 0

    tuesday = stage.NOW + timedelta(days=3, hours=1)
    due = [
        database.write_now(lambda session: follow_ups.is_due(session, tuesday))
        for database in (
            Database(f"sqlite+aiosqlite:///{console.directory / 'data' / 'pandu.db'}"),
            Database(elsewhere),
        )
    ]

    assert due == [True, False]
