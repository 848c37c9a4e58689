"""Killed while an announcement goes out over a bad line, Pandu loses nobody and writes to nobody twice.

Of whom it does not know whether they got it, it says so, by name; questions and answers go on meanwhile.
"""

import pytest

from tests.killing.broadcast_scene import Reach
from tests.killing.conftest import Endure
from tests.killing.hour_scene import Rush
from tests.killing.plays import Announced

SOME = Announced(Rush(askers=3, turns=1, mentors=2), Reach(readers=200, blocked=5))
MANY = Announced(Rush(askers=6, turns=2, mentors=3), Reach(readers=2000, blocked=20))
# The pace that Pandu keeps at Telegram, so that the announcement lasts.
PACE = {"PANDU_TOTAL_RATE": "29", "PANDU_BULK_RATE": "25"}
BAD_LINE = {
    "drop_before": 0.01,
    "accept_then_drop": 0.01,
    "server_error": 0.01,
    "flood_chat": 0.02,
    "methods": ["sendMessage", "editMessageText"],
}
REPLICAS = {"sqlite": 1, "postgresql": 2}


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 12), ("postgresql", 5)])
async def test_kills_during_a_broadcast_lose_nobody_and_double_nothing(
    kind: str, kills: int, request: pytest.FixtureRequest, endure: Endure
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    await endure(url, SOME, kills=kills, replicas=REPLICAS[kind], settings=PACE, faults=BAD_LINE)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_hundred_kills_while_two_thousand_are_written_to_lose_nobody_and_double_nothing(
    kind: str, seed: int, request: pytest.FixtureRequest, endure: Endure
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    await endure(url, MANY, kills=100, seed=seed, replicas=REPLICAS[kind], settings=PACE, faults=BAD_LINE)
