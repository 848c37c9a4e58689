"""Who is meant: by how regions stand with a stage or an item, and said in one sentence."""

import re

import pytest
from sqlalchemy import select

from bot.services.audiences import Standing
from db.models import SavedAudience
from db.vocabulary import ItemState, Role
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


def kept(newsroom: Newsroom) -> dict[str, str]:
    """Names of kept audiences and who keeps them, as the list of the newest draft tells."""
    newsroom.coordinator.sends_data(f"s:aud-saved:{newsroom.newest().id}")
    return dict(re.findall("“(.+?)”, kept by (.+)", newsroom.coordinator.text))


def keeps(newsroom: Newsroom, name: str) -> None:
    newsroom.coordinator.writes("/siarkan").sends_data(f"s:audience:{newsroom.newest().id}")
    newsroom.coordinator.presses("Keep this audience").writes(name)


def test_an_audience_of_ones_own_is_replaced_with_a_word_and_a_colleagues_never(newsroom: Newsroom) -> None:
    newsroom.drafts()
    newsroom.chooses("mentor")
    keeps(newsroom, "Rutin")
    mine = newsroom.coordinator
    assert "Saved." in mine.text
    newsroom.chooses("observer")
    keeps(newsroom, "Rutin")
    assert "It replaces what you had kept under the name “Rutin”" in mine.text
    assert [row.rule for row in newsroom.town.session.scalars(select(SavedAudience))] == [newsroom.newest().audience]

    newsroom.coordinator = newsroom.town.member(Role.COORDINATOR, None, "Maya Kusuma")
    newsroom.drafts("Rapat lain.")
    keeps(newsroom, "Rutin")
    assert "keeps an audience under the name “Rutin”. Please choose another one." in newsroom.coordinator.text
    newsroom.coordinator.writes("Lain")
    assert set(kept(newsroom)) == {"Rutin", "Lain"}
    assert kept(newsroom)["Lain"] == "Maya Kusuma"


def test_a_kept_audience_can_be_put_away_by_who_keeps_it_or_coordinates_all(newsroom: Newsroom) -> None:
    newsroom.drafts()
    keeps(newsroom, "Rutin")
    everywhere = newsroom.coordinator
    newsroom.coordinator = newsroom.town.member(Role.COORDINATOR, stage.TEBING_TINGGI, "Maya Kusuma")
    newsroom.drafts("Rapat lain.")
    assert "Rutin" in kept(newsroom)
    assert "Put it away" not in " ".join(newsroom.coordinator.buttons)
    row = newsroom.town.session.scalars(select(SavedAudience)).one()
    forged = f"a:aud-forget:{newsroom.newest().id}-{row.id}:0"
    newsroom.coordinator.sends_data(forged)
    assert "not open to you" in f"{newsroom.coordinator.toast} {newsroom.coordinator.text}"

    keeps(newsroom, "Punya Maya")
    newsroom.coordinator = everywhere
    assert set(kept(newsroom)) == {"Rutin", "Punya Maya"}
    buttons = [data for label, data in everywhere.buttons.items() if "Put it away" in label]
    everywhere.sends_data(buttons[-1])
    assert "is kept no more" in everywhere.toast
    everywhere.sends_data(buttons[-1])
    assert "changed meanwhile" in everywhere.toast
    assert len(kept(newsroom)) == 1


def test_an_unknown_stage_or_standing_changes_nothing(regions: Newsroom) -> None:
    draft = regions.newest()
    before, version = draft.audience, draft.version
    for part in ("about-entah", "standing-entah", "nothing-12"):
        regions.coordinator.sends_data(f"a:aim:{draft.id}-{part}:{version}")
    assert (regions.newest().audience, regions.newest().version) == (before, version)
