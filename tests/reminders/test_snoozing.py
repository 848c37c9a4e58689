"""Being reminded again of an item of one's own. It is Saturday, 14 November 2026; `bp-slide` is due on Monday, 23."""

from datetime import date

import pytest

from bot.services.items import of_region
from db.models import Holiday, Item, Snooze
from db.vocabulary import HolidayKind, ItemState, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def rudi(town: Town) -> Phone:
    return town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")


def item(town: Town, key: str = SLIDE) -> Item:
    return of_region(town.work(), TEBING_TINGGI)[key]


def opens(phone: Phone, key: str = SLIDE) -> Phone:
    return phone.sends_data(f"s:item-id:{item(phone.town, key).id}")


def on(town: Town, day: date) -> None:
    town.later(days=(day - town.now.date()).days)


def snoozes(town: Town) -> list[date]:
    return [row.until for row in town.session.query(Snooze).order_by(Snooze.item_id)]


def test_on_a_saturday_the_next_working_day_is_offered_by_its_name(rudi: Phone) -> None:
    opens(rudi).presses("Remind me again")

    assert "⏰ On Monday: Monday, 16 November 2026" in rudi.text
    assert "⏰ In 3 days: Tuesday, 17 November 2026" in rudi.text


def test_the_third_day_is_the_working_day_on_or_before_it(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 18))
    opens(rudi).presses("Remind me again")

    assert "⏰ Tomorrow: Thursday, 19 November 2026" in rudi.text
    assert "⏰ In 3 days: Friday, 20 November 2026" in rudi.text


def test_two_offers_for_the_same_day_are_one(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 13))
    opens(rudi).presses("Remind me again")

    assert [label for label in rudi.buttons if label.startswith("⏰")] == ["⏰ On Monday"]


def test_what_would_pass_the_deadline_is_not_offered(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 22))
    opens(rudi).presses("Remind me again")

    assert [label for label in rudi.buttons if label.startswith("⏰")] == ["⏰ Tomorrow"]


@pytest.mark.parametrize("day", [23, 24])
def test_on_the_last_day_and_after_it_the_page_says_why_nothing_is_offered(rudi: Phone, day: int) -> None:
    on(rudi.town, date(2026, 11, day))
    opens(rudi).presses("Remind me again")

    assert "no working day is left before the deadline" in rudi.text
    assert [label for label in rudi.buttons if label.startswith("⏰")] == []


def test_the_card_says_when_and_takes_it_back(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 18))
    opens(rudi).presses("Remind me again").presses("In 3 days")
    assert "You will be reminded again on Friday, 20 November 2026" in rudi.text
    assert snoozes(rudi.town) == [date(2026, 11, 20)]

    rudi.presses("Do not put it off")
    assert snoozes(rudi.town) == []
    assert "You will be reminded again on" not in rudi.text
    assert "⏰ Remind me again" in rudi.buttons


def test_pressed_twice_it_is_chosen_once_and_another_day_replaces_it(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 18))
    opens(rudi).presses("Remind me again")
    tomorrow, third = (data for label, data in rudi.buttons.items() if label.startswith("⏰"))

    rudi.sends_data(tomorrow).sends_data(tomorrow)
    assert snoozes(rudi.town) == [date(2026, 11, 19)]
    rudi.sends_data(third)
    assert snoozes(rudi.town) == [date(2026, 11, 20)]


def test_a_button_of_yesterday_shows_what_can_be_chosen_now(rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 18))
    opens(rudi).presses("Remind me again")
    tomorrow = rudi.buttons["⏰ Tomorrow"]

    on(rudi.town, date(2026, 11, 19))
    rudi.sends_data(tomorrow)

    assert snoozes(rudi.town) == []
    assert "not open any more" in rudi.toast
    assert "⏰ Tomorrow: Friday, 20 November 2026" in rudi.text


@pytest.mark.parametrize("subject", ["{id}-20261201", "{id}-", "{id}", "{id}-x", "x-20261116", "999999-20261116", ""])
def test_a_forged_day_or_item_changes_nothing(rudi: Phone, subject: str) -> None:
    rudi.sends_data(f"a:snooze:{subject.format(id=item(rudi.town).id)}:0")
    assert snoozes(rudi.town) == []


@pytest.mark.parametrize("role", [Role.LEAD, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER, Role.COORDINATOR])
def test_whoever_is_not_reminded_of_an_item_cannot_put_it_off(rudi: Phone, role: Role) -> None:
    region = TEBING_TINGGI if role in (Role.LEAD, Role.CONTRIBUTOR) else None
    other = rudi.town.member(role, region, "Warga Lain")

    assert "⏰ Remind me again" not in opens(other).buttons
    other.sends_data(f"a:snooze:{item(rudi.town).id}-20261116:0")

    assert snoozes(rudi.town) == []
    assert "could not be found" in other.toast


def test_somebody_of_another_region_does_not_learn_of_the_item(rudi: Phone) -> None:
    stage.region(rudi.town.work(), stage.KATINGAN)
    other = rudi.town.member(Role.OFFICIAL, stage.KATINGAN, "Yansen Garu")
    assert "could not be found" in other.sends_data(f"s:snooze:{item(rudi.town).id}").text


def test_the_delegate_of_an_item_puts_it_off_and_nobody_else(rudi: Phone) -> None:
    town = rudi.town
    togar = town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar Simanjuntak")
    stage.put(town.work(), item(town), ItemState.STARTED, assignee_id=togar.visit().seats[0].id)

    assert "⏰ Remind me again" not in opens(rudi).buttons
    opens(togar).presses("Remind me again").presses("On Monday")
    assert snoozes(town) == [date(2026, 11, 16)]


@pytest.mark.parametrize("state", [ItemState.SUBMITTED, ItemState.ACCEPTED, ItemState.WAIVED])
def test_what_is_done_is_not_put_off(rudi: Phone, state: ItemState) -> None:
    stage.put(rudi.town.work(), item(rudi.town), state)
    assert "⏰ Remind me again" not in opens(rudi).buttons


def test_it_is_silent_until_that_day_and_then_said_once(alarm: Alarm, rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 19))
    opens(rudi).presses("Remind me again").presses("Tomorrow")
    alarm.runs("2026-11-20", "2026-11-22")

    told = alarm.told(rudi, SLIDE)
    assert told == [("snooze:2026-11-20", wib("2026-11-20"))]
    assert snoozes(rudi.town) == []


def test_a_deadline_that_comes_nearer_wakes_the_item(alarm: Alarm, rudi: Phone) -> None:
    rudi.town.session.add(Snooze(person_id=rudi.person.id, item_id=item(rudi.town).id, until=date(2026, 11, 26)))
    rudi.town.session.flush()
    alarm.runs("2026-11-20", "2026-11-26")

    assert ("snooze:2026-11-26", wib("2026-11-23")) in alarm.told(rudi, SLIDE)


def test_a_day_that_becomes_a_holiday_wakes_the_item_before_it(alarm: Alarm, rudi: Phone) -> None:
    on(rudi.town, date(2026, 11, 18))
    opens(rudi).presses("Remind me again").presses("In 3 days")
    work = rudi.town.work()
    work.session.add(
        Holiday(edition_id=work.edition_id, day=date(2026, 11, 20), name="Cuti bersama", kind=HolidayKind.JOINT_LEAVE)
    )
    work.session.flush()
    alarm.runs("2026-11-19", "2026-11-20")

    assert alarm.told(rudi, SLIDE) == [("snooze:2026-11-20", wib("2026-11-19"))]
