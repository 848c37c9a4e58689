"""People with telephones around one transaction on a real database, undone afterwards; on both databases."""

import pytest

from tests.items.evidence import Desk
from tests.people.phone import Town


@pytest.fixture
def desk(town: Town) -> Desk:
    """The lead and the mentor of Kota Tebing Tinggi, and what they do with items."""
    return Desk.open(town)
