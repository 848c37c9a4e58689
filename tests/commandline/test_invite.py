"""`pandu invite`: the way in for the first coordinator."""

import asyncio
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services.invite_codes import hashed
from db.engine import Database
from db.models import AuditEntry, Invite
from db.vocabulary import ActorKind, Role
from simulator.server import Simulator
from tests.commandline.console import TOKEN, Console

CODE = re.compile(r"^Code: (\S{4}-\S{4}-\S{4})$", re.MULTILINE)


def kept(console: Console) -> tuple[list[Invite], list[AuditEntry]]:
    database = Database(f"sqlite+aiosqlite:///{console.directory / 'data/pandu.db'}")
    invites = database.write_now(lambda session: list(session.scalars(select(Invite))))
    lines = database.write_now(
        lambda session: list(session.scalars(select(AuditEntry).where(AuditEntry.act == "invite")))
    )
    database.writer.dispose()
    return invites, lines


async def test_the_first_coordinator_gets_code_and_link_before_pandu_ever_ran(console: Console) -> None:
    async with Simulator(token=TOKEN, username="pandu_contoh_bot") as simulator:
        words = ("invite", "--role", "coordinator", "--name", "Sari Wulandari")
        said = await asyncio.to_thread(console.run, *words, PANDU_API_URL=simulator.url)
    assert said.code == 0, said
    code = CODE.search(said.out)
    assert code
    assert f"https://t.me/pandu_contoh_bot?start=i_{code[1].replace('-', '')}" in said.out
    (invite,), (line,) = kept(console)
    assert (invite.role, invite.expected_name) == (Role.COORDINATOR, "Sari Wulandari")
    assert invite.code_hash == hashed(code[1])
    assert line.actor_kind is ActorKind.OPERATOR


def test_with_telegram_away_the_code_alone_is_shown(console: Console) -> None:
    said = console.run("invite", "--role", "lead", "--region", "35.76")
    assert said.code == 0
    assert CODE.search(said.out)
    assert "https://" not in said.out
    assert "Kota Mojokerto" in said.out


def test_without_a_token_the_code_alone_is_shown(console: Console) -> None:
    assert CODE.search(console.run("invite", "--role", "admin", PANDU_BOT_TOKEN="").out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--role", "king"), "choose one of official"),
        (("--role", "lead"), "needs a region"),
        (("--role", "lead", "--region", "99.99"), "no such region"),
        (("--role", "contributor", "--region", "12.76", "--item", "nothing"), "no such item"),
    ],
)
def test_what_cannot_be_is_told_in_one_line_and_nothing_is_made(
    console: Console, words: tuple[str, ...], told: str
) -> None:
    said = console.run("invite", *words)
    assert said.code == 2
    assert len(said.lines) == 1
    assert told in said.err
    if Path(console.directory / "data/pandu.db").exists():
        assert kept(console) == ([], [])
