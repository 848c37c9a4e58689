"""On SQLite alone: a look at every screen writes nothing of its own."""

import pytest


@pytest.fixture
def backend() -> str:
    return "sqlite"
