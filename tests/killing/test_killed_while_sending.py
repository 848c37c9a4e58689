"""Killed at each moment in which a broadcast is vulnerable, Pandu writes to nobody twice and forgets nobody."""

import asyncio
from pathlib import Path

import pytest

from tests.killing.broadcast_scene import WORDS, Reach
from tests.killing.copies import copy_of
from tests.killing.hour_scene import Rush
from tests.killing.journey import Fall
from tests.killing.lives import Nursery
from tests.killing.plays import Announced
from tests.killing.points import Where

# The moments in which a crash leaves something behind that somebody must decide about.
MOMENTS = [
    (Where.CLAIMED, 3, ""),
    (Where.BEFORE_CALL, 4, WORDS),
    (Where.AFTER_CALL, 5, WORDS),
    (Where.FLOODED, 1, ""),
    (Where.BETWEEN, 2, ""),
]
FEW = Announced(Rush(askers=0, turns=0, mentors=0), Reach(readers=14, blocked=2, confirming=0))
SLOW = {"PANDU_TOTAL_RATE": "29", "PANDU_BULK_RATE": "2"}
FLOODS = {"flood_chat": 0.3, "methods": ["sendMessage"]}


@pytest.mark.timeout(400)
async def test_killed_in_the_midst_of_sending_every_reader_has_one_end(
    database_url: str, tmp_path: Path, nursery: Nursery
) -> None:
    async with asyncio.TaskGroup() as group:
        for moment in MOMENTS:
            group.create_task(_fall(database_url, tmp_path / moment[0].name, nursery, *moment))


async def _fall(template: str, room: Path, nursery: Nursery, where: Where, number: int, about: str) -> None:
    room.mkdir()
    with copy_of(template, room) as url:
        fall = Fall(url, room, nursery, FEW, settings=SLOW, faults=FLOODS, where=where, number=number, about=about)
        outcome = await fall.run()
    assert fall.done == 1, f"{where} was not reached"
    assert outcome.account.faults == [], f"killed {where}: {outcome.account}"
    assert outcome.complaints == []
