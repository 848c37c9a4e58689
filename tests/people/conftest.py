"""What holds on both databases alike is tested on one; races and statements have tests of their own."""

import pytest
from sqlalchemy.orm import Session

from bot.services.work import Work
from tests import stage


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def work(session: Session) -> Work:
    """The programme opened in one transaction."""
    return stage.open_work(session)
