"""Who hears of a meeting, when, and what: once in full, later only what has changed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.services import meeting_letters
from db.models import AuditEntry, OutboxMessage
from db.vocabulary import Lane, Role
from tests.meetings.office import Office
from tests.stage import TEBING_TINGGI


def test_the_team_and_the_mentor_hear_of_it_ten_minutes_later_and_nobody_else(office: Office) -> None:
    office.schedules()
    assert office.ticks(minutes=9) == 0
    assert office.ticks(minutes=2) == 2
    (told,) = office.siti.told()
    assert "A new date" in told
    assert "Bimtek tahap IV · Kota Tebing Tinggi" in told
    assert "Friday, 20 November 2026 at 09:00 WIB" in told
    assert "You are the mentor who goes there" in office.mentor.told()[0]
    assert office.andi.told() == office.coordinator.told() == []
    assert office.ticks(minutes=30) == 0


def test_a_meeting_for_all_is_told_to_everybody_of_a_region_after_what_is_for_a_few(office: Office) -> None:
    office.schedules("Closing event", "all", when="1 Desember 09.00-16.00")
    office.ticks(minutes=11)
    assert [len(phone.told()) for phone in (office.siti, office.andi, office.mentor)] == [1, 1, 1]
    assert office.coordinator.told() == []
    assert {letter.lane for letter in office.siti.letters} == {Lane.BULK}
    assert "10:00 WITA to" not in office.andi.told()[0]


def test_whoever_left_or_whose_seat_is_closed_hears_nothing(office: Office) -> None:
    closed = office.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi", suspended_at=office.town.now)
    office.schedules()
    office.leaves(office.siti)
    office.ticks(minutes=11)
    assert office.siti.told() == closed.told() == []


def test_several_changes_within_ten_minutes_are_one_message_with_only_what_changed(office: Office) -> None:
    office.schedules()
    office.ticks(minutes=11)
    office.coordinator.writes("/agenda").presses("Week after").presses("1").presses("Move").writes("21 November 10.00")
    office.ticks(minutes=6)
    office.coordinator.presses("Change").presses("Place").writes("Aula Wali Kota")
    assert office.ticks(minutes=6) == 0
    office.ticks(minutes=5)

    changed = office.siti.told()[1]
    assert "A date has changed" in changed
    assert "Saturday, 21 November 2026 at 10:00 WIB, until 13:00 WIB" in changed
    assert "before: Friday, 20 November 2026 at 09:00 WIB" in changed
    assert "Aula Wali Kota" in changed
    assert "Bambang" not in changed
    assert len(office.siti.told()) == 2


def test_whether_somebody_comes_is_asked_of_another_time_not_of_another_place(office: Office) -> None:
    office.schedules()
    office.ticks(minutes=11)
    office.coordinator.writes("/agenda").presses("Week after").presses("1")
    office.coordinator.presses("Change").presses("Place").writes("Aula Wali Kota")
    office.ticks(minutes=11)
    office.coordinator.sends_data(f"s:meeting:{office.newest().id}").presses("Move").writes("21 November 10.00")
    office.ticks(minutes=11)
    office.coordinator.sends_data(f"s:meeting-mentor:{office.newest().id}").presses("Nobody")
    office.ticks(minutes=11)

    assert [len(letter.rows) for letter in office.siti.letters] == [2, 1, 2, 1]
    assert "You need not go there any more" in office.mentor.told()[-1]
    assert len(office.mentor.letters[-1].rows) == 1


def test_what_was_changed_and_changed_back_is_not_told(office: Office) -> None:
    office.schedules()
    office.ticks(minutes=11)
    office.coordinator.writes("/agenda").presses("Week after").presses("1")
    office.coordinator.presses("Move").writes("21 November 10.00")
    office.coordinator.presses("Move").writes("20 November 09.00")
    assert office.ticks(minutes=11) == 0


def test_what_is_cancelled_before_anybody_heard_of_it_is_never_told(office: Office) -> None:
    office.schedules()
    office.coordinator.presses("Change").presses("Cancel the meeting").writes("Salah daerah.")
    assert office.ticks(minutes=30) == 0
    assert office.siti.told() == []


def test_a_cancelled_meeting_is_told_with_its_reason_and_can_take_place_after_all(office: Office) -> None:
    office.schedules()
    office.ticks(minutes=11)
    office.coordinator.writes("/agenda").presses("Week after").presses("1")
    office.coordinator.presses("Change").presses("Cancel the meeting").writes("Narasumber berhalangan.")
    office.ticks(minutes=11)
    assert "does not take place" in office.siti.told()[1]
    assert "Narasumber berhalangan." in office.siti.told()[1]
    assert not [button for row in office.siti.letters[1].rows for button in row if "meet-come" in button.data]

    office.coordinator.presses("It takes place")
    office.ticks(minutes=11)
    assert "takes place after all" in office.siti.told()[2]


def test_another_mentor_gets_it_in_full_and_the_first_one_need_not_go(office: Office) -> None:
    other = office.town.member(Role.MENTOR, TEBING_TINGGI, "Dewi Lestari")
    office.schedules()
    office.ticks(minutes=11)
    office.coordinator.writes("/agenda").presses("Week after").presses("1").presses("Change").presses("Mentor")
    office.coordinator.presses("Dewi Lestari")
    office.ticks(minutes=11)
    assert "need not go there" in office.mentor.told()[1]
    assert "A new date" in other.told()[0]
    assert "Dewi Lestari goes there" in office.siti.told()[1]


def test_what_begins_soon_is_told_at_once(office: Office) -> None:
    office.schedules("Coordination meeting", when="14 November 10.30-11.00")
    assert office.ticks() == 2


def test_after_an_outage_what_is_over_is_not_told_any_more(office: Office) -> None:
    office.schedules("Coordination meeting", when="15 November 10.30-11.00")
    assert office.ticks(days=2) == 0
    assert office.siti.told() == []


def test_outside_working_hours_it_comes_without_a_sound(office: Office) -> None:
    office.town.later(days=2)  # a Monday
    office.schedules()
    office.ticks(minutes=11)
    office.town.later(hours=12)
    office.coordinator.writes("/agenda").presses("1").presses("Move").writes("21 November 10.00")
    office.ticks(minutes=11)
    assert [letter.silent for letter in office.siti.letters] == [False, True]


def test_the_duty_done_twice_writes_once(office: Office) -> None:
    made = office.schedules()
    office.ticks(minutes=11)
    made.tell_at, made.told = office.town.now, {}
    office.ticks()
    keys = select(func.count()).where(OutboxMessage.unique_key.startswith(f"meeting:{made.id}:"))
    assert office.town.session.scalar(keys) == 2


def test_an_idle_clock_does_not_look_further(office: Office) -> None:
    office.schedules()
    now = office.town.now
    assert not meeting_letters.is_due(office.town.session, now)
    assert meeting_letters.is_due(office.town.session, now + timedelta(minutes=10))


@pytest.mark.parametrize("deed", ["schedule", "move", "cancel"])
def test_every_change_is_on_record_with_its_actor(office: Office, deed: str) -> None:
    office.schedules()
    office.coordinator.presses("Move").writes("21 November 10.00")
    office.coordinator.presses("Change").presses("Cancel the meeting").writes("Alasan.")
    entries = office.town.session.scalars(select(AuditEntry).where(AuditEntry.subject == "meeting")).all()
    (entry,) = [one for one in entries if one.act == deed]
    assert entry.actor_id == office.coordinator.person.id
    assert entry.region_code == TEBING_TINGGI
