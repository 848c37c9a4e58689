"""The mentor's side through a real wire: many questions by thumb, two at once, a colleague away."""

import asyncio
from collections import Counter
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flows.composing import Part
from bot.services import questions, queue
from bot.services.questions import Draft
from bot.services.work import Work
from db.models import Absence, AuditEntry, Post, Question
from db.models import Person as PersonRow
from db.vocabulary import PostKind, QuestionState, Role
from simulator.person import Person
from tests import stage
from tests.files.samples import pdf
from tests.journeys.town import Town

ROUNDS = 50


async def asked(town: Town, official: Person, *texts: str) -> list[int]:
    """Questions as the asking conversation files them."""

    def deed(work: Work) -> list[int]:
        row = work.session.scalars(select(PersonRow).where(PersonRow.telegram_id == official.user_id)).one()
        visit = stage.visit_of(work, row)
        found = []
        for number, text in enumerate(texts):
            part = Part(key=f"stage:{number}:{text}", at=work.now, text=text)
            question = questions.file(visit, Draft(stage.TEBING_TINGGI, (part,)))
            queue.route(work, question)
            found.append(question.id)
        return found

    return await town.write(deed)


def answers(session: Session) -> list[str]:
    kept = select(Post.body).where(Post.kind == PostKind.ANSWER).order_by(Post.id)
    return list(session.scalars(kept))


async def test_a_mentor_answers_one_after_the_other_with_two_taps_each(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    await asked(town, official, *(f"Pertanyaan nomor {number}?" for number in range(1, 4)))

    await mentor.says("/antrean")
    await mentor.sees("3 pertanyaan menunggu", "[⏭ Ambil berikutnya]")
    await mentor.presses("Ambil berikutnya")
    for number in range(1, 4):
        await mentor.sees(f"Pertanyaan nomor {number}?", "[⚡ Jawaban cepat]")
        await mentor.says(f"Jawaban nomor {number}.")
        await mentor.sees("Pratinjau jawaban", f"Jawaban nomor {number}.", "[📨 Kirim jawaban]")
        await mentor.presses("Kirim jawaban")
        await official.sees(f"Pertanyaan nomor {number}?", f"Jawaban nomor {number}.")
    await mentor.sees("Tidak ada yang menunggu Bapak/Ibu")

    assert await town.read(answers) == [f"Jawaban nomor {number}." for number in range(1, 4)]


async def test_a_native_reply_with_a_file_and_a_restart_in_the_middle(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    await asked(town, official, "Apakah ada format SK?")
    form = pdf()
    await mentor.says("/antrean")
    await mentor.sees("1 pertanyaan menunggu")
    await mentor.presses("T-0001")
    await mentor.sees("Apakah ada format SK?", "[✍️ Jawab]")
    await mentor.presses("Jawab")
    await mentor.sees("Apakah ada format SK?", "[💾 Nanti]")
    await mentor.says("Ada, terlampir.")
    await mentor.sees("Pratinjau jawaban")
    await town.restart()
    await mentor.sends_document("Format SK.pdf", form)
    await mentor.sees("Pratinjau jawaban", "Ada, terlampir.", "1 berkas")
    await mentor.presses("Kirim jawaban")
    assert await official.sees_file("Format SK") == form
    answer = await official.sees("Apakah ada format SK?", "Ada, terlampir.")

    await official.says("Apakah wajib materai?", reply_to=answer)
    letter = await mentor.sees("Apakah wajib materai?", "masih belum jelas")
    await mentor.says("Tidak wajib.", reply_to=letter)
    await mentor.sees("Pratinjau jawaban", "Tidak wajib.")
    await mentor.presses("Kirim jawaban")
    await official.sees("Tidak wajib.")
    assert await town.read(answers) == ["Ada, terlampir.", "Tidak wajib."]


async def test_of_two_who_press_at_once_one_has_it_and_the_other_reads_who(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    names = ("Bambang Wijaya", "Wulan Dewi")
    mentors = [await town.moves_in(name, Role.MENTOR, stage.TEBING_TINGGI) for name in names]
    found = await asked(town, official, *(f"Pertanyaan nomor {number}?" for number in range(ROUNDS)))

    for question_id in found:
        data = f"a:take:{question_id}:0"
        toasts = await asyncio.gather(*(mentor.presses_data(data, mentor.replies[-1]) for mentor in mentors))
        winners = [place for place, toast in enumerate(toasts) if "kini ditangani Bapak/Ibu" in toast]
        assert len(winners) == 1, toasts
        assert f"ditangani {names[winners[0]]} sejak" in toasts[1 - winners[0]]

    takings = select(AuditEntry.subject_id).where(AuditEntry.act == "take")
    taken = await town.read(lambda session: Counter(session.scalars(takings)))
    assert taken == Counter(found)


async def test_questions_of_a_mentor_who_is_away_reach_the_substitutes_substitute(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    await town.moves_in("Wulan Dewi", Role.MENTOR, stage.BANGGAI)
    citra = await town.moves_in("Citra Lestari", Role.MENTOR, stage.KATINGAN)

    def go(work: Work) -> None:
        ids = {row.name: row.id for row in work.session.scalars(select(PersonRow))}
        for who, instead in (("Bambang Wijaya", "Wulan Dewi"), ("Wulan Dewi", "Citra Lestari")):
            first = work.now.date()
            away = Absence(
                person_id=ids[who],
                substitute_id=ids[instead],
                first_day=first,
                last_day=first + timedelta(days=5),
                created_at=work.now,
                cancelled_at=None,
            )
            work.session.add(away)

    await town.write(go)
    await asked(town, official, "Apakah ada format SK?")
    await citra.says("/antrean")
    await citra.sees("1 pertanyaan menunggu")
    await citra.presses("Ambil berikutnya")
    await citra.says("Ada di lampiran 2.")
    await citra.sees("Pratinjau jawaban")
    await citra.presses("Kirim jawaban")
    await official.sees("Ada di lampiran 2.", "Citra Lestari")

    state = await town.read(lambda session: session.scalars(select(Question.state)).one())
    assert state is QuestionState.ANSWERED
