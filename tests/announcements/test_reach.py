"""A coordinator of a province announces there only, and sees nothing of what others announce elsewhere."""

import pytest

from db.vocabulary import Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import Phone

KALIMANTAN_TENGAH = "62"


@pytest.fixture
def provincial(newsroom: Newsroom) -> Newsroom:
    """A newsroom whose coordinator looks after Kalimantan Tengah, with readers there and elsewhere."""
    newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi", stage.KATINGAN)
    person = stage.person(newsroom.town.work(), "Yohanes Lelang", language="en")
    stage.seat(newsroom.town.work(), person, Role.COORDINATOR, province=KALIMANTAN_TENGAH)
    return Newsroom(newsroom.town, newsroom.town.newcomer("Yohanes Lelang", person.telegram_id))


def test_a_draft_begins_with_the_own_part_and_cannot_leave_it(provincial: Newsroom) -> None:
    provincial.drafts()
    provincial.coordinator.presses("Check and send")
    assert "Ratna Dewi" in provincial.coordinator.text
    assert "Siti Rahma" not in provincial.coordinator.text

    provincial.coordinator.presses("Not yet").presses("Audience").presses("WITA")
    assert "choose only regions of yours" in provincial.coordinator.toast


def test_what_others_announce_is_neither_listed_nor_opened(newsroom: Newsroom, provincial: Newsroom) -> None:
    newsroom.drafts("Rahasia daerah lain.")
    newsroom.sends()
    number, version = newsroom.newest().id, newsroom.newest().version
    other: Phone = provincial.coordinator.writes("/siarkan")
    assert "Rahasia" not in "".join(other.buttons)

    for data in (f"s:announcement:{number}", f"s:ann-people:{number}:all", f"a:ann-stop:{number}:{version}"):
        other.sends_data(data)
        assert "Rahasia" not in other.text
        assert "Siti Rahma" not in other.text
    assert newsroom.newest().version == version
