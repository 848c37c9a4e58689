"""A console in an empty directory, with a token and a database that does not exist yet."""

from pathlib import Path

import pytest

from tests.commandline.console import TOKEN, Console

# Nothing listens on the discard port.
AWAY = "http://127.0.0.1:9"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    directory = tmp_path / "operator"
    directory.mkdir()
    return Console(directory, {"PANDU_BOT_TOKEN": TOKEN, "PANDU_API_URL": AWAY})
