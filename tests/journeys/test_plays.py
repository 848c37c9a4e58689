"""The conversations in `plays/`, word by word, on both databases."""

from pathlib import Path

import pytest

from tests.journeys.stage_manager import play, read
from tests.journeys.town import Town

PLAYS = sorted((Path(__file__).parent / "plays").glob("*.txt"))


@pytest.mark.parametrize("path", PLAYS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_it_is_written(town: Town, path: Path) -> None:
    await play(town, path)


def test_a_line_that_means_nothing_is_named(tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.txt"
    spoilt.write_text("you: halo\nboot: Selamat pagi\n")
    with pytest.raises(ValueError, match="line 2"):
        read(spoilt)
