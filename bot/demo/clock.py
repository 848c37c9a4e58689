"""The demo's time: the simulator's clock, which stands still while the demo is not running."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.waiting import pause
from simulator.server import Simulator

BEGINS_BEFORE_CLOSING = timedelta(days=17)
MORNING = time(9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
KEEP_SECONDS = 1.0


class DemoClock:
    """Tells the simulator's time."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def now(self) -> datetime:
        return self._simulator.clock.now()

    def move_to(self, moment: datetime) -> None:
        """Set the time for Pandu and for everybody at their phones."""
        exchange = self._simulator.x
        exchange.clock.move_to(moment)
        exchange.world.clock_offset = exchange.clock.offset
        exchange.feed.tell("clock", now=exchange.clock.iso())
        exchange.changed()


def first_morning(closing: date) -> datetime:
    """H-17, 09.00 WIB: where a fresh demo stands."""
    return datetime.combine(closing - BEGINS_BEFORE_CLOSING, MORNING).astimezone(UTC)


def kept_time(path: Path) -> datetime | None:
    """The time at which the demo stood when it ended; None if it never ran."""
    with suppress(FileNotFoundError):
        return datetime.fromisoformat(path.read_text().strip())
    return None


def keep_time(path: Path, moment: datetime) -> None:
    """Write the time down, whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(f"{moment.isoformat()}\n")
    os.replace(beside, path)


async def keep_time_until(stop: asyncio.Event, path: Path, clock: DemoClock) -> None:
    """Keep the time every second, and once more at the end."""
    while not stop.is_set():
        keep_time(path, clock.now())
        await pause(stop, KEEP_SECONDS)
    keep_time(path, clock.now())
