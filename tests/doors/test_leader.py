"""One process polls and ticks; another takes over when it goes, and nobody trusts a lease it could not renew."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import text

from bot.leader import Leader
from db import leases
from db.engine import Database
from tests.doors.hall import StillClock

NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)


async def test_the_second_waits_until_the_first_resigns(database: Database) -> None:
    clock, stop = StillClock(NOW), asyncio.Event()
    one, two = (Leader(database, clock, "poll", name) for name in ("one", "two"))
    running = asyncio.create_task(one.run(stop))
    async with asyncio.timeout(10):
        while not one.holds:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await two.renew()
    assert (one.holds, two.holds) == (True, False)

    stop.set()
    await running
    await two.renew()
    assert (one.holds, two.holds) == (False, True)


async def test_a_holder_that_sleeps_too_long_is_replaced_and_knows_it(database: Database) -> None:
    clock = StillClock(NOW)
    one, two = (Leader(database, clock, "poll", name) for name in ("one", "two"))
    await one.renew()
    clock.advance(leases.LEASE.total_seconds() + 1)
    await two.renew()
    await one.renew()

    assert (one.holds, two.holds) == (False, True)


async def test_a_database_that_does_not_answer_ends_the_trust_and_not_the_process(database: Database) -> None:
    leader = Leader(database, StillClock(NOW), "poll", "one")
    await leader.renew()
    await database.write(lambda session: session.execute(text("DROP TABLE leases")))
    await leader.renew()
    assert leader.holds
    leader._trusted_until = 0.0
    assert not leader.holds
