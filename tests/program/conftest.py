from datetime import date
from pathlib import Path

import pytest

from bot.program.loading import load_edition, shipped_edition
from bot.program.model import Edition
from tests.program.desk import TODAY, Desk, lay_out


@pytest.fixture(scope="session")
def of_2022() -> Edition:
    return load_edition(shipped_edition("2022"), date(2022, 10, 1))


@pytest.fixture(scope="session")
def current() -> Edition:
    return load_edition(shipped_edition("current"), TODAY)


@pytest.fixture(params=["2022", "current"], scope="session")
def either(request: pytest.FixtureRequest) -> Edition:
    return load_edition(shipped_edition(request.param), TODAY)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return lay_out(tmp_path)
