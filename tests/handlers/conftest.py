"""On SQLite alone: a look at every screen writes nothing of its own."""

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url
