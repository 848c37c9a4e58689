"""An invitation: when and where, an answer that may be changed until it begins, and who comes from which region."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from db.vocabulary import AnnouncementState, ReaderState
from tests.announcements.newsroom import Newsroom

WIB = ZoneInfo("Asia/Jakarta")
# stage.NOW is Saturday, 14 November 2026, 09.00 WIB.
WHEN = "17 November 09.00-12.00"


def drafts(newsroom: Newsroom) -> None:
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it")


def invites(newsroom: Newsroom, when: str = WHEN, place: str = "Aula Bappeda") -> None:
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(when).presses("Session place").writes(place)
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()


def at(newsroom: Newsroom, day: int, hour: int, minute: int = 0) -> None:
    newsroom.town.now = datetime(2026, 11, day, hour, minute, tzinfo=WIB).astimezone(UTC)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        (WHEN, 12),
        ("17 November pukul 09.00 WIB s.d. 12.30 WIB", 12.5),
        ("17 November 09:00 – 10:15", 10.25),
        ("17 November 09.00 sampai pukul 16.00", 16),
        ("17 November 09.00", 11),
        ("17 November 11.00 WIT - 14.00", 12),
        ("17 November 10.00-13.00 WITA", 12),
    ],
)
def test_the_time_of_a_session_is_read_as_people_write_it(newsroom: Newsroom, typed: str, until: float) -> None:
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(typed)

    found = newsroom.newest()
    assert found.event_at == datetime(2026, 11, 17, 9, tzinfo=WIB)
    assert found.event_until == datetime(2026, 11, 17, int(until), round(60 * (until % 1)), tzinfo=WIB)
    assert "🕘 Tuesday, 17 November 2026" in newsroom.coordinator.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("17 November", "hour could not be read"),
        ("besok-besok 09.00", "could not be read"),
        ("17 November 09.00-08.00", "end must come after"),
        ("17 November 09.00-25.00", "hour does not exist"),
        ("17 November 09.00 waktu setempat", "name its zone"),
        ("14 November 08.00-10.00", "has passed"),
        ("2 Desember 09.00-10.00", "after the closing"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_reason(newsroom: Newsroom, typed: str, says: str) -> None:
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(typed)

    assert says in newsroom.coordinator.text
    assert newsroom.newest().event_at is None


def test_the_time_can_be_emptied_and_an_invitation_without_one_is_not_sent(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(WHEN)
    newsroom.coordinator.presses("Session time").presses("Leave it empty")
    assert newsroom.newest().event_until is None

    newsroom.coordinator.presses("Check and send").presses("Send to")

    assert "needs the time of its session" in newsroom.coordinator.toast
    assert newsroom.newest().state is AnnouncementState.DRAFT


def test_an_invitation_that_would_leave_after_its_session_began_is_not_sent(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(WHEN)
    newsroom.coordinator.presses("Schedule").writes("17 November 09.30")

    newsroom.coordinator.presses("Check and send").presses("Send to")

    assert "would begin before the invitation leaves" in newsroom.coordinator.toast
    assert newsroom.newest().state is AnnouncementState.DRAFT


def test_readers_see_when_and_where(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)

    assert "🕘 Tuesday, 17 November 2026 at 09:00 WIB to 12:00 WIB" in siti.told()[-1]
    assert "📍 Aula Bappeda" in siti.told()[-1]


def test_an_answer_can_be_changed_until_the_session_begins_and_not_after(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    siti.presses_letter("I will attend")
    at(newsroom, 17, 8, 59)
    siti.presses_letter("I cannot attend")
    assert "cannot attend" in siti.toast

    at(newsroom, 17, 9)
    siti.presses_letter("I will attend")

    assert "The session has begun" in siti.toast
    assert "you cannot attend" in siti.text
    assert not any("attend" in label for label in siti.buttons)


def test_a_paused_invitation_is_delivered_to_nobody_once_its_session_has_begun(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes(WHEN)
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.coordinator.presses("Refresh").presses("Pause")
    at(newsroom, 17, 9)

    newsroom.ticks()

    assert newsroom.arrive() == 0
    assert newsroom.states() == {"Siti Rahma": ReaderState.DROPPED}
    assert newsroom.newest().state is AnnouncementState.DONE
    assert "its session had begun" in newsroom.coordinator.presses("Refresh").presses("All readers").text


def test_of_an_invitation_the_page_says_who_has_not_answered(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)

    phone = newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")

    assert "No answer yet, by region" in phone.text
    assert "Siti Rahma" in phone.presses("No answer (1)").text


def test_after_the_session_began_an_invitation_awaits_no_word(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    siti.writes("/pengumuman")
    assert "1 awaits your confirmation" in siti.text

    at(newsroom, 17, 9)
    siti.writes("/pengumuman")

    assert "awaits" not in siti.text
    assert "📢 Announcements" in siti.writes("/menu").buttons


def test_nobody_but_the_coordinator_sets_reminders_and_only_on_a_draft(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    found = newsroom.newest()
    siti.sends_data(f"a:ann-remind:{found.id}-2:{found.version}")
    assert newsroom.newest().follow_days == 0

    for forged in ("4", "-1", "x", ""):
        newsroom.coordinator.sends_data(f"a:ann-remind:{found.id}-{forged}:{found.version}")
    newsroom.coordinator.sends_data(f"a:ann-remind:{found.id}-3:{found.version - 1}")
    assert newsroom.newest().follow_days == 0

    sent = newsroom.sends()
    newsroom.coordinator.sends_data(f"a:ann-remind:{sent.id}-3:{sent.version}")
    assert newsroom.newest().follow_days == 0
