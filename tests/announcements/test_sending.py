"""From the first word to the last reader: exactly those who are meant, once each, and what became of each of them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.jobs import cards
from bot.services import announcements, announcing, readers
from db.models import Conversation, OutboxMessage, Seat
from db.vocabulary import AnnouncementState, Confirmation, Lane, OutboxState, Policy, ReaderState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom


def test_an_announcement_reaches_everybody_who_is_meant_and_nobody_else(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.reader("Bambang Wijaya", role=Role.MENTOR)
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()

    assert newsroom.arrive() == 2

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.SENT}
    assert newsroom.newest().state is AnnouncementState.DONE
    assert "with 2 of 2 readers" in newsroom.coordinator.told()[-1]
    for phone in (siti, ratna):
        assert "Rapat koordinasi" in phone.told()[-1]


def test_formatting_arrives_as_it_was_typed(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    bold = {"type": "bold", "offset": 0, "length": 5}
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.sends(text="Rapat & <Zoom>", entities=[bold]).presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.sends()

    row = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.lane == Lane.BULK)).one()

    assert "<b>Rapat</b> &amp; &lt;Zoom&gt;" in json.loads(row.body)["text"]
    assert row.policy is Policy.AT_MOST_ONCE


def test_it_can_be_called_off_within_thirty_seconds(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Check and send").presses("Send to")
    newsroom.town.later(seconds=29)
    newsroom.ticks()

    newsroom.coordinator.sends_data(newsroom.coordinator.buttons["↩️ Call off"])
    newsroom.town.later(seconds=60)
    newsroom.ticks()

    assert newsroom.newest().state is AnnouncementState.DRAFT
    assert newsroom.states() == {}
    assert siti.told() == []


def test_called_off_it_keeps_the_hour_that_was_chosen_and_none_that_was_not(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Check and send").presses("Send to").presses("Call off")
    assert newsroom.newest().starts_at is None

    newsroom.coordinator.presses("Schedule").writes("20 November 09.00")
    chosen = newsroom.newest().starts_at
    newsroom.coordinator.presses("Check and send").presses("Send to").presses("Call off")

    assert newsroom.newest().starts_at == chosen
    assert "Friday, 20 November 2026 at 09:00 WIB" in newsroom.coordinator.presses("Check and send").text


def test_pressing_send_twice_sends_once(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Check and send")
    send = next(data for label, data in newsroom.coordinator.buttons.items() if "Send to" in label)
    newsroom.coordinator.sends_data(send).sends_data(send)
    newsroom.town.later(seconds=31)
    for _tick in range(3):
        newsroom.ticks()
        newsroom.arrive()

    assert len(siti.told()) == 1


def test_whoever_loses_the_seat_before_it_leaves_is_dropped_and_shown(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    ratna = newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to")
    seat = newsroom.town.session.scalars(select(Seat).where(Seat.holder_id == ratna.person.id)).one()
    seat.ended_at = newsroom.town.now
    newsroom.town.later(seconds=31)
    newsroom.ticks()
    newsroom.arrive()

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.DROPPED}
    assert ratna.told() == []


def test_whoever_cannot_be_reached_is_named_before_and_listed_after(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.loses(newsroom.reader("Ratna Dewi"))
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send")

    assert "1 of them cannot be reached" in newsroom.coordinator.text
    newsroom.coordinator.presses("Send to")
    newsroom.town.later(seconds=31)
    newsroom.ticks()
    newsroom.arrive()
    assert newsroom.states()["Ratna Dewi"] is ReaderState.FAILED


def test_whoever_is_back_before_its_hour_gets_it_then_and_sees_nothing_of_it_earlier(newsroom: Newsroom) -> None:
    ratna = newsroom.reader("Ratna Dewi")
    ratna.blocks()
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Schedule").writes("20 November 09.00")
    newsroom.coordinator.presses("Check and send").presses("Send to")

    ratna.writes("/pengumuman")

    assert ratna.told() == []
    assert "Rapat" not in ratna.text + "".join(ratna.buttons)
    assert "Rapat" not in ratna.sends_data(f"s:my-announcement:{newsroom.newest().id}").text
    newsroom.town.later(days=6)
    newsroom.ticks()
    newsroom.arrive()
    assert newsroom.states() == {"Ratna Dewi": ReaderState.SENT}
    assert "Rapat koordinasi" in ratna.told()[-1]


def test_whoever_blocks_pandu_before_it_leaves_is_not_called_in_vain_but_listed(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to")
    ratna.blocks()
    newsroom.town.later(seconds=31)
    newsroom.ticks()

    assert (newsroom.copies(siti), newsroom.copies(ratna)) == (["sendMessage"], [])
    newsroom.arrive()
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.FAILED}
    newsroom.coordinator.presses("Refresh").presses("Failed (1)")
    assert "could not be reached before" in newsroom.coordinator.text


def test_a_paused_one_sends_nothing_until_it_goes_on(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.sends()
    newsroom.coordinator.presses("Refresh").presses("Pause")

    assert newsroom.arrive() == 0
    assert newsroom.newest().state is AnnouncementState.PAUSED
    assert not announcing.is_due(newsroom.town.session, newsroom.town.now)

    newsroom.coordinator.presses("Go on")
    assert newsroom.arrive() > 0
    assert newsroom.newest().state is AnnouncementState.DONE


@pytest.mark.parametrize("end", [OutboxState.WAITING, OutboxState.SENT])
def test_a_paused_one_still_looks_after_what_was_under_way(newsroom: Newsroom, end: OutboxState) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    row = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.chat_id == siti.account)).one()
    row.state = OutboxState.SENDING
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
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(only=[siti])
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


def test_pages_count_along_only_while_somebody_looks_at_one(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    found, session = newsroom.sends(), newsroom.town.session
    assert not cards.is_due(session, newsroom.town.now)

    here = {"screen": f"announcement:{found.id}", "changed_at": newsroom.town.now}
    session.add(Conversation(chat_id=newsroom.coordinator.account, **here))
    session.flush()

    assert cards.is_due(session, newsroom.town.now)
    newsroom.town.later(minutes=5)
    newsroom.arrive()
    assert cards.refresh(newsroom.town.work("tick")) == 1
    assert not cards.is_due(session, newsroom.town.now + timedelta(minutes=1))


def test_the_card_tells_how_many_were_sent_in_the_last_minute(newsroom: Newsroom) -> None:
    newsroom.crowd(9)
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.rate = 1
    newsroom.sends()
    phone = newsroom.coordinator.presses("Refresh")
    assert "🚀 0 were sent in the last minute." in phone.text

    first = newsroom.arrive()
    assert 0 < first < 9
    assert f"🚀 {first} were sent in the last minute." in phone.presses("Refresh").text

    newsroom.town.later(minutes=2)
    assert "🚀 0 were sent in the last minute." in phone.presses("Refresh").text
    while newsroom.arrive():
        continue
    assert "🚀" not in phone.presses("Refresh").text


def test_a_stopped_one_keeps_what_was_sent_and_sends_no_more(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(only=[siti])
    newsroom.coordinator.presses("Refresh").presses("Stop").presses("Stop it")
    newsroom.ticks()

    assert newsroom.arrive() == 0
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.DROPPED}
    assert newsroom.newest().state is AnnouncementState.STOPPED


def test_stopping_says_first_what_becomes_of_whom_and_can_be_left_undone(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(only=[siti])
    phone = newsroom.coordinator

    asked = phone.presses("Refresh").presses("Stop").text
    assert "✅ sent: 1\n⏳ waiting, and never sent then: 1" in asked
    assert newsroom.newest().state is AnnouncementState.SENDING

    assert "\nbeing sent\n" in phone.presses("Do not stop it").text
    assert "⛔ not sent any more: 1" in phone.presses("Stop").presses("Stop it").text
    assert "✅ sent: 1 of 2\n👁 confirmed: 0\n⛔ not sent any more: 1" in phone.presses("By place").text

    assert "not being sent any more" in phone.sends_data(f"s:ann-stopping:{newsroom.newest().id}").text


def test_five_unknown_results_in_a_row_pause_it_with_a_word(newsroom: Newsroom) -> None:
    for number in range(7):
        newsroom.reader(f"Pembaca {chr(65 + number)}")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
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
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(OutboxState.DEAD, only=lost, error="403: Forbidden: bot was blocked by the user")

    assert newsroom.newest().state is AnnouncementState.SENDING
    assert newsroom.arrive() == 1
    assert newsroom.newest().state is AnnouncementState.DONE


def test_what_was_under_way_when_it_was_stopped_has_its_end_too(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    row = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.chat_id == siti.account)).one()
    row.state = OutboxState.SENDING
    newsroom.coordinator.presses("Refresh").presses("Stop").presses("Stop it")
    row.state, row.message_id = OutboxState.SENT, 1001
    newsroom.town.session.flush()
    newsroom.ticks()

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
    assert newsroom.newest().state is AnnouncementState.STOPPED


def test_an_uncertain_one_is_sent_again_or_taken_as_sent_only_by_a_persons_word(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(OutboxState.IN_DOUBT)
    newsroom.ticks()
    assert set(newsroom.states().values()) == {ReaderState.IN_DOUBT}
    assert newsroom.arrive() == 0

    newsroom.coordinator.presses("Refresh").presses("Uncertain")
    assert "1: send again" in newsroom.coordinator.buttons
    newsroom.coordinator.presses("1: send again").presses("1: it arrived")
    newsroom.ticks()

    assert newsroom.arrive() == 1
    assert set(newsroom.states().values()) == {ReaderState.SENT}
    assert sorted((len(siti.told()), len(ratna.told()))) == [1, 2]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"valid_until": stage.NOW + timedelta(hours=1)}, "would no longer be valid"),
        ({"confirmation": Confirmation.ATTENDANCE, "event_at": stage.NOW + timedelta(hours=1)}, "session would have"),
    ],
)
def test_what_is_of_no_use_any_more_is_not_sent_again(newsroom: Newsroom, change: dict[str, object], told: str) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(OutboxState.IN_DOUBT)
    announcements.change(newsroom.town.work(), newsroom.newest(), **change)
    newsroom.coordinator.presses("Refresh").presses("Uncertain")
    newsroom.town.later(hours=1)

    newsroom.coordinator.presses("1: send again")

    assert told in newsroom.coordinator.toast
    newsroom.ticks()
    assert newsroom.states() == {"Siti Rahma": ReaderState.IN_DOUBT}
    assert newsroom.newest().state is AnnouncementState.DONE


def test_it_is_not_sent_again_to_whoever_takes_no_messages(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(OutboxState.IN_DOUBT)
    siti.blocks()

    newsroom.coordinator.presses("Refresh").presses("Uncertain").presses("1: send again")

    assert "takes no messages" in newsroom.coordinator.toast
    assert newsroom.states() == {"Siti Rahma": ReaderState.IN_DOUBT}


def test_a_press_that_changes_nothing_does_not_say_that_it_did(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.sends()
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


def test_more_than_a_hundred_readers_need_their_number_typed(newsroom: Newsroom) -> None:
    for number in range(101):
        newsroom.reader(f"Pembaca {number}")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to")
    assert "please type this number" in newsroom.coordinator.text

    newsroom.coordinator.writes("100")
    assert newsroom.newest().state is AnnouncementState.DRAFT
    newsroom.coordinator.writes("101")
    assert newsroom.newest().state is AnnouncementState.SCHEDULED


def test_many_are_written_in_portions_so_that_others_can_write_in_between(newsroom: Newsroom) -> None:
    for number in range(readers.BATCH + 20):
        newsroom.reader(f"Pembaca {number}")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to").writes(str(readers.BATCH + 20))
    newsroom.town.later(seconds=31)

    work = stage.open_work(newsroom.town.session, now=newsroom.town.now, bulk_rate=1000)
    assert [announcing.run(work), announcing.run(work)] == [readers.BATCH, 20]


def test_a_trial_reaches_only_its_author_and_counts_nowhere(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Try it on me")

    assert "only you see it" in newsroom.coordinator.told()[-1]
    assert siti.told() == []
    newsroom.coordinator.presses_letter("I have read it")
    assert "nothing is noted" in newsroom.coordinator.toast
    assert newsroom.states() == {}


def test_what_is_no_longer_valid_is_not_delivered_later(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Valid until").writes("besok 10.00")
    newsroom.coordinator.presses("Check and send").presses("Send to")
    newsroom.town.later(days=2)
    newsroom.ticks()

    assert newsroom.arrive() == 0
    assert newsroom.states() == {"Siti Rahma": ReaderState.DROPPED}
    assert newsroom.newest().state is AnnouncementState.DONE
    assert siti.told() == []


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("Schedule", "31 Februari 09.00", "could not be read"),
        ("Schedule", "kemarin 09.00", "has passed"),
        ("Schedule", "25 Desember 09.00", "after the closing"),
        ("Valid until", "besok 25.00", "This hour does not exist"),
        ("Link", "bahan paparan", "begins with https://"),
        ("Link", "Bahan https://tes", "This link cannot be opened"),
        ("Link", "https:///", "This link cannot be opened"),
        ("Link", "https://a..b/%%% Bahan", "This link cannot be opened"),
        ("Link", "Bahan http://contoh.go.id", "This link cannot be opened"),
        ("Letter date", "entah", "could not be read"),
    ],
)
def test_what_cannot_be_read_has_its_sentence_and_the_question_stays(
    newsroom: Newsroom, field: str, typed: str, told: str
) -> None:
    newsroom.drafts()
    newsroom.coordinator.presses(field).writes(typed)

    assert told in newsroom.coordinator.text
    assert newsroom.coordinator.chat is not None
    assert newsroom.coordinator.chat.flow is not None


def test_too_long_too_many_and_nobody_have_their_sentences(newsroom: Newsroom) -> None:
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.writes("rapat " * 600).writes("koordinasi " * 200).presses("Finished")
    assert "takes at most" in newsroom.coordinator.text

    newsroom.coordinator.presses("Discard")
    for number in range(12):
        photo = [{"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 9, "height": 9}]
        newsroom.coordinator.sends(photo=photo, media_group_id="1")
    newsroom.coordinator.presses("Finished")
    assert "An album takes at most 10" in newsroom.coordinator.text

    newsroom.coordinator.presses("Discard").writes("Rapat.").presses("Finished")
    newsroom.chooses("observer")
    newsroom.coordinator.presses("Check and send")
    assert "Send to" not in "".join(newsroom.coordinator.buttons)


@pytest.mark.parametrize("typed", ["Panduan Buku 2 https://contoh.go.id/b2", "https://contoh.go.id/b2 Panduan Buku 2"])
def test_a_link_is_taken_with_its_label_before_or_after_and_stands_on_the_last_look(
    newsroom: Newsroom, typed: str
) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Link").writes(typed)

    assert newsroom.newest().links == [{"label": "Panduan Buku 2", "url": "https://contoh.go.id/b2"}]
    assert "🔗 1 link" in newsroom.coordinator.presses("Check and send").text


def test_while_it_is_written_the_next_step_is_told_and_not_the_first_question_again(newsroom: Newsroom) -> None:
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    assert "as it should be read" in newsroom.coordinator.text

    newsroom.coordinator.writes("Rapat koordinasi.")

    assert "press “Finished”" in newsroom.coordinator.text
    assert "as it should be read" not in newsroom.coordinator.text


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
