"""Scheduling a meeting: from the first press to the page, and everything that can be typed wrongly."""

from datetime import UTC, datetime

import pytest

from db.models import Meeting
from db.vocabulary import MeetingKind, Role
from tests import stage
from tests.meetings.office import Office
from tests.stage import BANGGAI, TEBING_TINGGI


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_a_bimtek_is_scheduled_step_by_step_and_shows_what_it_must_lead_to(office: Office) -> None:
    office.asks_for("Bimtek tahap IV", "tebing tinggi")
    office.coordinator.writes("20 November 09.00").presses("3 hours")
    office.coordinator.writes("Aula Dinas Kominfo https://zoom.us/j/123").presses("Bambang Sutrisno")
    assert "Komitmen bersama ditandatangani" in office.coordinator.text
    office.coordinator.presses("Note").writes("Mohon membawa draf semua buku.").presses("Schedule it")

    made = office.newest()
    assert (made.kind, made.milestone_key, made.region_code) == (MeetingKind.BIMTEK, "bimtek-4", TEBING_TINGGI)
    assert (made.starts_at, made.ends_at) == (at(20, 2), at(20, 5))
    assert (made.place, made.link) == ("Aula Dinas Kominfo", "https://zoom.us/j/123")
    assert made.mentor_id == office.mentor.person.id
    assert made.note == "Mohon membawa draf semua buku."
    assert "Bimtek tahap IV · Kota Tebing Tinggi" in office.coordinator.text
    assert "09:00 WIB" in office.coordinator.text


def test_the_hour_is_read_in_the_regions_own_zone(office: Office) -> None:
    made = office.schedules("Coordination meeting", "Banggai", when="20 November 09.00-10.00")
    assert made.starts_at == at(20, 1)
    assert "09:00 WITA" in office.coordinator.text
    assert "08:00 WIB" in office.coordinator.text


def test_for_all_regions_the_hour_is_wib(office: Office) -> None:
    made = office.schedules("Closing event", "all", when="1 Desember 09.00-16.00")
    assert made.region_code is None
    assert made.starts_at == datetime(2026, 12, 1, 2, tzinfo=UTC)


def test_several_regions_get_a_meeting_each_at_their_own_hour(office: Office) -> None:
    office.schedules("Presentation", "Kota Tebing Tinggi, Banggai", when="20 November 09.00-10.00")
    starts = {one.region_code: one.starts_at for one in office.town.session.query(Meeting)}
    assert starts == {TEBING_TINGGI: at(20, 2), BANGGAI: at(20, 1)}


def test_several_regions_meet_at_one_moment_where_the_zone_is_named(office: Office) -> None:
    office.asks_for("Coordination meeting", "Kota Tebing Tinggi, Banggai").writes("20 November 09.00 WIB")
    office.coordinator.writes("2 jam").writes("https://zoom.us/j/9").presses("Schedule 2")
    assert {one.starts_at for one in office.town.session.query(Meeting)} == {at(20, 2)}
    assert {one.ends_at for one in office.town.session.query(Meeting)} == {at(20, 4)}


def test_a_province_means_its_regions_that_take_part(office: Office) -> None:
    office.asks_for("Coordination meeting", "provinsi Sulawesi Tengah")
    assert "Kabupaten Banggai" in office.coordinator.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Atlantis", "No region of yours that takes part"),
        ("provinsi Atlantis", "No region of yours that takes part"),
        ("Kota Bandung", "No region of yours that takes part"),
        (" , ; ", "at least one region"),
    ],
)
def test_a_region_that_is_not_known_is_named(office: Office, typed: str, said: str) -> None:
    office.asks_for("Bimtek tahap IV", typed)
    assert said in office.coordinator.text
    assert "For which region?" in office.coordinator.text


def test_a_name_that_two_regions_bear_is_asked_back(office: Office) -> None:
    stage.region(office.town.work(), stage.KOTA_MOJOKERTO)
    stage.region(office.town.work(), stage.KABUPATEN_MOJOKERTO)
    office.asks_for("Bimtek tahap IV", "Mojokerto")
    assert "can mean Kabupaten Mojokerto and Kota Mojokerto" in office.coordinator.text.replace(
        "Kota Mojokerto and Kabupaten Mojokerto", "Kabupaten Mojokerto and Kota Mojokerto"
    )
    office.coordinator.writes("Kota Mojokerto")
    assert "When does it begin?" in office.coordinator.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 Februari 09.00", "date could not be read"),
        ("20 November", "hour could not be read"),
        ("kapan-kapan", "hour could not be read"),
        ("20 November 25.00", "hour does not exist"),
        ("20 November 09.75", "hour does not exist"),
        ("14 November 08.59", "moment has passed"),
        ("14 November 2026 09.00", "moment has passed"),
        ("20 November 09.00-09.00", "end must come after"),
        ("20 November 09.00-08.00", "end must come after"),
        ("2 Desember 09.00", "before the closing"),
        ("20 November 2027 09.00", "before the closing"),
    ],
)
def test_a_beginning_that_cannot_be_has_its_sentence_and_is_asked_again(office: Office, typed: str, said: str) -> None:
    office.asks_for("Bimtek tahap IV", "Tebing Tinggi")
    office.coordinator.writes(typed)
    assert said in office.coordinator.text
    assert "When does it begin?" in office.coordinator.text
    assert office.count() == 0


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("08.00", "end must come after"),
        ("0 jam", "end must come after"),
        ("19 November 12.00", "longer than 14 days"),
        ("sore", "end could not be read"),
        ("24.61", "hour does not exist"),
        ("31 Februari 12.00", "date could not be read"),
        ("12 Desember 12.00", "longer than 14 days"),
        ("2 Desember 12.00", "before the closing"),
    ],
)
def test_an_end_that_cannot_be_has_its_sentence_and_is_asked_again(office: Office, typed: str, said: str) -> None:
    office.asks_for("Bimtek tahap IV", "Tebing Tinggi")
    office.coordinator.writes("20 November 09.00").writes(typed)
    assert said in office.coordinator.text
    assert "Until when?" in office.coordinator.text


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("12.00", at(20, 5)),
        ("sampai 12.30", at(20, 5, 30)),
        ("90 menit", at(20, 3, 30)),
        ("1,5 jam", at(20, 3, 30)),
        ("21 November 15.00", at(21, 8)),
        ("13.00 WITA", at(20, 5)),
    ],
)
def test_an_end_can_be_an_hour_a_length_or_another_day(office: Office, typed: str, ends: datetime) -> None:
    office.asks_for("Coordination meeting", "Tebing Tinggi")
    office.coordinator.writes("20 November 09.00").writes(typed)
    office.coordinator.presses("Not known yet").presses("Nobody").presses("Schedule it")
    assert office.newest().ends_at == ends


@pytest.mark.parametrize(
    "typed",
    ["http://zoom.us/j/1", "https://", "https://zoom", "ftp://a.go.id/x", "https://10.0.0.1/x", "https://a@b.go.id/"],
)
def test_a_link_that_cannot_be_opened_safely_is_refused(office: Office, typed: str) -> None:
    office.asks_for("Coordination meeting", "Tebing Tinggi")
    office.coordinator.writes("20 November 09.00-10.00").writes(f"Aula {typed}")
    assert "link cannot be opened" in office.coordinator.text
    assert "Where does it take place?" in office.coordinator.text


def test_a_place_that_is_not_known_yet_follows_later(office: Office) -> None:
    office.asks_for("Coordination meeting", "Tebing Tinggi")
    office.coordinator.writes("20 November 09.00-10.00").writes("👍").presses("Not known yet")
    office.coordinator.presses("Nobody").presses("Schedule it")
    assert "place is not known yet" in office.coordinator.text


def test_two_presses_on_the_last_button_schedule_once(office: Office) -> None:
    office.asks_for("Coordination meeting", "Tebing Tinggi")
    office.coordinator.writes("20 November 09.00-10.00").writes("Aula").presses("Nobody")
    last = office.coordinator.buttons["✅ Schedule it"]
    office.coordinator.sends_data(last).sends_data(last)
    assert office.count() == 1


def test_an_evening_spent_on_the_last_question_does_not_schedule_the_past(office: Office) -> None:
    office.asks_for("Coordination meeting", "Tebing Tinggi")
    office.coordinator.writes("14 November 10.00-11.00").writes("Aula").presses("Nobody")
    office.town.later(hours=2)
    office.coordinator.presses("Schedule it")
    assert "moment has passed" in office.coordinator.text
    assert office.count() == 0


def test_a_mentor_schedules_their_own_visits_and_nothing_else(office: Office) -> None:
    office.mentor.writes("/agenda").presses("Schedule")
    assert "Mentoring visit" in office.mentor.text
    office.mentor.writes("Banggai")
    assert "No region of yours" in office.mentor.text

    office.mentor.presses("Kota Tebing Tinggi").writes("20 November 09.00-10.00").writes("Kantor Bappeda")
    office.mentor.presses("Schedule it")
    made = office.newest()
    assert (made.kind, made.mentor_id) == (MeetingKind.VISIT, office.mentor.person.id)


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR, Role.OBSERVER, Role.ADMIN])
def test_nobody_else_schedules_anything(office: Office, role: Role) -> None:
    phone = office.town.member(role, TEBING_TINGGI, f"Warga {role.value}").writes("/agenda")
    assert not [label for label in phone.buttons if "Schedule" in label]
    phone.sends_data("a:schedule:0:0")
    assert "could not be found" in phone.toast


def test_a_coordinator_of_a_province_schedules_there_only(office: Office) -> None:
    phone = office.town.member(Role.COORDINATOR, None, "Yohanes Lelang", province="72")
    phone.writes("/agenda").presses("Schedule").presses("Bimtek tahap III")
    assert not [label for label in phone.buttons if "All regions" in label or "Tebing" in label]
    phone.writes("Tebing Tinggi")
    assert "No region of yours" in phone.text
    phone.presses("Kabupaten Banggai")
    assert "When does it begin?" in phone.text
