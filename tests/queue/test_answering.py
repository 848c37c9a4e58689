"""A mentor with many questions and one thumb: answers, asks back, notes, files; nothing typed is lost."""

from typing import Any

import pytest

from bot.services import answering, questions
from db.models import Conversation
from db.vocabulary import Closing, EvidenceKind, PostKind, QuestionState, Role
from tests import stage
from tests.people.phone import Phone
from tests.queue.office import Office

_document = {"file_id": "doc-1", "file_unique_id": "d1", "file_name": "Format SK.pdf", "mime_type": "application/pdf"}


def document(unique: str = "d1", **more: Any) -> dict[str, Any]:
    return {"document": _document | {"file_id": f"file-{unique}", "file_unique_id": unique}, **more}


def test_an_answer_is_seen_once_more_and_then_sent_with_the_question_quoted(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer")
    assert "Apakah SK Dewan wajib memuat lampiran?" in bambang.text
    bambang.writes("Ya, dengan susunan tim.")
    assert "Preview of the answer" in bambang.text
    assert (question.state, office.asker.told()) == (QuestionState.TAKEN, [])
    bambang.presses("Send the answer")

    assert "answer to T-0001 is on its way" in bambang.text
    assert question.state is QuestionState.ANSWERED
    assert "Ya, dengan susunan tim." in office.asker.told()[-1]
    assert "Apakah SK Dewan wajib memuat lampiran?" in office.asker.told()[-1]


def test_a_native_reply_to_the_message_that_brought_it_is_the_answer(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.replies_to("A question for you", text="Ya, dengan susunan tim.").presses("Send the answer")

    assert office.said(question)[-1] == "Ya, dengan susunan tim."


def test_a_native_reply_goes_to_its_own_question_also_while_another_is_open(office: Office, bambang: Phone) -> None:
    first, second = office.asks("Pertanyaan satu?"), office.asks("Pertanyaan dua?")
    bambang.sends_data(f"a:answer:{second.id}:0").writes("Jawaban dua.")
    bambang.replies_to("Pertanyaan satu?", text="Jawaban satu.")
    assert "T-0001" in bambang.text
    bambang.presses("Send the answer")

    assert office.said(first)[-1] == "Jawaban satu."
    # The next one comes by itself, with the draft that was left there.
    assert "Jawaban dua." in bambang.text
    bambang.presses("Send the answer")
    assert office.said(second)[-1] == "Jawaban dua."


def test_several_messages_and_files_are_one_answer(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Ya, wajib.").writes("Formatnya terlampir.")
    bambang.sends(**document("d1", media_group_id="album")).sends(**document("d2", media_group_id="album"))
    bambang.presses("Send the answer")

    post = questions.thread(office.town.work(), question)[-1]
    assert (post.kind, post.body) == (PostKind.ANSWER, "Ya, wajib.\nFormatnya terlampir.")
    assert [(file.kind, file.unique_id) for file in post.files] == [
        (EvidenceKind.DOCUMENT, "d1"),
        (EvidenceKind.DOCUMENT, "d2"),
    ]
    assert sum("📎" in words for words in office.asker.told()) >= 2


def test_a_voice_message_is_an_answer(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer")
    bambang.sends(voice={"file_id": "v", "file_unique_id": "v1", "duration": 3}).presses("Send the answer")

    assert questions.thread(office.town.work(), question)[-1].files[0].kind is EvidenceKind.VOICE


def test_the_next_question_comes_by_itself_and_is_taken_by_writing(office: Office, bambang: Phone) -> None:
    first, second = office.asks("Pertanyaan satu?"), office.asks("Pertanyaan dua?")
    bambang.writes("/antrean").presses("Take the next").writes("Jawaban satu.").presses("Send the answer")

    assert "Pertanyaan dua?" in bambang.text
    assert (first.state, second.state, second.mentor_id) == (QuestionState.ANSWERED, QuestionState.NEW, None)
    bambang.writes("Jawaban dua.")
    assert (second.state, second.mentor_id) == (QuestionState.TAKEN, bambang.person.id)
    bambang.presses("Send the answer")
    assert "Nothing waits for you" in bambang.text


def test_a_question_can_be_left_for_later_and_the_one_after_it_comes(office: Office, bambang: Phone) -> None:
    office.asks("Pertanyaan satu?")
    office.asks("Pertanyaan dua?")
    bambang.writes("/antrean").presses("Take the next").presses("Next question")
    assert "Pertanyaan dua?" in bambang.text
    bambang.presses("Next question")

    assert "Pertanyaan satu?" in bambang.text


def test_what_was_typed_is_kept_when_a_colleague_was_faster(office: Office, bambang: Phone, wulan: Phone) -> None:
    first, second = office.asks("Pertanyaan satu?"), office.asks("Pertanyaan dua?")
    second.routed_to_id = None
    bambang.sends_data(f"a:answer:{first.id}:0").writes("Jawaban satu.").presses("Send the answer")
    assert "Pertanyaan dua?" in bambang.text
    wulan.sends_data(f"a:take:{second.id}:0")
    bambang.writes("Jawaban dua.")

    assert "Wulan Dewi has this question since" in bambang.text
    assert "Jawaban dua." in bambang.text
    assert (second.mentor_id, second.draft) == (wulan.person.id, "")
    wulan.sends_data(f"a:release:{second.id}:0")
    bambang.sends_data("s:resume").presses("Send the answer")
    assert office.said(second)[-1] == "Jawaban dua."


def test_words_written_a_moment_too_late_stay_and_may_become_a_note(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    office.mentor("Citra", stage.BANGGAI)
    question = office.asks("Pertanyaan satu?")
    bambang.sends_data(f"a:answer:{question.id}:0")
    question_before = question.version
    bambang.presses("Pass on").presses("Wulan").presses("Without a note")
    assert question.version > question_before
    wulan.presses_letter("Answer")
    bambang.replies_to("Pertanyaan satu?", text="Sebenarnya: ya, wajib.")

    assert "Wulan Dewi has this question since" in bambang.text
    assert "Sebenarnya: ya, wajib." in bambang.text
    bambang.writes("Dan lampirannya bebas.")
    assert "Dan lampirannya bebas." in bambang.text
    bambang.presses("As a note")
    assert office.said(question, notes=True)[-1] == "Sebenarnya: ya, wajib.\nDan lampirannya bebas."
    assert office.said(question) == ["Pertanyaan satu?"]
    assert "left an internal note" in wulan.told()[-1]


def test_an_answer_to_a_question_taken_back_meanwhile_is_kept_and_said(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Ya, wajib.")
    office.asker.sends_data(f"a:withdraw:{question.id}:{question.version}")
    assert question.closing is Closing.WITHDRAWN
    bambang.presses("Send the answer")

    assert "closed meanwhile" in bambang.text
    assert "Ya, wajib." in bambang.text
    assert len(office.said(question)) == 1


def test_a_mentor_whose_seat_ends_in_the_middle_sends_nothing_and_the_draft_stays(
    office: Office, bambang: Phone, wulan: Phone
) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Ya, wajib.")
    bambang.visit().seats[0].ended_at = office.town.now
    office.town.session.flush()
    bambang.presses("Send the answer")

    assert "no longer open to you" in bambang.text
    assert (len(office.said(question)), "Ya, wajib." in question.draft) == (1, True)


def test_asking_back_stops_the_clock_and_what_comes_back_is_the_mentors_turn(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.sends_data(f"a:ask-back:{question.id}:0").writes("SK tahun berapa?").presses("Send the question")
    assert (question.state, question.paused_at) == (QuestionState.WAITING, office.town.now)
    office.asker.replies_to("SK tahun berapa?", text="Tahun 2022.")

    assert (question.state, question.paused_at) == (QuestionState.TAKEN, None)
    bambang.writes("/antrean")
    assert "1 question waits" in bambang.text
    bambang.presses("T-0001").presses("Answer")
    assert "Tahun 2022." in bambang.text
    bambang.writes("Ya, wajib.").presses("Send the answer")
    assert office.said(question)[-3:] == ["SK tahun berapa?", "Tahun 2022.", "Ya, wajib."]


def test_what_was_begun_as_an_answer_can_be_sent_as_a_question_back(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("SK tahun berapa?").presses("Ask back")

    assert question.state is QuestionState.WAITING


def test_a_native_reply_to_what_the_asker_answered_is_an_answer_again(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("SK tahun berapa?").presses("Ask back")
    office.asker.replies_to("SK tahun berapa?", text="Tahun 2022.")
    bambang.replies_to("replied to your question back", text="Ya, wajib.").presses("Send the answer")

    assert (question.state, office.said(question)[-1]) == (QuestionState.ANSWERED, "Ya, wajib.")


def test_a_note_is_read_by_mentors_only(office: Office, bambang: Phone, wulan: Phone) -> None:
    question = office.asks()
    bambang.sends_data(f"s:question:{question.id}").presses("Note").writes("Sudah tanya Ibu Ratna.").presses("Keep")
    wulan.sends_data(f"s:question:{question.id}")
    office.asker.sends_data(f"s:question:{question.id}")

    assert "Sudah tanya Ibu Ratna." in wulan.text
    assert "Sudah tanya Ibu Ratna." not in office.asker.text
    assert (question.state, question.mentor_id) == (QuestionState.NEW, None)


def test_two_who_look_at_the_same_question_read_of_one_another(office: Office, bambang: Phone, wulan: Phone) -> None:
    question = office.asks()
    remember(office, bambang.sends_data(f"s:question:{question.id}"))
    wulan.sends_data(f"s:question:{question.id}")
    assert "Also looking at it: Bambang Wijaya" in wulan.text

    office.town.later(minutes=11)
    wulan.sends_data(f"s:question:{question.id}")
    assert "Also looking at it" not in wulan.text


def remember(office: Office, phone: Phone) -> None:
    """Keep where a chat stands, as the end of each transaction does."""
    assert phone.chat is not None
    office.town.session.merge(
        Conversation(
            chat_id=phone.account,
            turn=phone.chat.turn,
            flow=None,
            stack=[],
            screen=phone.chat.screen,
            changed_at=office.town.now,
        )
    )
    office.town.session.flush()


def test_only_an_emoji_or_a_sticker_is_no_answer_and_help_becomes_concrete(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("👍")
    assert "Please write your answer" in bambang.text
    bambang.sends(
        sticker={
            "file_id": "s",
            "file_unique_id": "s1",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
            "type": "regular",
        }
    )
    assert "annex 2" in bambang.text
    assert len(office.said(question)) == 1


def test_words_that_sound_like_orders_are_words(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Batal").writes("1").presses("Send the answer")

    assert office.said(question)[-1] == "Batal\n1"


def test_a_nik_is_masked_in_the_draft_and_in_the_answer_and_the_mentor_is_told(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Gunakan NIK 1234567890123456.")
    assert "1234567890123456" not in question.draft
    bambang.presses("Send the answer")

    assert "do not send a NIK" in bambang.text
    assert office.said(question)[-1] == "Gunakan NIK ************3456."


def test_a_message_edited_before_it_is_sent_changes_the_draft(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Tidak wajib.")
    bambang.edits(int(answering.draft_of(question)[0].key.split(":")[1]), "Wajib.")
    assert "Tidak wajib." not in bambang.text
    bambang.presses("Send the answer")

    assert office.said(question)[-1] == "Wajib."


def test_pressed_twice_it_is_sent_once(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Ya, wajib.")
    send = next(data for label, data in bambang.buttons.items() if "Send the answer" in label)
    bambang.sends_data(send).sends_data(send)

    assert "earlier step" in bambang.toast
    assert len(office.said(question)) == 2


def test_an_answered_question_is_marked_as_solved_and_the_asker_is_told(office: Office, bambang: Phone) -> None:
    question = office.asks()
    bambang.presses_letter("Answer").writes("Ya, wajib.").presses("Send the answer")
    bambang.sends_data(f"s:question:{question.id}").presses("Mark as solved")

    assert (question.state, question.closing) == (QuestionState.CLOSED, Closing.SOLVED)
    assert "was closed" in office.asker.told()[-1]


def test_what_each_has_is_one_list(office: Office, bambang: Phone) -> None:
    for number in range(3):
        office.asks(f"Pertanyaan nomor {number}?")
    bambang.sends_data("a:next-question:0:0").writes("Jawaban.").presses("Send the answer").presses("Later")
    bambang.writes("/jawabansaya")
    assert "answered: 1" in bambang.text
    bambang.sends_data("s:load")
    assert "Bambang Wijaya: 2 (taken 0, to take 2" in bambang.text


def test_nobody_without_a_mentors_seat_sees_the_queue(office: Office) -> None:
    office.asks()
    for key in ("s:queue", "s:my-answers", "s:load", "s:canned"):
        office.asker.sends_data(key)
        assert "not open to you" in office.asker.text
    office.asker.sends_data("a:next-question:0:0")
    assert "not open to you" in office.asker.toast
    assert Role.OFFICIAL in {seat.role for seat in office.asker.visit().seats}


@pytest.mark.parametrize("subject", ["0", "-1", "x", "99999999999999999999", ""])
@pytest.mark.parametrize("deed", ["take", "release", "answer", "ask-back", "annotate", "pass-on", "refer", "solve"])
def test_a_forged_number_changes_nothing(office: Office, bambang: Phone, deed: str, subject: str) -> None:
    question = office.asks()
    bambang.sends_data(f"a:{deed}:{subject}:0")

    assert bambang.toast
    assert (question.state, question.mentor_id) == (QuestionState.NEW, None)
