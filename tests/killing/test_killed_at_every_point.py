"""A short story in which Pandu is killed around its n-th commit and its n-th call to Telegram."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.killing.conftest import Tell, Undisturbed
from tests.killing.copies import copy_of
from tests.killing.journey import Fall, Outcome
from tests.killing.lives import Nursery
from tests.killing.points import Where
from tests.killing.scene import Size

TWO = Size(officials=1, items=1, mentors=1, talkers=0)
AT_ONCE = 3


@pytest.mark.parametrize("where", Where)
async def test_killed_at_some_points_the_story_ends_alike(
    where: Where, sqlite_url: str, tmp_path: Path, nursery: Nursery, undisturbed: Undisturbed
) -> None:
    calm = await undisturbed(TWO)
    fallen = await _fall(where, _SOME[where], sqlite_url, tmp_path, nursery, calm)
    assert fallen == len(_SOME[where])


_SOME = {
    Where.BEFORE_COMMIT: (9, 25, 41),
    Where.AFTER_COMMIT: (5, 21, 36),
    Where.BEFORE_CALL: (8, 13, 23),
    Where.AFTER_CALL: (7, 18, 27),
}


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("where", Where)
async def test_killed_at_any_point_the_story_ends_alike(
    where: Where,
    database_url: str,
    tmp_path: Path,
    nursery: Nursery,
    undisturbed: Undisturbed,
    tell: Tell,
) -> None:
    calm = await undisturbed(TWO)
    number, reached = 1, 0
    while True:
        numbers = range(number, number + AT_ONCE)
        fallen = await _fall(where, numbers, database_url, tmp_path, nursery, calm)
        number, reached = number + AT_ONCE, reached + fallen
        if fallen == 0:
            break
    tell(f"{database_url.partition(':')[0]}: killed {where} {reached} times, the story ended alike each time")
    assert reached > 20


async def _fall(
    where: Where, numbers: Sequence[int], template: str, directory: Path, nursery: Nursery, calm: Outcome
) -> int:
    """Tell the story once for each number, side by side. How many of the points were reached."""
    told = [_one(where, number, template, directory / f"{where.name}-{number}", nursery, calm) for number in numbers]
    return sum(await asyncio.gather(*told))


async def _one(where: Where, number: int, template: str, directory: Path, nursery: Nursery, calm: Outcome) -> int:
    directory.mkdir()
    with copy_of(template, directory) as url:
        fall = Fall(url, directory, nursery, TWO, hurry=True, where=where, number=number)
        outcome = await fall.run()
    told = f"killed {where} {number}: {outcome.account}"
    assert outcome.account.faults == [], told
    assert outcome.state == calm.state, told
    assert outcome.complaints == [], told
    return fall.done
