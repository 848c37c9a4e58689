"""The reader's side: unread first, one word that counts, and a Reply that becomes a question."""

from datetime import timedelta

from db.vocabulary import OutboxState, ReaderState, Role
from tests.announcements.newsroom import Newsroom


def test_having_read_it_is_noted_once_and_shown(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.announces()
    newsroom.arrive()
    siti.writes("/pengumuman")
    assert "1 awaits your confirmation" in siti.text

    siti.presses_letter("I have read it")
    assert "it is noted" in siti.toast
    assert "My announcements" in siti.text
    assert "✅ Rapat koordinasi Senin pukul 09.00." in siti.buttons
    siti.presses_letter("I have read it").writes("/pengumuman")

    assert "awaits" not in siti.text
    siti.sends_data(f"s:my-announcement:{newsroom.newest().id}")
    assert "You confirmed it on" in siti.text
    assert "✅ I have read it" not in siti.buttons
    newsroom.coordinator.presses("Refresh")
    assert "Confirmed as read: 1" in newsroom.coordinator.text
    newsroom.coordinator.presses("Not confirmed")
    assert "Ratna Dewi" in newsroom.coordinator.text
    assert "Siti Rahma" not in newsroom.coordinator.text


def test_a_press_proves_that_an_uncertain_one_arrived(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive(OutboxState.IN_DOUBT)

    siti.presses_letter("I have read it")

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}


def test_whoever_confirms_before_its_result_is_known_is_not_uncertain(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    siti.presses_letter("I have read it")

    newsroom.arrive(OutboxState.IN_DOUBT)

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}


def test_whoever_opens_an_invitation_too_late_reads_that_no_answer_is_needed(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes("20 November 09.00-12.00")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    newsroom.town.now += timedelta(days=10)

    siti.sends_data(f"s:my-announcement:{newsroom.newest().id}")

    assert "The session has begun; an answer is no longer needed." in siti.text


def test_attendance_may_be_changed_and_the_last_word_counts(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes("20 November 09.00-12.00")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()

    siti.presses_letter("I will attend").presses_letter("I cannot attend").writes("/pengumuman")
    siti.presses("Undangan")

    assert "you cannot attend" in siti.text
    newsroom.coordinator.presses("Refresh").presses("All readers")
    assert "cannot attend" in newsroom.coordinator.text


def test_a_reply_to_an_announcement_becomes_a_question_about_it(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive()

    siti.replies_to("Rapat koordinasi", text="Apakah boleh diwakili oleh staf?")

    assert "Apakah boleh diwakili" in siti.text
    assert "About “Rapat koordinasi Senin pukul 09.00.”:" in siti.text
    assert siti.chat is not None
    assert siti.chat.flow is not None
    assert siti.chat.flow["flow"] == "ask"


def test_nobody_else_can_look_at_or_confirm_what_was_not_sent_to_them(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    stranger = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")
    newsroom.announces("Hanya untuk pejabat.")
    newsroom.arrive()
    number = newsroom.newest().id

    for data in (
        f"s:my-announcement:{number}",
        f"a:ann-read:{number}:0",
        f"s:announcement:{number}",
        f"a:ann-stop:{number}:0",
    ):
        stranger.sends_data(data)
        assert "Hanya untuk pejabat" not in stranger.text
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
