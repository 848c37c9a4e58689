"""What is wrong is told in one clear line, with an exit code, and never with a secret."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.command import upgrade
from sqlalchemy import text

from bot.lock import FileLock
from db import schema
from db.engine import Database
from tests.commandline.console import Console


def test_without_a_token_run_names_the_setting_and_the_remedy(console: Console) -> None:
    said = console.run_apart("run", PANDU_BOT_TOKEN="")
    assert said.code == 2
    assert len(said.lines) == 1
    assert "PANDU_BOT_TOKEN is not set" in said.lines[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PANDU_BOT_TOKEN", "CANARY-without-a-colon"),
        ("PANDU_DATABASE_URL", "mysql://pandu:CANARY@here/pandu"),
        ("PANDU_WEBHOOK_URL", "https://pandu.example/hook"),
        ("PANDU_TOTAL_RATE", "many"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(console: Console, name: str, value: str) -> None:
    said = console.run("run", **{name: value})
    assert said.code == 2
    assert len(said.lines) == 1
    assert "PANDU_" in said.lines[0]


def test_a_directory_that_cannot_be_written_is_named(console: Console) -> None:
    (console.directory / "file").touch()
    said = console.run_apart("run", PANDU_DATA_DIR="file/data")
    assert said.code == 2
    assert len(said.lines) == 1
    assert "PANDU_DATA_DIR" in said.lines[0]


def test_a_database_that_is_away_is_named_without_its_password(console: Console) -> None:
    said = console.run_apart("run", PANDU_DATABASE_URL="postgresql+psycopg://pandu:CANARY@127.0.0.1:9/pandu")
    assert said.code == 2
    assert len(said.lines) == 1
    assert "PANDU_DATABASE_URL" in said.lines[0]


UNUSABLE_DATABASES = ["nonsense-CANARY", "sqlite+aiosqlite:///", "postgresql+psycopg://pandu:CANARY@here:x/pandu"]


@pytest.mark.parametrize("url", UNUSABLE_DATABASES)
@pytest.mark.parametrize("command", ["run", "migrate"])
def test_what_is_no_database_is_told_with_its_form_before_anything_is_opened(
    console: Console, command: str, url: str
) -> None:
    said = console.run(command, PANDU_DATABASE_URL=url)
    assert said.code == 2
    assert len(said.lines) == 1
    assert said.lines[0].startswith("pandu: PANDU_DATABASE_URL: must ")
    assert not (console.directory / "data").exists()


@pytest.mark.parametrize("url", UNUSABLE_DATABASES)
def test_a_demo_on_what_is_no_database_is_told_where_it_was_asked_for(console: Console, url: str) -> None:
    typed = console.run("demo", "--database", url)
    given = console.run("demo", PANDU_DEMO_DATABASE_URL=url)
    assert (typed.code, given.code) == (2, 2)
    assert [said.lines[0].split(": ")[1] for said in (typed, given)] == ["--database", "PANDU_DEMO_DATABASE_URL"]
    assert len(typed.lines + given.lines) == 2
    assert not (console.directory / "data").exists()


@pytest.mark.parametrize("command", ["run", "migrate", "restore", "invite"])
def test_a_second_process_on_a_sqlite_file_is_refused(console: Console, command: str) -> None:
    (console.directory / "data").mkdir()
    lock = FileLock(console.directory / "data/pandu.db").acquire()
    words = {"restore": ["backup.zip"], "invite": ["--role", "coordinator"]}.get(command, [])
    if command == "restore":
        _empty_backup(console)
    said = console.run_apart(command, *words) if command == "run" else console.run(command, *words)
    lock.release()
    assert said.code == 3, said
    assert len(said.lines) == 1
    assert "another Pandu is running" in said.lines[0]


def _empty_backup(console: Console) -> None:
    elsewhere = {"PANDU_DATA_DIR": "else", "PANDU_DATABASE_URL": "sqlite+aiosqlite:///else/pandu.db"}
    assert console.run("migrate", **elsewhere).code == 0
    assert console.run("backup", "backup.zip", **elsewhere).code == 0


def test_tables_of_a_later_release_are_refused(console: Console) -> None:
    assert console.run("migrate").code == 0
    with closing(sqlite3.connect(console.directory / "data/pandu.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
    for command in ("run", "migrate"):
        said = console.run_apart(command)
        assert said.code == 4
        assert "later release" in said.lines[-1]


@pytest.mark.parametrize("command", [["reminders"], ["extension"], ["announcement", "1"]])
def test_who_only_looks_is_told_of_tables_of_another_release(console: Console, command: list[str]) -> None:
    first_release(console)
    earlier = console.run(*command)
    with closing(sqlite3.connect(console.directory / "data/pandu.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffff'")
    later = console.run(*command)
    with closing(sqlite3.connect(console.directory / "data/pandu.db", isolation_level=None)) as connection:
        connection.execute("DELETE FROM alembic_version")
    none = console.run(*command)

    assert [(said.code, len(said.lines)) for said in (earlier, later, none)] == [(4, 1)] * 3
    assert "of an earlier release: run `pandu migrate` first" in earlier.err
    assert "of a later release: start that release" in later.err
    assert "no tables of Pandu yet: run `pandu migrate` first" in none.err


def test_tables_of_an_earlier_release_are_refused_and_the_command_is_named(console: Console) -> None:
    first_release(console)
    said = console.run_apart("run")
    assert said.code == 4
    assert "pandu migrate" in said.lines[-1]


def test_migrate_keeps_a_whole_copy_of_what_was_there_before(console: Console) -> None:
    first_release(console)
    said = console.run("migrate")
    assert said.code == 0
    (copy,) = (console.directory / "data").glob("pandu.db.before-*")
    assert copy.name in said.out
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert connection.execute("SELECT name FROM persons").fetchall() == [("Siti Rahma",)]
    with closing(sqlite3.connect(console.directory / "data/pandu.db")) as connection:
        assert connection.execute("SELECT name FROM persons").fetchall() == [("Siti Rahma",)]


def first_release(console: Console) -> None:
    """A database as the first release left it, with a person in it."""
    (console.directory / "data").mkdir()
    database = Database(f"sqlite+aiosqlite:///{console.directory / 'data/pandu.db'}")
    with database.writer.begin() as connection:
        upgrade(schema.config(connection), "0001")
        person = {"name": "Siti Rahma", "position": "", "language": "id", "data_saver": False, "registered_at": 0}
        columns = ", ".join(person)
        values = ", ".join(f":{name}" for name in person)
        connection.execute(text(f"INSERT INTO persons ({columns}) VALUES ({values})"), person)
    database.writer.dispose()


def test_a_broken_content_file_is_named_with_line_and_remedy(console: Console) -> None:
    (console.directory / "edition.yaml").write_text("key: mine\nclosing: some day\n")
    said = console.run("program", "check", "edition.yaml")
    assert said.code == 2
    assert any(line.startswith("edition.yaml:2") for line in said.lines)
    assert console.run_apart("run", PANDU_EDITION="edition.yaml").code == 2


def test_a_sound_content_file_is_summed_up(console: Console) -> None:
    said = console.run("program", "check", str(Path(__file__).parents[2] / "bot/program/editions/2022.yaml"))
    assert said.code == 0
    assert "13 milestones" in said.out


def test_health_tells_a_missing_and_an_old_heartbeat(console: Console) -> None:
    said = console.run("health")
    assert said.code == 1
    assert "no heartbeat" in said.out


def test_migrate_makes_tables_once_and_needs_no_token(console: Console) -> None:
    first = console.run("migrate", PANDU_BOT_TOKEN="")
    again = console.run("migrate", PANDU_BOT_TOKEN="")
    assert (first.code, again.code) == (0, 0)
    assert "were made" in first.out
    assert "nothing was changed" in again.out


def test_files_are_for_pandus_own_account_only(console: Console) -> None:
    console.run("migrate")
    made = Database(f"sqlite+aiosqlite:///{console.directory / 'data/pandu.db'}").path
    assert made
    assert made.stat().st_mode & 0o077 == 0
