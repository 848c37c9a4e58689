"""Processes of Pandu that a test starts, waits for, and ends as it likes."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).parents[2]
READY = b"Pandu is ready."
READY_SECONDS = 60
END_SECONDS = 20
LOOK_SECONDS = 0.01


class Cradle(Protocol):
    """Where processes come from."""

    async def bear(self, log: Path, directory: Path, settings: Mapping[str, str], **more: Any) -> int: ...

    async def end_of(self, pid: int, *, wait: bool) -> int | None: ...


class CommandLine:
    """Every life is `python -m bot run`, as an operator starts it."""

    def __init__(self) -> None:
        self._born: dict[int, asyncio.subprocess.Process] = {}

    async def bear(self, log: Path, directory: Path, settings: Mapping[str, str], **_more: Any) -> int:
        with log.open("ab") as out:
            born = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=directory,
                env={**plain_environment(), **settings},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        self._born[born.pid] = born
        return born.pid

    async def end_of(self, pid: int, *, wait: bool) -> int | None:
        return await self._born[pid].wait() if wait else self._born[pid].returncode


class Nursery:
    """Every life is forked from a process that has imported everything (see `tests.killing.nursery`)."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def bear(self, log: Path, directory: Path, settings: Mapping[str, str], **more: Any) -> int:
        pid = await self._order(
            order="bear",
            log=str(log),
            directory=str(directory),
            environment=dict(settings),
            clock=str(more["clock"]),
            fatal=more.get("fatal"),
        )
        assert pid is not None
        return pid

    async def end_of(self, pid: int, *, wait: bool) -> int | None:
        # The nursery obeys one order at a time, so it never waits itself.
        while (code := await self._order(order="end", pid=pid, wait=False)) is None and wait:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        return code

    async def _order(self, **order: Any) -> int | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._turn:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            await self._process.stdin.drain()
            answer: int | None = json.loads(await self._process.stdout.readline())
            return answer


@asynccontextmanager
async def open_nursery() -> AsyncIterator[Nursery]:
    """A nursery for as long as it is needed. What still lives at the end is left to whoever bore it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.killing.nursery"),
        cwd=ROOT,
        env=plain_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def plain_environment() -> dict[str, str]:
    """This environment without settings of a Pandu that may be at work here, and with its code on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass
class Life:
    """One process. Its log is a file of its own."""

    cradle: Cradle
    pid: int
    log: Path
    code: int | None = None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    async def ready(self) -> bool:
        """Wait until it works. False when it has ended before."""
        async with asyncio.timeout(READY_SECONDS):
            while READY not in self.log.read_bytes():
                if await self.ended():
                    return False
                await asyncio.sleep(LOOK_SECONDS)
        return True

    async def ended(self) -> bool:
        if self.code is None:
            self.code = await self.cradle.end_of(self.pid, wait=False)
        return self.code is not None

    async def end(self) -> int:
        """Wait for its end; the exit code, or minus the signal."""
        if self.code is None:
            async with asyncio.timeout(END_SECONDS):
                self.code = await self.cradle.end_of(self.pid, wait=True)
        assert self.code is not None
        return self.code

    def gets(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def is_killed(self) -> int:
        if self.code is None:
            self.gets(signal.SIGKILL)
        return await self.end()


@dataclass
class House:
    """One Pandu with its settings: one life after the other, or several at once, on the same database."""

    cradle: Cradle
    directory: Path
    settings: Mapping[str, str]
    lives: list[Life] = field(default_factory=list)
    ahead: float = 0.0

    @property
    def clock(self) -> Path:
        """What all its lives are ahead of real time, in seconds: they look there at each question."""
        return self.directory / "clock"

    def advance(self, seconds: float) -> None:
        """Let the clock of all lives, now and to come, jump."""
        self.ahead += seconds
        written = self.clock.with_suffix(".new")
        written.write_text(str(self.ahead))
        written.replace(self.clock)

    async def begin(self, **more: Any) -> Life:
        self.advance(0.0)
        log = self.directory / f"life-{len(self.lives) + 1:03}.log"
        log.touch()
        pid = await self.cradle.bear(log, self.directory, self.settings, clock=self.clock, **more)
        life = Life(self.cradle, pid, log)
        self.lives.append(life)
        return life

    async def clear(self) -> None:
        """End whatever still lives."""
        for life in self.lives:
            if not await life.ended():
                await life.is_killed()

    def complaints(self) -> list[str]:
        """What the lives logged that should never be read in a log."""
        return [
            f"{life.log.name}: {line}"
            for life in self.lives
            for line in life.said.splitlines()
            if any(sign in line for sign in ("Traceback", "rror", "CRITICAL"))
        ]


def settings_for(api_url: str, database_url: str, directory: Path) -> dict[str, str]:
    """The environment of a Pandu that is to be killed: no pace of Telegram's, nobody flooding."""
    return {
        "PANDU_BOT_TOKEN": "1:demo",
        "PANDU_API_URL": api_url,
        "PANDU_DATABASE_URL": database_url,
        "PANDU_DATA_DIR": str(directory / "data"),
        "PANDU_TOTAL_RATE": "100000",
        "PANDU_BULK_RATE": "100000",
        "PANDU_FLOOD_PER_MINUTE": "100000",
        "PANDU_HELP_CONTACT": "Ibu Sari, 021-5550101",
        "PANDU_PRIVACY_CONTACT": "privasi@contoh.go.id",
    }
