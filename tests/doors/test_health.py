"""Pandu tells how it is: to a file, to whoever asks over HTTP, and never anything of a person."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text

from bot.health import FILE, Health, Sources, Vitals, exposition, not_alive, not_ready
from db import inbox, outbox
from db.engine import Database
from db.inbox import Arrival
from db.outbox import Outgoing
from tests.doors.hall import StillClock

NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)
WELL = Vitals(
    at=NOW.isoformat(),
    beats={"worker": 0.1, "sender": 0.2},
    lag=0.001,
    last_good_poll=3.0,
    oldest_reply=None,
    skew=0.5,
    inbox=0,
    outbox={"sent": 9},
    free_bytes=10**10,
)


@dataclass
class Beat:
    last_beat: float


def health(database: Database, directory: Path, **sources: Any) -> Health:
    usual: dict[str, Any] = {
        "loops": {"worker": Beat(time.monotonic())},
        "intake_age": lambda: 2.0,
        "skew": lambda: 0.0,
    }
    return Health(database, StillClock(NOW), directory, Sources(**(usual | sources)))


@asynccontextmanager
async def served(one: Health) -> AsyncIterator[str]:
    application = web.Application()
    one.add_routes(application)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, ()),
        ({"beats": {"worker": 16.0, "sender": 0.1}}, ("worker",)),
        ({"lag": 2.5}, ("event loop",)),
        ({"last_good_poll": 91.0}, ("poll",)),
        ({"last_good_poll": None}, ()),
        ({"oldest_reply": 31.0}, ("replies",)),
        ({"skew": -61.0}, ("clock",)),
        ({"inbox": None}, ("database",)),
        ({"free_bytes": 1}, ("disk",)),
        ({"faults": ("token refused",)}, ("token refused",)),
    ],
)
def test_each_fault_is_named(change: dict[str, Any], faults: tuple[str, ...]) -> None:
    assert not_ready(replace(WELL, **change)) == faults


def test_a_slow_telegram_is_no_reason_to_restart_the_process() -> None:
    assert not_alive(replace(WELL, last_good_poll=9999.0, oldest_reply=9999.0)) == ()


async def test_the_heartbeat_tells_ages_and_queues_and_nothing_of_anybody(database: Database, tmp_path: Path) -> None:
    clock = StillClock(NOW)
    arrival = Arrival(1, 77_001, "message", '{"text":"canary"}', None)
    message = Outgoing("a", 77_001, "sendMessage", {"text": "canary"})
    await database.write(lambda session: inbox.store(session, [arrival], clock.now()))
    await database.write(lambda session: outbox.post(session, [message], clock.now()))
    one = health(database, tmp_path)
    one._clock = StillClock(NOW.replace(second=40))
    await one.write()

    written = (tmp_path / FILE).read_text()
    vitals = json.loads(written)
    assert (vitals["inbox"], vitals["outbox"], vitals["oldest_reply"]) == (1, {"waiting": 1}, 40.0)
    assert vitals["last_good_poll"] == 2.0
    assert "canary" not in written
    assert "77001" not in written


async def test_live_ready_and_metrics_are_answered(database: Database, tmp_path: Path) -> None:
    one = health(database, tmp_path)
    async with served(one) as url:
        assert (await get(f"{url}/livez"))[0] == 200
        assert (await get(f"{url}/readyz"))[0] == 200
        assert "pandu_inbox_open 0\n" in (await get(f"{url}/metrics"))[1]
        one.ready = False
        status, body = await get(f"{url}/readyz")
        assert (status, json.loads(body)["faults"]) == (503, ["stopping"])
        assert (await get(f"{url}/livez"))[0] == 200


async def test_a_loop_that_stands_still_is_told(database: Database, tmp_path: Path) -> None:
    one = health(database, tmp_path, loops={"worker": Beat(time.monotonic() - 20)})
    async with served(one) as url:
        status, body = await get(f"{url}/livez")
        assert (status, json.loads(body)["faults"]) == (503, ["worker"])


async def test_a_database_that_is_gone_makes_it_not_ready_and_is_no_crash(database: Database, tmp_path: Path) -> None:
    await database.write(lambda session: session.execute(text("DROP TABLE outbox")))
    one = health(database, tmp_path)
    async with served(one) as url:
        status, body = await get(f"{url}/readyz")
        assert status == 503
        assert "database" in json.loads(body)["faults"]


async def test_a_directory_that_cannot_be_written_stops_nothing(database: Database, tmp_path: Path) -> None:
    one = health(database, tmp_path)
    (tmp_path / "heartbeat.tmp").mkdir()
    await one.write()
    assert not (tmp_path / FILE).exists()


async def test_it_ends_when_told_to_stop(database: Database, tmp_path: Path) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(health(database, tmp_path).run(stop))
    await asyncio.sleep(0.05)
    stop.set()
    async with asyncio.timeout(5):
        await running


def test_metrics_leave_out_what_is_not_known() -> None:
    shown = exposition(replace(WELL, last_good_poll=None, outbox=None))
    assert "pandu_intake_age_seconds" not in shown
    assert 'pandu_loop_age_seconds{loop="worker"} 0.1\n' in shown
    assert all(len(line.split(" ")) == 2 for line in shown.splitlines())
