"""From the first word to the last reader: exactly those who are meant, once each, and what became of each of them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.jobs import cards
from bot.services import announcing, readers
from db.models import Conversation, OutboxMessage, Seat
from db.vocabulary import AnnouncementState, Lane, Policy, ReaderState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom


def test_an_announcement_reaches_everybody_who_is_meant_and_nobody_else(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.reader("Bambang Wijaya", role=Role.MENTOR)
    newsroom.announces()

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
