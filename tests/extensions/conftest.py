import pytest

from tests.extensions.hall import Hall
from tests.people.phone import Town


@pytest.fixture
def hall(town: Town) -> Hall:
    """A region's people and a coordinator of the whole programme."""
    return Hall.open(town)
