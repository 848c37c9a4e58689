"""Which last day is in force: of a person, a region, an item, a stage; and what taking one back restores."""

from datetime import date, datetime, timedelta

import pytest

from bot.services.deadlines import due_of
from db.models import DigestClock, Extension
from db.vocabulary import ExtensionState, Rhythm, Role
from tests import stage
from tests.extensions.hall import ITEM, REASON, STAGE, Hall
from tests.people.phone import Phone
from tests.stage import KATINGAN, TEBING_TINGGI


def revoke(hall: Hall, extension_id: int) -> None:
    hall.coordinator.sends_data(f"s:extension:{extension_id}").presses("Take it back").writes("Keadaan sudah pulih.")


def looks_next(hall: Hall, phone: Phone, at: datetime) -> None:
    hall.town.session.merge(DigestClock(person_id=phone.person.id, next_at=at, rhythm=Rhythm.ALL))
    hall.town.session.flush()


def clock_of(hall: Hall, phone: Phone) -> datetime:
    found = hall.town.session.get(DigestClock, phone.person.id, populate_existing=True)
    assert found is not None
    return found.next_at


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
