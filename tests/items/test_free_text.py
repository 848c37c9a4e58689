"""Written words are always answered, in the order of the design: answer, Reply, label, synonym, question, help."""

import pytest

from db.models import OutboxMessage
from db.vocabulary import Lane, OutboxState, Policy, Role
from tests.items.evidence import ITEM, Desk
from tests.people.phone import Phone

HOME = "🏁"


@pytest.mark.parametrize("word", ["Selesai", "Batal", "1", "/", "menu", "Ajukan", "kapan penutupan?", "  ya  "])
def test_where_text_is_asked_for_every_word_is_the_answer_and_kept_as_it_was_written(desk: Desk, word: str) -> None:
    desk.works().presses("Add a note")

    desk.lead.writes(word if word != "/" else "Nomor SK 12/2026")

    assert desk.item().note == (word.strip() if word != "/" else "Nomor SK 12/2026")


@pytest.mark.parametrize("word", ["Selesai", "Batal"])
def test_a_reason_may_be_any_word_too(desk: Desk, word: str) -> None:
    desk.submits()
    desk.returns(word)

    assert desk.submission().reason == word


def test_a_text_over_several_messages_is_kept_whole(desk: Desk) -> None:
    parts = ["Satu " + "a" * 4000, "Batal", "Dua " + "b" * 4000]
    desk.works()
    for part in parts:
        desk.lead.writes(part)

    desk.lead.presses("Done, as evidence")

    assert [one.content for one in desk.drafts()] == ["\n".join(parts)]


def test_leaving_in_the_middle_of_a_text_loses_nothing_of_it(desk: Desk) -> None:
    desk.works().writes("Uraian panjang.")

    desk.lead.writes("/batal")

    assert [one.content for one in desk.drafts()] == ["Uraian panjang."]
    assert "The draft is kept" in desk.lead.text


def test_beginning_on_another_item_keeps_the_text_of_the_first(desk: Desk) -> None:
    desk.works().writes("Uraian panjang.")

    desk.works(key="kl-sk-tim")

    assert [one.content for one in desk.drafts()] == ["Uraian panjang."]
    assert "SK Tim" in desk.lead.text


def test_more_than_one_piece_of_evidence_holds_is_refused_not_cut(desk: Desk) -> None:
    desk.works()
    for _number in range(13):
        desk.lead.writes("x" * 4096)

    assert "One text may have 50,000 characters" in desk.lead.text
    desk.lead.presses("Done, as evidence")
    assert len(desk.drafts()[0].content) == 12 * 4096 + 11


def test_an_identity_number_is_masked_everywhere_and_the_person_is_told(desk: Desk) -> None:
    desk.works().presses("Add a note").writes("NIK beliau 3276010101900001")
    assert "The number has been masked" in desk.lead.text
    assert desk.item().note == "NIK beliau ************0001"

    desk.lead.writes("Penanggung jawab 3276010101900001").presses("Done, as evidence")
    assert "The number has been masked" in desk.lead.text
    desk.submits(key="kl-sk-tim")
    desk.returns("Hapus 3276010101900001 dari lampiran.", key="kl-sk-tim")
    assert "3276010101900001" not in desk.submission("kl-sk-tim").reason


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("1", "My tasks"),
        ("my tasks", "My tasks"),
        ("milest", "Milestones"),
        ("prgress", "Completeness"),
        ("pogress", "Completeness"),
        ("tugas", "My tasks"),
        ("Tugas saya", "My tasks"),
        ("beranda", HOME),
        ("bantuan", "Help"),
        ("TOLONG!", "Help"),
        ("kemajuan", "Completeness"),
    ],
)
def test_on_a_screen_number_label_beginning_slip_and_synonym_open_what_is_meant(
    desk: Desk, typed: str, part: str
) -> None:
    desk.lead.writes("/menu")

    assert part in desk.lead.writes(typed).text


def test_what_cannot_be_understood_is_met_with_three_ways_on(desk: Desk) -> None:
    desk.lead.writes("qwerty zxcvb")

    assert "could not be understood yet" in desk.lead.text
    assert len(desk.lead.buttons) >= 3


def test_whoever_has_no_items_is_not_led_to_tasks(desk: Desk) -> None:
    desk.mentor.writes("qwerty zxcvb")

    assert "could not be understood yet" in desk.mentor.text
    assert list(desk.mentor.buttons) == ["🏠 Home", "❔ Help"]


def test_a_reply_to_a_verdict_is_a_note_on_that_item(desk: Desk) -> None:
    desk.submits()
    desk.returns("Lampiran belum ada.")
    reply(desk.lead, sent_letter(desk, desk.lead), "Lampiran dikirim besok.")

    assert desk.item().note == "Lampiran dikirim besok."
    assert "The note was added" in desk.lead.text


def test_a_reply_to_a_verdict_with_a_question_open_is_the_answer_to_the_question(desk: Desk) -> None:
    desk.submits()
    desk.returns("Lampiran belum ada.")
    letter = sent_letter(desk, desk.lead)
    desk.works(key="kl-sk-tim").presses("Add a note")

    reply(desk.lead, letter, "Catatan untuk tim.")

    assert desk.item("kl-sk-tim").note == "Catatan untuk tim."
    assert not desk.item().note


def test_a_reply_of_somebody_who_may_not_add_notes_changes_nothing_and_leads_on(desk: Desk) -> None:
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Dewi")
    desk.submits()
    reply(coordinator, sent_letter(desk, coordinator), "Mengapa terlambat?")

    assert coordinator.buttons
    assert not desk.item().note


def test_with_a_question_open_the_label_typed_is_the_button_pressed(desk: Desk) -> None:
    desk.submits(key="kl-sk-tim")
    desk.attaches().presses("Check and submit")

    desk.lead.writes("submit")

    assert "was submitted for review" in desk.lead.text
    assert desk.acts(ITEM)[-1] == "submit"


def sent_letter(desk: Desk, phone: Phone) -> int:
    """The newest letter to this person, as a message in the chat."""
    letter = phone.letters[-1]
    desk.town.session.add(
        OutboxMessage(
            unique_key=letter.key,
            chat_id=phone.account,
            lane=Lane.NOTICE,
            method="sendMessage",
            body="{}",
            policy=Policy.AT_LEAST_ONCE,
            due_at=desk.town.now,
            state=OutboxState.SENT,
            message_id=77,
            created_at=desk.town.now,
        )
    )
    desk.town.session.flush()
    return 77


def reply(phone: Phone, message_id: int, text: str) -> None:
    chat = {"id": phone.account, "type": "private"}
    bot = {"id": 1, "is_bot": True, "first_name": "Pandu"}
    original = {"message_id": message_id, "date": 0, "chat": chat, "from": bot, "text": "…"}
    phone.sends(text=text, reply_to_message=original)
