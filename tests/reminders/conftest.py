"""A town whose clock goes: what it is reminded of arrives as letters."""

import pytest

from tests.people.phone import Town
from tests.reminders.alarm import Alarm


@pytest.fixture
def alarm(town: Town) -> Alarm:
    """The clock's duty on this town."""
    return Alarm(town)
