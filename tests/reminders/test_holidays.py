"""Coordinators set days off: seen ahead, kept once confirmed, reminded of earlier. It is Saturday, 14 November 2026."""

from datetime import date

import pytest
from sqlalchemy import select

from db.models import AuditEntry, Holiday
from db.vocabulary import HolidayKind, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import KATINGAN, TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


def kept(town: Town) -> list[tuple[str, str, HolidayKind, str | None]]:
    rows = town.session.scalars(select(Holiday).order_by(Holiday.day).execution_options(populate_existing=True))
    return [(f"{row.day:%m-%d}", row.name, row.kind, row.region_code) for row in rows]


def adds(phone: Phone, text: str) -> Phone:
    return phone.writes("/libur").presses("Own days").presses("Add days").writes(text)


def test_a_list_is_kept_only_once_it_was_confirmed(sari: Phone) -> None:
    adds(sari, "25 Desember Natal\n24 Desember Cuti bersama Natal")
    assert "2 days, everywhere" in sari.text
    assert "Thursday, 24 December 2026: Cuti bersama Natal (joint leave)" in sari.text
    assert "Friday, 25 December 2026: Natal (day off)" in sari.text
    assert kept(sari.town) == []

    sari.presses("Save")

    assert kept(sari.town) == [
        ("12-24", "Cuti bersama Natal", HolidayKind.JOINT_LEAVE, None),
        ("12-25", "Natal", HolidayKind.HOLIDAY, None),
    ]
    assert "1. Thursday, 24 December 2026: Cuti bersama Natal (joint leave, everywhere)" in sari.text


def test_lines_that_cannot_be_read_are_named_and_nothing_is_kept_by_them(sari: Phone) -> None:
    adds(sari, "25 Desember Natal\n31 Februari Libur\nNatal")
    assert "Line 2: the calendar has no 31 Februari." in sari.text
    assert "Line 3: no day could be found" in sari.text
    assert "1 day, everywhere" in sari.text

    adds(sari, "13 November Libur\n31/2 x")
    assert "No line could be taken" in sari.text
    assert "Save" not in sari.buttons
    assert kept(sari.town) == []


def test_a_list_in_two_messages_is_one_list(sari: Phone) -> None:
    adds(sari, "25 Desember Natal\n24 Desember Libur").writes(
        "24 Desember Cuti bersama Natal\n26 Desember Cuti bersama"
    )
    assert "3 days, everywhere" in sari.text
    sari.presses("Save")
    assert [(day, name) for day, name, _kind, _region in kept(sari.town)] == [
        ("12-24", "Cuti bersama Natal"),
        ("12-25", "Natal"),
        ("12-26", "Cuti bersama"),
    ]


def test_the_preview_names_deadlines_and_reminders_that_move_and_how_many_people(alarm: Alarm, sari: Phone) -> None:
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only(SLIDE)
    adds(sari, "23 November Cuti bersama")

    assert "Default deadlines that move:" in sari.text
    assert "Monday, 23 November 2026 → Friday, 20 November 2026" in sari.text
    assert "Reminders of the next 30 days that move, for 1 person:" in sari.text
    assert "Monday, 16 November 2026 → Friday, 13 November 2026: 1 reminder" in sari.text


def test_where_nobody_receives_the_reminders_yet_the_preview_says_that(alarm: Alarm, sari: Phone) -> None:
    alarm.only(SLIDE)
    adds(sari, "23 November Cuti bersama")
    assert "Reminders of the next 30 days that move; in these regions nobody receives them yet:" in sari.text


def test_where_nothing_moves_the_preview_says_so(sari: Phone) -> None:
    adds(sari, "27 Desember 2027 Libur")
    assert "No deadline and no reminder of the next 30 days moves." in sari.text


def test_joint_leave_on_the_eve_moves_the_reminder_earlier_and_never_later(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only("bp-delegasi")
    due = stage.due(alarm.town.work(), "bp-delegasi").day
    assert due == date(2026, 11, 23)
    alarm.settled(rudi, "2026-11-19")
    alarm.town.now = wib("2026-11-19", "15:00")
    adds(sari, "20 November Cuti bersama").presses("Save")
    alarm.rings()
    alarm.runs("2026-11-20", "2026-11-20")

    assert alarm.told(rudi, "bp-delegasi") == [("-1", wib("2026-11-19", "15:00"))]


def test_a_day_that_has_had_its_reminders_is_named_and_nothing_is_sent_twice(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.rings(wib("2026-11-16"))
    alarm.leaves()
    before = len(alarm.digests(rudi))
    adds(sari, "16 November Libur mendadak")
    assert "people were reminded today already. Nothing is sent twice." in sari.text
    sari.presses("Save")
    alarm.runs("2026-11-16", "2026-11-16")
    assert len(alarm.digests(rudi)) == before


def test_a_day_of_one_region_moves_only_that_region(alarm: Alarm, sari: Phone) -> None:
    stage.region(alarm.town.work(), KATINGAN)
    sari.writes("/libur").presses("Own days").presses("Add days").presses("Elsewhere").writes("Katingan")
    assert "Where: Kabupaten Katingan" in sari.text
    sari.writes("23 November Hari jadi").presses("Save")

    work = alarm.town.work()
    assert kept(alarm.town) == [("11-23", "Hari jadi", HolidayKind.HOLIDAY, KATINGAN)]
    assert stage.due(work, SLIDE, KATINGAN).day == date(2026, 11, 20)
    assert stage.due(work, SLIDE).day == date(2026, 11, 23)
    assert "Kabupaten Katingan" in sari.text


def test_a_province_means_all_its_regions_and_everywhere_is_chosen_back(alarm: Alarm, sari: Phone) -> None:
    adding = sari.writes("/libur").presses("Own days").presses("Add days").presses("Elsewhere")
    adding.writes("Sumatera Utara")
    assert "Where: Sumatera Utara" in sari.text
    sari.presses("Elsewhere").presses("Everywhere").presses("Elsewhere").writes("provinsi Sumatera Utara")
    sari.writes("23 November Libur daerah").presses("Save")
    assert kept(alarm.town)[0][3] == "12"
    assert stage.due(alarm.town.work(), SLIDE).day == date(2026, 11, 20)


def test_a_place_that_does_not_exist_is_said(sari: Phone) -> None:
    sari.writes("/libur").presses("Own days").presses("Add days").presses("Elsewhere").writes("Atlantis Raya Xyz")
    assert "There is no region or province called" in sari.text


def test_a_name_that_two_regions_bear_is_asked_back_and_the_nearest_name_counts(sari: Phone) -> None:
    adding = sari.writes("/libur").presses("Own days").presses("Add days").presses("Elsewhere")
    assert "can mean Kota Mojokerto and Kabupaten Mojokerto" in adding.writes("mojokerto").text
    assert "Where: Kabupaten Banggai" in sari.writes("Banggai").text


def test_a_saturday_becomes_a_working_day(alarm: Alarm, sari: Phone) -> None:
    sari.writes("/libur").presses("Own days").presses("Add days").presses("Working days")
    sari.writes("21 November Pengganti").presses("Save")
    assert alarm.town.work().calendar.is_working(date(2026, 11, 21))


def test_a_day_is_taken_back_with_a_look_at_what_moves(alarm: Alarm, sari: Phone) -> None:
    adds(sari, "23 November Cuti bersama").presses("Save").presses("🗑 1")
    assert "Take back Monday, 23 November 2026: Cuti bersama?" in sari.text
    assert "Friday, 20 November 2026 → Monday, 23 November 2026" in sari.text
    remove = sari.buttons["🗑 Take it back"]
    sari.sends_data(remove).sends_data(remove)

    assert kept(alarm.town) == []
    assert stage.due(alarm.town.work(), SLIDE).day == date(2026, 11, 23)
    acts = select(AuditEntry.act).where(AuditEntry.act.like("%day%off")).order_by(AuditEntry.id)
    assert alarm.town.session.scalars(acts).all() == ["add_days_off", "remove_day_off"]


def test_the_same_day_said_anew_replaces_what_was_said_before(sari: Phone) -> None:
    adds(sari, "25 Desember Natal").presses("Save")
    adds(sari, "25 Desember Hari Raya Natal").presses("Save")
    assert [name for _day, name, _kind, _region in kept(sari.town)] == ["Hari Raya Natal"]


def test_saved_twice_it_is_kept_once(sari: Phone) -> None:
    adds(sari, "25 Desember Natal")
    save = sari.buttons["✅ Save"]
    sari.sends_data(save).sends_data(save)
    assert len(kept(sari.town)) == 1


def test_an_old_button_of_a_day_that_is_gone_says_so(sari: Phone) -> None:
    adds(sari, "25 Desember Natal").presses("Save")
    old = sari.buttons["🗑 1"]
    sari.presses("🗑 1").presses("Take it back").sends_data(old)
    assert "taken back already" in sari.toast


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER])
def test_nobody_else_adds_or_takes_back(sari: Phone, role: Role) -> None:
    adds(sari, "25 Desember Natal").presses("Save")
    number = sari.town.session.scalars(select(Holiday.id)).one()
    region = TEBING_TINGGI if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None
    other = sari.town.member(role, region, "Warga")

    assert "could not be found" in other.sends_data("s:holidays").text
    for data in ("a:holiday:0:0", f"a:holiday-remove:{number}:0"):
        other.sends_data(data)
        assert "could not be found" in other.toast
    assert len(kept(sari.town)) == 1


def test_a_coordinator_of_one_province_decides_there_only(sari: Phone) -> None:
    adds(sari, "25 Desember Natal").presses("Save")
    other = sari.town.member(Role.COORDINATOR, None, "Kartika Dewanti", province="12")
    other.writes("/libur").presses("Own days")
    assert not any(label.startswith("🗑") for label in other.buttons)
    other.presses("Add days")
    assert "Where: Sumatera Utara" in other.text
    other.presses("Elsewhere").writes("Katingan")
    assert "not among the regions you decide for" in other.text
    other.presses("Everywhere").writes("28 Desember Libur")
    assert "could not be found" in other.text
    other.presses("Elsewhere").writes("Tebing Tinggi").writes("28 Desember Libur").presses("Save")

    assert [(day, region) for day, _name, _kind, region in kept(sari.town)] == [
        ("12-25", None),
        ("12-28", TEBING_TINGGI),
    ]


@pytest.mark.parametrize("subject", ["999999", "x", "", "-1"])
def test_a_forged_number_takes_nothing_back(sari: Phone, subject: str) -> None:
    adds(sari, "25 Desember Natal").presses("Save")
    sari.sends_data(f"a:holiday-remove:{subject}:0")
    assert len(kept(sari.town)) == 1
