"""A region on the eve of the closing of 1 December 2026."""

import pytest

from tests.items.evidence import Desk
from tests.people.phone import Town
from tests.reminders.alarm import Alarm


@pytest.fixture
def desk(town: Town) -> Desk:
    """The lead and the mentor of Kota Tebing Tinggi, and what they do with items."""
    return Desk.open(town)


@pytest.fixture
def alarm(town: Town) -> Alarm:
    return Alarm(town)
