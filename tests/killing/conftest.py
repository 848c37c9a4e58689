"""A nursery for each test that kills, and for each play one undisturbed run to compare with."""

import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.killing.journey import Journey, Outcome, Siege
from tests.killing.lives import Nursery, open_nursery
from tests.killing.plays import Play

Undisturbed = Callable[[Play], Awaitable[Outcome]]
Tell = Callable[[str], None]
Endure = Callable[..., Awaitable[Outcome]]
# A replica that lives on while every clock jumps trusts its lease for some seconds more and complains of the other, and
# of its clock until it has asked Telegram for its own.
OF_REPLICAS = ("Another process polls with this token.", "The clock of this machine differs from Telegram's")


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
    assert outcome.account.faults == [], "\n".join(outcome.account.faults)
    assert outcome.complaints == []
    assert (outcome.account.in_doubt, outcome.account.duplicates, outcome.codes) == (0, 0, [0])


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Say a tally aloud, also when the test passes."""

    def said(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}\n")

    return said


@pytest.fixture
def endure(tmp_path: Path, nursery: Nursery, undisturbed: Undisturbed, tell: Tell) -> Endure:
    """Live a play under a siege, tell its tally, and demand that it ends as it does undisturbed."""

    async def endured(url: str, play: Play, **siege: Any) -> Outcome:
        calm = await undisturbed(play)
        outcome = await Siege(url, tmp_path, siege.pop("cradle", nursery), play, **siege).run()
        tell(f"{url.partition(':')[0].partition('+')[0]}: {outcome.account}; {outcome.seconds:.0f} s")
        ended_alike(outcome, calm, OF_REPLICAS if siege.get("replicas", 1) > 1 else ())
        return outcome

    return endured


def ended_alike(outcome: Outcome, calm: Outcome, allowed: tuple[str, ...] = ()) -> None:
    """No fault was found, what people brought about is the same, and no log complains but of what is allowed."""
    assert outcome.account.faults == [], "\n".join(outcome.account.faults)
    assert outcome.state == calm.state
    assert [line for line in outcome.complaints if not any(sign in line for sign in allowed)] == []
