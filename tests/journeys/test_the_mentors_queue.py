"""The mentor's side through a real wire: many questions by thumb, two at once, a colleague away."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.flows.composing import Part
from bot.services import questions, queue
from bot.services.questions import Draft
from bot.services.work import Work
from db.models import Absence, AuditEntry, Post, Question
from db.models import Person as PersonRow
from db.vocabulary import PostKind, QuestionState, Role
from simulator.person import Person, shown
from tests import stage
from tests.files.samples import pdf
from tests.journeys.town import Town

ROUNDS = 50
SLOWER = 0.01
LATE = "menunggu lebih lama daripada yang dijanjikan"
WIB = timezone(timedelta(hours=7))


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


async def presses_after(mentor: Person, data: str, seconds: float) -> str:
    await asyncio.sleep(seconds)
    return await mentor.presses_data(data, mentor.replies[-1])


async def test_of_two_who_press_within_ten_milliseconds_one_has_it_and_the_other_reads_who(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    names = ("Bambang Wijaya", "Wulan Dewi")
    mentors = [await town.moves_in(name, Role.MENTOR, stage.TEBING_TINGGI) for name in names]
    found = await asked(town, official, *(f"Pertanyaan nomor {number}?" for number in range(ROUNDS)))

    for number, question_id in enumerate(found):
        data = f"a:take:{question_id}:0"
        # Now the one is first by ten milliseconds, now the other.
        waits = (0.0, SLOWER) if number % 2 else (SLOWER, 0.0)
        toasts = await asyncio.gather(
            *(presses_after(mentor, data, wait) for mentor, wait in zip(mentors, waits, strict=True))
        )
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


async def test_what_waits_too_long_is_told_once_to_each_in_their_own_working_hours(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI, timezone="Asia/Jakarta")
    lead = await town.moves_in("Prof. Rina", Role.MENTOR, timezone="Asia/Jayapura")
    coordinator = await town.moves_in("Sari Utami", Role.COORDINATOR, timezone="Asia/Jakarta")
    await coordinator.presses("🎓 Tim ahli")
    await coordinator.sees("Prof. Rina", "Bambang Wijaya", "[Prof. Rina]")
    await coordinator.presses("Prof. Rina")
    await coordinator.sees("Bukan ketua tim ahli", "[⭐ Jadikan ketua]")
    await coordinator.presses("Jadikan ketua")
    await lead.sees("Bapak/Ibu kini ketua tim ahli")
    # Asked on Saturday, so due on Monday at 17.00 WIB.
    await asked(town, official, "Apakah ada format SK?")

    async def heard(day: int, hour: int, minute: int) -> list[int]:
        """How often each has heard by then: the mentor, the lead in Papua, the coordinator."""
        town.sim.clock.move_to(datetime(2026, 11, day, hour, minute, tzinfo=WIB))
        await town.ticks()
        await town.quiet()
        return [sum(LATE in shown(one) for one in person.replies) for person in (mentor, lead, coordinator)]

    assert await heard(16, 16, 50) == [0, 0, 0]
    assert await heard(16, 20, 0) == [0, 0, 0]
    assert await heard(17, 6, 30) == [0, 0, 0]
    assert await heard(17, 8, 10) == [1, 0, 0]
    # Half a working day of Papua later, where it is 12.40.
    assert await heard(17, 10, 40) == [1, 1, 0]
    assert await heard(17, 23, 0) == [1, 1, 0]
    assert await heard(18, 8, 10) == [1, 1, 1]
    assert await heard(19, 9, 0) == [1, 1, 1]


async def test_the_numbers_are_the_same_wherever_they_are_read(town: Town) -> None:
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    coordinator = await town.moves_in("Sari Utami", Role.COORDINATOR)
    await asked(town, official, *(f"Pertanyaan nomor {number}?" for number in range(1, 4)))
    await mentor.says("/antrean")
    await mentor.sees("3 pertanyaan menunggu")
    await mentor.presses("Ambil berikutnya")
    await mentor.sees("Pertanyaan nomor 1?", "[💾 Nanti]")
    await mentor.says("Jawaban nomor 1.")
    await mentor.sees("[📨 Kirim jawaban]")
    await mentor.presses("Kirim jawaban")
    await official.presses("Terima kasih, jelas", await official.sees("Jawaban nomor 1.", "jelas]"))
    await official.sees("[4 ⭐]")
    await official.presses("4 ⭐")
    await official.sees("4 dari 5")
    await mentor.says("/antrean")
    await mentor.sees("2 pertanyaan menunggu")

    await mentor.says("/statistik")
    own = shown(await mentor.sees("2 pertanyaan sedang menunggu", "1 pertanyaan dijawab", "4 dari 5"))
    await coordinator.says("/statistik")
    together = shown(await coordinator.sees("Semua pertanyaan dan tinjauan", "[Bambang Wijaya]"))
    await coordinator.presses("Bambang Wijaya")
    card = shown(await coordinator.sees("Statistik", "📈 Bambang Wijaya"))
    assert _numbers(own) == _numbers(card) == _numbers(together)


def _numbers(screen: str) -> list[str]:
    """The lines of a card below its heading, without the buttons."""
    lines = [line for line in screen.splitlines() if line and not line.startswith(("[", "Beranda ›"))]
    return [line for line in lines if not line.startswith("📈")]
