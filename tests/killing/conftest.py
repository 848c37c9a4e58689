"""A nursery for each test that kills, and for each play one undisturbed run to compare with."""

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.killing.journey import Journey, Outcome
from tests.killing.lives import Nursery, open_nursery
from tests.killing.plays import Play

Undisturbed = Callable[[Play], Awaitable[Outcome]]
Tell = Callable[[str], None]


@pytest_asyncio.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with open_nursery() as opened:
        yield opened


@pytest.fixture(scope="session")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """This play while nobody kills anything, on SQLite. It is lived once a session."""
    known: dict[Play, Outcome] = {}

    async def lived(play: Play) -> Outcome:
        if play not in known:
            directory = tmp_path_factory.mktemp("undisturbed")
            shutil.copy(sqlite_template, directory / "pandu.db")
            async with open_nursery() as nursery:
                url = f"sqlite+aiosqlite:///{directory / 'pandu.db'}"
                known[play] = await Journey(url, directory, nursery, play).run()
            _is_calm(known[play])
        return known[play]

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
