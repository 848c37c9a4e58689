"""People with telephones around one transaction on a real database, undone afterwards; on both databases."""

import pytest

from bot.services import search_index
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Town
from tests.questions.counter import Counter


@pytest.fixture
def town(town: Town) -> Town:
    """Kota Tebing Tinggi takes part, and what the content says can be found."""
    search_index.keep_current(town.work())
    return town


@pytest.fixture
def counter(town: Town) -> Counter:
    """An official of Kota Tebing Tinggi who asks, and the mentor who looks after the region."""
    asker = town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti Rahma")
    mentor = town.member(Role.MENTOR, stage.TEBING_TINGGI, "Bambang Wijaya")
    return Counter(town, asker, mentor)
