"""A nursery for each test that kills, and one undisturbed run to compare with."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.killing.lives import Nursery, open_nursery


@pytest_asyncio.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened
