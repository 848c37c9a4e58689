"""Coordinators decide: what they see, what they can answer, who hears of it, and what is in force afterwards."""

from datetime import date

from db.vocabulary import ExtensionState, ItemState, Role
from tests import stage
from tests.extensions.hall import REASON, Hall
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


def test_what_was_given_unasked_was_asked_for_by_nobody(hall: Hall) -> None:
    given = hall.extends()

    for screen in (f"s:extension:{given.id}", f"s:extended:{TEBING_TINGGI}"):
        shown = hall.coordinator.sends_data(screen).text
        assert "granted by Sari Wulandari" in shown
        assert "Asked by" not in shown


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
    assert "Decided by Sari Wulandari\nBerkas dibutuhkan panitia" in letter
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


def test_the_item_itself_leads_a_coordinator_to_what_is_asked_for(hall: Hall) -> None:
    hall.asks()

    hall.opens(hall.coordinator).presses("The request")

    assert REASON in hall.coordinator.text
    assert "✅ Grant" in hall.coordinator.buttons
