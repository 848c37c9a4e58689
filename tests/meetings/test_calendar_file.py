"""Calendar files: read back as a calendar reads them, in UTC, with numbers that let a later file replace an earlier."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import event

from bot.papers.calendar_file import Entry, calendar_file
from bot.services import letters
from db.models import Paper
from db.vocabulary import MeetingKind, Role
from tests.meetings.office import Office
from tests.people.phone import Phone
from tests.stage import BANGGAI, TEBING_TINGGI

BEGINS = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LONG = "Rapat; koordinasi, tahap \\ akhir: " + "semua perangkat daerah mohon hadir 🏛️ " * 12 + "\nBaris kedua"


def entry(**more: object) -> Entry:
    usual: dict[str, object] = {
        "uid": "meeting-1@pandu",
        "sequence": 3,
        "stamp": BEGINS,
        "title": "Rapat",
        "start": BEGINS,
        "end": BEGINS + timedelta(hours=3),
    }
    return Entry(**(usual | more))  # type: ignore[arg-type]


def events(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def saved(phone: Phone) -> tuple[Paper, list[Any]]:
    """The newest file that was sent to somebody."""
    paper = next(letter.paper for letter in reversed(phone.letters) if letter.paper)
    return paper, events(paper.content)


def test_lines_are_folded_and_ended_as_the_standard_wants() -> None:
    content = calendar_file("Agenda", [entry(title=LONG, text=LONG, place=LONG)])
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_commas_semicolons_backslashes_and_lines_come_back_as_they_were() -> None:
    (read,) = events(calendar_file("Agenda", [entry(title=LONG, text=LONG)]))
    assert str(read["summary"]) == LONG
    assert str(read["description"]) == LONG


@pytest.mark.parametrize("text", ["a\x00b", "a\rEND:VCALENDAR\r\nBEGIN:VEVENT", "a\x1bb"])
def test_nobody_writes_lines_of_their_own_into_the_file(text: str) -> None:
    (read,) = events(calendar_file("Agenda", [entry(title=text)]))
    assert set("\x00\r\x1b").isdisjoint(str(read["summary"]))


def test_moments_are_in_utc_and_days_are_whole_days() -> None:
    day = entry(uid="deadline-1@pandu", start=date(2026, 11, 20), end=date(2026, 11, 21))
    first, second = events(calendar_file("Agenda", [entry(), day]))
    assert first["dtstart"].dt == BEGINS
    assert b"DTSTART:20261120T020000Z" in calendar_file("Agenda", [entry()])
    assert second["dtstart"].dt == date(2026, 11, 20)
    assert second["dtend"].dt == date(2026, 11, 21)
    assert b"DTSTART;VALUE=DATE:20261120" in calendar_file("Agenda", [day])


def test_a_meeting_is_saved_by_its_page_under_a_name_that_speaks(office: Office) -> None:
    made = office.schedules(place="Aula Dinas Kominfo https://zoom.us/j/1")
    office.siti.sends_data(f"s:meeting:{made.id}").presses("Save to calendar")
    paper, (event,) = saved(office.siti)
    assert paper.name == "bimtek-tahap-iv-2026-11-20.ics"
    assert paper.mime == "text/calendar"
    assert str(event["summary"]) == "Bimtek tahap IV · Kota Tebing Tinggi"
    assert (event["dtstart"].dt, event["dtend"].dt) == (BEGINS, BEGINS + timedelta(hours=3))
    assert str(event["location"]) == "Aula Dinas Kominfo"
    assert str(event["url"]) == "https://zoom.us/j/1"
    assert "Komitmen bersama ditandatangani" in str(event["description"])


def test_a_later_file_replaces_the_earlier_one(office: Office) -> None:
    made = office.schedules()
    office.siti.sends_data(f"a:calendar:{made.id}:0")
    _paper, (before,) = saved(office.siti)
    office.coordinator.presses("Move").writes("21 November 09.00")
    office.siti.sends_data(f"a:calendar:{made.id}:0")
    _paper, (moved,) = saved(office.siti)
    assert moved["uid"] == before["uid"]
    assert moved["sequence"] > before["sequence"]
    office.coordinator.presses("Change").presses("Cancel the meeting").writes("Banjir.")
    office.siti.sends_data(f"a:calendar:{made.id}:0")
    _paper, (cancelled,) = saved(office.siti)
    assert str(cancelled["status"]) == "CANCELLED"
    assert cancelled["sequence"] > moved["sequence"]


def test_everything_is_the_own_regions_meetings_and_deadlines_and_nothing_of_others(office: Office) -> None:
    office.exists(TEBING_TINGGI, title="Rapat pokja")
    office.exists(BANGGAI, title="Paparan Banggai")
    office.exists(None, title="Rapat nasional")
    office.siti.writes("/agenda").presses("Save to calendar")
    paper, found = saved(office.siti)
    assert paper.name == "agenda-pandu-kota-tebing-tinggi.ics"
    assert b"Banggai" not in paper.content
    titles = [str(event["summary"]) for event in found]
    assert titles[:2] == ["Rapat pokja · Kota Tebing Tinggi", "Rapat nasional · all regions"]
    stages = office.town.work().programme.edition.milestones
    assert len(found) == 2 + len(stages)
    closing = next(event for event in found if "Deadline: Penutupan" in str(event["summary"]))
    assert closing["dtstart"].dt == date(2026, 12, 1)
    assert len({str(event["uid"]) for event in found}) == len(found)


def test_a_deadline_keeps_its_number_when_it_moves(office: Office) -> None:
    def fourth() -> Any:
        office.siti.sends_data("a:calendar:all:0")
        return next(event for event in saved(office.siti)[1] if "Deadline: Bimtek tahap IV" in str(event["summary"]))

    before = fourth()
    office.town.later(minutes=5)
    office.schedules()
    after = fourth()
    assert after["dtstart"].dt == date(2026, 11, 20) != before["dtstart"].dt
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]


def test_a_contributor_gets_the_meetings_but_no_deadlines_of_the_region(office: Office) -> None:
    helper = office.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Togar").writes("/agenda")
    assert "📆 Save to calendar" not in helper.buttons
    helper.sends_data("a:calendar:all:0")
    assert "nothing to save yet" in helper.toast
    office.exists(kind=MeetingKind.BIMTEK, milestone_key="bimtek-4")
    helper.writes("/agenda").presses("Save to calendar")
    assert [str(event["summary"]) for event in saved(helper)[1]] == ["Bimtek tahap IV · Kota Tebing Tinggi"]


def test_a_file_that_was_sent_is_not_kept_for_long(office: Office) -> None:
    office.siti.sends_data("a:calendar:all:0")
    office.town.delivered(office.siti.letters[-1], office.siti.account)
    assert letters.forget_papers(office.town.session, office.town.now) == 0
    assert letters.forget_papers(office.town.session, office.town.now + timedelta(hours=2)) == 1


def test_a_calendar_of_many_regions_is_read_in_a_few_statements(office: Office) -> None:
    for hour in range(30):
        begins = BEGINS + timedelta(hours=hour)
        office.exists(
            TEBING_TINGGI if hour % 2 else BANGGAI,
            kind=MeetingKind.BIMTEK,
            milestone_key="bimtek-4",
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(office.town.session.get_bind(), "before_cursor_execute", note)
    office.coordinator.sends_data("a:calendar:all:0")
    event.remove(office.town.session.get_bind(), "before_cursor_execute", note)

    assert len(saved(office.coordinator)[1]) == 30
    assert len([one for one in statements if "meetings" in one or "items" in one]) < 6
