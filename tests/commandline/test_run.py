"""`pandu run` from start to stop, as a service manager sees it."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest

from simulator.person import Person
from simulator.server import Simulator
from tests.commandline.console import TOKEN, Console, Said


async def started(console: Console, simulator: Simulator, **variables: str) -> asyncio.subprocess.Process:
    environment = console.environment({"PANDU_API_URL": simulator.url} | variables)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=console.directory, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def alive(console: Console) -> Said:
    """What `pandu health` says once the first heartbeat is written."""
    said = await asyncio.to_thread(console.run, "health")
    for _attempt in range(300):
        if said.code == 0:
            break
        await asyncio.sleep(0.1)
        said = await asyncio.to_thread(console.run, "health")
    return said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_and_ends_within_ten_seconds_when_told(console: Console, number: signal.Signals) -> None:
    async with Simulator(token=TOKEN) as simulator:
        process = await started(console, simulator)
        siti = Person(simulator, 7_000_000_001, "Siti")
        await siti.start()
        await siti.sees("Pandu", within=60)
        health = await alive(console)
        process.send_signal(number)
        began = time.monotonic()
        said, _nothing = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, said.decode()
    assert time.monotonic() - began < 10
    assert health.code == 0, health
    assert "CANARY" not in said.decode()


async def test_a_refused_token_ends_it_with_one_line(console: Console) -> None:
    async with Simulator(token="987654321:another") as simulator:
        process = await started(console, simulator)
        said, _nothing = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 2
    assert "PANDU_BOT_TOKEN" in said.decode().splitlines()[-1]


async def test_secrets_may_come_from_dot_env(console: Console) -> None:
    (console.directory / ".env").write_text(f"PANDU_BOT_TOKEN={TOKEN}\n")
    said = await asyncio.to_thread(console.run, "check", PANDU_BOT_TOKEN="")
    assert "PANDU_BOT_TOKEN" not in said.out
    assert Path(console.directory / "data").exists()
