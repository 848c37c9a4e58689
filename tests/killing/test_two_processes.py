"""Two processes on one database: refused on SQLite, side by side on PostgreSQL."""

from pathlib import Path

import pytest

from simulator.server import Simulator
from tests.killing.conftest import Tell, Undisturbed
from tests.killing.crowd_scene import Size
from tests.killing.journey import Faint
from tests.killing.lives import CommandLine, House, Nursery, settings_for
from tests.killing.plays import MainJourney


async def test_a_second_process_on_the_same_sqlite_file_is_refused(
    sqlite_url: str, tmp_path: Path, nursery: Nursery
) -> None:
    async with Simulator(limits=False) as sim:
        settings = settings_for(sim.url, sqlite_url, tmp_path)
        house = House(nursery, tmp_path, settings)
        try:
            first = await house.begin()
            assert await first.ready(), first.said
            house.cradle = CommandLine()
            second = await house.begin()
            assert await second.end() == 3
            assert "another Pandu is running on this database" in second.said
            assert len(second.said.splitlines()) == 1
            assert not await first.ended()
        finally:
            await house.clear()


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_a_replica_that_fainted_for_twenty_seconds_does_nothing_twice(
    postgresql_url: str, tmp_path: Path, undisturbed: Undisturbed, tell: Tell
) -> None:
    size = MainJourney(Size(officials=6, items=1, mentors=2, talkers=4))
    calm = await undisturbed(size)
    outcome = await Faint(postgresql_url, tmp_path, CommandLine(), size).run()
    tell(f"two replicas, {outcome.account.kills} stops: {outcome.account}, {outcome.foreign} polls interrupted")
    assert outcome.account.faults == []
    assert outcome.state == calm.state
    # The poll that the stopped one left open is ended once by its successor's; two pollers would end each other's.
    assert outcome.foreign <= outcome.account.kills
    assert outcome.codes == [0, 0]
