"""`pandu check`: one line a thing, ✓ or ✗ with the remedy."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from simulator.server import Simulator
from tests.commandline.console import TOKEN, Console, Said


async def checked(console: Console, simulator: Simulator, **variables: str) -> Said:
    return await asyncio.to_thread(console.run, "check", PANDU_API_URL=simulator.url, **variables)


def faults(said: Said) -> list[str]:
    return [line for line in said.lines if line.startswith("✗")]


async def test_a_sound_installation_is_ticked_line_by_line(console: Console) -> None:
    console.run("migrate")
    async with Simulator(token=TOKEN) as simulator:
        said = await checked(console, simulator)
    assert said.code == 0, said
    assert all(line.startswith("✓ ") for line in said.lines)
    for thing in ("settings", "data directory", "database", "schema", "content", "token", "webhook", "clock"):
        assert any(line.startswith(f"✓ {thing}") for line in said.lines), thing


async def test_a_new_installation_is_no_fault(console: Console) -> None:
    async with Simulator(token=TOKEN) as simulator:
        assert (await checked(console, simulator)).code == 0
    assert not (console.directory / "data/pandu.db").exists()


async def test_a_refused_token_says_where_to_get_it(console: Console) -> None:
    async with Simulator(token="987654321:another") as simulator:
        said = await checked(console, simulator)
    assert said.code == 1
    assert len(faults(said)) == 1
    assert "BotFather" in faults(said)[0]


async def test_a_clock_that_is_wrong_is_told(console: Console) -> None:
    async with Simulator(token=TOKEN) as simulator:
        simulator.clock.advance(timedelta(hours=1).total_seconds())
        said = await checked(console, simulator)
    assert said.code == 1
    assert "clock" in faults(said)[0]


async def test_a_webhook_that_telegram_could_not_reach_is_told(console: Console) -> None:
    async with Simulator(token=TOKEN) as simulator:
        simulator.x.world.webhook = {"url": "https://pandu.example/hook", "last_error_message": "Connection refused"}
        here = {
            "PANDU_WEBHOOK_URL": "https://pandu.example/hook",
            "PANDU_WEBHOOK_SECRET": "CANARY",
            "PANDU_LISTEN": ":1",
        }
        said = await checked(console, simulator, **here)
    assert said.code == 1
    assert "Connection refused" in faults(said)[0]


def test_with_telegram_away_everything_else_is_still_looked_at(console: Console) -> None:
    said = console.run("check")
    assert said.code == 1
    assert len(faults(said)) == 1
    assert "PANDU_API_URL" in faults(said)[0]
    assert any(line.startswith("✓ content") for line in said.lines)


def test_a_damaged_database_says_to_restore(console: Console) -> None:
    console.run("migrate")
    path = console.directory / "data/pandu.db"
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)
    said = console.run("check")
    assert said.code == 1
    assert any("database" in line for line in faults(said))


@pytest.mark.parametrize("text", ["key: mine\n", "- a list\n", ""])
def test_broken_content_is_told_with_its_file(console: Console, text: str) -> None:
    Path(console.directory / "edition.yaml").write_text(text)
    said = console.run("check", PANDU_EDITION="edition.yaml")
    assert any("edition.yaml" in line for line in faults(said))


def test_without_a_token_the_setting_is_named(console: Console) -> None:
    said = console.run("check", PANDU_BOT_TOKEN="")
    assert said.code == 1
    assert "PANDU_BOT_TOKEN" in said.out
