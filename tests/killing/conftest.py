"""A nursery for each test that kills, and for each size of crowd one undisturbed run to compare with."""

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.killing.journey import Journey, Outcome
from tests.killing.lives import Nursery, open_nursery
from tests.killing.scene import Size

Undisturbed = Callable[[Size], Awaitable[Outcome]]
Tell = Callable[[str], None]


@pytest_asyncio.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The journey of a crowd of this size while nobody kills anything, on SQLite. It is lived once a session."""
    known: dict[Size, Outcome] = {}

    async def lived(size: Size) -> Outcome:
        if size not in known:
            directory = tmp_path_factory.mktemp("undisturbed")
            shutil.copy(sqlite_template, directory / "pandu.db")
            async with open_nursery() as nursery:
                url = f"sqlite+aiosqlite:///{directory / 'pandu.db'}"
                known[size] = await Journey(url, directory, nursery, size).run()
            _is_calm(known[size])
        return known[size]

    return lived


def _is_calm(outcome: Outcome) -> None:
    assert outcome.account.faults == []
    assert outcome.complaints == []
    assert (outcome.account.in_doubt, outcome.account.duplicates, outcome.codes) == (0, 0, [0])


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say a tally aloud, also when the test passes."""

    def said(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return said
