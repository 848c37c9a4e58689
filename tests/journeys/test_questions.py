"""A question from its first word to the thanks, as people live it: asked back, answered, opened again, ended."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Post, Question
from db.vocabulary import PostKind, QuestionState, Role
from simulator.person import Person, shown
from tests import stage
from tests.files.samples import picture
from tests.journeys.town import Town

ASKED = "Bolehkah susunan Dewan ditetapkan dengan keputusan sekretaris daerah?"


def the_question(session: Session) -> Question:
    """The newest question, readable after the session."""
    found = session.scalars(select(Question).order_by(Question.id.desc()).limit(1)).one()
    session.expunge(found)
    return found


def the_posts(session: Session) -> list[tuple[PostKind, str]]:
    return [(post.kind, post.body) for post in session.scalars(select(Post).order_by(Post.id))]


async def people(town: Town) -> tuple[Person, Person]:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    return official, mentor


async def asks(official: Person, text: str = ASKED) -> None:
    await official.says("/tanya")
    await official.sees("Tanya tim ahli", "[Batalkan]")
    await official.says(text)
    await official.sees(text, "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    await official.presses("Tidak tahu")
    await official.sees("sudah masuk antrean (urutan ke-1)", "Perkiraan jawaban: Senin, 16 November 2026")


async def asks_more(official: Person, text: str) -> None:
    """A further question, while the first still waits."""
    await official.says(f"/tanya {text}")
    await official.sees(text, "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    await official.presses("Tidak tahu")
    await official.sees("sudah masuk antrean")


async def answers(mentor: Person, text: str, letter: dict[str, Any]) -> dict[str, Any]:
    """An answer as a native Reply to the letter about the question; the message as it was written."""
    written = await mentor.says(text, reply_to=letter)
    await mentor.sees("Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    return written


async def opens(mentor: Person) -> None:
    """The thread, from the letter about the question."""
    await mentor.presses("Buka T-0001")
    await mentor.sees("T-0001", "Siti Rahma", "Minta penjelasan]")


async def writes(mentor: Person, how: str, text: str, send: str, number: str = "T-0001") -> None:
    """Begin, write, look at it once more, send."""
    await mentor.presses(how)
    await mentor.sees(number, "[💾 Nanti]")
    await mentor.says(text)
    await mentor.sees(text, send)
    await mentor.presses(send)


async def test_a_question_is_asked_back_answered_thanked_and_graded(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    await mentor.sees("T-0001", ASKED)
    await opens(mentor)
    await writes(mentor, "Minta penjelasan", "Keputusan tahun berapa?", "Kirim permintaan")
    prompt = await official.sees("Bambang Wijaya", "Keputusan tahun berapa?", "[✍️ Balas]")
    waiting = await town.read(the_question)
    assert waiting.state is QuestionState.WAITING
    assert waiting.paused_at is not None

    town.later(days=2)
    await official.says("Keputusan tahun 2025.", reply_to=prompt)
    await official.sees("diteruskan kepada tim ahli")
    letter = await mentor.sees("Keputusan tahun 2025.", "[✍️ Jawab]")
    resumed = await town.read(the_question)
    assert (resumed.state, resumed.paused_at) == (QuestionState.TAKEN, None)
    assert resumed.answer_due_at > waiting.answer_due_at

    await mentor.says("Boleh, dengan pelimpahan wewenang.", reply_to=letter)
    await mentor.sees("Boleh, dengan pelimpahan wewenang.", "Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    answer = await official.sees(ASKED, "Boleh, dengan pelimpahan wewenang.", "jelas]")
    await official.presses("Terima kasih, jelas", answer)
    await official.sees("T-0001", "selesai", "[5 ⭐]")
    await official.presses("5 ⭐")
    await official.sees("5 dari 5", "[Lewati]")
    await official.presses("Lewati")

    assert await town.read(the_posts) == [
        (PostKind.QUESTION, ASKED),
        (PostKind.ASK_BACK, "Keputusan tahun berapa?"),
        (PostKind.REPLY, "Keputusan tahun 2025."),
        (PostKind.ANSWER, "Boleh, dengan pelimpahan wewenang."),
    ]
    ended = await town.read(the_question)
    assert (ended.state, ended.rating) == (QuestionState.CLOSED, 5)


async def test_thanks_do_not_open_it_again_doubts_do_and_after_a_week_it_is_a_new_one(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001", ASKED)
    await mentor.says("Boleh.", reply_to=letter)
    await mentor.sees("Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    answer = await official.sees("Boleh.", "jelas]")
    await official.says("Terima kasih banyak, Pak.", reply_to=answer)
    await official.sees("T-0001", "selesai")
    assert (await town.read(the_question)).state is QuestionState.CLOSED

    town.later(days=6)
    await official.presses("Masih belum jelas", answer)
    await official.sees("terbuka kembali", "Bambang Wijaya")
    await official.says("Siapa yang menandatangani?")
    await mentor.sees("Siapa yang menandatangani?")
    again = await town.read(the_question)
    assert (again.state, again.mentor_id is not None, again.reopened) == (QuestionState.TAKEN, True, 1)

    await mentor.presses("Jawab")
    await mentor.says("Sekretaris daerah.")
    await mentor.sees("Sekretaris daerah.", "Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    second = await official.sees("Sekretaris daerah.", "jelas]")
    town.later(days=8)
    await official.presses("Masih belum jelas", second)
    await official.sees("Lanjutan dari T-0001")
    await official.says("Bagaimana dengan lampirannya?")
    await official.sees("[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("T-0002", "sudah masuk antrean")
    follow = await town.read(the_question)
    assert (follow.number, follow.follows_id) == (2, again.id)


async def test_an_edited_answer_is_changed_in_the_askers_chat(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001", ASKED)
    mine = await mentor.says("Tidak boleh.", reply_to=letter)
    await mentor.sees("Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    await official.sees("Tidak boleh.", "jelas]")
    await mentor.edits(mine, "Boleh, dengan pelimpahan.")
    await official.sees("Boleh, dengan pelimpahan.", "(diperbaiki)")

    assert "Tidak boleh." not in official.play()


async def test_an_album_with_a_voice_message_is_one_question(town: Town) -> None:
    official, mentor = await people(town)
    await official.says("/tanya")
    await official.sees("Tanya tim ahli", "[Batalkan]")
    await official.sends_album([picture("PNG"), picture("PNG", (40, 40))], "Apakah lampiran ini benar?")
    await official.sees("Apakah lampiran ini benar?", "2 berkas", "[📨 Kirim]")
    await official.sends_files({"suara.ogg": b"OggS" + bytes(60)}, kind="voice")
    await official.sees("Apakah lampiran ini benar?", "3 berkas", "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    await official.presses("Tidak tahu")
    await official.sees("T-0001", "sudah masuk antrean")

    assert await town.read(the_posts) == [(PostKind.QUESTION, "Apakah lampiran ini benar?")]
    await mentor.sees("T-0001", "3 berkas")
    await mentor.presses("Buka T-0001")
    await mentor.sees("[📎 Kirim 3 berkas]")
    await mentor.presses("Kirim 3 berkas")
    await mentor.sees("(voice)", "T-0001")
    await town.quiet()
    assert len([one for one in mentor.replies if "photo" in one]) == 2


async def test_the_mentor_reads_that_an_asker_cannot_be_reached(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001", ASKED)
    await official.blocks()
    await mentor.says("Boleh.", reply_to=letter)
    await mentor.sees("Kirim jawaban")
    await mentor.presses("Kirim jawaban")
    await town.quiet()
    await town.ticks()
    told = await mentor.sees("tidak dapat disampaikan", "Siti Rahma")

    assert "T-0001" in told["text"]
    assert (await town.read(the_question)).state is QuestionState.ANSWERED


async def test_who_comes_back_after_blocking_gets_what_was_missed_once_and_can_reply_to_it(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001", ASKED)
    await asks_more(official, "Apakah rapat wajib daring?")
    second = await mentor.sees("T-0002", "Apakah rapat wajib daring?")
    await official.blocks()
    mine = await answers(mentor, "Tidak boleh.", letter)
    await mentor.edits(mine, "Boleh, dengan pelimpahan.")
    await mentor.sees("Perubahan dicatat pada T-0001")
    await mentor.presses("Buka T-0002", second)
    await mentor.sees("Minta penjelasan]")
    await writes(mentor, "Minta penjelasan", "Rapat yang mana?", "Kirim permintaan", number="T-0002")
    await town.quiet()
    await town.ticks()
    await mentor.sees("Jawaban untuk T-0001 tidak dapat disampaikan", "Siti Rahma", "begitu Siti Rahma kembali")
    await mentor.sees("Permintaan penjelasan untuk T-0002 tidak dapat disampaikan")

    await official.unblocks()
    asked_back = await official.sees("Rapat yang mana?", "[✍️ Balas]")
    await official.start()
    await town.quiet()
    told = [shown(message) for message in official.replies]
    missed = [place for place, text in enumerate(told) if "2 pesan tentang pertanyaan" in text]
    assert len(missed) == 1
    assert "Boleh, dengan pelimpahan." in told[missed[0] + 1]
    assert "Rapat yang mana?" in told[missed[0] + 2]
    assert [text for text in told if "Tidak boleh." in text] == []
    assert len([text for text in told if "Boleh, dengan pelimpahan." in text]) == 1

    await town.ticks()
    await mentor.sees("Kini sudah tersampaikan", "T-0001")
    await mentor.sees("Kini sudah tersampaikan", "T-0002")
    await official.says("Rapat dewan bulan November.", reply_to=asked_back)
    await mentor.sees("Rapat dewan bulan November.")
