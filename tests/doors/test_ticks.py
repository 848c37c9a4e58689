"""What the clock does: full batches follow each other, and the end cuts nothing off."""

import asyncio
import threading
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.jobs.guard import ClockGuard
from bot.jobs.ticks import Tick, Ticker
from bot.texts import Texts
from db.engine import Database
from tests import stage


class OneTick(Ticker):
    """A clock that has one thing to do."""

    tick: Tick

    def everything(self) -> tuple[Tick]:
        return (self.tick,)


def ticking(database: Database, tick: Tick) -> OneTick:
    guard = ClockGuard(timedelta, lambda: asyncio.sleep(0))
    ticker = OneTick(
        database,
        SystemClock(),
        lambda: True,
        lambda session, *_: stage.open_work(session),
        Texts.load(),
        lambda: None,
        guard,
    )
    ticker.tick = tick
    return ticker


async def test_a_tick_that_the_end_cuts_off_is_finished_and_no_error(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def slow(_session: Session, _now: datetime) -> int:
        begun.set()
        go_on.wait()
        done.set()
        return 1

    ticker = ticking(database, Tick("slow", 1, slow))
    ticker.start()
    await asyncio.to_thread(begun.wait)
    ticker.stop()
    await asyncio.sleep(0)
    go_on.set()

    assert await asyncio.to_thread(done.wait, 10)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_full_batches_follow_each_other_each_in_its_own_transaction(database: Database) -> None:
    rows = count(250, -100)
    done: list[int] = []

    def deed(_session: Session, _now: datetime) -> int:
        done.append(min(100, next(rows)))
        return done[-1]

    await ticking(database, Tick("feed", 60, deed, batch=100)).run(Tick("feed", 60, deed, batch=100))

    assert done == [100, 100, 50]
