"""Killed at random moments under load, Pandu ends where an undisturbed one does: nothing lost, nothing done twice.

Duplicates are allowed where a message was perhaps sent, and each must stand in the outbox as a doubt.
"""

import signal
from pathlib import Path

import pytest

from tests.killing.conftest import Tell, Undisturbed
from tests.killing.journey import Outcome, Siege
from tests.killing.lives import CommandLine, Nursery
from tests.killing.plays import MainJourney
from tests.killing.scene import Size

FEW = MainJourney(Size(officials=4, items=1, mentors=2, talkers=3))
MANY = MainJourney(Size(officials=9, items=3, mentors=3, talkers=6))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 20), ("postgresql", 6)])
async def test_kills_at_random_moments_change_nothing(
    kind: str,
    kills: int,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    nursery: Nursery,
    undisturbed: Undisturbed,
    tell: Tell,
) -> None:
    calm = await undisturbed(FEW)
    outcome = await Siege(request.getfixturevalue(f"{kind}_url"), tmp_path, nursery, FEW, kills=kills).run()
    tell(f"{kind}: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)
    assert outcome.codes[-1] == 0


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_two_hundred_kills_at_random_moments_change_nothing(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    nursery: Nursery,
    undisturbed: Undisturbed,
    tell: Tell,
) -> None:
    calm = await undisturbed(MANY)
    outcome = await Siege(request.getfixturevalue(f"{kind}_url"), tmp_path, nursery, MANY, kills=200).run()
    tell(f"{kind}: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_kills_of_a_pandu_that_an_operator_started_change_nothing(
    sqlite_url: str, tmp_path: Path, undisturbed: Undisturbed, tell: Tell
) -> None:
    calm = await undisturbed(FEW)
    outcome = await Siege(sqlite_url, tmp_path, CommandLine(), FEW, kills=30, seed=2).run()
    tell(f"sqlite, python -m bot run: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)


@pytest.mark.prove
@pytest.mark.timeout(1800)
async def test_told_to_stop_twenty_times_pandu_leaves_nothing_in_doubt(
    database_url: str, tmp_path: Path, undisturbed: Undisturbed, tell: Tell
) -> None:
    calm = await undisturbed(FEW)
    outcome = await Siege(database_url, tmp_path, CommandLine(), FEW, kills=20, by=signal.SIGTERM).run()
    tell(f"{database_url.partition(':')[0]}, SIGTERM: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)
    assert set(outcome.codes) == {0}
    assert max(outcome.endings) < 15
    assert (outcome.account.in_doubt, outcome.account.duplicates) == (0, 0)


def ended_alike(outcome: Outcome, calm: Outcome) -> None:
    assert outcome.account.faults == []
    assert outcome.state == calm.state
    assert outcome.complaints == []
