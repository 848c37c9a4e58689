"""A short story in which Pandu is killed around its n-th commit and its n-th call to Telegram."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.killing.conftest import Tell, Undisturbed
from tests.killing.copies import copy_of
from tests.killing.crowd_scene import Size
from tests.killing.journey import Fall, Outcome
from tests.killing.lives import Nursery
from tests.killing.plays import MainJourney
from tests.killing.points import Where

TWO = MainJourney(Size(officials=1, items=1, mentors=1, talkers=0))
AT_ONCE = 4
FEWEST = 20
Spot = tuple[Where, int]


# Among the first are start-up's; the story has some fifty of each.
SOME = {Where.BEFORE_COMMIT: 25, Where.AFTER_COMMIT: 21, Where.BEFORE_CALL: 13, Where.AFTER_CALL: 18}


@pytest.mark.timeout(400)
async def test_killed_at_a_point_of_each_kind_the_story_ends_alike(
    sqlite_url: str, tmp_path: Path, nursery: Nursery, undisturbed: Undisturbed
) -> None:
    calm = await undisturbed(TWO)
    assert await _fall(SOME.items(), sqlite_url, tmp_path, nursery, calm) == len(SOME)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("where", Where)
async def test_killed_at_any_point_the_story_ends_alike(
    where: Where, database_url: str, tmp_path: Path, nursery: Nursery, undisturbed: Undisturbed, tell: Tell
) -> None:
    calm = await undisturbed(TWO)
    reached = 0
    for first in range(1, 1000, AT_ONCE):
        points = [(where, number) for number in range(first, first + AT_ONCE)]
        fallen = await _fall(points, database_url, tmp_path, nursery, calm)
        reached += fallen
        if fallen == 0:
            break
    tell(f"{database_url.partition(':')[0]}: killed {where} {reached} times, the story ended alike each time")
    assert reached > FEWEST


async def _fall(points: Iterable[Spot], template: str, directory: Path, nursery: Nursery, calm: Outcome) -> int:
    """Tell the story once for each point, side by side. How many of them were reached."""
    async with asyncio.TaskGroup() as group:
        told = [group.create_task(_one(*point, template, directory, nursery, calm)) for point in points]
    return sum(task.result() for task in told)


async def _one(where: Where, number: int, template: str, directory: Path, nursery: Nursery, calm: Outcome) -> int:
    room = directory / f"{where.name}-{number}"
    room.mkdir()
    with copy_of(template, room) as url:
        fall = Fall(url, room, nursery, TWO, hurry=True, where=where, number=number)
        outcome = await fall.run()
    told = f"killed {where} {number}: {outcome.account}"
    assert outcome.account.faults == [], told
    assert outcome.state == calm.state, told
    assert outcome.complaints == [], told
    return fall.done
