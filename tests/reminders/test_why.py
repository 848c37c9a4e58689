"""Every digest tells why it came, to the one person who got it. `bp-slide` is due on Monday, 23 November 2026."""

from datetime import date

import pytest

from db.models import Holiday
from db.vocabulary import HolidayKind, Role
from tests import stage
from tests.extensions.hall import REASON, Hall
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def rudi(town: Town) -> Phone:
    return town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")


def asks(phone: Phone, day: str, number: int = 1) -> Phone:
    return phone.sends_data(f"s:why:{day.replace('-', '')}:{number}")


def test_every_digest_ends_with_why_and_the_reminders(alarm: Alarm, rudi: Phone) -> None:
    alarm.rings(wib("2026-11-16"))
    assert alarm.labels(rudi)[-2:] == ["❔ Why this?", "⏰ My reminders"]

    rudi.presses_letter("Why this?")
    assert "Why this reminder?" in rudi.text
    assert "Sent on Monday, 16 November 2026 at 09:00 WIB" in rudi.text
    assert "Hour: 09.00 WIB, as usual in the programme" in rudi.text
    assert "My reminders" in rudi.presses("My reminders").text


def test_it_names_the_deadline_and_the_occasion(alarm: Alarm, rudi: Phone) -> None:
    alarm.only(SLIDE)
    alarm.rings(wib("2026-11-16"))
    asks(rudi, "2026-11-16")

    assert "Kota Tebing Tinggi. Deadline: Monday, 23 November 2026" in rudi.text
    assert "H-7: 7 days before the deadline." in rudi.text
    assert "Moved earlier" not in rudi.text


def test_a_weekend_is_named_where_it_moved_the_reminder(alarm: Alarm, rudi: Phone) -> None:
    alarm.only(SLIDE)
    alarm.settled(rudi, "2026-11-18")
    alarm.rings(wib("2026-11-20"))
    asks(rudi, "2026-11-20")

    assert "H-1: one day before the deadline." in rudi.text
    assert "Moved earlier from Sunday, 22 November 2026, because of the weekend." in rudi.text


def test_a_holiday_is_named_where_it_moved_the_reminder(alarm: Alarm, rudi: Phone) -> None:
    work = alarm.town.work()
    day, joint = date(2026, 11, 20), HolidayKind.JOINT_LEAVE
    work.session.add(Holiday(edition_id=work.edition_id, day=day, name="Cuti bersama Natal", kind=joint))
    work.session.flush()
    alarm.only(SLIDE)
    alarm.settled(rudi, "2026-11-18")
    alarm.rings(wib("2026-11-19"))
    asks(rudi, "2026-11-19")

    assert "Moved earlier from Sunday, 22 November 2026, because of the weekend and Cuti bersama Natal." in rudi.text


def test_what_was_put_off_says_so(alarm: Alarm, rudi: Phone) -> None:
    alarm.only(SLIDE)
    alarm.town.now = wib("2026-11-17", "10:00")
    alarm.settled(rudi, "2026-11-17")
    rudi.sends_data(f"a:snooze:{alarm.item(SLIDE).id}-20261118:0")
    alarm.rings(wib("2026-11-18"))

    assert "You asked to be reminded again on Wednesday, 18 November 2026." in asks(rudi, "2026-11-18").text


def test_an_extension_is_named_with_its_reason_and_who_granted_it(alarm: Alarm) -> None:
    hall = Hall.open(alarm.town)
    alarm.only(SLIDE)
    hall.extends("27 November")
    alarm.settled(hall.official, "2026-11-23")
    alarm.rings(wib("2026-11-24"))
    shown = asks(hall.official, "2026-11-24").text

    assert "Deadline: Friday, 27 November 2026" in shown
    assert "at first Monday, 23 November 2026" in shown
    assert REASON in shown
    assert "Sari Wulandari" in shown


def test_a_deadline_moved_since_then_is_named_too(alarm: Alarm) -> None:
    hall = Hall.open(alarm.town)
    alarm.only(SLIDE)
    alarm.settled(hall.official, "2026-11-13")
    alarm.rings(wib("2026-11-16"))
    alarm.leaves()
    hall.extends("27 November")

    shown = asks(hall.official, "2026-11-16").text
    assert "Deadline: Monday, 23 November 2026" in shown
    assert "Since then it has become Friday, 27 November 2026." in shown


def test_a_lead_and_a_coordinator_read_why_they_hear_of_others_work(alarm: Alarm, rudi: Phone) -> None:
    lead = alarm.town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma")
    sari = alarm.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    alarm.only(SLIDE)
    alarm.runs("2026-11-16", "2026-11-26")

    assert "H+1: the first working day after the deadline. As the lead" in asks(lead, "2026-11-24").text
    assert "H+3: working day 3 after the deadline. As a coordinator" in asks(sari, "2026-11-26").text


def test_a_coordinator_reads_that_nobody_in_the_region_can_be_reached(alarm: Alarm) -> None:
    sari = alarm.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    alarm.only(SLIDE)
    alarm.runs("2026-11-16", "2026-11-16")
    assert "nobody in the region can be reached" in asks(sari, "2026-11-16").text


def test_the_closing_is_named_as_such(alarm: Alarm) -> None:
    wayan = alarm.town.member(Role.MENTOR, None, "Wayan Sudarma")
    alarm.settled(wayan, "2026-11-16")
    alarm.rings(wib("2026-11-17"))
    shown = asks(wayan, "2026-11-17").text
    assert "The closing of the programme" in shown
    assert "H-14: 14 days before the closing." in shown


def test_the_order_is_that_of_the_digest_over_several_pages(alarm: Alarm, rudi: Phone) -> None:
    alarm.rings(wib("2026-11-27"))
    titles = [label.partition(". ")[2].rstrip("…") for label in alarm.labels(rudi) if label[0].isdigit()]
    first = asks(rudi, "2026-11-27").text
    second = rudi.presses("▶").text

    places = [(title in second, (second if title in second else first).index(title)) for title in titles]
    assert places == sorted(places)
    assert {page for page, _place in places} == {False, True}


@pytest.mark.parametrize("which", ["20261116:2", "20261117:1", "20261332:1", "x:1", "20261116:x", "20261116", ""])
def test_nobody_reads_what_they_did_not_get(alarm: Alarm, rudi: Phone, which: str) -> None:
    alarm.rings(wib("2026-11-16"))
    shown = rudi.sends_data(f"s:why:{which}").text
    assert "Nothing is kept of this reminder" in shown or "could not be found" in shown


def test_the_same_button_pressed_by_somebody_else_shows_nothing_of_it(alarm: Alarm, rudi: Phone) -> None:
    alarm.rings(wib("2026-11-16"))
    stage.region(alarm.town.work(), stage.KATINGAN)
    other = alarm.town.member(Role.OFFICIAL, stage.KATINGAN, "Yansen Garu")
    assert "Nothing is kept of this reminder" in asks(other, "2026-11-16").text


def test_where_much_is_late_earlier_stages_can_be_declared_done(alarm: Alarm, rudi: Phone) -> None:
    togar = alarm.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar Simanjuntak")
    alarm.rings(wib("2026-11-16"))

    assert any(label.startswith("☑️ Done already (") for label in alarm.labels(rudi))
    rudi.presses_letter("Done already")
    assert "Up to which stage is everything done?" in rudi.text
    assert alarm.digests(togar) == []


def test_where_little_is_late_it_is_not_offered(alarm: Alarm, rudi: Phone) -> None:
    alarm.only(SLIDE)
    alarm.runs("2026-11-23", "2026-11-24")
    assert not any("Done already" in label for label in alarm.labels(rudi))
