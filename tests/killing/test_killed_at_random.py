"""Killed at random moments under load, Pandu ends where an undisturbed one does."""

from pathlib import Path

import pytest

from tests.killing.lives import Cradle
from tests.killing.scene import Size
from tests.killing.siege import Outcome, Siege

SMALL = Size(officials=6, items=1, mentors=2, talkers=3)


async def test_twenty_kills_change_nothing(
    database_url: str, tmp_path: Path, nursery: Cradle, undisturbed: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    siege = Siege(database_url, tmp_path, nursery, SMALL, kills=20)
    outcome = await siege.run()
    with capsys.disabled():
        print(f"\n{siege.url.partition(':')[0]}: {outcome.account}; {outcome.seconds:.0f} s")
    assert outcome.account.faults == []
    assert outcome.state == undisturbed.state
    assert outcome.complaints == []
    assert outcome.exit_code == 0
