"""Coordinators decide: what they see, what they can answer, who hears of it, and what is in force afterwards."""

from datetime import date, datetime, timedelta

import pytest

from bot.services.deadlines import due_of
from db.models import DigestClock, Extension
from db.vocabulary import ExtensionState, ItemState, Rhythm, Role
from tests import stage
from tests.extensions.hall import ITEM, REASON, STAGE, Hall
from tests.people.phone import Phone
from tests.stage import KATINGAN, TEBING_TINGGI


def test_a_coordinator_sees_the_request_with_what_it_takes_to_decide(hall: Hall) -> None:
    hall.extends("24 November", key="bp-delegasi")
    stage.put(hall.town.work(), hall.item(), ItemState.STARTED)
    hall.asks()
    assert "1 request for more time waits" in hall.coordinator.sends_data("s:home").text

    hall.coordinator.presses("⏳ More time").presses("Kota Tebing Tinggi")

    shown = hall.coordinator.text
    for words in ("Kota Tebing Tinggi", "23 November 2026", "27 November 2026", REASON, "Rudi Hartono", "in progress"):
        assert words in shown
    assert "1 other extension in this region" in shown
    assert "Monday, 23 November 2026 → Tuesday, 24 November 2026" in shown


def test_granting_moves_the_deadline_and_the_askers_and_the_team_read_both_dates(hall: Hall) -> None:
    hall.asks()
    hall.grants()

    assert hall.newest().state is ExtensionState.GRANTED
    assert hall.due() == "27-11"
    for phone in (hall.official, hall.lead):
        letter = phone.told()[-1]
        assert "From Monday, 23 November 2026 to Friday, 27 November 2026" in letter
        assert REASON in letter
        assert "Decided by Sari Wulandari" in letter
    assert hall.acts() == ["ask_extension", "grant_extension"]
    assert "No request waits" in hall.coordinator.sends_data("s:extensions").text


def test_a_second_extension_names_the_first_with_both_days_and_as_taken_back(hall: Hall) -> None:
    hall.extends("25 November")
    hall.coordinator.sends_data(f"s:extension:{hall.newest().id}").presses("Take it back").writes("Narasumber ada.")
    hall.asks()
    hall.grants()
    assert "From Monday, 23 November 2026 to Friday, 27 November 2026" in hall.coordinator.text
    assert "Monday, 23 November 2026 → Wednesday, 25 November 2026 (taken back)" in hall.coordinator.text


def test_nobody_else_is_told(hall: Hall) -> None:
    stage.region(hall.town.work(), KATINGAN)
    others = [
        hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu"),
        hall.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar Simanjuntak"),
        hall.town.member(Role.MENTOR, TEBING_TINGGI, "Wayan Sudarma"),
        hall.town.member(Role.OBSERVER, None, "Kartika Dewanti"),
    ]
    hall.asks()
    hall.grants()
    hall.coordinator.presses("Take it back").writes("Narasumber sudah ada.")

    assert [phone.told() for phone in others] == [[], [], [], []]
    assert hall.due(region=KATINGAN) == "23-11"


def test_a_delegate_of_the_item_and_the_lead_hear_of_it(hall: Hall) -> None:
    togar = hall.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar Simanjuntak")
    stage.put(hall.town.work(), hall.item(), ItemState.STARTED, assignee_id=togar.visit().seats[0].id)

    hall.extends()

    assert len(togar.told()) == len(hall.lead.told()) == 1
    assert hall.official.told() == []


def test_an_item_accepted_meanwhile_is_nobodys_news_but_the_askers(hall: Hall) -> None:
    hall.asks()
    stage.put(hall.town.work(), hall.item(), ItemState.ACCEPTED)
    hall.grants()

    assert len(hall.official.told()) == 1
    assert hall.lead.told() == []


def test_another_day_is_granted_with_a_reason_and_the_asker_reads_what_was_asked_for_too(hall: Hall) -> None:
    hall.asks(day="1 Desember")
    hall.coordinator.presses_letter("Open the request").presses("Another day").writes("25 November")
    hall.coordinator.writes("Berkas dibutuhkan panitia sebelum gladi.").presses("✅ Extend")

    assert hall.newest().day == date(2026, 11, 25)
    assert hall.due() == "25-11"
    letter = hall.official.told()[-1]
    assert "to Wednesday, 25 November 2026" in letter
    assert "You asked for: Tuesday, 1 December 2026" in letter
    assert "Berkas dibutuhkan panitia" in letter
    assert "You asked for" not in hall.lead.told()[-1]


def test_a_refusal_has_its_reason_and_only_the_asker_hears_of_it(hall: Hall) -> None:
    hall.asks()
    hall.coordinator.presses_letter("Open the request").presses("Refuse").writes("tidak")
    assert "at least 10 characters" in hall.coordinator.text
    hall.coordinator.writes("Panitia sudah memesan ruang sidang.")

    assert hall.newest().state is ExtensionState.REFUSED
    assert hall.due() == "23-11"
    letter = hall.official.told()[-1]
    for words in ("not extended", "stays Monday, 23 November 2026", "27 November 2026", "ruang sidang", "Sari"):
        assert words in letter
    assert hall.lead.told() == []
    assert hall.acts()[-1] == "refuse_extension"


def test_the_card_shows_both_dates_the_reason_and_who_approved(hall: Hall) -> None:
    hall.asks()
    hall.grants()

    for phone in (hall.official, hall.lead, hall.coordinator):
        shown = hall.opens(phone).text
        assert "Deadline: Friday, 27 November 2026" in shown
        assert "Extended; at first Monday, 23 November 2026." in shown
        assert f"Reason: {REASON} Approved by Sari Wulandari." in shown


def test_a_personal_extension_is_seen_by_that_person_alone(hall: Hall) -> None:
    hall.asks(personal=True)
    hall.grants()

    assert hall.due(phone=hall.official) == "27-11"
    assert hall.due(phone=hall.lead) == hall.due() == "23-11"
    assert "Deadline: Friday, 27 November 2026" in hall.opens(hall.official).text
    assert "Deadline: Monday, 23 November 2026" in hall.opens(hall.lead).text
    assert hall.lead.told() == []
    assert "27 November" not in hall.lead.sends_data(f"s:extended:{TEBING_TINGGI}").text
    assert "for Rudi Hartono alone" in hall.official.sends_data(f"s:extended:{TEBING_TINGGI}").text


def test_what_is_submitted_after_the_regions_deadline_is_in_time_for_whoever_has_longer(hall: Hall) -> None:
    hall.asks(personal=True)
    hall.grants()
    hall.town.later(days=10, hours=8)

    hall.official.sends_data(f"a:work:{hall.item().id}:0").writes("https://drive.google.com/file/slide")
    assert "after the deadline" not in hall.official.text
    hall.lead.sends_data(f"a:work:{hall.item().id}:0").writes("https://drive.google.com/file/slide2")
    assert "after the deadline" in hall.lead.text


def test_strengths_a_person_before_the_region_before_all_and_the_item_before_its_stage(hall: Hall) -> None:
    other = hall.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    hall.coordinator.sends_data(f"a:ext-many:{STAGE}:0").presses("For all regions").writes("24 November")
    hall.coordinator.writes(REASON).presses("✅ Extend")
    other.presses_letter("Open the request").presses("Agree")
    assert hall.due() == "24-11"

    hall.coordinator.sends_data(f"s:stage:{STAGE}:0:{TEBING_TINGGI}").presses("⏳ Extend").writes("25 November")
    hall.coordinator.writes(REASON).presses("✅ Extend")
    assert (hall.due(), hall.due(region=KATINGAN)) == ("25-11", "24-11")

    hall.extends("26 November")
    assert (hall.due(), hall.due("bp-delegasi")) == ("26-11", "25-11")

    hall.asks(day="27 November", personal=True)
    hall.grants()
    assert (hall.due(phone=hall.official), hall.due(phone=hall.lead)) == ("27-11", "26-11")

    item, region_stage = hall.all()[2], hall.all()[1]
    revoke(hall, item.id)
    assert hall.due() == "25-11"
    revoke(hall, region_stage.id)
    assert hall.due() == "24-11"
    assert hall.due(phone=hall.official) == "27-11"


def test_a_stage_that_is_moved_shows_both_dates_and_leaves_an_item_with_a_deadline_of_its_own(hall: Hall) -> None:
    assert hall.due("rg-rancangan") == "13-11"
    hall.coordinator.sends_data(f"s:stage:regulasi:0:{TEBING_TINGGI}").presses("⏳ Extend").writes("30 April 2027")
    hall.coordinator.writes(REASON).presses("✅ Extend")

    shown = hall.lead.sends_data("s:stage:regulasi").text
    assert "Deadline: Friday, 30 April 2027" in shown
    assert "Extended; at first Wednesday, 31 March 2027." in shown
    assert (hall.due("rg-penetapan"), hall.due("rg-rancangan")) == ("30-04", "13-11")


def revoke(hall: Hall, extension_id: int) -> None:
    hall.coordinator.sends_data(f"s:extension:{extension_id}").presses("Take it back").writes("Keadaan sudah pulih.")


def test_taking_back_restores_what_stood_before_also_an_earlier_extension(hall: Hall) -> None:
    first = hall.extends("25 November")
    second = hall.extends("27 November")
    revoke(hall, second.id)
    assert "The deadline is Wednesday, 25 November 2026 again" in hall.lead.told()[-1]
    assert "Keadaan sudah pulih." in hall.lead.told()[-1]
    assert hall.due() == "25-11"

    revoke(hall, first.id)

    assert hall.due() == "23-11"
    assert "Extended" not in hall.opens(hall.lead).text
    assert hall.acts().count("revoke_extension") == 2


def test_what_is_decided_later_counts_although_it_was_asked_for_earlier(hall: Hall) -> None:
    hall.asks(day="30 November")
    hall.extends("25 November")
    hall.town.later(minutes=5)
    hall.grants()

    assert hall.due() == "30-11"


def test_a_request_that_can_no_longer_be_granted_is_not(hall: Hall) -> None:
    asked = hall.asks(day="25 November")
    hall.extends("27 November")

    hall.coordinator.sends_data(f"a:ext-grant:{asked.id}:{asked.version}")

    assert "The deadline is Friday, 27 November 2026 already" in hall.coordinator.toast
    assert hall.all()[0].state is ExtensionState.ASKED


def test_a_day_that_has_passed_while_the_request_waited_is_not_granted(hall: Hall) -> None:
    asked = hall.asks(day="24 November")
    hall.town.later(days=12)

    hall.coordinator.sends_data(f"a:ext-grant:{asked.id}:{asked.version}")

    assert "24 November 2026 has passed" in hall.coordinator.toast


def test_the_item_itself_leads_a_coordinator_to_what_is_asked_for(hall: Hall) -> None:
    hall.asks()

    hall.opens(hall.coordinator).presses("The request")

    assert REASON in hall.coordinator.text
    assert "✅ Grant" in hall.coordinator.buttons


def test_pressing_twice_or_late_changes_nothing_more(hall: Hall) -> None:
    hall.asks()
    hall.coordinator.presses_letter("Open the request")
    buttons = dict(hall.coordinator.buttons)
    hall.coordinator.sends_data(buttons["✅ Grant"]).sends_data(buttons["✅ Grant"])
    assert "decided or changed meanwhile" in hall.coordinator.toast

    hall.coordinator.sends_data(buttons["✖️ Refuse"])
    assert "decided or changed meanwhile" in hall.coordinator.toast
    hall.coordinator.sends_data(buttons["📅 Another day"])
    assert "decided or changed meanwhile" in hall.coordinator.toast

    assert len(hall.official.told()) == len(hall.lead.told()) == 1
    assert hall.acts() == ["ask_extension", "grant_extension"]


def test_of_two_coordinators_the_second_finds_it_decided(hall: Hall) -> None:
    other = hall.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    hall.asks()
    other.presses_letter("Open the request").presses("Refuse")
    hall.grants()

    other.writes("Panitia sudah memesan ruang sidang.")

    assert "decided or changed meanwhile" in other.text
    assert hall.newest().state is ExtensionState.GRANTED


def test_an_extension_is_taken_back_once(hall: Hall) -> None:
    found = hall.extends()
    hall.coordinator.sends_data(f"s:extension:{found.id}")
    button = hall.coordinator.buttons["↩️ Take it back"]
    hall.coordinator.presses("Take it back").writes("Keadaan sudah pulih.").sends_data(button)

    assert "decided or changed meanwhile" in hall.coordinator.toast
    assert hall.acts().count("revoke_extension") == 1


def test_a_coordinator_of_a_province_hears_and_decides_there_only(hall: Hall) -> None:
    stage.region(hall.town.work(), KATINGAN)
    there = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    provincial = hall.town.member(Role.COORDINATOR, None, "Yohanes Lelang", province="62")
    mine = hall.asks()
    there.sends_data(f"a:extend:{hall.item(region=KATINGAN).id}:0").writes("27 November").writes(REASON)
    there.presses("Send the request")
    theirs = hall.newest()

    assert len(provincial.told()) == 1
    assert "1 request waits" in provincial.sends_data("s:extensions").text
    for forged in (f"s:extension:{mine.id}", f"a:ext-grant:{mine.id}:0", f"a:ext-refuse:{mine.id}:0"):
        provincial.sends_data(forged)
        assert "could not be found" in provincial.text + provincial.toast
    provincial.sends_data(f"a:ext-grant:{theirs.id}:0")
    assert hall.due(region=KATINGAN) == "27-11"
    assert hall.due() == "23-11"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_nobody_but_a_coordinator_decides(hall: Hall, role: Role) -> None:
    found = hall.asks()
    region = TEBING_TINGGI if role not in (Role.ADMIN, Role.OBSERVER) else None
    phone = hall.town.member(role, region, "Orang Lain")

    for deed in ("ext-grant", "ext-change", "ext-refuse", "ext-revoke", "ext-approve", "ext-keep"):
        phone.sends_data(f"a:{deed}:{found.id}:0")
        assert "could not be found" in phone.toast
    for screen in (f"extension:{found.id}", "extend-pick"):
        assert "could not be found" in phone.sends_data(f"s:{screen}").text
    assert "could not be found" in phone.sends_data(f"a:ext-many:{STAGE}:0").toast

    assert hall.newest().state is ExtensionState.ASKED


def test_numbers_that_no_row_has_are_answered_alike(hall: Hall) -> None:
    for deed in ("ext-grant", "ext-change", "ext-refuse", "ext-revoke", "ext-approve", "ext-keep", "ext-withdraw"):
        for subject in ("0", "999999", "x", "9" * 40, ""):
            hall.coordinator.sends_data(f"a:{deed}:{subject}:0")
            assert "could not be found" in hall.coordinator.toast
    assert "could not be found" in hall.coordinator.sends_data("s:extension:999999").text


def test_nobody_grants_what_they_asked_for_themselves(hall: Hall) -> None:
    both = hall.town.member(Role.OFFICIAL, TEBING_TINGGI, "Andi Wijaya")
    stage.seat(hall.town.work(), both.person, Role.COORDINATOR)
    found = hall.asks(both)

    both.sends_data(f"a:ext-grant:{found.id}:0")
    assert "You asked for this yourself" in both.toast
    both.sends_data(f"a:ext-refuse:{found.id}:0")
    assert "You asked for this yourself" in both.toast

    assert hall.newest().state is ExtensionState.ASKED
    assert both.told() == []


def test_the_history_of_a_region_names_what_who_when_and_why(hall: Hall) -> None:
    hall.asks()
    hall.grants()
    hall.coordinator.presses("Take it back").writes("Narasumber sudah ada.")
    hall.asks(hall.lead, day="25 November")
    hall.coordinator.presses_letter("Open the request").presses("Refuse").writes("Panitia sudah memesan ruang.")

    shown = hall.official.sends_data(f"s:extended:{TEBING_TINGGI}").text

    for words in ("Asked by Rudi Hartono", "taken back by Sari Wulandari", "Narasumber sudah ada.", REASON):
        assert words in shown
    for words in ("Asked by Siti Rahma", "refused by Sari Wulandari", "Panitia sudah memesan ruang.", "14 November"):
        assert words in shown


def test_mentors_and_observers_read_the_history_and_cannot_change_it(hall: Hall) -> None:
    hall.extends()
    mentor = hall.town.member(Role.MENTOR, TEBING_TINGGI, "Wayan Sudarma")

    mentor.sends_data(f"s:region:{TEBING_TINGGI}").presses("⏳ Deadlines moved")

    assert "granted by Sari Wulandari" in mentor.text
    assert [label for label in mentor.buttons if "Back" not in label and "Home" not in label] == []


def test_an_item_that_has_left_the_content_can_still_be_answered(hall: Hall) -> None:
    found = hall.asks()
    found.subject = "sudah-tidak-ada"
    hall.town.session.flush()

    hall.coordinator.sends_data(f"s:extension:{found.id}")
    assert "sudah-tidak-ada" in hall.coordinator.text
    hall.official.sends_data(f"s:extended:{TEBING_TINGGI}").presses("Withdraw")

    assert hall.newest().state is ExtensionState.REVOKED


def test_a_coordinator_of_one_region_decides_there(hall: Hall) -> None:
    narrow = hall.town.member(Role.COORDINATOR, TEBING_TINGGI, "Yohanes Lelang")
    hall.asks()

    hall.grants(narrow)

    assert hall.due() == "27-11"


def looks_next(hall: Hall, phone: Phone, at: datetime) -> None:
    hall.town.session.merge(DigestClock(person_id=phone.person.id, next_at=at, rhythm=Rhythm.ALL))
    hall.town.session.flush()


def clock_of(hall: Hall, phone: Phone) -> datetime:
    found = hall.town.session.get(DigestClock, phone.person.id, populate_existing=True)
    assert found is not None
    return found.next_at


@pytest.mark.parametrize("personal", [False, True])
def test_only_the_reminders_of_those_concerned_are_planned_anew(hall: Hall, personal: bool) -> None:
    stage.region(hall.town.work(), KATINGAN)
    garu = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    planned = hall.town.now + timedelta(days=3)
    for phone in (hall.official, hall.lead, garu):
        looks_next(hall, phone, planned)
    hall.asks(personal=personal)
    assert clock_of(hall, hall.official) == planned

    hall.grants()

    assert clock_of(hall, hall.official) == hall.town.now
    assert clock_of(hall, hall.lead) == (planned if personal else hall.town.now)
    assert clock_of(hall, garu) == planned
    hall.town.later(minutes=1)
    hall.coordinator.presses("Take it back").writes("Narasumber sudah ada.")
    assert clock_of(hall, garu) == planned


def test_a_change_for_all_plans_everybodys_reminders_anew(hall: Hall) -> None:
    other = hall.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    planned = hall.town.now + timedelta(days=3)
    looks_next(hall, hall.lead, planned)
    hall.coordinator.sends_data(f"a:ext-many:{STAGE}:0").presses("For all regions").writes("24 November")
    hall.coordinator.writes(REASON).presses("✅ Extend")
    assert clock_of(hall, hall.lead) == planned

    other.presses_letter("Open the request").presses("Agree")

    assert clock_of(hall, hall.lead) == hall.town.now


def test_a_day_that_has_passed_meanwhile_is_not_offered_to_be_granted_but_another_one_is(hall: Hall) -> None:
    hall.asks(day="27 November")
    hall.town.later(days=14)

    hall.coordinator.presses_letter("Open the request")

    assert "✅ Grant" not in hall.coordinator.buttons
    assert {"📅 Another day", "✖️ Refuse"} <= set(hall.coordinator.buttons)


def test_a_deadline_that_a_refusal_undid_is_not_remembered_by_what_is_done_next(hall: Hall) -> None:
    work = hall.town.work()

    undone = work.session.begin_nested()
    work.session.add(
        Extension(
            edition_id=work.edition_id,
            subject=ITEM,
            region_code=TEBING_TINGGI,
            state=ExtensionState.GRANTED,
            proposed_day=date(2026, 11, 27),
            day=date(2026, 11, 27),
            asked_by_id=hall.official.person.id,
            asked_at=work.now,
        )
    )
    work.session.flush()
    assert hall.due() == "27-11"
    undone.rollback()

    assert due_of(hall.town.work(), TEBING_TINGGI, ITEM).day == date(2026, 11, 23)
