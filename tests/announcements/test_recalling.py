"""An announcement is taken back: words become the word that it was, files go, and what stays is listed by name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.readers import WAVE_SECONDS
from db.models import AuditEntry, OutboxMessage, Reader
from db.vocabulary import AnnouncementState, OutboxState, ReaderState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.papers.sheets import printed, sheets
from tests.people.phone import Phone

REASON = "Tempat rapat berubah."


def sent(newsroom: Newsroom, text: str = "Rapat pukul 09.00.") -> Phone:
    """To Siti alone."""
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces(text)
    newsroom.arrive()
    return siti


def sent_with_files(newsroom: Newsroom, *files: dict[str, Any], text: str) -> Phone:
    siti = newsroom.reader("Siti Rahma")
    sends_file(newsroom, text, *files)
    newsroom.arrive()
    newsroom.arrive()
    return siti


def sends_file(newsroom: Newsroom, text: str, *files: dict[str, Any]) -> None:
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    for file in files or (document(1),):
        newsroom.coordinator.sends(document=file, media_group_id="7")
    newsroom.coordinator.writes(text).presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.sends()


def document(number: int) -> dict[str, Any]:
    return {"file_id": f"d{number}", "file_unique_id": f"u{number}", "file_name": f"{number}.pdf", "file_size": 9}


def recalls(newsroom: Newsroom, who: Phone | None = None) -> None:
    phone = who or newsroom.coordinator
    phone.sends_data(f"s:announcement:{newsroom.newest().id}")
    phone.presses("Recall").presses("Recall it").writes(REASON)
    newsroom.ticks()


def changes(newsroom: Newsroom) -> list[tuple[str, dict[str, Any]]]:
    """What was posted to change copies, in order."""
    rows = newsroom.town.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.method.in_(("editMessageText", "editMessageCaption", "deleteMessage")), ~OutboxMessage.panel
        )
        .order_by(OutboxMessage.id)
    )
    return [(row.method, json.loads(row.body)) for row in rows]


def test_the_page_before_says_what_happens_to_whom_and_nothing_is_done_yet(newsroom: Newsroom) -> None:
    sent(newsroom)

    newsroom.coordinator.presses("Refresh").presses("Recall")

    assert "1 person has it" in newsroom.coordinator.text
    assert "Siti Rahma" in newsroom.coordinator.text
    newsroom.coordinator.presses("Keep it")
    assert newsroom.newest().state is AnnouncementState.DONE
    newsroom.ticks()
    assert changes(newsroom) == []


def test_the_words_become_the_word_that_it_was_recalled(newsroom: Newsroom) -> None:
    siti = sent(newsroom)
    recalls(newsroom)

    ((method, body),) = changes(newsroom)
    assert method == "editMessageText"
    assert body["chat_id"] == siti.account
    assert "This announcement was recalled" in body["text"]
    assert "By Sari Wulandari" in body["text"]
    assert REASON in body["text"]
    assert "09.00" not in body["text"].replace("pukul 09.00 WIB", "")
    assert body["reply_markup"] == {"inline_keyboard": []}

    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy was taken back" in newsroom.coordinator.told()[-1]
    newsroom.coordinator.presses_letter("Open it")
    assert "taken back: 1" in newsroom.coordinator.text
    assert f"Reason: {REASON}" in newsroom.coordinator.text
    assert not [label for label in newsroom.coordinator.buttons if "Correct" in label or "Recall" in label]


def test_it_is_written_down_who_recalled_it_and_why(newsroom: Newsroom) -> None:
    sent(newsroom)
    recalls(newsroom)

    line = newsroom.town.session.scalars(select(AuditEntry).where(AuditEntry.act == "recall_announcement")).one()
    assert (line.actor_id, line.reason) == (newsroom.coordinator.person.id, REASON)
    facts = {}
    newsroom.arrive()
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}").presses("Report (Excel)")
    book = sheets(printed(newsroom.coordinator).content)
    facts = {row[0]: row[1] for row in book["Announcement"]}
    assert (facts["Recalled by"], facts["Reason"]) == ("Sari Wulandari", REASON)
    assert book["Readers"][1][-1] == "yes"


def reminded(newsroom: Newsroom) -> Phone:
    """Siti, who was reminded of an announcement that she has not confirmed."""
    siti = newsroom.reader("Siti Rahma")
    newsroom.town.now = datetime(2026, 11, 16, 3, tzinfo=UTC)
    newsroom.drafts("Rapat pukul 09.00.")
    newsroom.coordinator.presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    newsroom.town.later(days=1, minutes=5)
    newsroom.follows_up()
    return siti


def reminder_of(newsroom: Newsroom) -> OutboxMessage:
    keys = OutboxMessage.unique_key.contains(":follow:")
    return newsroom.town.session.scalars(select(OutboxMessage).where(keys)).one()


def test_the_reminder_of_it_becomes_the_word_that_it_was_recalled_too(newsroom: Newsroom) -> None:
    reminded(newsroom)
    newsroom.arrive()
    newsroom.follows_up()
    recalls(newsroom)

    edited = {body["message_id"]: body for _method, body in changes(newsroom)}
    reminder = edited[reminder_of(newsroom).message_id]
    assert len(edited) == 2
    assert "This announcement was recalled" in reminder["text"]
    assert reminder["reply_markup"] == {"inline_keyboard": []}
    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy was taken back" in newsroom.coordinator.told()[-1]


def test_a_reminder_that_was_just_leaving_is_taken_back_with_the_copy_once_it_is_there(newsroom: Newsroom) -> None:
    reminded(newsroom)
    row = reminder_of(newsroom)
    row.state = OutboxState.SENDING
    newsroom.town.session.flush()
    recalls(newsroom)
    assert changes(newsroom) == []

    row.state, row.message_id, row.sent_at = OutboxState.SENT, 77, newsroom.town.now
    newsroom.town.session.flush()
    newsroom.ticks()

    assert 77 in [body["message_id"] for _method, body in changes(newsroom)]
    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy was taken back" in newsroom.coordinator.told()[-1]


def test_a_reminder_that_has_not_left_never_does(newsroom: Newsroom) -> None:
    reminded(newsroom)
    recalls(newsroom)

    assert reminder_of(newsroom).state is OutboxState.CANCELLED
    assert len(changes(newsroom)) == 1


def test_a_reminder_that_telegram_does_not_let_go_is_listed_by_its_readers_name(newsroom: Newsroom) -> None:
    reminded(newsroom)
    newsroom.arrive()
    newsroom.follows_up()
    recalls(newsroom)
    newsroom.arrive(OutboxState.CANCELLED, error="400: Bad Request: message can't be edited")
    newsroom.ticks()

    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}").presses("Not recalled (1)")
    assert "Siti Rahma" in newsroom.coordinator.text


def test_files_of_an_album_are_deleted_one_by_one_and_the_words_below_are_edited(newsroom: Newsroom) -> None:
    sent_with_files(newsroom, document(1), document(2), text="Bahan rapat.")
    album = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.method == "sendMediaGroup")).one()
    recalls(newsroom)

    methods = changes(newsroom)
    assert [method for method, _body in methods] == ["deleteMessage", "deleteMessage", "editMessageText"]
    assert " ".join(str(body["message_id"]) for method, body in methods if method == "deleteMessage") == album.album
    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy was taken back" in newsroom.coordinator.told()[-1]


def test_a_file_with_its_words_below_is_deleted_and_the_word_comes_anew(newsroom: Newsroom) -> None:
    siti = sent_with_files(newsroom, document(1), text="Undangan rapat.")
    recalls(newsroom)

    ((method, _body),) = changes(newsroom)
    assert method == "deleteMessage"
    assert "This announcement was recalled" in siti.told()[-1]
    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy was taken back" in newsroom.coordinator.told()[-1]

    siti.replies_to("was recalled", text="Apakah ada pengganti?")
    assert siti.chat is not None
    assert siti.chat.flow is not None
    assert siti.chat.flow["flow"] == "ask"


def test_a_file_that_is_too_old_to_be_deleted_is_listed_and_its_words_are_changed(newsroom: Newsroom) -> None:
    siti = sent_with_files(newsroom, document(1), text="Undangan rapat.")
    ratna = newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.town.later(hours=47)
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}").presses("Recall").presses("Recall it")
    newsroom.town.later(hours=2)
    newsroom.coordinator.writes(REASON)
    assert "only within 48 hours" in newsroom.coordinator.text
    assert newsroom.newest().state is AnnouncementState.DONE

    row = newsroom.town.session.scalars(select(Reader)).one()
    row.sent_at = newsroom.town.now
    newsroom.town.session.flush()
    newsroom.coordinator.writes(REASON)
    row.sent_at = newsroom.town.now.replace(year=2022)
    newsroom.town.session.flush()
    newsroom.ticks()
    ((method, body),) = changes(newsroom)
    assert method == "editMessageCaption"
    assert "This announcement was recalled" in body["caption"]
    newsroom.arrive()
    newsroom.ticks()
    assert "1 copy could not be" in newsroom.coordinator.told()[-1]
    newsroom.coordinator.presses_letter("Open it").presses("Not recalled (1)")
    assert "Siti Rahma" in newsroom.coordinator.text
    assert "older than 48 hours" in newsroom.coordinator.text
    assert len(siti.told()) == 2
    assert ratna.told() == []


@pytest.mark.parametrize(
    ("error", "listed"),
    [
        ("400: Bad Request: message can't be edited", True),
        ("403: Forbidden: bot was blocked by the user", True),
        ("400: Bad Request: message to edit not found", False),
    ],
)
def test_what_telegram_does_not_let_go_is_listed_by_name(newsroom: Newsroom, error: str, listed: bool) -> None:
    sent(newsroom)
    recalls(newsroom)
    newsroom.arrive(OutboxState.CANCELLED, error=error)
    newsroom.ticks()

    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")
    assert ("Not recalled (1)" in "".join(newsroom.coordinator.buttons)) is listed
    if listed:
        newsroom.coordinator.presses("Not recalled (1)")
        assert "Siti Rahma" in newsroom.coordinator.text
        assert "could not be taken back" in newsroom.coordinator.text


def test_a_copy_of_which_nobody_knows_is_listed_and_said_to_be_beyond_change(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.announces()
    newsroom.arrive(only=[ratna])
    newsroom.arrive(OutboxState.IN_DOUBT, only=[siti])
    recalls(newsroom)
    newsroom.ticks()

    assert [body["chat_id"] for _method, body in changes(newsroom)] == [ratna.account]
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")
    assert "1 uncertain copy can be neither corrected nor recalled" in newsroom.coordinator.text
    newsroom.coordinator.presses("Uncertain (1)")
    assert "Siti Rahma" in newsroom.coordinator.text
    assert not [label for label in newsroom.coordinator.buttons if "send again" in label]


def test_whoever_has_not_got_it_yet_does_not_get_it(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.announces()
    newsroom.arrive(only=[siti])
    recalls(newsroom)

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT, "Ratna Dewi": ReaderState.DROPPED}
    assert newsroom.arrive() == 1
    assert [body["chat_id"] for _method, body in changes(newsroom)] == [siti.account]
    ratna.writes("/pengumuman")
    assert "recalled" not in ratna.text
    newsroom.coordinator.sends_data(f"s:ann-people:{newsroom.newest().id}:dropped")
    assert "the announcement was recalled" in newsroom.coordinator.text


def test_a_copy_that_was_just_leaving_is_taken_back_once_it_has_arrived(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    sends_file(newsroom, "Undangan rapat.")
    newsroom.arrive(only=[siti])
    row = newsroom.town.session.scalars(select(OutboxMessage).where(OutboxMessage.chat_id == ratna.account)).one()
    row.state = OutboxState.SENDING
    newsroom.town.session.flush()
    recalls(newsroom)
    newsroom.ticks()
    assert [body["chat_id"] for _method, body in changes(newsroom)] == [siti.account]

    row.state, row.message_id, row.sent_at = OutboxState.SENT, 77, newsroom.town.now
    newsroom.town.session.flush()
    newsroom.ticks()
    newsroom.ticks()
    assert [body["message_id"] for _method, body in changes(newsroom)][1:] == [77]

    newsroom.arrive()
    newsroom.ticks()
    assert "2 copies were taken back" in newsroom.coordinator.told()[-1]
    for phone in (siti, ratna):
        assert "This announcement was recalled" in phone.told()[-1]


def test_a_second_press_a_late_one_and_another_coordinator_change_nothing_more(newsroom: Newsroom) -> None:
    siti = sent(newsroom)
    second = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    number = newsroom.newest().id
    for phone in (newsroom.coordinator, second):
        phone.sends_data(f"s:announcement:{number}").presses("Recall").presses("Recall it")
    newsroom.coordinator.writes(REASON)
    newsroom.ticks()

    second.writes("Alasan lain.")
    assert "recalled already" in second.text
    second.presses("Cancel")
    for data in (f"a:ann-recall:{number}:0", f"a:ann-follow:{number}:0", f"a:ann-correct:{number}:0"):
        second.sends_data(data)
        assert "recalled" in second.toast + second.text
    newsroom.ticks()
    newsroom.arrive()
    newsroom.ticks()
    newsroom.ticks()

    assert len(changes(newsroom)) == 1
    assert newsroom.newest().recall_reason == REASON
    assert newsroom.newest().state is AnnouncementState.RECALLED
    assert len([told for told in newsroom.coordinator.told() if "is recalled" in told]) == 1
    assert len(siti.told()) == 2


def test_after_48_hours_it_is_not_offered_and_a_stale_button_says_so(newsroom: Newsroom) -> None:
    sent(newsroom)
    newsroom.town.later(hours=48)

    newsroom.coordinator.presses("Refresh")
    assert "↩️ Recall" not in newsroom.coordinator.buttons
    newsroom.coordinator.sends_data(f"a:ann-recall:{newsroom.newest().id}:0")
    assert "only within 48 hours" in newsroom.coordinator.toast
    newsroom.coordinator.sends_data(f"s:ann-recalling:{newsroom.newest().id}")
    assert "cannot be recalled any more" in newsroom.coordinator.text


@pytest.mark.parametrize(
    ("typed", "told"), [("…", "write the reason"), ("123", "write the reason"), ("x" * 301, "at most 300")]
)
def test_a_reason_that_nobody_could_read_is_asked_for_again(newsroom: Newsroom, typed: str, told: str) -> None:
    sent(newsroom)
    newsroom.coordinator.presses("Refresh").presses("Recall").presses("Recall it").writes(typed)

    assert told in newsroom.coordinator.text
    assert newsroom.newest().state is AnnouncementState.DONE
    newsroom.coordinator.presses("Cancel")
    assert newsroom.newest().state is AnnouncementState.DONE


def test_readers_find_the_word_that_it_was_recalled_and_old_buttons_answer_kindly(newsroom: Newsroom) -> None:
    siti = sent(newsroom)
    siti.writes("/pengumuman")
    assert "1 awaits" in siti.text
    recalls(newsroom)

    siti.writes("/pengumuman")
    assert "await" not in siti.text
    siti.presses("Rapat")
    assert "This announcement was recalled" in siti.text
    assert REASON in siti.text
    siti.presses_letter("I have read it")
    assert "nothing needs to be done" in siti.toast
    assert newsroom.town.session.scalars(select(Reader.read_at)).one() is None
    siti.replies_to("Rapat pukul", text="Apakah rapat ditunda?")
    assert siti.chat is not None
    assert siti.chat.flow is not None
    assert siti.chat.flow["flow"] == "ask"


def test_nobody_else_recalls_anything(newsroom: Newsroom) -> None:
    siti = sent(newsroom)
    number = newsroom.newest().id
    for phone in (siti, newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")):
        for data in (f"a:ann-recall:{number}:0", f"s:ann-recalling:{number}"):
            phone.sends_data(data)
            assert "not open to you" in phone.toast + phone.text
    assert newsroom.newest().state is AnnouncementState.DONE


def test_a_recall_goes_out_in_waves_that_the_lane_can_carry(newsroom: Newsroom) -> None:
    for number in range(WAVE_SECONDS + 2):
        newsroom.reader(f"Pembaca {number}")
    newsroom.announces()
    newsroom.arrive()
    newsroom.rate = 1

    recalls(newsroom)
    assert len(changes(newsroom)) == WAVE_SECONDS
    newsroom.ticks()
    assert len(changes(newsroom)) == WAVE_SECONDS
    newsroom.arrive()
    newsroom.ticks()

    assert len(changes(newsroom)) == WAVE_SECONDS + 2


def test_of_a_recalled_one_nobody_is_listed_as_still_to_confirm(newsroom: Newsroom) -> None:
    sent(newsroom)
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")
    assert "Not confirmed yet" in newsroom.coordinator.text

    recalls(newsroom)
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")

    assert "Not confirmed yet" not in newsroom.coordinator.text
    assert not any("Not confirmed" in label for label in newsroom.coordinator.buttons)
