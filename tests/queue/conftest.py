"""Mentors with telephones around one transaction on a real database, undone afterwards; on both databases."""

import pytest

from db.vocabulary import Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.queue.office import Office


@pytest.fixture
def office(town: Town) -> Office:
    """An official of Kota Tebing Tinggi who asks."""
    return Office(town, town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti Rahma"))


@pytest.fixture
def bambang(office: Office) -> Phone:
    """The mentor of Kota Tebing Tinggi."""
    return office.mentor("Bambang Wijaya")


@pytest.fixture
def wulan(office: Office) -> Phone:
    """Another mentor of Kota Tebing Tinggi."""
    return office.mentor("Wulan Dewi")
