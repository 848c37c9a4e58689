"""What lasts over a restart, orderly or not; and how a start fails."""

import asyncio
import socket
import sys
from pathlib import Path

import aiohttp
import pytest

from simulator.__main__ import main
from simulator.server import Simulator
from tests.simulator.wire import PNG, SARI, Wire, keyboard


async def test_a_restart_continues_where_it_stood(tmp_path: Path) -> None:
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari", started=True, label="Pejabat")
        sent = await wire.ok("sendMessage", chat_id=SARI, text="x", reply_markup=keyboard("y"))
        photo = (await wire.upload("sendPhoto", {"photo": ("a.png", PNG)}, chat_id=str(SARI)))["result"]
        await wire.ok("setMyCommands", commands=[{"command": "mulai", "description": "Mulai"}])
        query = await wire.press(sent["message_id"])
        group = await wire.do("/sim/groups", title="Tim", members=[SARI])
        await wire.do("/sim/clock", to="2026-12-01T00:00:00Z")
        people = await wire.get("/sim/people")
        messages = await wire.get(f"/sim/people/{SARI}/messages")

    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        assert await wire.get("/sim/people") == people
        assert await wire.get(f"/sim/people/{SARI}/messages") == messages
        assert (await wire.get("/sim/clock"))["now"].startswith("2026-12-01T00:00:")
        assert await wire.ok("getMyCommands") == [{"command": "mulai", "description": "Mulai"}]
        assert await wire.ok("getChat", chat_id=group["id"])
        file = await wire.ok("getFile", file_id=photo["photo"][-1]["file_id"])
        async with http.get(f"{sim.url}/file/bot1:demo/{file['file_path']}") as response:
            assert await response.read() == PNG
        await wire.do("/sim/clock", to="2026-11-25T00:00:00Z")
        again = await wire.ok("sendMessage", chat_id=SARI, text="x")
        assert again["message_id"] == photo["message_id"] + 1
        del query


async def test_a_waiting_update_outlives_a_restart(tmp_path: Path) -> None:
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari")
        await wire.do(f"/sim/people/{SARI}/start")
        await wire.do("/sim/faults", late_update=1, slow_seconds=1000)
        await wire.do(f"/sim/people/{SARI}/text", text="terlambat")
        before = await wire.updates()
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        after = await Wire(sim, http).updates()
    assert after[: len(before)] == before
    assert [update["message"]["text"] for update in after] == ["/start", "terlambat"]


async def test_after_a_crash_no_id_is_given_out_twice(tmp_path: Path) -> None:
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari", started=True)
        first = await wire.ok("sendMessage", chat_id=SARI, text="x")
        sim.x.store.save(sim.x.world, clean=False)
        torn = (tmp_path / "state.json").read_bytes()
    (tmp_path / "state.json").write_bytes(torn)
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        later = await Wire(sim, http).ok("sendMessage", chat_id=SARI, text="x")
    assert later["message_id"] > first["message_id"] + 100


async def test_what_changes_is_written_soon_without_a_stop(tmp_path: Path) -> None:
    async with Simulator(state=tmp_path) as sim, aiohttp.ClientSession() as http:
        await Wire(sim, http).do("/sim/people", id=SARI, first_name="Sari")
        for _ in range(200):
            await asyncio.sleep(0 if (tmp_path / "state.json").exists() else 0.05)
        assert '"Sari"' in (tmp_path / "state.json").read_text("utf-8")


def test_a_taken_port_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    error = capsys.readouterr().err
    assert error == f"The simulator cannot start: port {port} is taken; choose another with --port\n"


def test_a_directory_that_cannot_be_made_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--port", "0", "--state", str(tmp_path / "file")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("content", ["{", '{"format": 99}', "[]"])
def test_a_state_that_cannot_be_read_is_one_clear_line(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state.json").write_text(content)
    assert main(["--port", "0", "--state", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "state.json").read_text() == content


async def test_the_program_says_its_address_and_ends_on_sigterm(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", "0", "--state", str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as http, http.get(f"{url}/sim/people") as response:
        assert await response.json() == []
    process.terminate()
    assert await process.wait() == 0
    assert (tmp_path / "state.json").exists()
