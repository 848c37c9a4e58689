"""What goes wrong around a question: each case has its sentence, and nothing is lost."""

import asyncio

from sqlalchemy import select

from bot.services import letters
from bot.services.work import Work
from bot.words import Plain
from db.models import Person as PersonRow
from db.models import Post, Question, Seat
from db.vocabulary import Closing, PostKind, QuestionState, Role
from simulator.person import shown
from tests import stage
from tests.journeys import people as usual
from tests.journeys.test_questions import asks, people, the_posts, the_question
from tests.journeys.town import Town
from tests.people.phone import TEXTS

LONG = "Mohon penjelasan tentang lampiran keputusan ini. " * 83


async def test_what_says_nothing_is_asked_again_and_files_nothing(town: Town) -> None:
    official, _mentor = await people(town)
    await official.says("/tanya   ")
    await official.sees("Apa yang ingin Bapak/Ibu tanyakan?", "[Batalkan]")
    for nothing in ("\u2063\u2063", "...", "👍🙏"):
        before = usual.last_id(official)
        await official.says(nothing)
        await official.sees_next(before, "Apa yang ingin Bapak/Ibu tanyakan?")

    assert await town.read(lambda session: session.scalar(select(Question.id))) is None


async def test_a_question_and_an_answer_of_4096_characters_arrive_whole(town: Town) -> None:
    official, mentor = await people(town)
    question, answer = LONG.ljust(4095, ".") + "?", LONG.replace("Mohon", "Baik:").ljust(4095, ".") + "!"
    await official.says("/tanya")
    await official.sees("[Batalkan]")
    await official.says(question)
    await official.sees("[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    await official.presses("Tidak tahu")
    await official.sees("T-0001", "sudah masuk antrean")
    letter = await mentor.sees("❓ T-0001", "[✍️ Jawab]")
    await mentor.says(answer, reply_to=letter)
    await mentor.sees("[📨 Kirim jawaban]")
    await mentor.presses("Kirim jawaban")
    last = await official.sees("[👍 Terima kasih, jelas]")
    await town.quiet()

    assert await town.read(the_posts) == [(PostKind.QUESTION, question), (PostKind.ANSWER, answer)]
    received = [message for message in official.replies if message["message_id"] <= last["message_id"]][-2:]
    assert sum(len(part) for part in _common(answer, [message["text"] for message in received])) >= 4096


def _common(whole: str, texts: list[str]) -> list[str]:
    """The pieces of `whole` that stand in these messages, one after the other."""
    found, rest = [], whole
    for text in texts:
        size = next(length for length in range(len(rest), 0, -1) if rest[:length] in text)
        found.append(rest[:size])
        rest = rest[size:]
    return found


async def test_an_answer_to_a_question_taken_back_meanwhile_stays_as_a_draft(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001")
    await mentor.says("Boleh.", reply_to=letter)
    await mentor.sees("Pratinjau jawaban", "Boleh.", "[📨 Kirim jawaban]")
    await official.presses_data("s:question:1", official.replies[-1])
    await official.sees("[↩️ Cabut]")
    await official.presses("Cabut")
    await mentor.sees("Siti Rahma menarik kembali T-0001")
    await mentor.presses("Kirim jawaban")
    await mentor.sees("sudah ditutup", "Boleh.")

    found = await town.read(the_question)
    assert (found.state, found.closing) == (QuestionState.CLOSED, Closing.WITHDRAWN)
    assert [kind for kind, _body in await town.read(the_posts)] == [PostKind.QUESTION]


async def test_a_mentor_whose_rights_end_in_the_middle_sends_nothing_and_a_colleague_finds_the_draft(
    town: Town,
) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001")
    await mentor.says("Boleh, dengan pelimpahan.", reply_to=letter)
    await mentor.sees("Pratinjau jawaban", "[📨 Kirim jawaban]")
    colleague = await town.moves_in("Wulan Dewi", Role.MENTOR, stage.TEBING_TINGGI)
    await town.write(_end_the_first_mentor)
    await mentor.presses("Kirim jawaban")
    await mentor.sees("tidak lagi terbuka")
    assert [kind for kind, _body in await town.read(the_posts)] == [PostKind.QUESTION]

    await town.ticks()
    await colleague.sees("T-0001")
    await colleague.presses("Jawab")
    await colleague.sees("Boleh, dengan pelimpahan.", "[📨 Kirim jawaban]")
    await colleague.presses("Kirim jawaban")
    await official.sees("Boleh, dengan pelimpahan.", "Wulan Dewi")


def _end_the_first_mentor(work: Work) -> None:
    seat = work.session.scalars(select(Seat).where(Seat.role == Role.MENTOR).order_by(Seat.id).limit(1)).one()
    seat.ended_at = work.now


async def test_a_question_in_reply_to_a_notice_of_an_item_or_an_announcement_keeps_what_it_is_about(
    town: Town,
) -> None:
    official = await usual.lead(town)
    mentor = await usual.mentor(town)
    await usual.submits(official)
    await town.files_are_checked()
    await mentor.sees("menunggu tinjauan")
    await mentor.presses("Tinjau")
    await mentor.sees("SK Dewan Smart City")
    await mentor.presses("1")
    await mentor.sees("[✅ Terima]")
    await mentor.presses("Terima")
    notice = await official.sees("sudah diterima")
    await official.says("Apakah lampirannya juga sudah lengkap?", reply_to=notice)
    await official.sees("Mengenai butir: SK Dewan Smart City", "Apakah lampirannya", "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("T-0001", "sudah masuk antrean")
    assert (await town.read(the_question)).item_key == usual.ITEM

    await town.write(_announce)
    announced = await official.sees("Bimtek IV dimulai pukul 09.00 WIB.")
    await official.says("Apakah boleh diikuti secara daring?", reply_to=announced)
    await official.sees("Apakah boleh diikuti secara daring?", "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    await official.presses("Tidak tahu")
    await official.sees("T-0002", "sudah masuk antrean")
    assert (await town.read(the_question)).about == "announcement:7"


def _announce(work: Work) -> None:
    """An announcement as it stands in the outbox."""
    reader = work.session.scalars(select(PersonRow).order_by(PersonRow.id).limit(1)).one()
    work.tell(reader, Plain("Bimtek IV dimulai pukul 09.00 WIB."), key="announcement:7")
    letters.post_letters(work.session, work.letters, TEXTS, work.now)


async def test_two_that_ask_the_same_are_joined_and_both_hear_the_one_answer(town: Town) -> None:
    official, mentor = await people(town)
    other = await town.moves_in("Rudi Hartono", Role.OFFICIAL, stage.TEBING_TINGGI)
    await asks(official)
    await other.says("/tanya Bolehkah susunan Dewan ditetapkan keputusan sekretaris daerah saja?")
    await other.sees("[📨 Kirim]")
    await other.presses("Kirim")
    await other.sees("[🤷 Tidak tahu]")
    await other.presses("Tidak tahu")
    await other.sees("T-0002", "sudah masuk antrean")
    await mentor.sees("T-0002")
    await mentor.presses("Buka T-0002")
    await mentor.sees("[🔗 Serupa, gabungkan]")
    await mentor.presses("Serupa, gabungkan")
    await mentor.sees("Gabungkan T-0002", "T-0001")
    await mentor.presses_data("s:merge-into:2:1", mentor.replies[-1])
    await mentor.sees("[🔗 Gabungkan]")
    await mentor.presses("Gabungkan")
    await other.sees("T-0002 digabungkan dengan pertanyaan yang sama")
    await mentor.presses("Jawab")
    await mentor.sees("[💾 Nanti]")
    await mentor.says("Boleh, dengan pelimpahan.")
    await mentor.sees("[📨 Kirim jawaban]")
    await mentor.presses("Kirim jawaban")
    for asker, number in ((official, "T-0001"), (other, "T-0002")):
        await asker.sees(number, "Boleh, dengan pelimpahan.", "[👍 Terima kasih, jelas]")
    await town.quiet()

    answers = select(Post.id).where(Post.kind == PostKind.ANSWER)
    assert len(await town.read(lambda session: session.scalars(answers).all())) == 1
    assert len([message for message in other.replies if "Boleh, dengan pelimpahan." in shown(message)]) == 1


async def test_a_file_that_telegram_does_not_give_out_is_told_to_the_mentor_and_the_words_arrive(town: Town) -> None:
    official, mentor = await people(town)
    await asks(official)
    letter = await mentor.sees("T-0001")
    await mentor.says("Ada pada lampiran.", reply_to=letter)
    await mentor.sees("Pratinjau jawaban", "[📨 Kirim jawaban]")
    usual.sends_large(mentor, "Lampiran.pdf", size=1024)
    await mentor.sees("Pratinjau jawaban", "1 berkas")
    await mentor.presses("Kirim jawaban")
    await official.sees("Ada pada lampiran.", "[👍 Terima kasih, jelas]")
    await town.quiet()
    for _minute in range(2):
        await town.ticks()
    told = await mentor.sees("Jawaban untuk T-0001 tidak dapat disampaikan", "Mohon lampirkan lagi")
    await town.quiet()

    assert "Siti Rahma" in told["text"]
    assert len([one for one in mentor.replies if "tidak dapat disampaikan" in shown(one)]) == 1


async def test_sent_with_two_quick_taps_it_is_one_question(town: Town) -> None:
    official, mentor = await people(town)
    await official.says("/tanya Apakah ada format SK?")
    await official.sees("[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("[🤷 Tidak tahu]")
    found, pressed = official.button("Tidak tahu")
    toasts = await asyncio.gather(*(official.presses_data(pressed["callback_data"], found) for _tap in range(3)))
    await official.sees("T-0001", "sudah masuk antrean")
    await town.quiet()

    assert sorted(map(bool, toasts)) == [False, True, True]
    assert await town.read(the_posts) == [(PostKind.QUESTION, "Apakah ada format SK?")]
    assert len([one for one in mentor.replies if "T-0001" in shown(one)]) == 1
