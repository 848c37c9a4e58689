"""Killed at random moments under load, Pandu ends where an undisturbed one does: nothing lost, nothing done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.killing.lives import Nursery
from tests.killing.scene import Size
from tests.killing.siege import Outcome, Siege

FEW = Size(officials=5, items=1, mentors=2, talkers=3)


@pytest.fixture(scope="module")
def calm(undisturbed: Callable[[Size], Outcome]) -> Outcome:
    return undisturbed(FEW)


@pytest.mark.parametrize(("kind", "kills"), [("sqlite", 20), ("postgresql", 8)])
async def test_kills_at_random_moments_change_nothing(
    kind: str,
    kills: int,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    nursery: Nursery,
    calm: Outcome,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    outcome = await Siege(url, tmp_path, nursery, FEW, kills=kills).run()
    with capsys.disabled():
        print(f"\n{kind}: {outcome.account}; {outcome.seconds:.0f} s, undisturbed {calm.seconds:.0f} s")
    assert outcome.account.faults == []
    assert outcome.state == calm.state
    assert outcome.complaints == []
    assert outcome.exit_code == 0
