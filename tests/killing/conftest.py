"""A nursery for each test that kills, and for each size of crowd one undisturbed run to compare with."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path

import pytest
import pytest_asyncio

from tests.killing.lives import Nursery, open_nursery
from tests.killing.scene import Size
from tests.killing.siege import Outcome, Siege

Undisturbed = Callable[[Size], Outcome]


@pytest_asyncio.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The journey of a crowd of this size while nobody kills anything, on SQLite. It is lived once a session."""

    @cache
    def lived(size: Size) -> Outcome:
        directory = tmp_path_factory.mktemp("undisturbed")
        shutil.copy(sqlite_template, directory / "pandu.db")
        return asyncio.run(_lived(f"sqlite+aiosqlite:///{directory / 'pandu.db'}", directory, size))

    return lived


async def _lived(url: str, directory: Path, size: Size) -> Outcome:
    async with open_nursery() as nursery:
        return await Siege(url, directory, nursery, size).run()
