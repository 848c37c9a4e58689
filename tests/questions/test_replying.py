"""The asker's side of the thread, through the real handlers: replies in any way, thanks, doubts, grades."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.services import questions
from bot.services.thanks import is_thanks
from db.models import OutboxMessage, Question
from db.vocabulary import Closing, OutboxState, QuestionState, Role
from tests import stage
from tests.people.phone import Town
from tests.questions.counter import Counter


def bodies(counter: Counter, question: Question) -> list[str]:
    return [post.body for post in questions.thread(counter.town.work(), question)]


def test_a_native_reply_answers_what_was_asked_back(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    counter.asker.replies_to("SK tahun berapa?", text="Tahun 2022.")

    assert question.state is QuestionState.TAKEN
    assert bodies(counter, question)[-1] == "Tahun 2022."
    assert "passed on to the mentor" in counter.asker.text


def test_a_button_answers_what_was_asked_back(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    counter.asker.presses_letter("Reply")
    assert "SK tahun berapa?" in counter.asker.text
    counter.asker.writes("Tahun 2022.")

    assert (question.state, bodies(counter, question)[-1]) == (QuestionState.TAKEN, "Tahun 2022.")


def test_a_plain_message_answers_what_was_asked_back(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    counter.asker.starts().writes("SK itu dari tahun dua ribu dua puluh dua.")

    assert question.state is QuestionState.TAKEN


def test_a_reply_in_the_middle_of_an_item_goes_to_the_thread(counter: Counter, town: Town) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    item = town.work().programme.edition.items[0]
    counter.asker.sends_data(f"s:item:{item.key}").presses("Work on it")
    counter.asker.replies_to("SK tahun berapa?", text="Tahun 2022.")

    assert bodies(counter, question)[-1] == "Tahun 2022."
    assert "Continue" in " ".join(counter.asker.buttons)


def test_an_album_as_a_reply_is_one_post(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "Mohon fotonya.")
    for unique in ("a", "b", "c"):
        size: dict[str, Any] = {"file_id": unique, "file_unique_id": unique, "width": 9, "height": 9}
        counter.asker.sends(photo=[size], media_group_id="g")

    [_asked, _back, reply] = questions.thread(counter.town.work(), question)
    assert len(reply.files) == 3


def test_with_two_mentors_waiting_the_person_says_which(counter: Counter) -> None:
    first, second = counter.asks("Apa itu SPBE?"), counter.asks("Apa itu RPJMD?")
    counter.asks_back(first)
    counter.asks_back(second)
    counter.asker.starts().writes("Yang saya maksud peraturan tahun lalu.")
    assert "Which question" in counter.asker.text
    counter.asker.presses("T-0002")

    assert (first.state, second.state) == (QuestionState.WAITING, QuestionState.TAKEN)
    assert bodies(counter, second)[-1] == "Yang saya maksud peraturan tahun lalu."


def test_thanks_ends_it_and_offers_a_grade_once(counter: Counter) -> None:
    question = counter.asks()
    counter.answers(question)
    counter.asker.presses_letter("Thanks, clear")
    assert (question.state, question.closing) == (QuestionState.CLOSED, Closing.THANKED)
    counter.asker.presses("4 ⭐").writes("Sangat membantu.")

    assert "Grade: 4 of 5" in counter.asker.text
    assert "Sangat membantu." not in counter.asker.text
    assert "Grade: 4 of 5\nSangat membantu." in counter.mentor.sends_data(f"s:question:{question.id}").text
    counter.asker.sends_data(f"a:rate:{question.id}-1:{question.version}")
    assert question.rating == 4
    assert "graded already" in counter.asker.toast


@pytest.mark.parametrize("text", ["Terima kasih banyak, Pak", "terimakasih, sudah jelas 🙏", "Baik, saya mengerti"])
def test_written_thanks_do_not_open_it_again(counter: Counter, text: str) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.answers(question, "Ya, wajib.")
    counter.asker.replies_to("Ya, wajib.", text=text)

    assert question.state is QuestionState.CLOSED
    assert question.reopened == 0


def test_still_unclear_opens_it_for_the_same_mentor(counter: Counter) -> None:
    question = counter.asks()
    counter.answers(question)
    counter.asker.presses_letter("Still unclear")
    assert (question.state, question.mentor_id) == (QuestionState.TAKEN, counter.mentor.person.id)
    counter.asker.writes("Lampiran yang mana?")

    assert bodies(counter, question)[-1] == "Lampiran yang mana?"
    assert question.reopened == 1


def test_a_further_question_in_reply_to_the_answer_opens_it_again(counter: Counter) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.answers(question, "Ya, wajib.")
    counter.asker.replies_to("Ya, wajib.", text="Terima kasih, tetapi lampirannya bagaimana?")

    assert question.state is QuestionState.TAKEN


def test_after_a_week_it_becomes_a_new_question_that_names_the_old(counter: Counter, town: Town) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.answers(question, "Ya, wajib.")
    counter.asker.presses_letter("Thanks, clear")
    town.later(days=8)
    counter.asker.replies_to("Ya, wajib.", text="Masih belum jelas, lampirannya bagaimana?")
    assert "T-0001" in counter.asker.text
    counter.asker.presses("Send")

    fresh = town.session.scalar(select(Question).where(Question.number == 2))
    assert fresh is not None
    assert (question.state, fresh.follows_id) == (QuestionState.CLOSED, question.id)


def test_old_buttons_pressed_twice_change_nothing(counter: Counter) -> None:
    question = counter.asks()
    counter.answers(question)
    counter.asker.presses_letter("Thanks, clear")
    version = question.version
    counter.asker.presses_letter("Thanks, clear")

    assert (question.version, counter.asker.toast) == (version, "This question is finished already.")


@pytest.mark.parametrize("deed", ["clear", "unclear", "reply", "withdraw", "show", "thread-files", "correct"])
def test_deeds_on_another_regions_question_are_refused(counter: Counter, town: Town, deed: str) -> None:
    question = counter.asks()
    before = question.version
    stage.region(town.work(), stage.KATINGAN)
    stranger = town.member(Role.OFFICIAL, stage.KATINGAN, "Rudi")
    for subject in (f"{question.id}", f"{question.id}-1", "0", "999999", "x"):
        stranger.sends_data(f"a:{deed}:{subject}:0")
        assert "could not be found" in stranger.toast or "earlier message" in stranger.toast

    assert question.version == before


def test_a_question_taken_back_can_be_opened_again(counter: Counter) -> None:
    question = counter.asks()
    counter.asker.sends_data(f"s:question:{question.id}").presses("Take it back")
    assert question.closing is Closing.WITHDRAWN
    counter.asker.presses("Open again")

    assert question.state is QuestionState.NEW


def test_an_edited_answer_changes_the_askers_copy(counter: Counter, town: Town) -> None:
    question = counter.asks("Apakah SK wajib?")
    post = counter.answers(question, "Tidak wajib.")
    letter = next(one for one in town.letters if f":answer:{post.id}:" in one.key)
    message_id = town.delivered(letter, counter.asker.account)
    counter.mentor.sends_data(f"s:question:{question.id}").presses("Correct")
    counter.mentor.writes("Wajib.")

    last = [one for one in town.letters if one.person_id == counter.asker.person.id][-1]
    assert (last.method, last.message_id) == ("editMessageText", message_id)
    assert "Wajib." in counter.asker.told()[-1]


def test_the_mentor_sees_that_an_answer_did_not_arrive(counter: Counter, town: Town) -> None:
    question = counter.asks()
    post = counter.answers(question)
    letter = next(one for one in town.letters if f":answer:{post.id}:" in one.key)
    town.delivered(letter, counter.asker.account)
    row = town.session.scalar(select(OutboxMessage).where(OutboxMessage.unique_key == letter.key))
    assert row is not None
    row.state, row.error = OutboxState.DEAD, "Forbidden: bot was blocked by the user"
    town.session.flush()

    assert "not delivered: Forbidden" in counter.mentor.sends_data(f"s:question:{question.id}").text
    assert "not delivered" not in counter.asker.sends_data(f"s:question:{question.id}").text


def test_the_thread_shows_both_sides_in_order_with_names_and_local_times(counter: Counter) -> None:
    question = counter.asks("Pertanyaan pertama")
    counter.answers(question, "Jawaban pertama")
    text = counter.asker.sends_data(f"s:question:{question.id}").text

    assert text.index("Pertanyaan pertama") < text.index("Jawaban pertama")
    assert "Siti Rahma" in text
    assert "Bambang Wijaya" in text
    assert "WIB" in text


def test_other_regions_read_the_words_without_names(counter: Counter, town: Town) -> None:
    question = counter.asks("Pertanyaan bersama", shared=True)
    counter.answers(question, "Jawaban bersama")
    stage.region(town.work(), stage.KATINGAN)
    reader = town.member(Role.OFFICIAL, stage.KATINGAN, "Rudi")
    reader.sends_data("s:questions:shared:0").presses("T-0001")

    assert "Jawaban bersama" in reader.text
    assert "Siti Rahma" not in reader.text
    assert "Tebing Tinggi" not in reader.text


def test_a_long_thread_is_read_page_by_page(counter: Counter) -> None:
    question = counter.asks("a" * 4000)
    counter.answers(question, "b" * 4000)
    counter.asker.sends_data(f"s:question:{question.id}")
    assert "b" * 1000 in counter.asker.text
    counter.asker.sends_data(f"s:question:{question.id}:0")
    assert "a" * 1000 in counter.asker.text

    assert len(counter.asker.text) < 4096


@pytest.mark.parametrize(
    ("text", "thanks"),
    [
        ("Terima kasih", True),
        ("Sudah jelas, terima kasih banyak Bu", True),
        ("ok 👍", True),
        ("Terima kasih, tapi belum jelas", False),
        ("Apakah sudah jelas?", False),
        ("belum jelas", False),
        ("Baik, kapan rapatnya", False),
        ("🙏", False),
    ],
)
def test_thanks_are_told_from_doubts(text: str, thanks: bool) -> None:
    assert is_thanks(text) is thanks


def test_a_mentor_joins_two_that_ask_the_same_and_both_hear_the_answer(counter: Counter, town: Town) -> None:
    stage.region(town.work(), stage.KATINGAN)
    other = town.member(Role.OFFICIAL, stage.KATINGAN, "Rudi")
    stage.seat(town.work(), counter.mentor.person, Role.MENTOR, stage.KATINGAN)
    counter.asks("Apakah SK Dewan Smart City wajib memuat lampiran susunan tim?")
    twin = Counter(town, other, counter.mentor).asks(
        "SK dewan smart city, lampiran susunan timnya wajib?", stage.KATINGAN
    )
    counter.mentor.sends_data(f"s:question:{twin.id}").presses("Asked already").presses("T-0001")
    assert "Join T-0002 with T-0001?" in counter.mentor.text
    counter.mentor.presses("Join them")
    main = town.session.get(Question, twin.merged_into_id)
    assert main is not None
    counter.answers(main, "Ya, wajib.")

    assert "Ya, wajib." in other.told()[-1]
    assert "Ya, wajib." in other.sends_data(f"s:question:{twin.id}").text
    other.presses_letter("Still unclear")
    assert (twin.state, twin.merged_into_id) == (QuestionState.TAKEN, None)


def test_a_reply_that_is_quicker_than_our_books_still_finds_its_question(counter: Counter, town: Town) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    letter = next(one for one in town.letters if ":ask_back:" in one.key)
    message_id = town.delivered(letter, counter.asker.account)
    row = town.session.scalar(select(OutboxMessage).where(OutboxMessage.unique_key == letter.key))
    assert row is not None
    row.message_id, row.state = None, OutboxState.SENDING
    town.session.flush()
    replied = {"message_id": message_id, "date": 1, "chat": {"id": counter.asker.account, "type": "private"}}
    item = town.work().programme.edition.items[0]
    counter.asker.sends_data(f"s:item:{item.key}").presses("Work on it")
    counter.asker.sends(text="Tahun 2022.", reply_to_message=replied)

    assert bodies(counter, question)[-1] == "Tahun 2022."


def test_the_mentor_hears_that_the_asker_changed_their_words(counter: Counter, town: Town) -> None:
    question = counter.asks("Apakah SK wajib?")
    counter.asks_back(question, "SK tahun berapa?")
    counter.asker.starts().writes("SK itu dari tahun dua ribu dua puluh satu.")
    post = questions.thread(town.work(), question)[-1]
    counter.asker.edits(int(post.message_key.split(":")[1]), "SK itu dari tahun 2022.")

    assert "changed their words" in counter.mentor.told()[-1]
    assert "SK itu dari tahun 2022." in counter.mentor.told()[-1]
