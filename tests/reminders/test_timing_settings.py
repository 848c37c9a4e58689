"""Coordinators set when reminders go out; everything that was not sent yet goes by it. It is 14 November 2026."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.services.timing import timing_of
from db.models import AuditEntry, TimeSettings
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


def kept(town: Town) -> dict[str, Any]:
    rows = town.session.scalars(select(TimeSettings).execution_options(populate_existing=True)).all()
    return rows[0].changed if rows else {}


def opens(phone: Phone) -> Phone:
    return phone.sends_data("s:timing")


def test_the_page_says_what_is_in_force(sari: Phone) -> None:
    sari.sends_data("s:calendar").presses("⏰ Reminders")
    for words in (
        "Days: H-14, H-7, H-3, H-1, H, H+1 and H+3",
        "Hour: 09.00",
        "08.00 to 17.00",
        "On Fridays not: 11.30 to 13.30",
        "The lead hears of it: working day 1",
        "The coordinator hears of it: working day 3",
        "H-60",
    ):
        assert words in sari.text
    assert not any("As at first" in label for label in sari.buttons)


def test_a_day_more_is_seen_ahead_kept_and_then_reminded_of(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only(SLIDE)
    opens(sari).presses("Days").presses("H-5").presses("Go on")
    assert "What is due on Tuesday, 1 December 2026 is reminded of on" in sari.text
    assert "2 people get reminders" in sari.text
    assert kept(alarm.town) == {}

    sari.presses("Save")

    assert kept(alarm.town) == {"offsets": [-14, -7, -5, -3, -1, 0, 1, 3]}
    assert "H-7, H-5, H-3" in sari.text
    alarm.runs("2026-11-15", "2026-11-24")
    assert "-5" in [occasion for occasion, _at in alarm.told(rudi, SLIDE)]


def test_another_hour_moves_what_has_not_been_sent(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.rings(wib("2026-11-14", "12:00"))
    opens(sari).presses("Hour").presses("10.30").presses("Save")
    alarm.runs("2026-11-15", "2026-11-17")

    assert [one.created_at for one in alarm.digests(rudi)][:2] == [
        wib("2026-11-16", "10:30"),
        wib("2026-11-17", "10:30"),
    ]


def test_a_change_on_a_day_that_has_had_its_digest_sends_nothing_again(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.rings(wib("2026-11-16"))
    opens(sari).presses("Hour").presses("14.00").presses("Save")
    alarm.runs("2026-11-16", "2026-11-16")
    assert len(alarm.digests(rudi)) == 1


def test_the_steps_of_the_ladder_move_with_their_settings(alarm: Alarm, sari: Phone) -> None:
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    lead = alarm.town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma")
    alarm.only(SLIDE)
    sari.sends_data(opens(sari).buttons["Lead"]).presses("2").presses("Save")
    alarm.runs("2026-11-23", "2026-11-27")

    assert alarm.told(lead, SLIDE) == [("lead+2", wib("2026-11-25"))]


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("Hour", "18.00", "would be outside the hours from 08.00 to 17.00"),
        ("Hour", "07.30", "would be outside the hours from 08.00 to 17.00"),
        ("Sent from", "09.30", "Reminders at 09.00 would be outside the hours from 09.30 to 17.00"),
    ],
)
def test_hours_that_contradict_each_other_are_refused(sari: Phone, setting: str, value: str, words: str) -> None:
    opens(sari).presses(setting).presses(value)
    assert words in sari.text
    assert kept(sari.town) == {}


def test_the_coordinator_cannot_hear_of_it_before_the_lead(sari: Phone) -> None:
    sari.sends_data(opens(sari).buttons["Lead"]).presses("5")
    assert "cannot hear of it before the lead" in sari.text
    assert kept(sari.town) == {}


def test_at_least_one_day_is_kept(sari: Phone) -> None:
    opens(sari).presses("Days")
    for label in ("H-14", "H-7", "H-3", "H-1", "H+1", "H+3"):
        sari.presses(f"✅ {label}")
    sari.sends_data(sari.buttons["✅ H"])

    assert "At least one day is needed." in sari.text
    assert "Go on" not in sari.buttons
    sari.writes("Go on")
    assert kept(sari.town) == {}


def test_of_two_coordinators_the_second_sees_what_the_first_one_kept(sari: Phone) -> None:
    other = sari.town.member(Role.COORDINATOR, None, "Kartika Dewanti")
    opens(other).presses("Hour").presses("11.00")
    opens(sari).presses("Hour").presses("10.00").presses("Save")
    other.presses("Save")

    assert "changed meanwhile" in other.text
    assert kept(sari.town) == {"at": "10.00"}


def test_an_old_button_shows_what_is_in_force_now(sari: Phone) -> None:
    old = opens(sari).buttons["Hour"]
    sari.presses("Hour").presses("10.00").presses("Save").sends_data(old)
    assert "changed meanwhile" in sari.toast
    assert "Hour: 10.00" in sari.text


def test_saved_twice_it_is_written_down_once(sari: Phone) -> None:
    opens(sari).presses("Hour").presses("10.00")
    save = sari.buttons["✅ Save"]
    sari.sends_data(save).sends_data(save)

    rows = select(AuditEntry).where(AuditEntry.act == "set_timing")
    (line,) = sari.town.session.scalars(rows).all()
    assert (line.before, line.after, line.actor_id) == ({}, {"at": "10.00"}, sari.person.id)


def test_all_goes_back_to_what_the_programme_says(sari: Phone) -> None:
    opens(sari).presses("Hour").presses("10.00").presses("Save").presses("As at first").presses("Save")
    assert kept(sari.town) == {}
    sari.town.session.info.clear()
    assert timing_of(sari.town.work()).reminders == stage.content().rules.reminders


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER])
def test_nobody_else_sees_or_changes_them(town: Town, role: Role) -> None:
    region = TEBING_TINGGI if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None
    other = town.member(role, region, "Warga")
    assert "could not be found" in opens(other).text
    other.sends_data("a:timing:at:0")
    assert "could not be found" in other.toast


def test_a_coordinator_of_one_province_does_not_change_them_for_all(town: Town) -> None:
    other = town.member(Role.COORDINATOR, None, "Kartika Dewanti", province="12")
    assert "could not be found" in opens(other).text


@pytest.mark.parametrize("subject", ["nonsense", "", "rhythm", "offsets-1"])
def test_a_forged_setting_changes_nothing(sari: Phone, subject: str) -> None:
    sari.sends_data(f"a:timing:{subject}:0")
    assert kept(sari.town) == {}
