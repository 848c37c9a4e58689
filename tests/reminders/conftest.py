"""Towns whose clock goes: what it reminds people of stands in the outbox."""

import pytest
from sqlalchemy.orm import Session

from tests import stage
from tests.people.phone import Town
from tests.reminders.alarm import Alarm, TownOf2022


@pytest.fixture
def alarm(town: Town) -> Alarm:
    """The clock of a town in the shipped edition."""
    return Alarm(town)


@pytest.fixture
def alarm_of_2022(session: Session) -> Alarm:
    """The clock of a town in the edition of 2022; Kota Tebing Tinggi takes part."""
    town = TownOf2022(session)
    stage.region(town.work())
    return Alarm(town)
