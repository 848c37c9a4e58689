import pytest

from tests.meetings.office import Office
from tests.people.phone import Town


@pytest.fixture
def office(town: Town) -> Office:
    """Two regions in two zones, the people of one of them, and a coordinator of the whole programme."""
    return Office.open(town)
