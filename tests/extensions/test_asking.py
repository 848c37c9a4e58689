"""A region asks for more time: which days can be named, what a reason is, and who hears of it."""

from datetime import UTC, date, datetime

import pytest

from bot.flows.extending import nearest
from bot.services.extension_days import Aim, last_possible
from db.models import Holiday
from db.vocabulary import ExtensionState, HolidayKind, ItemState, Role
from tests import stage
from tests.extensions.hall import ITEM, REASON, STAGE, Hall
from tests.people.phone import Town
from tests.stage import KATINGAN, TEBING_TINGGI

SATURDAY = date(2026, 11, 14)


def test_a_request_reaches_the_coordinator_at_once_with_both_dates_and_the_reason(hall: Hall) -> None:
    found = hall.asks()

    assert found.state is ExtensionState.ASKED
    assert (found.region_code, found.person_id, found.subject) == (TEBING_TINGGI, None, ITEM)
    assert "The coordinator has been told" in hall.official.text
    letter = hall.coordinator.told()[-1]
    for words in (
        "Kota Tebing Tinggi",
        "Monday, 23 November 2026",
        "Friday, 27 November 2026",
        REASON,
        "Rudi Hartono",
    ):
        assert words in letter
    assert hall.acts() == ["ask_extension"]
    assert hall.due() == "23-11"


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("besok", date(2026, 11, 15)),
        ("lusa", date(2026, 11, 16)),
        ("Jumat depan", date(2026, 11, 20)),
        ("Jumat", date(2026, 11, 20)),
        ("1 Des", date(2026, 12, 1)),
        ("1 desember", date(2026, 12, 1)),
        ("30/11", date(2026, 11, 30)),
        ("30-11-2026", date(2026, 11, 30)),
        ("30.11.26", date(2026, 11, 30)),
        ("tanggal 27", date(2026, 11, 27)),
        ("27 nop", date(2026, 11, 27)),
        ("2 minggu lagi", date(2026, 11, 28)),
        ("kemarin", date(2026, 11, 13)),
        ("10/11", date(2026, 11, 10)),
        ("1 Januari", date(2027, 1, 1)),
        ("31 Februari", None),
        ("31/02/2027", None),
        ("30/13", None),
        ("segera", None),
    ],
)
def test_days_are_read_as_people_write_them(said: str, understood: date | None) -> None:
    assert nearest(said, SATURDAY) == understood


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("31 Februari", "could not be read, or the calendar does not have it"),
        ("segera", "could not be read"),
        ("kemarin", "Friday, 13 November 2026 has passed"),
        ("10/11", "Tuesday, 10 November 2026 has passed"),
        ("20 November", "The deadline is Monday, 23 November 2026 already"),
        ("23/11", "The deadline is Monday, 23 November 2026 already"),
        ("2 Desember", "Wednesday, 2 December 2026 is after the closing of the programme, Tuesday, 1 December 2026"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_rule_and_asked_for_again(hall: Hall, said: str, answer: str) -> None:
    hall.begins(hall.official).writes(said)

    assert answer in hall.official.text
    assert "Until which day?" in hall.official.text
    assert hall.all() == []


def test_the_closing_itself_can_still_be_named(hall: Hall) -> None:
    hall.begins(hall.official).writes("1 Des")

    assert "Why?" in hall.official.text


def test_a_day_that_is_not_worked_is_said_and_the_working_day_before_it_offered(hall: Hall) -> None:
    hall.begins(hall.official).writes("29 November")
    assert "Sunday, 29 November 2026 is not a working day" in hall.official.text

    hall.official.presses("Take 27/11").writes(REASON).presses("Send the request")

    assert hall.newest().proposed_day == date(2026, 11, 27)


def test_instead_of_the_day_offered_another_one_can_be_written(hall: Hall) -> None:
    hall.begins(hall.official).writes("29 November").writes("30 November").writes(REASON).presses("Send the request")

    assert hall.newest().proposed_day == date(2026, 11, 30)


def day_off(hall: Hall, day: date) -> None:
    """A coordinator has made this a day off in the region alone."""
    work = hall.town.work()
    hall.town.session.add(
        Holiday(
            edition_id=work.edition_id,
            day=day,
            name="Hari jadi kota",
            kind=HolidayKind.HOLIDAY,
            region_code=TEBING_TINGGI,
        )
    )
    hall.town.session.flush()
    hall.town.session.info.clear()


def test_a_day_off_whose_working_day_before_is_the_deadline_already_is_refused(hall: Hall) -> None:
    day_off(hall, date(2026, 11, 24))
    hall.begins(hall.official).writes("24 November")

    assert "The deadline is Monday, 23 November 2026 already" in hall.official.text


def test_a_regions_own_day_off_is_named(hall: Hall) -> None:
    day_off(hall, date(2026, 11, 27))
    hall.begins(hall.official).writes("27 November")

    assert "Friday, 27 November 2026 is a day off: Hari jadi kota" in hall.official.text
    assert "Take 26/11" in hall.official.buttons


@pytest.mark.parametrize("stage_key", ["tindak-lanjut", "regulasi"])
def test_stages_due_after_the_closing_can_be_moved_further_for_a_year(hall: Hall, stage_key: str) -> None:
    hall.lead.sends_data(f"s:stage:{stage_key}").presses("Ask for more time").writes("30 April 2027")
    assert "Why?" in hall.lead.text

    hall.lead.presses("Cancel")
    hall.lead.sends_data(f"s:stage:{stage_key}").presses("Ask for more time").writes("3 Januari 2028")
    assert "more than a year after the closing" in hall.lead.text


def test_an_edition_may_allow_what_lies_after_the_closing(hall: Hall) -> None:
    closing = stage.content().closing
    open_minded = stage.content().model_copy(update={"extensions_past_closing": True})
    usual = hall.town.work()
    allowed = stage.open_work(hall.town.session, edition=open_minded)

    assert last_possible(usual, Aim(STAGE, TEBING_TINGGI)) == closing
    assert last_possible(allowed, Aim(STAGE, TEBING_TINGGI)) > closing


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        ("banjir", "at least 10 characters"),
        ("..........", "at least 10 characters"),
        ("x" * 1001, "The reason has 1,001 characters; 1,000 is the most"),
    ],
)
def test_a_reason_is_neither_too_short_nor_too_long(hall: Hall, reason: str, answer: str) -> None:
    hall.begins(hall.official).writes("27 November").writes(reason)
    assert answer in hall.official.text

    hall.official.writes("x" * 1000).presses("Send the request")

    assert len(hall.newest().reason) == 1000


def test_a_nik_in_a_reason_is_masked(hall: Hall) -> None:
    hall.begins(hall.official).writes("27 November").writes("Petugas 3276010101900001 sakit").presses(
        "Send the request"
    )

    assert "3276010101900001" not in hall.newest().reason


def test_the_asker_can_mean_only_themselves(hall: Hall) -> None:
    found = hall.asks(personal=True)

    assert found.person_id == hall.official.person.id
    assert "for Rudi Hartono alone" in hall.coordinator.told()[-1]


def test_one_request_waits_for_a_region_and_one_for_a_person(hall: Hall) -> None:
    hall.asks()
    hall.opens(hall.lead)
    assert "Rudi Hartono has asked for Friday, 27 November 2026" in hall.lead.text
    assert "⏳ The request" in hall.lead.buttons

    hall.lead.sends_data(f"a:extend:{hall.item().id}:0")

    assert "A request for this waits already" in hall.lead.toast
    assert len(hall.all()) == 1


def test_of_two_who_ask_at_the_same_moment_the_second_is_told(hall: Hall) -> None:
    for phone in (hall.official, hall.lead):
        hall.begins(phone).writes("27 November").writes(REASON)

    hall.official.presses("Send the request")
    hall.lead.presses("Send the request")

    assert "A request for this waits already" in hall.lead.text
    assert len(hall.all()) == 1


def test_sending_twice_asks_once(hall: Hall) -> None:
    hall.begins(hall.official).writes("27 November").writes(REASON)
    send = hall.official.buttons["📨 Send the request"]

    hall.official.sends_data(send).sends_data(send)

    assert len(hall.all()) == 1
    assert len(hall.coordinator.told()) == 1


def test_a_whole_stage_is_asked_for_from_its_page(hall: Hall) -> None:
    hall.lead.sends_data(f"s:stage:{STAGE}").presses("Ask for more time").writes("27/11").writes(REASON)
    hall.lead.presses("Send the request")

    assert hall.newest().subject == STAGE
    assert "The whole stage" in hall.coordinator.told()[-1]
    assert "Siti Rahma has asked for" in hall.lead.sends_data(f"s:stage:{STAGE}").text


@pytest.mark.parametrize("state", [ItemState.ACCEPTED, ItemState.WAIVED])
def test_nothing_is_asked_for_an_item_that_needs_nothing_more(hall: Hall, state: ItemState) -> None:
    stage.put(hall.town.work(), hall.item(), state)

    hall.opens(hall.official)
    assert "⏳ Ask for more time" not in hall.official.buttons
    hall.official.sends_data(f"a:extend:{hall.item().id}:0")

    assert "Nothing of this is open" in hall.official.toast


def test_an_item_accepted_while_the_reason_is_written_is_not_asked_for(hall: Hall) -> None:
    hall.begins(hall.official).writes("27 November").writes(REASON)
    stage.put(hall.town.work(), hall.item(), ItemState.ACCEPTED)

    hall.official.presses("Send the request")

    assert "Nothing of this is open" in hall.official.text
    assert hall.all() == []


def test_a_day_is_checked_again_when_it_is_sent(hall: Hall) -> None:
    hall.begins(hall.official).writes("24 November").writes(REASON)
    hall.town.now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

    hall.official.presses("Send the request")

    assert "Tuesday, 24 November 2026 has passed" in hall.official.text
    assert hall.all() == []


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER, Role.ADMIN])
def test_only_officials_and_leads_ask(hall: Hall, role: Role) -> None:
    region = TEBING_TINGGI if role in (Role.CONTRIBUTOR, Role.MENTOR) else None
    phone = hall.town.member(role, region, "Wayan Sudarma")

    hall.opens(phone)
    assert not [label for label in phone.buttons if "⏳" in label]
    phone.sends_data(f"a:extend:{hall.item().id}:0")
    phone.sends_data(f"a:extend-stage:{STAGE}-{TEBING_TINGGI}:0")

    assert "could not be found" in phone.toast
    assert hall.all() == []


def test_another_regions_people_find_nothing(hall: Hall) -> None:
    stage.region(hall.town.work(), KATINGAN)
    stranger = hall.town.member(Role.LEAD, KATINGAN, "Yansen Garu")

    for forged in (
        f"a:extend:{hall.item().id}:0",
        f"a:extend-stage:{STAGE}-{TEBING_TINGGI}:0",
        "a:extend-stage:nothing-12.76:0",
        f"a:extend-stage:{STAGE}-99.99:0",
        "a:extend:x:0",
        f"s:extended:{TEBING_TINGGI}",
    ):
        stranger.sends_data(forged)
        assert "found" in stranger.text + stranger.toast or "earlier message" in stranger.toast
    assert hall.all() == []


def test_a_region_without_a_coordinator_is_told_that_its_request_waits(town: Town) -> None:
    hall = Hall.open(town)
    hall.coordinator.visit().seats[0].ended_at = town.now
    hall.asks()

    assert "has no coordinator yet" in hall.official.text


def test_whoever_asked_can_withdraw_it_once(hall: Hall) -> None:
    hall.asks()
    hall.opens(hall.official).presses("The request")
    withdraw = hall.official.buttons["↩️ Withdraw"]
    hall.lead.sends_data(withdraw)
    assert "could not be found" in hall.lead.toast

    hall.official.sends_data(withdraw)
    assert "withdrawn by Rudi Hartono" in hall.official.text
    hall.official.sends_data(withdraw)
    assert "decided or changed meanwhile" in hall.official.toast

    assert hall.newest().state is ExtensionState.REVOKED
    assert hall.acts() == ["ask_extension", "withdraw_extension"]
    hall.coordinator.presses_letter("Open the request")
    assert "withdrawn by" in hall.coordinator.text
    assert "✅ Grant" not in hall.coordinator.buttons


def test_cancelling_changes_nothing(hall: Hall) -> None:
    hall.begins(hall.official).writes("27 November").writes("/batal")

    assert hall.all() == []
