"""Regions gathered into cohorts by coordinators, and written to together."""

import pytest
from sqlalchemy import func, select

from bot.services import cohorts
from db.models import Cohort, CohortRegion
from db.vocabulary import Role
from tests import stage
from tests.announcements.newsroom import Newsroom


@pytest.fixture
def gathered(newsroom: Newsroom) -> Newsroom:
    """Three regions, of which Katingan is in "Gelombang 2"; a reader in each, and a mentor of everywhere."""
    work = newsroom.town.work()
    for name, code in (
        ("Siti Rahma", stage.TEBING_TINGGI),
        ("Ratna Dewi", stage.KATINGAN),
        ("Yohana Pua", stage.BANGGAI),
    ):
        stage.region(work, code)
        newsroom.reader(name, code)
    newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")
    phone = newsroom.coordinator.sends_data("s:regions").presses("Cohorts").presses("New cohort")
    phone.writes("Gelombang 2").presses("⬜ Kabupaten Katingan")
    return newsroom


def test_a_cohort_is_made_and_filled_with_a_few_taps(gathered: Newsroom) -> None:
    phone = gathered.coordinator
    assert "✅ Kabupaten Katingan" in phone.buttons
    assert "1 region" in phone.text

    phone.presses("✅ Kabupaten Katingan").presses("⬜ Kabupaten Banggai").presses("Back")
    assert "Gelombang 2: 1 region" in phone.text
    phone.sends_data(f"s:region:{stage.BANGGAI}")
    assert "🎓 Gelombang 2" in phone.text


def test_an_announcement_goes_to_a_cohort_alone(gathered: Newsroom) -> None:
    gathered.drafts()
    gathered.chooses("official of the region")
    gathered.coordinator.presses("Audience").presses("🎓 Cohorts").presses("Gelombang 2")
    assert "official of the region in all regions, of Gelombang 2" in gathered.coordinator.text
    gathered.coordinator.presses("Back").presses("Back")
    gathered.sends()

    assert set(gathered.states()) == {"Ratna Dewi"}


def test_whoever_looks_after_all_regions_is_meant_with_a_cohort_too(gathered: Newsroom) -> None:
    gathered.drafts()
    gathered.chooses("mentor")
    gathered.coordinator.presses("Audience").presses("🎓 Cohorts").presses("Gelombang 2").presses("Back").presses(
        "Back"
    )
    gathered.sends()

    assert set(gathered.states()) == {"Bambang Wijaya"}


def test_a_dissolved_cohort_means_nobody_and_says_so(gathered: Newsroom) -> None:
    gathered.drafts()
    gathered.coordinator.presses("Audience").presses("🎓 Cohorts").presses("Gelombang 2")
    gathered.coordinator.sends_data("s:cohorts").presses("Gelombang 2").presses("Dissolve")
    assert "Gelombang 2" not in gathered.coordinator.text

    gathered.coordinator.writes("/siarkan").presses("Rapat").presses("Check and send")
    assert "a cohort dissolved since" in gathered.coordinator.text
    assert "Send to" not in "".join(gathered.coordinator.buttons)


def test_a_name_is_taken_once_and_may_be_changed(gathered: Newsroom) -> None:
    phone = gathered.coordinator.sends_data("s:cohorts").presses("New cohort").writes("Gelombang 2")
    assert "a cohort of this name already" in phone.text
    phone.writes("Gelombang 3").presses("Other name").writes("Angkatan 2026")
    assert "Angkatan 2026" in phone.text


def test_pressing_twice_and_forged_buttons_change_nothing_more(gathered: Newsroom) -> None:
    cohort = gathered.town.session.scalars(select(Cohort)).one()
    lead = gathered.town.member(Role.LEAD, stage.KATINGAN, "Bapak Lurah")
    put = f"a:cohort-put:{cohort.id}-{stage.KATINGAN}-in:0"
    gathered.coordinator.sends_data(put).sends_data(put)
    gathered.coordinator.sends_data(f"a:cohort-put:{cohort.id}-99.99-in:0").sends_data("a:cohort-put:9999-12.76-in:0")
    for data in (
        f"a:cohort-put:{cohort.id}-{stage.KATINGAN}-out:0",
        f"a:cohort-end:{cohort.id}:0",
        f"a:cohort-name:{cohort.id}:0",
        f"s:cohort:{cohort.id}",
        "s:cohorts",
    ):
        lead.sends_data(data)
        assert "Gelombang 2" not in lead.text

    inside = select(func.count()).select_from(CohortRegion)
    assert gathered.town.session.scalar(inside) == 1


def test_cohorts_of_the_editions_file_are_made_once_and_then_belong_to_the_coordinators(newsroom: Newsroom) -> None:
    work = newsroom.town.work()
    cohorts.gather(work, {"Gelombang 1": (stage.TEBING_TINGGI, stage.KATINGAN)})
    number = newsroom.town.session.scalars(select(Cohort.id)).one()
    stage.region(work, stage.KATINGAN)
    newsroom.coordinator.sends_data(f"a:cohort-put:{number}-{stage.KATINGAN}-out:0")

    cohorts.gather(work, {"Gelombang 1": (stage.TEBING_TINGGI, stage.KATINGAN)})

    assert cohorts.codes_of(work, [number]) == {stage.TEBING_TINGGI}
