"""A stand-in on a free port with Ibu Sari, who has pressed Start, and a wire to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from simulator.server import Simulator
from tests.simulator.wire import SARI, Wire


@pytest_asyncio.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(limits=False, pace=0.005) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def wire(sim: Simulator) -> AsyncIterator[Wire]:
    async with aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari", started=True)
        yield wire
