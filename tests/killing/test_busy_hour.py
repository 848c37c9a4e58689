"""Killed in a busy hour of questions, Pandu loses no question, answer or file, and nobody is answered twice."""

from pathlib import Path

import pytest

from tests.killing.conftest import Tell, Undisturbed
from tests.killing.hour_scene import Rush
from tests.killing.journey import Outcome, Siege
from tests.killing.lives import Nursery
from tests.killing.plays import BusyHour

QUIET = BusyHour(Rush(askers=7, turns=1, mentors=3))
BUSY = BusyHour(Rush(askers=20, turns=3, mentors=5))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 10), ("postgresql", 4)])
async def test_kills_in_an_hour_of_questions_change_nothing(
    kind: str,
    kills: int,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    nursery: Nursery,
    undisturbed: Undisturbed,
    tell: Tell,
) -> None:
    calm = await undisturbed(QUIET)
    outcome = await Siege(request.getfixturevalue(f"{kind}_url"), tmp_path, nursery, QUIET, kills=kills).run()
    tell(f"{kind}: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_hundred_kills_while_twenty_ask_and_five_answer_change_nothing(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    nursery: Nursery,
    undisturbed: Undisturbed,
    tell: Tell,
) -> None:
    calm = await undisturbed(BUSY)
    outcome = await Siege(request.getfixturevalue(f"{kind}_url"), tmp_path, nursery, BUSY, kills=100).run()
    tell(f"{kind}: {outcome.account}; {outcome.seconds:.0f} s")
    ended_alike(outcome, calm)


def ended_alike(outcome: Outcome, calm: Outcome) -> None:
    assert outcome.account.faults == []
    assert outcome.state == calm.state
    assert outcome.complaints == []
