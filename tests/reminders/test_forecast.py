"""Coordinators see who will receive what in the next seven days. It is Saturday, 14 November 2026, 09.00 WIB."""

import pytest

from bot.services import forecasts
from db.models import DigestClock
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import HALMAHERA_SELATAN, KATINGAN, TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


def test_regions_and_days_with_how_many_people(alarm: Alarm, sari: Phone) -> None:
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Ratna Dewi")
    stage.region(alarm.town.work(), KATINGAN)
    alarm.only(SLIDE)
    alarm.only(SLIDE, region=KATINGAN)
    sari.writes("/libur").presses("Week ahead")

    assert "Kota Tebing Tinggi: 16 Nov: 2" in sari.text
    assert "Kabupaten Katingan: 16 Nov: 1" in sari.text


def test_a_region_names_who_hears_what_and_when_with_the_reason_of_a_shift(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only(SLIDE)
    alarm.settled(rudi, "2026-11-17")
    alarm.town.now = wib("2026-11-17", "10:00")
    sari.sends_data("s:forecast").presses("Kota Tebing Tinggi")

    assert "Rudi Hartono, Friday, 20 November 2026 at 09:00 WIB" in sari.text
    assert "(H-1). Moved earlier from Sunday, 22 November 2026, because of the weekend." in sari.text
    assert "Kota Tebing Tinggi" in sari.presses("The region").text


def test_nobody_in_a_region_is_seen_to_be_reported_to_the_coordinator(alarm: Alarm, sari: Phone) -> None:
    alarm.only(SLIDE)
    assert "Sari Wulandari, Monday, 16 November 2026" in sari.sends_data(f"s:forecast-region:{TEBING_TINGGI}").text


def test_hours_are_named_in_each_persons_zone(alarm: Alarm, sari: Phone) -> None:
    stage.region(alarm.town.work(), HALMAHERA_SELATAN)
    alarm.town.member(Role.OFFICIAL, HALMAHERA_SELATAN, "Yansen Garu")
    alarm.only(SLIDE, region=HALMAHERA_SELATAN)
    shown = sari.sends_data(f"s:forecast-region:{HALMAHERA_SELATAN}").text
    assert "Yansen Garu, Monday, 16 November 2026 at 09:00 WIT" in shown


def test_where_nobody_hears_anything_it_says_so(alarm: Alarm) -> None:
    alarm.only()
    sari = alarm.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    alarm.town.now = wib("2026-12-02", "10:00")
    assert "Nobody receives a reminder" in sari.sends_data(f"s:forecast-region:{TEBING_TINGGI}").text
    assert "Kota Tebing Tinggi: nobody" in sari.sends_data("s:forecast").text


def test_many_digests_stand_on_pages(alarm: Alarm, sari: Phone) -> None:
    for number in range(7):
        alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, f"Pejabat {number}")
    shown = sari.sends_data(f"s:forecast-region:{TEBING_TINGGI}")
    assert "Pejabat 0" in shown.text
    assert "Pejabat 6" not in shown.text
    assert "Pejabat 6" in shown.presses("▶").text


def test_what_a_region_is_told_is_part_of_what_its_people_are_told(alarm: Alarm, sari: Phone) -> None:
    stage.region(alarm.town.work(), KATINGAN)
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    stage.seat(alarm.town.work(), rudi.person, Role.OFFICIAL, KATINGAN)
    work = alarm.town.work()
    of_one = forecasts.of_regions(work, [KATINGAN])[KATINGAN]
    whole = {(one.person_id, one.at): one for one in forecasts.coming(work, [rudi.person.id, sari.person.id])}

    assert of_one
    for one in of_one:
        assert set(one.entries) <= set(whole[one.person_id, one.at].entries)
        assert forecasts.regions_of(one.entries) <= {KATINGAN}


def test_a_look_ahead_leaves_every_clock_as_it_was(alarm: Alarm, sari: Phone) -> None:
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    before = [(one.person_id, one.next_at, one.last_day) for one in alarm.town.session.query(DigestClock)]
    sari.sends_data("s:forecast").presses("Kota Tebing Tinggi")
    alarm.town.session.expire_all()
    assert [(one.person_id, one.next_at, one.last_day) for one in alarm.town.session.query(DigestClock)] == before


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER])
@pytest.mark.parametrize("screen", ["forecast", f"forecast-region:{TEBING_TINGGI}"])
def test_nobody_else_sees_it(town: Town, role: Role, screen: str) -> None:
    region = TEBING_TINGGI if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None
    assert "could not be found" in town.member(role, region, "Warga").sends_data(f"s:{screen}").text


@pytest.mark.parametrize("screen", ["forecast:x", "forecast-region", "forecast-region:99.99", "forecast-region::1"])
def test_what_is_forged_is_answered_kindly(sari: Phone, screen: str) -> None:
    assert sari.sends_data(f"s:{screen}").buttons
