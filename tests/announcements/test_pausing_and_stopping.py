"""One that is under way is paused, by a person or by itself, and goes on; or it is stopped, and who has it keeps it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services import announcing
from db.models import OutboxMessage
from db.vocabulary import AnnouncementState, OutboxState, ReaderState
from tests.announcements.newsroom import Newsroom


def half_sent(newsroom: Newsroom) -> None:
    """Siti has it, Ratna still waits for it."""
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.announces()
    newsroom.arrive(only=[siti])


def under_way(newsroom: Newsroom) -> OutboxMessage:
    """The only copy, just now on its way to Telegram."""
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    row = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.chat_id == siti.account)).one()
    row.state = OutboxState.SENDING
    return row


def test_a_paused_one_sends_nothing_until_it_goes_on(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.sends()
    newsroom.coordinator.presses("Refresh").presses("Pause")

    assert newsroom.arrive() == 0
    assert newsroom.newest().state is AnnouncementState.PAUSED
    assert not announcing.is_due(newsroom.town.session, newsroom.town.now)
    assert "1 announcement is paused." in newsroom.coordinator.sends_data("s:home").text

    number = newsroom.newest().id
    newsroom.coordinator.sends_data(f"s:announcement:{number}").presses("Go on")
    assert "paused" not in newsroom.coordinator.sends_data("s:home").text
    assert newsroom.arrive() > 0
    assert newsroom.newest().state is AnnouncementState.DONE


@pytest.mark.parametrize("end", [OutboxState.WAITING, OutboxState.SENT])
def test_a_paused_one_still_looks_after_what_was_under_way(newsroom: Newsroom, end: OutboxState) -> None:
    row = under_way(newsroom)
    newsroom.coordinator.presses("Refresh").presses("Pause")
    row.state, row.message_id = end, 1001
    newsroom.town.session.flush()
    assert announcing.is_due(newsroom.town.session, newsroom.town.now)

    newsroom.ticks()

    settled = end is OutboxState.SENT
    assert row.state is (end if settled else OutboxState.HELD)
    assert newsroom.states()["Siti Rahma"] is (ReaderState.SENT if settled else ReaderState.QUEUED)
    assert not announcing.is_due(newsroom.town.session, newsroom.town.now)


def test_a_paused_one_that_was_corrected_waits_quietly_too(newsroom: Newsroom) -> None:
    half_sent(newsroom)
    newsroom.coordinator.presses("Refresh").presses("Pause")
    newsroom.coordinator.presses("Correct it").writes("Rapat pukul 10.00.").presses("Only wording")
    assert announcing.is_due(newsroom.town.session, newsroom.town.now)
    newsroom.ticks()
    assert newsroom.arrive() == 1

    assert not announcing.is_due(newsroom.town.session, newsroom.town.now)
    newsroom.coordinator.presses("Refresh").presses("Go on")
    newsroom.arrive()
    newsroom.arrive()

    assert set(newsroom.states().values()) == {ReaderState.SENT}
    assert newsroom.newest().level == newsroom.newest().corrections == 1


def test_a_paused_announcement_ends_when_it_is_no_longer_valid(newsroom: Newsroom) -> None:
    newsroom.reader("Siti")
    newsroom.drafts().valid_until = newsroom.town.now + timedelta(hours=2)
    newsroom.town.session.flush()
    sent = newsroom.sends()
    newsroom.coordinator.presses("Refresh").presses("Pause")
    newsroom.town.later(hours=3)
    newsroom.ticks()
    assert newsroom.newest().id == sent.id
    assert newsroom.newest().state is AnnouncementState.DONE
    assert newsroom.states()["Siti"] is ReaderState.DROPPED


def test_five_unknown_results_in_a_row_pause_it_with_a_word(newsroom: Newsroom) -> None:
    for number in range(7):
        newsroom.reader(f"Pembaca {chr(65 + number)}")
    newsroom.announces()
    waiting = [phone for phone in newsroom.town.phones.values() if phone.name.startswith("Pembaca")]
    newsroom.arrive(OutboxState.IN_DOUBT, only=waiting[:5])

    assert newsroom.newest().state is AnnouncementState.PAUSED
    assert newsroom.arrive() == 0
    assert "was paused" in newsroom.coordinator.told()[-1]
    newsroom.coordinator.presses("Refresh")
    assert "Paused by itself: of 5 readers in a row nobody knows" in newsroom.coordinator.text
    assert newsroom.newest().paused_why not in newsroom.coordinator.text


def test_people_who_have_blocked_pandu_do_not_pause_it(newsroom: Newsroom) -> None:
    lost = [newsroom.reader(f"Pembaca {chr(65 + number)}") for number in range(6)]
    newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive(OutboxState.DEAD, only=lost, error="403: Forbidden: bot was blocked by the user")

    assert newsroom.newest().state is AnnouncementState.SENDING
    assert newsroom.arrive() == 1
    assert newsroom.newest().state is AnnouncementState.DONE


def test_a_stopped_one_keeps_what_was_sent_and_sends_no_more(newsroom: Newsroom) -> None:
    half_sent(newsroom)
    newsroom.coordinator.presses("Refresh").presses("Stop").presses("Stop it")
    newsroom.ticks()

    assert newsroom.arrive() == 0
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.DROPPED}
    assert newsroom.newest().state is AnnouncementState.STOPPED


def test_stopping_says_first_what_becomes_of_whom_and_can_be_left_undone(newsroom: Newsroom) -> None:
    half_sent(newsroom)
    phone = newsroom.coordinator

    asked = phone.presses("Refresh").presses("Stop").text
    assert "✅ sent: 1\n⏳ waiting, and never sent then: 1" in asked
    assert newsroom.newest().state is AnnouncementState.SENDING

    assert "\nbeing sent\n" in phone.presses("Do not stop it").text
    assert "⛔ not sent any more: 1" in phone.presses("Stop").presses("Stop it").text
    assert "✅ sent: 1 of 2\n👁 confirmed: 0\n⛔ not sent any more: 1" in phone.presses("By place").text

    assert "not being sent any more" in phone.sends_data(f"s:ann-stopping:{newsroom.newest().id}").text


def test_what_was_under_way_when_it_was_stopped_has_its_end_too(newsroom: Newsroom) -> None:
    row = under_way(newsroom)
    newsroom.coordinator.presses("Refresh").presses("Stop").presses("Stop it")
    row.state, row.message_id = OutboxState.SENT, 1001
    newsroom.town.session.flush()
    newsroom.ticks()

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
    assert newsroom.newest().state is AnnouncementState.STOPPED


def test_a_press_that_changes_nothing_does_not_say_that_it_did(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    acts = [newsroom.coordinator.presses("Refresh").buttons["⏸ Pause"]]
    acts.append(newsroom.coordinator.presses("Stop").buttons["⛔ Stop it"])
    newsroom.arrive()
    found = newsroom.newest()

    for data in (*acts, f"a:ann-resume:{found.id}:{found.version}"):
        assert "Nothing changed" in newsroom.coordinator.sends_data(data).toast
    for deed in ("ann-again", "ann-assume"):
        assert "Nothing changed" in newsroom.coordinator.sends_data(f"a:{deed}:{found.id}-{siti.person.id}:0").toast
    assert newsroom.newest().state is AnnouncementState.DONE
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
