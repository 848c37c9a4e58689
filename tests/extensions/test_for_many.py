"""Extensions that nobody asked for: to several regions at once, and to all with two coordinators."""

import pytest

from bot.services import extension_deciding
from db.vocabulary import ExtensionState, ItemState, Role
from tests import stage
from tests.extensions.hall import ITEM, REASON, STAGE, Hall
from tests.people.phone import Phone
from tests.stage import BANGGAI, KABUPATEN_MOJOKERTO, KATINGAN, KOTA_MOJOKERTO, TEBING_TINGGI


@pytest.fixture
def second(hall: Hall) -> Phone:
    """Katingan and Banggai take part too, and there is another coordinator of the whole programme."""
    for code in (KATINGAN, BANGGAI):
        stage.region(hall.town.work(), code)
    return hall.town.member(Role.COORDINATOR, None, "Yohanes Lelang")


def picks(hall: Hall) -> Phone:
    """From the home page to the question for which regions."""
    hall.coordinator.sends_data("s:home").presses("⏳ More time").presses("Extend for many")
    return hall.coordinator.presses("Bahan paparan").presses("The whole stage")


@pytest.mark.usefixtures("second")
def test_several_regions_are_named_and_extended_at_once(hall: Hall) -> None:
    garu = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    fadli = hall.town.member(Role.LEAD, BANGGAI, "Moh. Fadli")
    picks(hall).writes("tebing tinggi, Katingn").presses("Go on (2)").writes("27 November").writes(REASON)
    assert "Kota Tebing Tinggi, Kabupaten Katingan" in hall.coordinator.text

    hall.coordinator.presses("✅ Extend")

    assert "The deadline of 2 regions is now Friday, 27 November 2026" in hall.coordinator.text
    assert [one.state for one in hall.all()] == [ExtensionState.GRANTED] * 2
    assert (hall.due(), hall.due(region=KATINGAN), hall.due(region=BANGGAI)) == ("27-11", "27-11", "23-11")
    assert len(hall.lead.told()) == len(hall.official.told()) == len(garu.told()) == 1
    assert fadli.told() == []


@pytest.mark.usefixtures("second")
def test_a_province_means_its_regions_and_what_is_not_found_is_said(hall: Hall) -> None:
    picks(hall).writes("Kalimantan Tengah\nWakanda; Kota Medan")

    assert "Chosen: Kabupaten Katingan." in hall.coordinator.text
    assert "take part: Wakanda, Kota Medan." in hall.coordinator.text

    hall.coordinator.presses("Choose anew")
    assert "Chosen" not in hall.coordinator.text


def test_a_name_that_two_regions_bear_is_asked_back(hall: Hall) -> None:
    for code in (KOTA_MOJOKERTO, KABUPATEN_MOJOKERTO):
        stage.region(hall.town.work(), code)
    assert "“Mojokerto” can mean Kota Mojokerto and Kabupaten Mojokerto." in picks(hall).writes("Mojokerto").text
    assert "Chosen: Kabupaten Mojokerto." in hall.coordinator.writes("kabupaten mojokerto").text


@pytest.mark.usefixtures("second")
def test_where_the_rule_forbids_it_for_one_region_none_is_extended_and_that_region_is_named(hall: Hall) -> None:
    picks(hall).writes("katingan").presses("Go on (1)").writes("27 November").writes(REASON).presses("✅ Extend")

    picks(hall).writes("katingan, banggai").presses("Go on (2)").writes("26 November")

    assert "Kabupaten Katingan: The deadline is Friday, 27 November 2026 already" in hall.coordinator.text
    assert len(hall.all()) == 1


@pytest.mark.usefixtures("second")
def test_a_coordinator_of_a_province_reaches_only_its_regions(hall: Hall) -> None:
    provincial = hall.town.member(Role.COORDINATOR, None, "Rina Kusuma", province="62")
    provincial.sends_data(f"a:ext-many:{ITEM}:0")
    assert "For all regions" not in provincial.buttons

    provincial.writes("banggai, katingan")

    assert "take part: banggai." in provincial.text
    assert "Go on (1)" in provincial.buttons


def proposes(hall: Hall, day: str = "27 November") -> None:
    picks(hall).presses("For all regions").writes(day).writes(REASON).presses("✅ Extend")


def test_a_change_for_all_waits_for_a_second_coordinator(hall: Hall, second: Phone) -> None:
    proposes(hall)

    assert hall.newest().state is ExtensionState.PROPOSED
    assert hall.due() == "23-11"
    assert "a second coordinator decides" in hall.coordinator.text
    assert REASON in second.told()[-1]
    assert hall.lead.told() == []
    assert "No deadline was moved here" in hall.lead.sends_data(f"s:extended:{TEBING_TINGGI}").text


def test_whoever_proposed_cannot_agree_to_it(hall: Hall, second: Phone) -> None:
    proposes(hall)
    found = hall.newest()
    hall.coordinator.sends_data(f"s:extension:{found.id}")
    assert "✅ Agree" not in hall.coordinator.buttons

    hall.coordinator.sends_data(f"a:ext-approve:{found.id}:{found.version}")

    assert "whoever proposed it cannot agree" in hall.coordinator.toast
    assert hall.newest().state is ExtensionState.PROPOSED
    assert second.told()


def test_agreed_to_it_holds_for_all_and_everybody_concerned_hears_once(hall: Hall, second: Phone) -> None:
    garu = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    fadli = hall.town.member(Role.LEAD, BANGGAI, "Moh. Fadli")
    for key in ("bp-slide", "bp-video", "bp-delegasi", "bp-pameran"):
        stage.put(hall.town.work(), hall.item(key, BANGGAI), ItemState.ACCEPTED)
    stage_keys = [one.key for one in stage.content().items_of(STAGE)]
    for key in stage_keys:
        stage.put(hall.town.work(), hall.item(key, BANGGAI), ItemState.ACCEPTED)
    proposes(hall)

    second.presses_letter("Open the request")
    agree = second.buttons["✅ Agree"]
    second.sends_data(agree).sends_data(agree)

    assert "decided or changed meanwhile" in second.toast
    assert (hall.due(), hall.due(region=KATINGAN)) == ("27-11", "27-11")
    assert len(hall.lead.told()) == len(garu.told()) == 1
    assert fadli.told() == []
    assert "Approved by Sari Wulandari & Yohanes Lelang" in hall.opens(hall.lead).text
    assert hall.acts() == ["propose_extension", "grant_extension"]


def test_regions_with_their_own_extension_keep_it_and_hear_nothing(hall: Hall, second: Phone) -> None:
    garu = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")
    picks(hall).writes("katingan").presses("Go on (1)").writes("25 November").writes(REASON).presses("✅ Extend")
    proposes(hall)
    second.presses_letter("Open the request").presses("Agree")

    assert (hall.due(), hall.due(region=KATINGAN)) == ("27-11", "25-11")
    assert len(garu.told()) == 1


def test_the_second_coordinator_can_refuse_with_a_reason(hall: Hall, second: Phone) -> None:
    proposes(hall)
    second.presses_letter("Open the request").presses("Refuse").writes("Jadwal menteri tidak bergeser.")

    assert hall.newest().state is ExtensionState.REFUSED
    assert "Jadwal menteri tidak bergeser." in hall.coordinator.told()[-1]
    assert hall.due() == "23-11"


def test_whoever_proposed_finds_it_in_the_list_and_withdraws_it(hall: Hall, second: Phone) -> None:
    proposes(hall)
    hall.coordinator.writes("/perpanjangan")
    assert "No request waits" in hall.coordinator.text
    assert "Friday, 27 November 2026: waits for a second coordinator" in hall.coordinator.text
    (label,) = (one for one in hall.coordinator.buttons if one.startswith("◆"))
    hall.coordinator.presses(label).presses("Withdraw")

    assert (hall.newest().state, hall.newest().day) == (ExtensionState.REVOKED, None)
    assert "withdrawn by Sari Wulandari" in hall.coordinator.text
    assert hall.coordinator.told() == []
    second.presses_letter("Open the request")
    assert "✅ Agree" not in second.buttons
    assert "◆" not in str(list(hall.coordinator.writes("/perpanjangan").buttons))


def test_a_proposal_is_withdrawn_once_and_by_whoever_made_it(hall: Hall, second: Phone) -> None:
    proposes(hall)
    found = hall.newest()
    second.sends_data(f"a:ext-withdraw:{found.id}:{found.version}")
    assert "could not be found" in second.toast
    assert hall.newest().state is ExtensionState.PROPOSED

    for _press in range(2):
        hall.coordinator.sends_data(f"a:ext-withdraw:{found.id}:{found.version}")
    assert hall.acts() == ["propose_extension", "withdraw_extension"]


def test_a_withdrawn_proposal_makes_room_for_another(hall: Hall) -> None:
    proposes(hall)
    hall.coordinator.sends_data(f"a:ext-withdraw:{hall.newest().id}:{hall.newest().version}")
    proposes(hall, "26 November")

    assert [one.state for one in hall.all()] == [ExtensionState.REVOKED, ExtensionState.PROPOSED]


def test_what_holds_for_all_stands_in_the_list_and_is_taken_back_from_there(hall: Hall, second: Phone) -> None:
    proposes(hall)
    second.presses_letter("Open the request").presses("Agree")

    for phone in (hall.coordinator, second):
        assert "✅ Bahan paparan dan pameran: Friday, 27 November 2026" in phone.writes("/perpanjangan").text
    (label,) = (one for one in second.buttons if one.startswith("◆"))
    second.presses(label).presses("Take it back").writes("Rapat jadi diadakan.")
    assert "waits for a second coordinator" in second.writes("/perpanjangan").text
    assert "1 request waits" in hall.coordinator.writes("/perpanjangan").text
    assert "For all regions" not in hall.coordinator.text


def test_a_coordinator_of_a_province_does_not_read_what_holds_for_all_in_the_list(hall: Hall, second: Phone) -> None:
    provincial = hall.town.member(Role.COORDINATOR, None, "Rina Kusuma", province="12")
    proposes(hall)
    second.presses_letter("Open the request").presses("Agree")

    assert "For all regions" not in provincial.writes("/perpanjangan").text


def test_one_proposal_for_all_waits_at_a_time(hall: Hall, second: Phone) -> None:
    proposes(hall)
    second.sends_data(f"a:ext-many:{STAGE}:0").presses("For all regions").writes("26 November").writes(REASON)
    second.presses("✅ Extend")

    assert "A request for this waits already" in second.text
    assert len(hall.all()) == 1


def test_taking_back_for_all_needs_a_second_coordinator_too(hall: Hall, second: Phone) -> None:
    proposes(hall)
    second.presses_letter("Open the request").presses("Agree").presses("Take it back").writes("Rapat jadi diadakan.")
    found = hall.newest()
    assert found.state is ExtensionState.GRANTED
    assert hall.due() == "27-11"
    second.sends_data(f"a:ext-approve:{found.id}:{found.version}")
    assert "whoever proposed it cannot agree" in second.toast
    assert "1 request for more time waits" in hall.coordinator.sends_data("s:home").text

    hall.coordinator.presses_letter("Open the request")
    assert "Yohanes Lelang wants to take it back" in hall.coordinator.text
    hall.coordinator.presses("Agree")

    assert hall.newest().state is ExtensionState.REVOKED
    assert hall.due() == "23-11"
    assert "The deadline is Monday, 23 November 2026 again" in hall.lead.told()[-1]


def test_what_was_to_be_taken_back_for_all_can_stay(hall: Hall, second: Phone) -> None:
    proposes(hall)
    second.presses_letter("Open the request").presses("Agree").presses("Take it back").writes("Rapat jadi diadakan.")
    told = len(hall.lead.told())
    hall.coordinator.presses_letter("Open the request").presses("Let it stay")

    assert hall.newest().revoked_by_id is None
    assert hall.due() == "27-11"
    assert len(hall.lead.told()) == told
    assert "↩️ Take it back" in hall.coordinator.buttons
    assert hall.acts()[-2:] == ["propose_revoking", "keep_extension"]


def test_without_a_second_coordinator_it_waits_and_says_so(hall: Hall) -> None:
    proposes(hall)

    assert "There is none: the operator can confirm it, as number" in hall.coordinator.text
    assert hall.newest().state is ExtensionState.PROPOSED


def test_without_a_second_coordinator_the_operator_confirms_it(hall: Hall) -> None:
    proposes(hall)
    work = hall.town.work()
    extension_deciding.agree(work, hall.newest(), None)
    hall.town.letters += work.letters

    assert hall.due() == "27-11"
    assert (hall.newest().decided_by_id, hall.newest().approved_by_id) == (hall.coordinator.person.id, None)
    assert "Confirmed by the operator" in hall.lead.told()[-1]
    assert "Confirmed by the operator" in hall.coordinator.told()[-1]


def test_a_coordinator_of_a_province_neither_sees_nor_agrees_to_what_is_for_all(hall: Hall) -> None:
    provincial = hall.town.member(Role.COORDINATOR, None, "Rina Kusuma", province="12")
    proposes(hall)
    found = hall.newest()

    assert provincial.told() == []
    assert "No request waits" in provincial.sends_data("s:extensions").text
    provincial.sends_data(f"a:ext-approve:{found.id}:{found.version}")

    assert "could not be found" in provincial.toast
    assert hall.newest().state is ExtensionState.PROPOSED


def test_the_command_leads_coordinators_to_the_list_and_a_region_to_its_history(hall: Hall) -> None:
    hall.asks()

    assert "1 request waits" in hall.coordinator.writes("/perpanjangan").text
    assert "Asked by Rudi Hartono" in hall.lead.writes("/perpanjangan").text
