"""The agenda week by week, a meeting's page, who comes, and what others may not see."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db.models import MeetingAnswer
from db.vocabulary import MeetingKind, Role
from tests import stage
from tests.meetings.office import Office
from tests.people.phone import Phone
from tests.stage import BANGGAI, TEBING_TINGGI

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def week(office: Office) -> Office:
    """It is Monday: one meeting in each region, one for all, one next week."""
    office.town.now = MONDAY - timedelta(hours=1)
    office.exists(TEBING_TINGGI, title="Rapat pokja", starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=2))
    office.exists(BANGGAI, title="Paparan Banggai")
    office.exists(
        None, title="Rapat nasional", starts_at=MONDAY + timedelta(days=2), ends_at=MONDAY + timedelta(days=3)
    )
    later = MONDAY + timedelta(days=7)
    office.exists(TEBING_TINGGI, title="Kunjungan lapangan", starts_at=later, ends_at=later + timedelta(hours=1))
    return office


def test_the_week_shows_the_own_region_day_by_day_in_the_own_zone(week: Office) -> None:
    week.siti.writes("/agenda")
    assert "This week" in week.siti.text
    assert "Monday, 16 November 2026\n1. 09:00 WIB to 11:00 WIB: Rapat pokja" in week.siti.text
    assert "Wednesday, 18 November 2026\n2. 09:00 WIB, until 19 Nov: Rapat nasional · all regions" in week.siti.text
    assert "Hours in WIB" in week.siti.text
    assert "Banggai" not in week.siti.text
    week.andi.writes("/agenda")
    assert "11:00 WITA" not in week.andi.text
    assert "10:00 WITA to 13:00 WITA: Paparan Banggai" in week.andi.text
    assert "Rapat pokja" not in week.andi.text


def test_the_coordinator_sees_all_regions_and_one_of_a_province_their_own(week: Office) -> None:
    week.coordinator.writes("/agenda")
    assert "Rapat pokja" in week.coordinator.text
    assert "Paparan Banggai" in week.coordinator.text
    provincial = week.town.member(Role.COORDINATOR, None, "Yohanes Lelang", province="72").writes("/agenda")
    assert "Paparan Banggai" in provincial.text
    assert "Rapat pokja" not in provincial.text


def test_one_can_turn_to_other_weeks_and_read_what_comes_next(week: Office) -> None:
    week.siti.writes("/agenda").presses("Week after")
    assert "Next week" in week.siti.text
    assert "Kunjungan lapangan" in week.siti.text
    week.siti.presses("Week after")
    assert "Nothing takes place in this week. Next: Rapat pokja" in week.siti.text
    week.siti.sends_data("s:agenda:99999")
    assert week.siti.buttons
    week.siti.sends_data("s:agenda:x:y:z")
    assert "could not be found" in week.siti.text


def test_a_full_week_has_pages(week: Office) -> None:
    for hour in range(9):
        begins = MONDAY + timedelta(days=3, hours=hour)
        week.exists(TEBING_TINGGI, title=f"Sesi {hour}", starts_at=begins, ends_at=begins + timedelta(minutes=30))
    week.siti.writes("/agenda")
    assert "Sesi 5" in week.siti.text
    assert "Sesi 6" not in week.siti.text
    assert "1/2" in week.siti.buttons
    week.siti.sends_data("s:agenda:0:1")
    assert "Sesi 8" in week.siti.text


def test_the_own_regions_deadlines_stand_in_their_week(office: Office) -> None:
    office.town.now = datetime(2026, 11, 9, 1, 0, tzinfo=UTC)
    office.siti.writes("/agenda")
    assert "Deadlines of this week" in office.siti.text
    assert "Pelaksanaan quick win" in office.siti.text


def test_home_leads_to_the_agenda_and_names_the_next_day(week: Office) -> None:
    for phone in (week.siti, week.mentor, week.coordinator):
        phone.writes("/menu").presses("📆 Agenda (16 Nov)")
        assert "This week" in phone.text


def test_a_meetings_page_names_both_zones_where_they_differ(week: Office) -> None:
    made = week.exists(BANGGAI, place="Aula Luwuk", link="https://zoom.us/j/7", note="Mohon hadir tepat waktu.")
    week.coordinator.sends_data(f"s:meeting:{made.id}")
    assert "Tuesday, 17 November 2026 at 10:00 WITA, until 13:00 WITA" in week.coordinator.text
    assert "that is 09:00 WIB to 12:00 WIB" in week.coordinator.text
    assert "Aula Luwuk" in week.coordinator.text
    assert "Mohon hadir tepat waktu." in week.coordinator.text
    assert "🔗 Open the link" in week.coordinator.buttons


def test_what_a_bimtek_must_lead_to_is_shown_with_how_it_stands(office: Office) -> None:
    made = office.exists(kind=MeetingKind.BIMTEK, milestone_key="bimtek-4")
    office.siti.sends_data(f"s:meeting:{made.id}")
    assert "⬜ Komitmen bersama ditandatangani" in office.siti.text
    office.siti.presses("Items of the stage")
    assert "Bimtek tahap IV" in office.siti.text


def test_once_it_has_begun_list_and_minutes_lead_to_their_item(office: Office) -> None:
    made = office.exists(kind=MeetingKind.BIMTEK, milestone_key="bimtek-4")
    office.siti.sends_data(f"s:meeting:{made.id}")
    assert "📝 Dokumentasi kegiatan" not in office.siti.buttons
    office.town.later(days=4)
    office.siti.sends_data(f"s:meeting:{made.id}").presses("Dokumentasi kegiatan")
    assert "Notula, daftar hadir, foto" in office.siti.text


def test_people_say_whether_they_come_and_may_change_their_mind(office: Office) -> None:
    made = office.schedules()
    office.ticks(minutes=11)
    office.siti.presses_letter("I come")
    assert office.siti.toast == "Noted: you come."
    assert "Your answer: you come." in office.siti.text
    office.siti.presses_letter("I come")
    office.mentor.presses_letter("I cannot")
    office.coordinator.sends_data(f"s:meeting:{made.id}")
    assert "1 come, 1 cannot" in office.coordinator.text
    office.coordinator.presses("Who comes (2)")
    assert "🙋 Siti Rahma\n🙅 Bambang Sutrisno" in office.coordinator.text
    office.siti.presses_letter("I cannot")
    rows = office.town.session.scalars(select(MeetingAnswer.comes)).all()
    assert list(rows) == [False, False]


def test_an_answer_to_an_earlier_date_is_not_taken_and_a_moved_meeting_asks_anew(office: Office) -> None:
    made = office.schedules()
    office.ticks(minutes=11)
    office.siti.presses_letter("I come")
    office.coordinator.sends_data(f"s:meeting:{made.id}").presses("Move").writes("21 November 09.00")
    assert office.town.session.scalars(select(MeetingAnswer)).all() == []
    office.siti.presses_letter("I come")
    assert "changed meanwhile" in office.siti.toast
    assert "Saturday, 21 November" in office.siti.text
    office.siti.presses("I come")
    assert office.siti.toast == "Noted: you come."


def test_nobody_comes_to_what_is_over_or_cancelled(office: Office) -> None:
    over = office.exists(ends_at=office.town.now - timedelta(hours=1), starts_at=office.town.now - timedelta(hours=2))
    office.siti.sends_data(f"a:meet-come:{over.id}:0")
    assert "is over, or does not take place" in office.siti.toast
    assert "It is over." in office.siti.text
    assert "🙋 I come" not in office.siti.buttons
    cancelled = office.exists(cancelled_at=office.town.now, cancelled_why="Banjir.")
    office.siti.sends_data(f"a:meet-stay:{cancelled.id}:0")
    assert "is over, or does not take place" in office.siti.toast
    assert "Banjir." in office.siti.text


def test_who_of_other_regions_comes_to_a_meeting_for_all_is_not_told(office: Office) -> None:
    made = office.exists(None)
    for phone in (office.siti, office.andi):
        phone.sends_data(f"a:meet-come:{made.id}:0")
    office.siti.sends_data(f"s:meeting-people:{made.id}")
    assert "Siti Rahma" in office.siti.text
    assert "Andi Baso" not in office.siti.text
    office.coordinator.sends_data(f"s:meeting-people:{made.id}")
    assert "Andi Baso" in office.coordinator.text
    helper = office.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar")
    helper.sends_data(f"s:meeting-people:{made.id}")
    assert "Siti Rahma" not in helper.text


# --- What is not yours


def forged(phone: Phone, data: str) -> tuple[str, str]:
    phone.sends_data(data)
    return phone.toast, phone.text


@pytest.mark.parametrize(
    "button",
    ["s:meeting:{0}", "s:meeting-change:{0}", "s:meeting-mentor:{0}", "s:meeting-people:{0}", "a:calendar:{0}:0",
     "a:meet-come:{0}:0", "a:meet-change:{0}-when:0", "a:meet-back:{0}:0", "a:meet-send:{0}-1:0"],
)  # fmt: skip
def test_another_regions_meeting_is_answered_like_one_that_does_not_exist(office: Office, button: str) -> None:
    theirs = office.exists(BANGGAI, title="Rahasia Banggai")
    stage.region(office.town.work(), stage.KATINGAN)
    stranger = office.town.member(Role.LEAD, stage.KATINGAN, "Yansen Garu")
    for phone in (office.siti, office.mentor, stranger):
        assert forged(phone, button.format(theirs.id)) == forged(phone, button.format(999_999))
        assert "Rahasia" not in phone.text
    assert theirs.version == 0


@pytest.mark.parametrize("field", ["when", "end", "place", "title", "note", "cancel", "nonsense"])
def test_whoever_may_look_may_not_change(office: Office, field: str) -> None:
    made = office.exists(TEBING_TINGGI)
    for phone in (office.siti, office.mentor):
        phone.sends_data(f"a:meet-change:{made.id}-{field}:0")
        assert phone.alert
        phone.sends_data(f"s:meeting-change:{made.id}")
        assert "❌ Cancel the meeting" not in phone.buttons
        phone.sends_data(f"s:meeting-mentor:{made.id}")
        assert "could not be found" in phone.text
    assert made.version == 0


def test_a_mentor_changes_the_visits_they_go_on_and_no_others(office: Office) -> None:
    own = office.exists(kind=MeetingKind.VISIT, mentor_id=office.mentor.person.id)
    others = office.exists(kind=MeetingKind.VISIT)
    office.mentor.sends_data(f"s:meeting:{own.id}").presses("Change").presses("Note").writes("Mohon siapkan data.")
    assert own.note == "Mohon siapkan data."
    office.mentor.sends_data(f"a:meet-change:{others.id}-note:0")
    assert "cannot be changed" in office.mentor.toast
    office.mentor.sends_data(f"a:meet-send:{own.id}-0:{own.version}")
    assert "could not be found" in office.mentor.toast


def test_an_old_button_changes_nothing(office: Office) -> None:
    made = office.exists()
    office.coordinator.sends_data(f"s:meeting:{made.id}").presses("Move")
    other = office.town.member(Role.COORDINATOR, None, "Ratna Dewi")
    other.sends_data(f"s:meeting:{made.id}").presses("Change").presses("Name").writes("Rapat evaluasi")
    office.coordinator.writes("21 November 09.00")
    assert "changed meanwhile" in office.coordinator.text
    office.coordinator.sends_data(f"a:meet-change:{made.id}-when:0")
    assert "changed meanwhile" in office.coordinator.toast
    assert (made.version, made.title) == (1, "Rapat evaluasi")


def test_what_is_over_stays_as_it_was(office: Office) -> None:
    made = office.exists()
    office.town.later(days=5)
    office.coordinator.sends_data(f"s:meeting:{made.id}")
    assert not [label for label in office.coordinator.buttons if "Move" in label or "Change" in label]
    office.coordinator.sends_data(f"a:meet-change:{made.id}-cancel:0")
    assert "it is over" in office.coordinator.toast


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        ("Move", "31 Februari 09.00", "date could not be read"),
        ("Move", "13 November 2026 09.00", "moment has passed"),
        ("Move", "21 November 09.00-08.00", "end must come after"),
        ("Move", "5 Desember 09.00", "before the closing"),
        ("End", "08.00", "end must come after"),
        ("Place", "Aula http://a.go.id", "link cannot be opened"),
    ],
)
def test_a_change_that_cannot_be_is_asked_again(office: Office, button: str, typed: str, said: str) -> None:
    made = office.exists(kind=MeetingKind.BIMTEK, milestone_key="bimtek-4")
    office.coordinator.sends_data(f"s:meeting-change:{made.id}").presses(button).writes(typed)
    assert said in office.coordinator.text
    assert "Cancel" in office.coordinator.buttons
    assert made.version == 0


def test_moving_keeps_the_length_and_the_end_can_be_changed_alone(office: Office) -> None:
    made = office.exists()
    office.coordinator.sends_data(f"s:meeting:{made.id}").presses("Move").writes("21 November 13.00")
    assert (made.starts_at.hour, made.ends_at.hour) == (6, 9)
    office.coordinator.presses("Change").presses("End").writes("4 jam")
    assert made.ends_at.hour == 10


def test_place_and_link_can_be_emptied_and_a_number_of_an_identity_card_is_hidden(office: Office) -> None:
    made = office.exists(place="Aula", link="https://zoom.us/j/1")
    office.coordinator.sends_data(f"s:meeting-change:{made.id}").presses("Place").presses("Leave it empty")
    assert (made.place, made.link) == ("", "")
    office.coordinator.presses("Change").presses("Note").writes("NIK narasumber 3276010101900001")
    assert made.note == "NIK narasumber ************0001"


@pytest.mark.parametrize("button", ["a:meet-change:{0}-when:0", "a:meet-change:{0}-cancel:0", "a:meet-send:{0}-0:0"])
def test_what_was_cancelled_is_not_changed_until_it_takes_place(office: Office, button: str) -> None:
    made = office.exists(cancelled_at=office.town.now, cancelled_why="Banjir.")
    office.coordinator.sends_data(button.format(made.id))
    assert "It was cancelled" in office.coordinator.toast
    office.coordinator.sends_data(f"a:meet-back:{made.id}:0").sends_data(f"a:meet-back:{made.id}:0")
    assert "changed meanwhile" in office.coordinator.toast
    assert (made.version, made.cancelled_at) == (1, None)


def test_only_a_mentor_of_the_region_can_be_sent(office: Office) -> None:
    made = office.exists()
    office.coordinator.sends_data(f"a:meet-send:{made.id}-{office.andi.person.id}:0")
    assert "could not be found" in office.coordinator.toast
    office.coordinator.sends_data(f"a:meet-send:{made.id}-{office.mentor.person.id}:0")
    assert made.mentor_id == office.mentor.person.id
    office.coordinator.sends_data(f"a:meet-send:{made.id}-0:0")
    assert made.mentor_id == office.mentor.person.id
