"""A clock that jumps: nothing goes out by it while it disagrees with Telegram's, and nothing twice afterwards."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.jobs import ticks
from bot.jobs.guard import ClockGuard
from bot.jobs.ticks import Ticker
from bot.program.model import QuietHours
from bot.services import clocks, closing
from bot.services.deadlines import end_of
from bot.services.work import Work
from bot.transport import Transport
from db.engine import Database
from db.models import OutboxMessage, Snapshot
from db.vocabulary import Role
from simulator.server import Simulator
from tests import stage
from tests.closing.test_the_instant import CLOSED
from tests.doors.hall import StillClock
from tests.people.phone import TEXTS

TOKEN = "1:demo-token-of-the-test"
# An hour before anybody's digest; a digest waits for nobody.
EARLY = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)
NINE = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
JUMPS = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(seconds=61), timedelta(seconds=-61)]


@dataclass
class Machine:
    """One process's clock and ticker on a database, beside the simulator whose clock is right."""

    sim: Simulator
    database: Database
    clock: StillClock
    transport: Transport
    ticker: Ticker

    async def at(self, moment: datetime) -> None:
        """The time goes on to this moment, for everybody."""
        self.clock.at = moment
        self.sim.clock.move_to(moment)
        await self.transport.compare_clocks()

    async def does(self, name: str) -> None:
        """The turn of the tick whose name has these words."""
        (tick,) = [one for one in self.ticker.everything() if name in one.name]
        await self.ticker.run(tick)

    async def digests(self) -> int:
        count = select(func.count()).where(OutboxMessage.unique_key.startswith("digest:"))
        return await self.database.read(lambda session: session.scalar(count) or 0)

    async def snapshots(self) -> int:
        return await self.database.read(lambda session: session.scalar(select(func.count(Snapshot.region_code))) or 0)


def _people(session: Session) -> None:
    work = stage.open_work(session, now=stage.NOW)
    stage.region(work)
    for name in ("Siti Rahma", "Rudi Hartono", "Ana Lestari"):
        stage.member(work, Role.LEAD, stage.TEBING_TINGGI, name)


def _work(session: Session, now: datetime, cause: str) -> Work:
    return stage.open_work(session, now=now, cause=cause)


@pytest_asyncio.fixture
async def machine(database: Database) -> AsyncIterator[Machine]:
    clock = StillClock(EARLY)
    async with Simulator(token=TOKEN) as sim:
        transport = Transport(sim.url, TOKEN, clock)
        guard = ClockGuard(lambda: transport.skew, transport.compare_clocks, every=0)
        ticker = Ticker(database, clock, lambda: True, _work, TEXTS, lambda: None, guard)
        await database.write(_people)
        found = Machine(sim, database, clock, transport, ticker)
        await found.at(EARLY)
        yield found
        await transport.close()


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_jump_sends_nothing_and_what_was_held_goes_out_once(machine: Machine, jump: timedelta) -> None:
    await machine.at(NINE)
    machine.clock.at = NINE + jump

    for _turn in range(3):
        await machine.does("remind people")
    assert await machine.digests() == 0

    machine.clock.at = NINE
    for _turn in range(3):
        await machine.does("remind people")
    assert await machine.digests() == 3


async def test_after_a_jump_back_nothing_comes_a_second_time(machine: Machine) -> None:
    await machine.at(NINE)
    await machine.does("remind people")
    assert await machine.digests() == 3
    for jump in JUMPS:
        machine.clock.at = NINE + jump
        await machine.does("remind people")

    await machine.at(NINE + timedelta(minutes=5))
    await machine.does("remind people")

    assert await machine.digests() == 3


async def test_a_clock_that_moves_together_with_telegrams_is_trusted_at_once(machine: Machine) -> None:
    await machine.at(NINE)
    machine.clock.at = NINE + timedelta(days=1)
    machine.sim.clock.move_to(machine.clock.at)

    await machine.does("remind people")

    assert await machine.digests() == 3


async def test_ticks_that_come_together_wait_for_the_one_answer_and_raise_no_alarm(machine: Machine) -> None:
    guard = ClockGuard(lambda: machine.transport.skew, machine.transport.compare_clocks)
    machine.clock.at = NINE + timedelta(days=1)
    machine.sim.clock.move_to(machine.clock.at)

    with capture_logs() as logged:
        found = await asyncio.gather(*(guard.trusts() for _tick in range(5)))

    assert (found, logged) == ([True] * 5, [])


async def test_a_clock_that_is_moved_on_purpose_again_and_again_holds_nothing(machine: Machine) -> None:
    guard = ClockGuard(lambda: machine.transport.skew, machine.transport.compare_clocks)
    with capture_logs() as logged:
        for days in (1, 2, 3):
            machine.clock.at = NINE + timedelta(days=days)
            machine.sim.clock.move_to(machine.clock.at)
            guard.moved()
            assert await guard.trusts()
    assert logged == []


async def test_the_closing_is_not_frozen_by_a_wrong_clock(machine: Machine) -> None:
    await machine.at(CLOSED - timedelta(hours=12))
    machine.clock.at = CLOSED + timedelta(hours=12)
    await machine.does("freeze")
    assert await machine.snapshots() == 0

    await machine.at(CLOSED + timedelta(hours=12))
    await machine.does("freeze")
    assert await machine.snapshots() == 1


async def test_the_operator_hears_once_that_it_is_held_and_once_that_it_goes_on(machine: Machine) -> None:
    await machine.at(NINE)
    with capture_logs() as logged:
        for jump in (timedelta(hours=1), timedelta(hours=2), timedelta(), timedelta(), timedelta(days=-1), timedelta()):
            machine.clock.at = NINE + jump
            await machine.does("remind people")

    told = [one for one in logged if one.get("action") == "clock"]
    assert ["is held" in one["event"] for one in told] == [True, False, True, False]
    assert [one["log_level"] == "error" or one["alert"] for one in told] == [True] * 4


async def test_before_telegram_has_told_its_time_nothing_goes_out(machine: Machine) -> None:
    """As it starts, no answer with a time may have come in yet: it is asked for, and not taken on trust."""
    unasked = Transport(machine.sim.url, TOKEN, machine.clock)
    guard = ClockGuard(lambda: unasked.skew, unasked.compare_clocks, every=0)
    machine.clock.at = machine.sim.clock.now() + timedelta(days=1)
    assert not await guard.trusts()

    machine.clock.at = machine.sim.clock.now()
    assert await guard.trusts()
    await unasked.close()


async def test_while_telegram_cannot_be_asked_the_clock_is_judged_by_what_is_known(machine: Machine) -> None:
    await machine.at(NINE)
    await machine.sim.hang_up()
    await machine.does("remind people")
    assert await machine.digests() == 3
    machine.clock.at = NINE + timedelta(days=1)

    await machine.does("remind people")

    assert await machine.digests() == 3


def test_only_what_people_wait_for_is_done_at_any_clock() -> None:
    held = {one.name for one in ticks.TICKS if not one.at_any_clock}
    free = {one.name for one in ticks.DUTIES if one.at_any_clock} | {
        one.name for one in ticks.STUDIES if one.at_any_clock
    }

    assert len(held) == len(ticks.TICKS)
    assert free == {
        "count along on the pages of announcements",
        "write workbooks that were asked for",
    }


# --- Zones


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _berlin(moment: datetime) -> timedelta:
    """How far Berlin is ahead of UTC, by the rule of the European Union."""
    begins = datetime.combine(_last_sunday(moment.year, 3), time(1), UTC)
    ends = datetime.combine(_last_sunday(moment.year, 10), time(1), UTC)
    return timedelta(hours=2 if begins <= moment < ends else 1)


OFFSETS = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
HOURS = QuietHours(earliest=time(8), latest=time(17), friday_pause_from=time(11, 30), friday_pause_until=time(13, 30))


def test_deadlines_and_digests_agree_with_an_independent_calculation_also_where_the_hour_changes() -> None:
    chance = random.Random(26)
    for _round in range(1000):
        day = date(2026, 1, 1) + timedelta(days=chance.randrange(2000))
        for zone, hours in OFFSETS.items():
            assert end_of(day, zone) == datetime.combine(day, time(), UTC) + timedelta(hours=24 - hours)
            assert clocks.digest_time(day, time(9), zone, HOURS) == datetime.combine(day, time(9 - hours), UTC)
        found = end_of(day, "Europe/Berlin")
        assert found + _berlin(found) == datetime.combine(day + timedelta(days=1), time(), UTC)
        digest = clocks.digest_time(day, time(9), "Europe/Berlin", HOURS).astimezone(UTC)
        assert digest + _berlin(digest) == datetime.combine(day, time(9), UTC)
        assert closing.instant_of(day) == datetime.combine(day, time(17), UTC)
