"""Who is meant: by how regions stand with a stage or an item, and said in one sentence."""

import pytest

from bot.services.audiences import Standing
from db.vocabulary import ItemState
from tests import stage
from tests.announcements.newsroom import Newsroom

STAGE = "kelembagaan"
READERS = {
    "Siti Rahma": stage.TEBING_TINGGI,
    "Ratna Dewi": stage.KATINGAN,
    "Yohana Pua": stage.BANGGAI,
    "Amir Hasan": stage.HALMAHERA_SELATAN,
}


def mandatory(newsroom: Newsroom) -> list[str]:
    return [item.key for item in newsroom.town.work().programme.edition.items_of(STAGE) if item.mandatory]


@pytest.fixture
def regions(newsroom: Newsroom) -> Newsroom:
    """Four regions: one has the stage accepted, one handed in, one handed back an item, one has not begun."""
    work = newsroom.town.work()
    states = {
        stage.TEBING_TINGGI: (ItemState.ACCEPTED, ItemState.WAIVED),
        stage.KATINGAN: (ItemState.SUBMITTED, ItemState.ACCEPTED),
        stage.BANGGAI: (ItemState.ACCEPTED, ItemState.RETURNED),
        stage.HALMAHERA_SELATAN: (ItemState.UNTOUCHED, ItemState.UNTOUCHED),
    }
    keys = mandatory(newsroom)
    for code, (others, last) in states.items():
        items = stage.region(work, code)
        for key in keys:
            stage.put(work, items[key], last if key == keys[-1] else others)
    for name, code in READERS.items():
        newsroom.reader(name, code)
    newsroom.drafts()
    newsroom.chooses("official of the region")
    return newsroom


@pytest.mark.parametrize(
    ("standing", "named", "told"),
    [
        ("Not submitted", {"Yohana Pua", "Amir Hasan"}, "has not been submitted"),
        ("Submitted", {"Siti Rahma", "Ratna Dewi"}, "has been submitted"),
        ("Not complete", {"Ratna Dewi", "Yohana Pua", "Amir Hasan"}, "is not complete"),
        ("Complete", {"Siti Rahma"}, "is complete"),
        ("Handed back", {"Yohana Pua"}, "was handed back"),
    ],
)
def test_regions_are_meant_by_how_they_stand_with_a_stage(
    regions: Newsroom, standing: str, named: set[str], told: str
) -> None:
    title = regions.town.work().programme.edition.milestone(STAGE).title
    phone = regions.coordinator.presses("Audience").presses("📋 Progress").presses(f"◆ {title[:20]}")
    if standing != "Not submitted":
        phone.presses(f"⬜ {standing}")
    assert f"where “{title}” {told}" in phone.text

    phone.presses("Back").presses("Back")
    regions.sends()

    assert set(regions.states()) == named


def test_regions_are_meant_by_how_they_stand_with_one_item(regions: Newsroom) -> None:
    last = mandatory(regions)[-1]
    aim = f"a:aim:{regions.newest().id}"
    phone = regions.coordinator.sends_data(f"{aim}-about-{last}:{regions.newest().version}")
    phone.sends_data(f"{aim}-standing-{Standing.RETURNED}:{regions.newest().version}")

    phone.writes("/siarkan").sends_data(f"s:announcement:{regions.newest().id}")
    assert "<b>" not in phone.text
    assert "was handed back" in phone.text
    assert "1 person" in phone.text


def test_an_unknown_stage_or_standing_changes_nothing(regions: Newsroom) -> None:
    draft = regions.newest()
    before, version = draft.audience, draft.version
    for part in ("about-entah", "standing-entah", "nothing-12"):
        regions.coordinator.sends_data(f"a:aim:{draft.id}-{part}:{version}")
    assert (regions.newest().audience, regions.newest().version) == (before, version)
