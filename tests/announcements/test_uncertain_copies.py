"""A copy of which Telegram told no number is known again as soon as its reader presses its button or replies to it."""

import json

import pytest
from sqlalchemy import select

from bot.services import announcements
from db.models import OutboxMessage, Reader
from db.vocabulary import AnnouncementState, Lane, OutboxState, ReaderState
from tests.announcements.newsroom import Newsroom
from tests.announcements.test_second_person import TOO_LATE
from tests.people.phone import Phone

NUMBER = 4711
SAID = "📢 Announcement\n\nRapat <b>koordinasi</b> & pleno.\n\nPlease confirm that you have read it."


@pytest.fixture
def siti(newsroom: Newsroom) -> Phone:
    """Has an announcement of which nobody knows whether it arrived."""
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces("Rapat <b>koordinasi</b> & pleno.")
    newsroom.arrive(OutboxState.IN_DOUBT)
    return siti


def copies(newsroom: Newsroom, siti: Phone) -> list[OutboxMessage]:
    """Each try, oldest first."""
    mine = OutboxMessage.chat_id == siti.account, OutboxMessage.lane == Lane.BULK
    return list(newsroom.town.session.scalars(select(OutboxMessage).where(*mine).order_by(OutboxMessage.id)))


def button(copy: OutboxMessage) -> str:
    """What the button below a copy sends."""
    ((pressed,),) = json.loads(copy.body)["reply_markup"]["inline_keyboard"]
    return str(pressed["callback_data"])


def corrects(newsroom: Newsroom) -> None:
    phone = newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")
    phone.presses("Correct it").writes("Rapat pukul 10.00.").presses("Only wording")
    newsroom.ticks()


def edits(newsroom: Newsroom) -> list[tuple[int, str]]:
    """Which messages were edited, and to what."""
    rows = select(OutboxMessage.body).where(OutboxMessage.method == "editMessageText", ~OutboxMessage.panel)
    bodies = map(json.loads, newsroom.town.session.scalars(rows))
    return [(body["message_id"], body["text"]) for body in bodies]


def replies(siti: Phone, words: str, number: int = NUMBER) -> None:
    """To a message that only its words tell, unless we know its number."""
    replied = {"message_id": number, "date": siti._date, "chat": {"id": siti.account, "type": "private"}, "text": words}
    siti.sends(text="Apakah boleh diwakili oleh staf?", reply_to_message=replied)


def test_a_pressed_copy_is_corrected_later(newsroom: Newsroom, siti: Phone) -> None:
    siti.sends_data(button(copies(newsroom, siti)[0]), message_id=NUMBER)
    corrects(newsroom)

    ((number, text),) = edits(newsroom)
    assert (number, "Rapat pukul 10.00." in text) == (NUMBER, True)
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}


def test_a_copy_that_is_pressed_after_a_correction_gets_its_wording_at_once(newsroom: Newsroom, siti: Phone) -> None:
    corrects(newsroom)
    assert edits(newsroom) == []

    press = button(copies(newsroom, siti)[0])
    siti.sends_data(press, message_id=NUMBER).sends_data(press, message_id=NUMBER)
    newsroom.posts()

    ((number, text),) = edits(newsroom)
    assert (number, "Rapat pukul 10.00." in text) == (NUMBER, True)


def test_a_press_before_the_result_is_written_down_is_not_lost(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.announces()
    (copy,) = copies(newsroom, siti)
    copy.state = OutboxState.IN_DOUBT
    newsroom.town.session.flush()

    siti.sends_data(button(copy), message_id=NUMBER)
    newsroom.ticks()
    corrects(newsroom)

    assert [number for number, _text in edits(newsroom)] == [NUMBER]


def test_the_first_try_does_not_take_the_place_of_the_second(newsroom: Newsroom, siti: Phone) -> None:
    newsroom.coordinator.presses("Refresh").presses("Uncertain").presses("1: send again")
    newsroom.ticks()
    newsroom.arrive()
    first, second = copies(newsroom, siti)

    siti.sends_data(button(first), message_id=NUMBER)
    corrects(newsroom)

    assert first.message_id == NUMBER
    assert [number for number, _text in edits(newsroom)] == [second.message_id]


@pytest.mark.parametrize("copy", ["", "-2", "-x"])
def test_a_press_elsewhere_tells_no_number(newsroom: Newsroom, siti: Phone, copy: str) -> None:
    siti.sends_data(f"a:ann-read:{newsroom.newest().id}{copy}:0", message_id=NUMBER)

    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
    assert [copy.message_id for copy in copies(newsroom, siti)] == [None]
    assert newsroom.town.session.scalars(select(Reader.message_ids)).all() == [[]]


def test_a_message_that_is_something_else_is_not_taken_for_the_copy(newsroom: Newsroom, siti: Phone) -> None:
    (copy,) = copies(newsroom, siti)
    newsroom.town.session.add(
        OutboxMessage(
            unique_key="other",
            chat_id=siti.account,
            method="sendMessage",
            body="{}",
            policy=copy.policy,
            state=OutboxState.SENT,
            message_id=NUMBER,
            due_at=newsroom.town.now,
            created_at=newsroom.town.now,
        )
    )
    newsroom.town.session.flush()

    siti.sends_data(button(copy), message_id=NUMBER)

    assert copy.message_id is None


def test_a_reply_to_an_uncertain_copy_is_a_question_about_it_and_proves_that_it_arrived(
    newsroom: Newsroom, siti: Phone
) -> None:
    replies(siti, SAID)

    assert "Apakah boleh diwakili" in siti.text
    assert "About “Rapat <b>koordinasi</b> & pleno.”:" in siti.text
    assert newsroom.states() == {"Siti Rahma": ReaderState.SENT}
    corrects(newsroom)
    assert [number for number, _text in edits(newsroom)] == [NUMBER]


def test_a_reply_to_other_words_is_not_about_an_uncertain_copy(newsroom: Newsroom, siti: Phone) -> None:
    replies(siti, "Rapat dengan orang lain.")

    assert "About" not in siti.text
    assert newsroom.states() == {"Siti Rahma": ReaderState.IN_DOUBT}


def test_a_reply_to_a_message_we_know_proves_nothing_of_an_uncertain_copy_with_the_same_words(
    newsroom: Newsroom, siti: Phone
) -> None:
    uncertain = newsroom.newest()
    newsroom.announces("Rapat <b>koordinasi</b> & pleno.")
    newsroom.arrive()

    replies(siti, SAID, copies(newsroom, siti)[-1].message_id or 0)

    assert "About “Rapat <b>koordinasi</b> & pleno.”:" in siti.text
    state = select(Reader.state).where(Reader.announcement_id == uncertain.id)
    assert newsroom.town.session.scalars(state).all() == [ReaderState.IN_DOUBT]


def test_an_uncertain_one_is_sent_again_or_taken_as_sent_only_by_a_persons_word(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi")
    newsroom.announces()
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


@pytest.mark.parametrize(("change", "told"), TOO_LATE)
def test_what_is_of_no_use_any_more_is_not_sent_again(newsroom: Newsroom, change: dict[str, object], told: str) -> None:
    newsroom.reader("Siti Rahma")
    newsroom.announces()
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
    newsroom.announces()
    newsroom.arrive(OutboxState.IN_DOUBT)
    siti.blocks()

    newsroom.coordinator.presses("Refresh").presses("Uncertain").presses("1: send again")

    assert "takes no messages" in newsroom.coordinator.toast
    assert newsroom.states() == {"Siti Rahma": ReaderState.IN_DOUBT}
