"""How Pandu is: a heartbeat file, `/livez`, `/readyz` and `/metrics`. Tells numbers, never whose they are."""

import asyncio
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import structlog
from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.waiting import pause
from db import inbox, outbox
from db.engine import Database

log = structlog.get_logger(__name__)

WRITE_SECONDS = 5.0
FILE = "heartbeat.json"
BEAT_SECONDS = 15.0
LAG_SECONDS = 2.0
POLL_SECONDS = 90.0
REPLY_SECONDS = 30.0
SKEW_SECONDS = 60.0
FREE_BYTES = 500 * 1024 * 1024


class Beating(Protocol):
    """Anything that runs for ever and says so. `last_beat` is monotonic."""

    last_beat: float

    async def run(self, stop: asyncio.Event) -> None: ...


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at everything. Ages and lag in seconds; None where it does not apply or nothing is known."""

    at: str
    beats: Mapping[str, float]
    lag: float
    last_good_poll: float | None
    oldest_reply: float | None
    skew: float | None
    inbox: int | None
    outbox: Mapping[str, int] | None
    free_bytes: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the vitals come from. `intake_age` gives the seconds since the last good poll or webhook call, None if
    it does not apply here; `faults` names what is wrong beyond numbers: token refused, foreign poller."""

    loops: Mapping[str, Beating]
    intake_age: Callable[[], float | None]
    skew: Callable[[], float | None]
    faults: Callable[[], tuple[str, ...]] = tuple


class Health:
    """Looks every five seconds and writes `heartbeat.json` for `pandu health` and whoever watches the directory."""

    def __init__(self, database: Database, clock: Clock, data_dir: Path, sources: Sources) -> None:
        self._database = database
        self._clock = clock
        self._data_dir = data_dir
        self._sources = sources
        self._lag = 0.0
        self.ready = True

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.write()
            await self._measure_lag(stop)

    async def write(self) -> None:
        """Write the heartbeat once; a full disk is told in the log and nothing else."""
        vitals = await self.look()
        try:
            await asyncio.to_thread(_replace, self._data_dir / FILE, json.dumps(asdict(vitals)))
        except OSError:
            log.warning("The heartbeat could not be written.", action="health")

    async def look(self) -> Vitals:
        """Gather the vitals now."""
        now = time.monotonic()
        waiting = await self._queues()
        return Vitals(
            at=self._clock.now().isoformat(),
            beats={name: round(now - loop.last_beat, 1) for name, loop in self._sources.loops.items()},
            lag=round(self._lag, 3),
            last_good_poll=self._sources.intake_age(),
            oldest_reply=waiting[0],
            skew=self._sources.skew(),
            inbox=waiting[1],
            outbox=waiting[2],
            free_bytes=shutil.disk_usage(self._data_dir).free,
            faults=self._sources.faults(),
        )

    async def _queues(self) -> tuple[float | None, int | None, dict[str, int] | None]:
        now = self._clock.now()

        def count(session: Session) -> tuple[float | None, int, dict[str, int]]:
            oldest = outbox.oldest_reply(session, now)
            age = None if oldest is None else max(0.0, (now - oldest).total_seconds())
            return age, inbox.waiting(session), {str(state): n for state, n in outbox.depth(session).items()}

        try:
            return await self._database.read(count)
        except SQLAlchemyError:
            return None, None, None

    async def _measure_lag(self, stop: asyncio.Event) -> None:
        ends = time.monotonic() + WRITE_SECONDS
        worst = 0.0
        while not stop.is_set() and (began := time.monotonic()) < ends:
            await pause(stop, 0.5)
            worst = max(worst, time.monotonic() - began - 0.5)
        self._lag = worst

    async def writable(self) -> bool:
        """Whether the database takes a write within a second."""
        try:
            async with asyncio.timeout(1):
                await self._database.write(lambda session: session.execute(text("SELECT 1")))
        except (SQLAlchemyError, TimeoutError):
            return False
        return True

    async def live(self, _request: web.Request) -> web.Response:
        return _answer(not_alive(await self.look()))

    async def readiness(self, _request: web.Request) -> web.Response:
        faults = not_ready(await self.look())
        if not self.ready:
            faults += ("stopping",)
        if not await self.writable():
            faults += ("database",)
        return _answer(faults)

    async def metrics(self, _request: web.Request) -> web.Response:
        return web.Response(text=exposition(await self.look()), content_type="text/plain", charset="utf-8")

    def add_routes(self, application: web.Application) -> None:
        application.router.add_get("/livez", self.live)
        application.router.add_get("/readyz", self.readiness)
        application.router.add_get("/metrics", self.metrics)


def not_alive(vitals: Vitals) -> tuple[str, ...]:
    """Which loops stand still; empty if alive."""
    still = tuple(name for name, age in vitals.beats.items() if age > BEAT_SECONDS)
    return still + (("event loop",) if vitals.lag > LAG_SECONDS else ())


def not_ready(vitals: Vitals) -> tuple[str, ...]:
    """Why no work should be expected from this process; empty if ready."""
    checks = {
        "poll": (vitals.last_good_poll or 0) > POLL_SECONDS,
        "database": vitals.inbox is None,
        "replies": (vitals.oldest_reply or 0) > REPLY_SECONDS,
        "clock": abs(vitals.skew or 0) > SKEW_SECONDS,
        "disk": vitals.free_bytes < FREE_BYTES,
    }
    return not_alive(vitals) + tuple(name for name, bad in checks.items() if bad) + vitals.faults


def exposition(vitals: Vitals) -> str:
    """The vitals in the text format of Prometheus, which needs no library to write."""
    lines = [_sample("pandu_event_loop_lag_seconds", vitals.lag)]
    lines += [_sample(f'pandu_loop_age_seconds{{loop="{name}"}}', age) for name, age in vitals.beats.items()]
    lines += [
        _sample("pandu_intake_age_seconds", vitals.last_good_poll),
        _sample("pandu_oldest_reply_seconds", vitals.oldest_reply),
        _sample("pandu_clock_skew_seconds", vitals.skew),
        _sample("pandu_inbox_open", vitals.inbox),
        _sample("pandu_disk_free_bytes", vitals.free_bytes),
    ]
    lines += [_sample(f'pandu_outbox{{state="{state}"}}', n) for state, n in (vitals.outbox or {}).items()]
    return "".join(lines)


def _sample(name: str, value: float | None) -> str:
    return "" if value is None else f"{name} {value}\n"


def _answer(faults: tuple[str, ...]) -> web.Response:
    return web.json_response({"ok": not faults, "faults": sorted(set(faults))}, status=503 if faults else 200)


def _replace(path: Path, content: str) -> None:
    beside = path.with_suffix(".tmp")
    beside.write_text(content)
    os.replace(beside, path)
