"""What the clock does: full batches follow each other, the end cuts nothing off, and what is broken stops no other."""

import asyncio
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.jobs.episodes import REST
from bot.jobs.guard import ClockGuard
from bot.jobs.ticks import Duty, Tick, Ticker
from bot.services import faults
from bot.services.work import Work
from bot.texts import Texts
from bot.words import Day, Plain, _
from db.engine import Database
from db.models import OutboxMessage
from tests import stage
from tests.doors.hall import StillClock


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


@dataclass(frozen=True)
class Numbered:
    """A row of a ledger."""

    id: int


class Ledger:
    """Three rows to be written down in one turn, `broken` among them."""

    def __init__(self, broken: str, moment: datetime) -> None:
        self.broken = broken
        self.clock = StillClock(moment)
        self.written: list[str] = []

    def duty(self, work: Work) -> int:
        return faults.each(work, "row", [Numbered(1), Numbered(2), Numbered(3)], self._write)

    def _write(self, _work: Work, row: Numbered) -> int:
        if self.broken == f"row:{row.id}":
            raise KeyError("no such zone")
        self.written.append(f"row:{row.id}")
        return 1


def ledgering(database: Database, ledger: Ledger) -> Ticker:
    return Ticker(
        database,
        ledger.clock,
        lambda: True,
        lambda session, now, cause: stage.open_work(session, now=now, cause=cause),
        Texts.load(),
        lambda: None,
        ClockGuard(timedelta, lambda: asyncio.sleep(0)),
    )


async def _turn(ticker: Ticker, duty: Duty) -> list[str]:
    """One turn of a duty. Returns what the operator is told of it."""
    with capture_logs() as logs:
        await ticker.run(ticker.tick_of(duty))
    told = [line for line in logs if line["log_level"] == "error" or line.get("alert")]
    return [f"{line['event']} {line['tick']} {line['row']}" for line in told]


async def test_a_broken_row_stops_no_other_and_is_told_once_by_its_name(database: Database) -> None:
    ledger = Ledger("row:2", stage.NOW)
    ticker, duty = ledgering(database, ledger), Duty("write rows down", 60, ledger.duty)

    told = [line for _turn_ in range(3) for line in await _turn(ticker, duty)]

    assert ledger.written[-2:] == ["row:1", "row:3"]
    assert told == ["What the clock does failed; it is tried again. write rows down row:2"]


async def test_a_duty_whose_time_has_not_come_is_looked_at_and_not_done(database: Database) -> None:
    await database.write(stage.open_work)
    ledger, an_hour = Ledger("", stage.NOW), timedelta(hours=1)
    ticker = ledgering(database, ledger)
    duty = Duty("write rows down", 60, ledger.duty, is_time=lambda work: work.now >= stage.NOW + an_hour)
    assert await _turn(ticker, duty) == []
    assert ledger.written == []

    ledger.clock.at += an_hour
    assert await _turn(ticker, duty) == []
    assert len(ledger.written) == 3


async def test_a_broken_row_is_tried_again_after_a_rest_and_the_operator_hears_that_it_works(
    database: Database,
) -> None:
    ledger = Ledger("row:2", stage.NOW)
    ticker, duty = ledgering(database, ledger), Duty("write rows down", 60, ledger.duty)
    await _turn(ticker, duty)

    ledger.clock.at += REST
    assert await _turn(ticker, duty) == []
    assert ledger.written[-2:] == ["row:1", "row:3"]

    ledger.broken = ""
    ledger.clock.at += REST
    assert await _turn(ticker, duty) == ["What the clock does works again. write rows down row:2"]
    assert ledger.written[-3:] == ["row:1", "row:2", "row:3"]


async def test_a_letter_that_cannot_be_set_is_the_fault_of_its_row_alone(database: Database) -> None:
    def write(work: Work, row: Numbered) -> int:
        words = Day("not a day") if row.id == 2 else Plain("Selamat pagi")  # type: ignore[arg-type]
        work.tell(persons[row.id - 1], _("{words}", words=words), key=f"row:{row.id}")
        return 1

    persons = await database.write(
        lambda session: [stage.person(stage.open_work(session), name).id for name in ("Ana", "Budi", "Citra")]
    )
    ticker = ledgering(database, Ledger("", stage.NOW))
    rows = [Numbered(1), Numbered(2), Numbered(3)]

    told = await _turn(ticker, Duty("write letters", 60, lambda work: faults.each(work, "row", rows, write)))

    assert told == ["What the clock does failed; it is tried again. write letters row:2"]
    keys = await database.read(lambda session: session.scalars(select(OutboxMessage.unique_key)).all())
    assert sorted(keys) == ["row:1", "row:3"]


async def test_whatever_one_duty_raises_the_others_have_their_turn(database: Database) -> None:
    done: list[str] = []

    def broken(_session: Session, _now: datetime) -> int:
        raise ZeroDivisionError

    def sound(_session: Session, _now: datetime) -> int:
        done.append("sound")
        return 1

    class Two(Ticker):
        def everything(self) -> tuple[Tick, ...]:
            return (Tick("broken", 60, broken), Tick("sound", 60, sound))

    ticker = Two(
        database,
        StillClock(stage.NOW),
        lambda: True,
        lambda session, *_args: stage.open_work(session),
        Texts.load(),
        lambda: None,
        ClockGuard(timedelta, lambda: asyncio.sleep(0)),
    )

    with capture_logs() as logs:
        await ticker.beat()
        await ticker.beat()

    assert done == ["sound", "sound"]
    assert [line["tick"] for line in logs if line["log_level"] == "error"] == ["broken"]
