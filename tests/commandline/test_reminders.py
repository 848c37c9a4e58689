"""`pandu reminders`: who will receive what, one row a person and item, read beside a running Pandu."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db.engine import Database
from db.vocabulary import Role
from tests import stage
from tests.commandline.console import Console, Said
from tests.people.phone import Town
from tests.stage import HALMAHERA_SELATAN, TEBING_TINGGI


def _fill(session: Session) -> None:
    town = Town(session, now=datetime.now(UTC))
    for region, name in ((TEBING_TINGGI, "Rudi Hartono"), (HALMAHERA_SELATAN, "Yansen Garu")):
        stage.region(town.work(), region)
        town.member(Role.OFFICIAL, region, name)


@pytest.fixture
def filled(console: Console) -> Console:
    assert console.run("migrate").code == 0
    database = Database(f"sqlite+aiosqlite:///{console.directory / 'data' / 'pandu.db'}")
    database.write_now(_fill)
    database.writer.dispose()
    return console


def rows(said: Said) -> list[dict[str, Any]]:
    assert (said.code, said.err) == (0, "")
    found: list[dict[str, Any]] = json.loads(said.out)
    return found


def test_each_row_names_person_item_deadline_offset_and_the_instant_with_its_zone(filled: Console) -> None:
    found = rows(filled.run("reminders", "--days", "14", "--json"))

    assert {row["person"] for row in found} == {"Rudi Hartono", "Yansen Garu"}
    rudi = next(row for row in found if row["person"] == "Rudi Hartono" and row["item"])
    assert set(rudi) == {
        "person_id", "person", "region", "item", "deadline", "offset", "why", "at", "zone", "shift",
    }  # fmt: skip
    assert (rudi["region"], rudi["why"], rudi["zone"]) == (TEBING_TINGGI, "own", "WIB")
    assert rudi["at"].endswith("+07:00")
    assert rudi["offset"].startswith("H")
    yansen = next(row for row in found if row["person"] == "Yansen Garu")
    assert (yansen["zone"], yansen["at"][-6:]) == ("WIT", "+09:00")
    assert [row["at"] for row in found if row["zone"] == "WIB"] == sorted(
        row["at"] for row in found if row["zone"] == "WIB"
    )


def test_one_region_alone_and_from_a_day_on(filled: Console) -> None:
    first = datetime.now(UTC).date() + timedelta(days=3)
    found = rows(
        filled.run("reminders", "--region", TEBING_TINGGI, "--from", first.isoformat(), "--days", "10", "--json")
    )

    assert {row["person"] for row in found} <= {"Rudi Hartono"}
    assert all(row["at"][:10] >= first.isoformat() for row in found)


def test_as_text_each_is_a_line(filled: Console) -> None:
    said = filled.run("reminders", "--days", "14")
    assert said.code == 0
    assert any("Rudi Hartono" in line and "WIB" in line and "due 20" in line for line in said.lines)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--region", "99.99"), "there is no region 99.99"),
        (("--region", "72.01"), "region 72.01 takes no part"),
        (("--from", "31 Februari"), "31 Februari is no day: write it as 2026-11-16"),
        (("--from", "2020-01-01"), "2020-01-01 has passed"),
        (("--days", "0"), "at most 90 days can be told"),
        (("--days", "1000"), "at most 90 days can be told"),
    ],
)
def test_what_cannot_be_told_is_said_in_one_line(filled: Console, words: tuple[str, ...], told: str) -> None:
    said = filled.run("reminders", *words)
    assert (said.code, len(said.lines)) == (2, 1)
    assert told in said.lines[0]


def test_without_a_database_it_is_said(console: Console) -> None:
    said = console.run("reminders")
    assert said.code == 2
    assert "there is no database" in said.lines[0]


def test_nothing_is_written_by_it_and_it_reads_beside_a_writer(filled: Console) -> None:
    path = filled.directory / "data" / "pandu.db"
    database = Database(f"sqlite+aiosqlite:///{path}")
    with Session(database.writer) as session:
        stage.open_work(session).audit("look", "edition", 1)
        session.flush()
        assert rows(filled.run("reminders", "--json", "--days", "14"))
        session.rollback()
    database.writer.dispose()
