"""What can still be done with an announcement that has left: corrections, a second word to the silent, a short text."""

import json

from sqlalchemy import select

from db.models import OutboxMessage
from db.vocabulary import AnnouncementState, OutboxState, ReaderState
from tests import stage
from tests.announcements.newsroom import Newsroom


def edits(newsroom: Newsroom) -> list[dict[str, object]]:
    rows = select(OutboxMessage).where(OutboxMessage.method.startswith("editMessage"), ~OutboxMessage.panel)
    return [json.loads(row.body) | {"method": row.method} for row in newsroom.town.session.scalars(rows)]


def test_a_correction_edits_every_copy_and_says_so(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces("Rapat pukul 09.00.")
    newsroom.arrive()
    siti.presses_letter("I have read it")

    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Rapat pukul 10.00.").presses("Only wording")
    newsroom.ticks()
    newsroom.ticks()

    (edit,) = edits(newsroom)
    assert edit["chat_id"] == siti.account
    assert "Rapat pukul 10.00." in str(edit["text"])
    assert "Corrected on" in str(edit["text"])
    assert newsroom.newest().earlier[0]["text"] == "Rapat pukul 09.00."
    newsroom.coordinator.presses("Refresh")
    assert "Confirmed as read: 1" in newsroom.coordinator.text


def test_a_material_correction_asks_everybody_to_confirm_once_more(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces("Rapat pukul 09.00.")
    newsroom.arrive()
    siti.presses_letter("I have read it")

    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Rapat pukul 10.00.").presses(
        "Confirm once more"
    )

    siti.writes("/pengumuman")
    assert "1 awaits your confirmation" in siti.text


def test_the_words_below_a_file_are_corrected_there(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    document = {"file_id": "d1", "file_unique_id": "u1", "file_name": "undangan.pdf", "file_size": 9}
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.sends(document=document, caption="Undangan rapat").presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()

    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Undangan rapat, ralat.").presses(
        "Only wording"
    )
    newsroom.ticks()

    (edit,) = edits(newsroom)
    assert edit["method"] == "editMessageCaption"
    assert "ralat" in str(edit["caption"])


def drafts_with_a_file(newsroom: Newsroom, text: str) -> None:
    document = {"file_id": "d1", "file_unique_id": "u1", "file_name": "undangan.pdf", "file_size": 9}
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.sends(document=document).writes(text).presses("Finished")
    newsroom.chooses("official of the region")


def test_words_that_stood_alone_still_do_when_they_were_shortened_while_it_was_being_sent(newsroom: Newsroom) -> None:
    newsroom.rate = 1
    phones = [newsroom.reader(f"Pembaca {letter}") for letter in "ABCDE"]
    drafts_with_a_file(newsroom, "Uraian panjang. " * 60)
    newsroom.sends()
    newsroom.arrive(only=phones[:1])
    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Uraian pendek.").presses("Only wording")

    newsroom.arrive()
    newsroom.arrive()

    assert newsroom.copies(phones[-1]) == ["sendDocument", "sendMessage"]
    assert newsroom.newest().state is AnnouncementState.DONE


def test_words_that_stood_alone_still_do_when_they_were_shortened_before_it_is_sent_again(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    drafts_with_a_file(newsroom, "Uraian panjang. " * 60)
    newsroom.sends()
    newsroom.arrive(OutboxState.IN_DOUBT)
    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("Uraian pendek.").presses("Only wording")
    newsroom.coordinator.presses("Uncertain").presses("1: send again")
    newsroom.ticks()

    newsroom.arrive()

    assert newsroom.copies(siti) == 2 * ["sendDocument", "sendMessage"]
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
    assert newsroom.newest().state is AnnouncementState.DONE


def test_a_second_word_goes_only_to_those_who_have_not_confirmed(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.announces()
    newsroom.arrive()
    siti.presses_letter("I have read it")
    newsroom.coordinator.presses("Refresh")
    assert "Kabupaten Katingan: 1 of 1" in newsroom.coordinator.text

    newsroom.coordinator.presses("To the unconfirmed")
    newsroom.sends()
    newsroom.arrive()

    assert newsroom.newest().state is AnnouncementState.DONE
    assert set(newsroom.states()) == {"Ratna Dewi"}
    assert len(siti.told()) == 1
    assert len(ratna.told()) == 2


def test_a_second_word_means_exactly_those_on_the_list_though_they_were_written_to_today(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.drafts()
    newsroom.chooses("official of the region", "24 hours")
    newsroom.sends()
    newsroom.arrive(OutboxState.DEAD, only=[ratna], error="403: Forbidden: bot was blocked by the user")
    newsroom.arrive()
    newsroom.coordinator.presses("Refresh")
    assert "🔕 Not confirmed (1)" in newsroom.coordinator.buttons

    newsroom.coordinator.presses("To the unconfirmed").presses("Check and send")

    assert "1 person" in newsroom.coordinator.text
    assert siti.name in newsroom.coordinator.text
    assert ratna.name not in newsroom.coordinator.text


def test_a_second_word_pressed_twice_is_one_draft_until_it_is_put_away(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive()
    again = newsroom.coordinator.presses("Refresh").buttons["🔁 To the unconfirmed"]
    newsroom.coordinator.sends_data(again)
    first = newsroom.newest().id

    newsroom.coordinator.sends_data(again)
    assert newsroom.newest().id == first
    assert "Draft of an announcement" in newsroom.coordinator.text

    newsroom.coordinator.presses("Put the draft away").sends_data(again)
    assert newsroom.newest().id != first


def test_a_short_text_is_ready_for_a_whatsapp_group(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.announces("Rapat pukul 09.00.")
    newsroom.arrive()

    newsroom.coordinator.presses("Refresh").presses("For WhatsApp")

    told = newsroom.coordinator.told()[-1]
    assert told.startswith("Rapat pukul 09.00.")
    assert f"Please read and confirm it in Telegram: https://t.me/pandu_test_bot?start=a_{newsroom.newest().id}" in told
    assert "🕘" not in told


def test_the_short_text_of_an_invitation_says_when_and_where_and_its_link_opens_it(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts("Bimtek IV.")
    newsroom.chooses("official of the region")
    phone = newsroom.coordinator.presses("I have read it")
    phone.presses("Session time").writes("20 November 09.00-12.00").presses("Session place").writes("Aula Bappeda")
    newsroom.sends()
    newsroom.arrive()
    phone.presses("Refresh").presses("For WhatsApp")

    told = phone.told()[-1]
    assert "🕘 Friday, 20 November 2026 at 09:00 WIB to 12:00 WIB" in told
    assert "📍 Aula Bappeda" in told
    _words, _colon, link = told.rpartition("whether you will attend: ")
    siti.starts(link.partition("?start=")[2])
    assert "Bimtek IV." in siti.text
    siti.presses("I will attend")
    assert "Answered: 1" in phone.presses("Refresh").text


def test_the_short_text_of_one_that_asks_nothing_asks_nothing(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts("Rapat pukul 09.00.")
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("I have read it").presses("attendance")
    newsroom.sends()
    newsroom.arrive()
    newsroom.coordinator.presses("Refresh").presses("For WhatsApp")

    assert "\n\nTo be read in Telegram: https://t.me/" in newsroom.coordinator.told()[-1]
