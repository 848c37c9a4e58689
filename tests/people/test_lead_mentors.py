"""Who leads the mentors: coordinators let them, within their own reach, and everybody concerned reads of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services import escalations
from db.models import AuditEntry, Seat
from db.vocabulary import QuestionState, Role
from tests.people.phone import Phone, Town
from tests.stage import KATINGAN, TEBING_TINGGI
from tests.waiting import scene

CHANGES = ("lead_mentors", "unlead_mentors")


def seat_of(phone: Phone) -> Seat:
    return phone.town.session.scalars(select(Seat).where(Seat.holder_id == phone.person.id)).one()


def changes(town: Town) -> list[tuple[str, int | None]]:
    rows = select(AuditEntry.act, AuditEntry.actor_id).where(AuditEntry.act.in_(CHANGES)).order_by(AuditEntry.id)
    return [(row[0], row[1]) for row in town.session.execute(rows)]


@pytest.fixture
def mentor(town: Town) -> Phone:
    return town.member(Role.MENTOR, TEBING_TINGGI, "Bambang Wijaya")


@pytest.fixture
def coordinator(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Utami")


def opens(coordinator: Phone, name: str = "Bambang Wijaya") -> Phone:
    return coordinator.writes("/menu").presses("Mentors").presses(name)


def test_a_coordinator_lets_a_mentor_lead_and_takes_it_back(town: Town, coordinator: Phone, mentor: Phone) -> None:
    opens(coordinator)
    assert "hears, within the scope of this seat" in coordinator.text
    coordinator.presses("Let lead")
    assert seat_of(mentor).leads_mentors
    assert "⭐ Leads the mentors." in coordinator.text
    assert "⭐ You now lead the mentors: Kota Tebing Tinggi." in mentor.told()[-1]
    assert "leads the mentors" in mentor.writes("/menu").text
    assert "⭐ Bambang Wijaya" in coordinator.presses("Back").text

    coordinator.presses("Bambang Wijaya").presses("Take the lead away")
    assert not seat_of(mentor).leads_mentors
    assert "You no longer lead the mentors" in mentor.told()[-1]
    assert len(mentor.told()) == 2
    who = coordinator.person.id
    assert changes(town) == [("lead_mentors", who), ("unlead_mentors", who)]


def test_whoever_was_let_lead_hears_of_what_waits_too_long(town: Town, coordinator: Phone) -> None:
    town.now = scene.MONDAY
    work = town.work()
    lead = town.member(Role.MENTOR, None, "Prof. Rina", timezone="Asia/Jakarta")
    opens(coordinator, "Prof. Rina").presses("Let lead")
    mentor = scene.mentor(work)
    scene.ask(work, scene.official(work), mentor_id=mentor.id, state=QuestionState.TAKEN)
    work.now += timedelta(hours=28.6)
    escalations.run(work)

    assert lead.person.id in {person_id for person_id, _key in scene.told(work)}


def test_pressed_twice_or_late_it_counts_once(town: Town, coordinator: Phone, mentor: Phone) -> None:
    colleague = town.member(Role.COORDINATOR, None, "Agus Salim")
    for phone in (coordinator, colleague):
        opens(phone)
    early = colleague.buttons["⭐ Let lead"]
    coordinator.presses("Let lead").sends_data(early)
    assert changes(town) == [("lead_mentors", coordinator.person.id)]

    coordinator.presses("Take the lead away")
    colleague.sends_data(early)
    assert "changed meanwhile" in colleague.toast
    assert not seat_of(mentor).leads_mentors
    assert len(changes(town)) == 2


def test_several_may_lead(town: Town, coordinator: Phone, mentor: Phone) -> None:
    other = town.member(Role.MENTOR, None, "Wulan Dewi")
    opens(coordinator).presses("Let lead")
    opens(coordinator, "Wulan Dewi").presses("Let lead")

    assert seat_of(mentor).leads_mentors
    assert seat_of(other).leads_mentors


@pytest.mark.parametrize("role", [Role.MENTOR, Role.OBSERVER, Role.LEAD, Role.OFFICIAL, Role.CONTRIBUTOR])
def test_a_forged_press_of_somebody_else_changes_nothing(town: Town, mentor: Phone, role: Role) -> None:
    stranger = town.member(role, TEBING_TINGGI, "Orang Lain")

    for phone in (stranger, mentor):
        assert not [label for label in phone.writes("/menu").buttons if "Mentors" in label]
        phone.sends_data(f"a:lead-mentors:{seat_of(mentor).id}:0")
        assert phone.alert
        assert "could not be found" in phone.toast

    assert not seat_of(mentor).leads_mentors
    assert changes(town) == []


def test_a_coordinator_of_a_province_reaches_only_seats_within_it(town: Town, mentor: Phone) -> None:
    provincial = town.member(Role.COORDINATOR, None, "Koordinator Sumut", province="12")
    everywhere, far = town.member(Role.MENTOR, None, "Nasional"), town.member(Role.MENTOR, KATINGAN, "Jauh")

    provincial.writes("/menu").presses("Mentors")
    assert "Bambang Wijaya" in provincial.text
    assert "Nasional" not in provincial.text
    assert "Jauh" not in provincial.text
    for phone in (everywhere, far):
        provincial.sends_data(f"a:lead-mentors:{seat_of(phone).id}:0")
        assert provincial.alert
        assert not seat_of(phone).leads_mentors
    opens(provincial).presses("Let lead")
    assert seat_of(mentor).leads_mentors


@pytest.mark.parametrize("forged", ["", "0", "x", "9" * 17, "9" * 40])
def test_a_seat_that_is_not_there_is_answered_like_one_that_is_not_open(coordinator: Phone, forged: str) -> None:
    coordinator.sends_data(f"a:lead-mentors:{forged}:0")

    assert "could not be found" in coordinator.toast


def test_only_a_mentors_seat_that_is_open_can_lead(town: Town, coordinator: Phone, mentor: Phone) -> None:
    official = town.member(Role.OFFICIAL, TEBING_TINGGI, "Pejabat")
    coordinator.sends_data(f"a:lead-mentors:{seat_of(official).id}:0")
    assert coordinator.alert
    seat_of(mentor).suspended_at = town.now
    town.session.flush()

    opens(coordinator)
    assert "closed for now" in coordinator.text
    assert "⭐ Let lead" not in coordinator.buttons
    coordinator.sends_data(f"a:lead-mentors:{seat_of(mentor).id}:0")
    assert "open its access first" in coordinator.toast
    seat_of(mentor).ended_at = town.now
    town.session.flush()
    coordinator.sends_data(f"a:lead-mentors:{seat_of(mentor).id}:0")
    assert "could not be found" in coordinator.toast
    assert changes(town) == []


def test_where_there_is_no_mentor_the_list_says_what_to_do(town: Town, coordinator: Phone) -> None:
    coordinator.writes("/menu").presses("Mentors")

    assert "There is no mentor here yet." in coordinator.text
    assert "✉️ Invite" in coordinator.buttons
