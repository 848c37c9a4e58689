"""What cannot be announced as it is has its sentence, and nothing is lost."""

from datetime import UTC, date, datetime

import pytest

from bot.services import announcement_letters as letters
from bot.texts import utf16_len
from bot.texts.markup import bare, is_whole
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation, OutboxState, ReaderState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import TEXTS

DOCUMENT = {"file_id": "d1", "file_unique_id": "u1", "file_name": "undangan.pdf", "file_size": 9}


@pytest.mark.parametrize(
    "text", ["<b>Rapat", "<b>Rapat</i>", "Rapat < 5", "<h1>Rapat</h1>", "</b>Rapat", "<b><i>Rapat</b></i>"]
)
def test_formatting_that_telegram_cannot_read_never_leaves(newsroom: Newsroom, text: str) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.newest().text = text
    newsroom.coordinator.presses("Try it on me")
    assert "cannot be read by Telegram" in newsroom.coordinator.toast

    newsroom.coordinator.presses("Check and send").presses("Send to")
    assert "cannot be read by Telegram" in newsroom.coordinator.toast
    assert newsroom.newest().state is AnnouncementState.DRAFT
    assert newsroom.states() == {}


@pytest.mark.parametrize(
    "text",
    [
        "Rapat",
        '<b>Rapat <i>senin</i></b> &amp; <a href="https://contoh.go.id/?a=1&amp;b=2">bahan</a>',
        '<pre><code class="language-python">1 &lt; 2</code></pre>',
        "<blockquote expandable>Kutipan</blockquote> a > b & c",
    ],
)
def test_formatting_that_telegram_can_read_is_let_through(text: str) -> None:
    assert is_whole(text)


def test_five_thousand_characters_are_refused_with_both_numbers(newsroom: Newsroom) -> None:
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.writes("a" * 4096).writes("b" * 904).presses("Finished")

    assert "has 5,002 characters" in newsroom.coordinator.text
    assert "at most 3,400" in newsroom.coordinator.text
    assert newsroom.coordinator.chat is not None
    assert newsroom.coordinator.chat.flow is not None


@pytest.mark.parametrize("language", ["id", "en"])
def test_whatever_is_added_fits_into_a_message_and_below_a_file(newsroom: Newsroom, language: str) -> None:
    moment = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    fullest = Announcement(
        subject="W" * 128,
        reference="W" * 64,
        dated=date(2026, 11, 25),
        corrected_at=moment,
        valid_until=moment,
        confirmation=Confirmation.READ,
        text="",
        links=[],
    )
    name = max((one.name for one in stage.regions()), key=len)
    mark = f"🧪 Uji coba di {name}: mohon hanya dilihat. Uji coba ini tidak dihitung di mana pun."
    added = utf16_len(bare(TEXTS.html(letters.page(newsroom.town.work(), fullest), language))) + utf16_len(mark) + 4

    assert letters.CAPTION_ROOM + added <= 1024
    assert letters.TEXT_ROOM + added <= 4096


def test_words_too_long_to_stand_below_their_file_follow_it_and_the_check_says_so(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.sends(document=DOCUMENT).writes("rapat " * 150).presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send")
    assert "too long to stand below the file" in newsroom.coordinator.text

    newsroom.coordinator.presses("Not yet")
    newsroom.sends()
    assert newsroom.arrive() == 2
    assert [letter.method for letter in siti.letters] == ["sendDocument", "sendMessage"]


def test_a_correction_too_long_for_its_place_below_a_file_is_refused(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.coordinator.writes("/siarkan").presses("New announcement")
    newsroom.coordinator.sends(document=DOCUMENT, caption="Undangan rapat").presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    newsroom.coordinator.presses("Refresh").presses("Correct it").writes("rapat " * 150).presses("Only wording")

    assert "The text stands below a file" in newsroom.coordinator.text
    assert newsroom.newest().corrections == 0


def test_the_same_words_to_the_same_people_within_two_days_are_pointed_out(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    for time in range(2):
        newsroom.drafts()
        newsroom.chooses("official of the region")
        newsroom.coordinator.presses("Check and send")
        if time:
            assert "1 of them got the very same text" in newsroom.coordinator.text
        else:
            assert "very same text" not in newsroom.coordinator.text
        newsroom.coordinator.presses("Not yet")
        newsroom.sends()
        newsroom.arrive()

    newsroom.town.later(hours=49)
    newsroom.drafts()
    newsroom.coordinator.presses("Check and send")
    assert "very same text" not in newsroom.coordinator.text


def test_two_coordinators_at_one_draft_do_not_overwrite_each_other_unseen(newsroom: Newsroom) -> None:
    newsroom.drafts("Rapat pukul 09.00.")
    number = newsroom.newest().id
    second = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    for phone, words in ((newsroom.coordinator, "Rapat pukul 10.00."), (second, "Rapat pukul 11.00.")):
        phone.sends_data(f"a:ann-rewrite:{number}:0").writes(words)

    newsroom.coordinator.presses("Finished")
    second.presses("Finished")
    assert "rewritten this draft meanwhile" in second.text
    assert "Rapat pukul 10.00." in second.text
    assert newsroom.newest().text == "Rapat pukul 10.00."

    second.presses("Finished")
    assert newsroom.newest().text == "Rapat pukul 11.00."


def test_a_button_older_than_a_colleagues_change_does_nothing(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.drafts()
    second = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    newsroom.coordinator.presses("Check and send")
    second.writes("/siarkan").presses("Rapat").presses("Audience").presses("observer")
    newsroom.coordinator.presses("Send to")

    assert "changed meanwhile" in newsroom.coordinator.toast
    assert newsroom.newest().state is AnnouncementState.DRAFT


def test_a_recipient_that_turned_into_a_group_is_listed_as_failed_with_the_reason(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.announces()
    newsroom.arrive(OutboxState.DEAD, error="400: Bad Request: group chat was upgraded to a supergroup chat")

    assert newsroom.states() == {"Siti Rahma": ReaderState.FAILED}
    newsroom.coordinator.presses("Refresh").presses("Failed (1)")
    assert "upgraded to a supergroup chat" in newsroom.coordinator.text


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
