"""Who decides where, what can be decided no more, and what everybody else reads."""

import pytest

from db.vocabulary import ExtensionState, Role
from tests import stage
from tests.extensions.hall import REASON, STAGE, Hall
from tests.stage import KATINGAN, TEBING_TINGGI


def revoke(hall: Hall, extension_id: int) -> None:
    hall.coordinator.sends_data(f"s:extension:{extension_id}").presses("Take it back").writes("Keadaan sudah pulih.")


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


def test_a_day_that_has_passed_meanwhile_is_not_offered_to_be_granted_but_another_one_is(hall: Hall) -> None:
    hall.asks(day="27 November")
    hall.town.later(days=14)

    hall.coordinator.presses_letter("Open the request")

    assert "✅ Grant" not in hall.coordinator.buttons
    assert {"📅 Another day", "✖️ Refuse"} <= set(hall.coordinator.buttons)
