import pytest

from db.vocabulary import Role
from tests.announcements.newsroom import Newsroom
from tests.people.phone import Town


@pytest.fixture
def newsroom(town: Town) -> Newsroom:
    """A coordinator of the whole programme."""
    return Newsroom(town, town.member(Role.COORDINATOR, None, "Sari Wulandari"))
