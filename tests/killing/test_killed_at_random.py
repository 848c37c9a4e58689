"""Killed at random moments under load, Pandu ends where an undisturbed one does: nothing lost, nothing done twice.

Duplicates are allowed where a message was perhaps sent, and each must stand in the outbox as a doubt.
"""

import signal

import pytest

from tests.killing.conftest import Endure
from tests.killing.crowd_scene import Size
from tests.killing.lives import CommandLine
from tests.killing.plays import MainJourney

FEW = MainJourney(Size(officials=4, items=1, mentors=2, talkers=3))
MANY = MainJourney(Size(officials=9, items=3, mentors=3, talkers=6))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 20), ("postgresql", 6)])
async def test_kills_at_random_moments_change_nothing(
    kind: str, kills: int, request: pytest.FixtureRequest, endure: Endure
) -> None:
    outcome = await endure(request.getfixturevalue(f"{kind}_url"), FEW, kills=kills)
    assert outcome.codes[-1] == 0


@pytest.mark.prove
@pytest.mark.timeout(3600)
async def test_two_hundred_kills_at_random_moments_change_nothing(database_url: str, endure: Endure) -> None:
    await endure(database_url, MANY, kills=200)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_kills_of_a_pandu_that_an_operator_started_change_nothing(sqlite_url: str, endure: Endure) -> None:
    await endure(sqlite_url, FEW, cradle=CommandLine(), kills=30, seed=2)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_told_to_stop_twenty_times_pandu_leaves_nothing_in_doubt(database_url: str, endure: Endure) -> None:
    outcome = await endure(database_url, FEW, cradle=CommandLine(), kills=20, by=signal.SIGTERM)
    assert set(outcome.codes) == {0}
    assert max(outcome.endings) < 15
    assert (outcome.account.in_doubt, outcome.account.duplicates) == (0, 0)
