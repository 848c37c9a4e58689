"""Killed in a busy hour of questions, Pandu loses no question, answer or file, and nobody is answered twice."""

import pytest

from tests.killing.conftest import Endure
from tests.killing.hour_scene import Rush
from tests.killing.plays import BusyHour

QUIET = BusyHour(Rush(askers=7, turns=1, mentors=3))
BUSY = BusyHour(Rush(askers=20, turns=3, mentors=5))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 10), ("postgresql", 4)])
async def test_kills_in_an_hour_of_questions_change_nothing(
    kind: str, kills: int, request: pytest.FixtureRequest, endure: Endure
) -> None:
    await endure(request.getfixturevalue(f"{kind}_url"), QUIET, kills=kills)


@pytest.mark.prove
@pytest.mark.timeout(3600)
async def test_a_hundred_kills_while_twenty_ask_and_five_answer_change_nothing(
    database_url: str, endure: Endure
) -> None:
    await endure(database_url, BUSY, kills=100)
