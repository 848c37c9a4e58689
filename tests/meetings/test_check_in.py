"""Check-in at a meeting with its code, within its hours, by whoever has a seat in its reach; its attendance list."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services import exports
from db.models import CheckIn, Meeting, MeetingAnswer, Paper
from db.vocabulary import Role
from tests.meetings.office import Office
from tests.papers.sheets import printed, sheets
from tests.people.phone import Phone
from tests.stage import BANGGAI, TEBING_TINGGI

BEGINS = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


def opens(office: Office, meeting: Meeting, phone: Phone | None = None) -> str:
    """Whoever holds the meeting opens its check-in; the code."""
    (phone or office.coordinator).sends_data(f"s:meeting:{meeting.id}").presses("Open check-in")
    code = office.newest().check_in_code
    assert code is not None
    return code


def here(office: Office) -> list[tuple[int, datetime]]:
    return [(one.person_id, one.at) for one in office.town.session.scalars(select(CheckIn).order_by(CheckIn.id))]


def test_a_picture_with_its_code_is_sent_and_the_team_checks_in_with_it(office: Office) -> None:
    code = opens(office, office.exists(title="Rapat pokja"))
    letter = office.coordinator.letters[-1]
    assert (letter.method, letter.paper is not None) == ("sendPhoto", True)
    assert f"{code[:3]} {code[3:]}" in office.coordinator.text
    office.town.now = BEGINS - timedelta(minutes=30)

    office.siti.starts(f"c_{code}")
    assert "✅ You are checked in to “Rapat pokja · Kota Tebing Tinggi”: 08:30 WIB." in office.siti.text
    office.mentor.writes(f"{code[:3].lower()} {code[3:].lower()}")
    assert "You are checked in" in office.mentor.text
    office.town.later(hours=1)
    assert "You are checked in already, since 08:30 WIB." in office.siti.starts(f"c_{code}").text

    assert here(office) == [(one.person.id, BEGINS - timedelta(minutes=30)) for one in (office.siti, office.mentor)]
    assert "🎟 checked in: 2" in office.siti.sends_data(f"s:meeting:{office.newest().id}").text
    assert code not in office.siti.text.replace(" ", "")


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (BEGINS - timedelta(minutes=61), "Check-in opens on Tuesday, 17 November 2026 at 08:00 WIB."),
        (BEGINS - timedelta(minutes=60), "You are checked in"),
        (BEGINS + timedelta(hours=3), "You are checked in"),
        (BEGINS + timedelta(hours=3, seconds=1), "Check-in closed on Tuesday, 17 November 2026 at 12:00 WIB."),
    ],
)
def test_the_moment_of_the_message_decides(office: Office, moment: datetime, says: str) -> None:
    code = opens(office, office.exists())
    office.town.now, office.siti.sent_at = moment + timedelta(hours=3), moment
    assert says in office.siti.starts(f"c_{code}").text
    assert bool(here(office)) == ("You are" in says)


def test_another_region_is_not_meant_but_by_a_meeting_of_all(office: Office) -> None:
    code = opens(office, office.exists())
    everybody = opens(office, office.exists(None, title="Rapat nasional"))
    office.town.now = BEGINS
    assert "is for other regions" in office.andi.starts(f"c_{code}").text
    assert here(office) == []
    assert "You are checked in to “Rapat nasional · all regions”" in office.andi.starts(f"c_{everybody}").text


def test_another_code_takes_the_place_of_the_first_and_an_old_press_changes_nothing(office: Office) -> None:
    meeting = office.exists()
    first, version = opens(office, meeting), meeting.version
    anew = office.coordinator.buttons["♻️ Another code"]
    office.coordinator.sends_data(anew)
    second = office.newest().check_in_code
    assert second not in (None, first)
    office.coordinator.sends_data(anew)
    assert "changed meanwhile" in office.coordinator.toast
    assert (office.newest().check_in_code, office.newest().version) == (second, version)
    office.town.now = BEGINS
    assert "not valid" in office.siti.starts(f"c_{first}").text


def test_a_meeting_that_is_moved_has_had_nobody_and_one_that_is_off_takes_nobody(office: Office) -> None:
    meeting = office.exists(starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=2))
    code = opens(office, meeting)
    office.town.now = BEGINS - timedelta(minutes=30)
    office.siti.starts(f"c_{code}")
    office.coordinator.sends_data(f"s:meeting:{meeting.id}").presses("Move").writes("18 November 09.00-11.00")
    assert here(office) == []
    office.coordinator.sends_data(f"s:meeting:{meeting.id}").presses("Change").presses("Cancel the meeting")
    office.coordinator.writes("Gedung dipakai pilkada")
    office.town.now += timedelta(days=1)
    assert "not valid" in office.siti.starts(f"c_{code}").text
    office.coordinator.sends_data(f"a:check-in:meeting-{meeting.id}:0")
    assert "does not take place" in office.coordinator.toast


@pytest.mark.parametrize("minutes", [-30, 30], ids=["before it begins", "while it is held"])
def test_whoever_is_checked_in_stays_so_where_only_the_end_moves(office: Office, minutes: int) -> None:
    meeting = office.exists(starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=2))
    code = opens(office, meeting)
    office.town.now = BEGINS + timedelta(minutes=minutes)
    office.siti.starts(f"c_{code}")
    office.coordinator.sends_data(f"s:meeting:{meeting.id}").presses("Change").presses("End").writes("12.00")
    assert office.newest().ends_at == BEGINS + timedelta(hours=3)
    assert here(office) == [(office.siti.person.id, office.town.now)]


def test_the_mentor_who_goes_there_opens_it_and_nobody_else(office: Office) -> None:
    meeting = office.exists()
    other = office.town.member(Role.MENTOR, TEBING_TINGGI, "Wayan Sudarma")
    for phone in (office.siti, office.andi, other):
        phone.sends_data(f"a:check-in:meeting-{meeting.id}:0").sends_data(f"a:check-in-anew:meeting-{meeting.id}:0")
    assert office.newest().check_in_code is None
    assert office.town.session.scalars(select(Paper.sha256)).all() == []
    for forged in ("meeting-999999", "meeting-x", "meeting-", "x-1", ""):
        assert "could not be found" in office.coordinator.sends_data(f"a:check-in:{forged}:0").toast


def test_what_is_over_is_not_opened_any_more(office: Office) -> None:
    meeting = office.exists()
    office.town.now = BEGINS + timedelta(hours=4)
    office.coordinator.sends_data(f"a:check-in:meeting-{meeting.id}:0")
    assert "it is over" in office.coordinator.toast
    assert not any("check-in" in label for label in office.coordinator.sends_data(f"s:meeting:{meeting.id}").buttons)


def test_the_attendance_list_has_everybody_with_answer_and_arrival(office: Office) -> None:
    meeting = office.exists(title="Rapat pokja", mentor_id=office.mentor.person.id)
    rudi = office.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    code = opens(office, meeting)
    office.siti.sends_data(f"a:meet-come:{meeting.id}:{meeting.version}")
    rudi.sends_data(f"a:meet-stay:{meeting.id}:{meeting.version}")
    office.town.now = BEGINS
    for phone in (office.siti, office.coordinator):
        phone.starts(f"c_{code}")
    office.siti.sends_data(f"s:meeting:{meeting.id}").presses("List (Excel)")

    paper = printed(office.siti)
    tabs = sheets(paper.content)

    people, regions = tabs.values()
    assert paper.name == f"kegiatan-{meeting.id}-daftar-hadir.xlsx"
    assert [(row[0], row[2], row[5], bool(row[7]), row[8]) for row in ([*line, *[""] * 9] for line in people[1:])] == [
        ("Bambang Sutrisno", "mentor", "no answer", False, ""),
        ("Rudi Hartono", "official of the region", "cannot attend", False, ""),
        ("Siti Rahma", "team lead of the region", "will attend", True, ""),
        ("Sari Wulandari", "coordinator", "without an invitation", True, "yes"),
    ]
    counts = [["1", "1", "1", "1", "0"], ["0", "0", "0", "1", "1"], ["1", "1", "1", "2", "1"]]
    assert [row[1:] for row in regions[1:]] == counts


def test_a_seat_that_has_ended_since_stays_on_the_list(office: Office) -> None:
    meeting = office.exists()
    code = opens(office, meeting)
    office.town.now = BEGINS
    office.siti.starts(f"c_{code}")
    office.leaves(office.siti)
    office.coordinator.sends_data(f"a:export:meeting-{meeting.id}:0")
    assert "Siti Rahma" in [row[0] for row in next(iter(sheets(printed(office.coordinator).content).values()))]


def test_who_may_not_see_the_team_gets_no_list(office: Office) -> None:
    region, everybody = office.exists(BANGGAI), office.exists(None)
    for phone, meeting in ((office.siti, region), (office.siti, everybody), (office.mentor, everybody)):
        assert "could not be found" in phone.sends_data(f"a:export:meeting-{meeting.id}:0").toast
    assert exports.make(office.town.work("tick")) is None
    assert "List (Excel)" not in str(office.siti.sends_data(f"s:meeting:{everybody.id}").buttons)


def test_an_answer_given_before_the_check_in_was_opened_is_still_taken(office: Office) -> None:
    meeting = office.exists()
    version = meeting.version
    opens(office, meeting)
    office.siti.sends_data(f"a:meet-come:{meeting.id}:{version}")
    assert office.town.session.scalars(select(MeetingAnswer.comes)).all() == [True]
