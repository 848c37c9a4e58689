"""What happens around an open question: events, other screens, repeats, old buttons (acceptance stories 7 to 9)."""

from typing import Any

from sqlalchemy import select

from bot.services import invites, seats
from db.models import Conversation, Evidence, Item, Seat, Submission
from db.vocabulary import ItemState, Role, Verdict
from simulator import acts
from simulator.person import Person
from tests import stage
from tests.files.samples import pdf
from tests.journeys import people
from tests.journeys.town import Town

REASON = "SK belum memuat lampiran susunan tim."


async def asked_for_a_reason(town: Town) -> tuple[Person, Person]:
    """A lead who has submitted, and a mentor who is asked why it goes back."""
    official = await people.lead(town)
    reviewer = await people.mentor(town)
    await people.submits(official)
    await town.files_are_checked()
    await reviewer.sees("pengajuan baru menunggu")
    await reviewer.presses("Tinjau")
    await reviewer.sees("yang terlama")
    await reviewer.presses("1")
    await reviewer.sees("SK Dewan.pdf", "Kembalikan")
    await reviewer.presses("Kembalikan")
    await reviewer.sees("Apa yang perlu dilengkapi")
    return official, reviewer


async def test_events_and_other_screens_leave_the_question_open_and_the_answer_lands_once(town: Town) -> None:
    reviewer = await people.mentor(town)
    official = await people.lead(town)
    colleague = await town.moves_in("Rudi Hartono", Role.OFFICIAL, stage.TEBING_TINGGI)
    await people.submits(official, "kl-sk-tim")
    await people.submits(official, "kl-pokja")
    await town.files_are_checked()
    await people.works(official)
    await official.presses("Tambah catatan")
    await official.sees("Silakan tulis catatan")

    await accepts(town, reviewer, "kl-sk-tim")
    await official.sees("sudah diterima. Terima kasih", "[▶ Lanjutkan]")
    await undoes(town, reviewer, "kl-sk-tim")
    await official.sees("diurungkan", "[▶ Lanjutkan]")
    await invited(town, official)
    await official.sees("Undangan", "Dewi Anggraini", "[▶ Lanjutkan]")
    for screen, part in (("s:home", "Tenggat berikutnya"), ("s:tasks", "Tugas saya"), ("s:progress", "Kelengkapan")):
        await official.presses_data(screen, official.replies[-1])
        await official.sees(part, "[▶ Lanjutkan: SK Dewan Smart City]")
    await people.submits(colleague, "kl-peserta-tetap")

    await official.says("Ditandatangani Wali Kota tanggal 3 Maret.")

    await official.sees("Catatan ditambahkan", "Ditandatangani Wali Kota tanggal 3 Maret.", "Draf")
    assert (await people.item(town)).note == "Ditandatangani Wali Kota tanggal 3 Maret."
    assert (await people.audit(town)).count("note") == 1


async def accepts(town: Town, reviewer: Person, key: str) -> None:
    submission = await newest_submission(town, key)
    version = (await people.item(town, key)).version
    await reviewer.presses_data(f"a:accept:{submission.id}:{version}", reviewer.replies[-1])


async def undoes(town: Town, reviewer: Person, key: str) -> None:
    found = await people.item(town, key)
    await reviewer.presses_data(f"a:undo:{found.id}:{found.version}", reviewer.replies[-1])


async def invited(town: Town, inviter: Person) -> None:
    """Somebody comes in by an invitation of this person, who is told of it."""
    by = await town.read(lambda session: stage.known(session, inviter.user_id))

    def invite(work: Any) -> str:
        return invites.create(
            stage.visit_of(work, work.person(by)), seats.Grantable(Role.OFFICIAL, stage.TEBING_TINGGI)
        )[1]

    code = await town.write(invite)
    newcomer = town.stranger(900, "Dewi Anggraini")
    await newcomer.start(f"i_{code.replace('-', '')}")
    await newcomer.sees("[Ya")
    await newcomer.presses("Ya, lanjutkan")
    await newcomer.sees("Pertanyaan 1")
    await newcomer.presses("Pakai: Dewi Anggraini")
    await newcomer.sees("Pertanyaan 2")
    await newcomer.says("Kepala Bidang")
    await newcomer.sees("Pemberitahuan privasi")
    await newcomer.presses("Saya setuju")
    await newcomer.sees("Selamat datang")


async def newest_submission(town: Town, key: str = people.ITEM) -> Submission:
    chosen = select(Submission).join(Submission.item).where(Item.key == key).order_by(Submission.id.desc())
    return await town.read(lambda session: session.scalars(chosen).first())


async def test_the_same_press_three_times_the_last_after_six_hours_and_a_restart_counts_once(town: Town) -> None:
    official, reviewer = await asked_for_a_reason(town)
    await reviewer.presses("Batalkan")
    await reviewer.sees("Tidak ada yang dikembalikan", "Terima")
    found, pressed = reviewer.button("Terima")

    await reviewer.presses_data(pressed["callback_data"], found)
    await official.sees("sudah diterima. Terima kasih")
    await reviewer.presses_data(pressed["callback_data"], found)
    town.later(hours=6)
    await town.restart()
    toast = await reviewer.presses_data(pressed["callback_data"], found)

    assert "sudah diterima" in toast
    assert (await people.audit(town)).count("accept") == 1
    assert (await people.item(town)).state is ItemState.ACCEPTED
    assert not [message for message in people.plays(reviewer, official) if "gangguan" in message]


async def test_the_very_same_update_delivered_again_changes_nothing(town: Town) -> None:
    official, reviewer = await asked_for_a_reason(town)
    town.sim.plan.set({"duplicate_update": 1.0})

    await reviewer.says(REASON)
    await official.sees("dikembalikan", REASON)
    town.sim.plan.set({"preset": "normal"})

    await reviewer.start()
    await reviewer.sees("Tidak ada yang menunggu tinjauan")
    assert (await people.audit(town)).count("return") == 1
    assert len([message for message in official.replies if REASON in message.get("text", "")]) == 1


async def test_buttons_of_a_message_three_weeks_old_show_the_present_state(town: Town) -> None:
    official = await people.lead(town)
    reviewer = await people.mentor(town)
    await people.opens(official)
    old = official.replies[-1]
    _found, work = official.button("Kerjakan", old)
    _found, waive = official.button("Tidak berlaku", old)
    await official.presses("Tidak berlaku", old)
    question = await official.sees("Mengapa butir ini tidak berlaku")
    _found, answer = official.button("Batalkan", question)
    await official.presses("Batalkan")
    await people.submits(official)
    await town.files_are_checked()
    await accepts(town, reviewer, people.ITEM)
    await official.sees("sudah diterima. Terima kasih")
    town.later(days=21)
    await town.restart()

    for data in (work["callback_data"], waive["callback_data"]):
        toast = await official.presses_data(data, old)
        assert "hanya dapat dibaca" in toast
        await official.sees("✅ diterima")
    toast = await official.presses_data(answer["callback_data"], question)
    assert toast == "Tombol ini dari pesan Sabtu, 14 November 2026. Berikut keadaannya saat ini."
    assert (await people.item(town)).state is ItemState.ACCEPTED


async def test_buttons_of_an_earlier_release_meet_one_kind_sentence_and_the_present_screen(town: Town) -> None:
    official = await people.lead(town)
    panel = official.replies[-1]
    item = await people.item(town)
    forged = [
        "s:dashboard", "s:dashboard:1:2", "s:stage", "s:stage:gone:0", "s:item:gone-key", "s:faq:gone",
        "s:items:x:y:z:w",
        f"a:work:{item.id}", "a:finish:1:1", f"a:accept:{item.id}:x", "a::::", "f:1:done", "f:x:y", "f:99999999999:a",
        "x:1", "menu", f"s:item-id:{10**30}", "s:item-id:-1", "a:files:" + "9" * 40 + ":0", "s:reviews", "s:regions",
        "a:share:99.99:0", "s:assign:abc", "s:history:0", "f:0:check:", "s:submissions:1:2:3", "a:undo:x:1", "s:", "a:",
    ]  # fmt: skip

    for data in forged:
        await official.presses_data(data, panel)
        await town.quiet()
        assert people.newest(official), data
        assert "gangguan" not in people.newest(official), data
        assert people.buttons(official), f"no way on after {data!r}:\n{official.screen()}"
    assert (await people.item(town)).state is ItemState.UNTOUCHED


async def test_a_conversation_saved_by_an_earlier_release_gives_way_to_home(town: Town) -> None:
    official = await people.lead(town)

    def spoil(work: Any) -> None:
        row = work.session.get(Conversation, official.user_id)
        row.flow = {"flow": "work", "version": 0, "state": {"step": "uploading", "item": 5}}
        row.stack = [{"flow": "survey", "version": 3, "state": {}}]
        row.screen = "dashboard:7"

    await town.write(spoil)
    before = people.last_id(official)
    await official.says("Halo")

    await official.sees_next(before, "Silakan pilih")
    await official.presses("Beranda")
    await official.sees("Tenggat berikutnya")


async def test_a_button_on_a_deleted_message_is_answered_with_a_new_one(town: Town) -> None:
    official = await people.lead(town)
    panel = official.replies[-1]
    del town.sim.x.world.private_chat(official.user_id).messages[panel["message_id"]]

    await official.presses_data("s:tasks", panel)

    await official.sees_next(panel, "Tugas saya", "[🏠 Beranda]")


async def test_whoever_has_left_a_region_learns_nothing_more_of_it(town: Town) -> None:
    official = await people.lead(town)
    await people.opens(official)
    panel = official.replies[-1]
    item = await people.item(town)

    def leave(work: Any) -> None:
        for seat in work.session.scalars(select(Seat).where(Seat.role == Role.LEAD)):
            seat.ended_at = work.now

    await town.write(leave)
    for data in (f"a:work:{item.id}:0", f"s:item-id:{item.id}", f"s:history:{item.id}", f"a:undo:{item.id}:0"):
        await official.presses_data(data, panel)
        await town.quiet()
        assert "SK Dewan" not in people.newest(official)
        assert people.buttons(official)
    await official.presses_data("s:home", panel)
    await official.sees("belum memiliki kedudukan")


async def test_an_answer_to_an_item_that_a_colleague_has_submitted_goes_nowhere_and_says_so(town: Town) -> None:
    official = await people.lead(town)
    colleague = await town.moves_in("Rudi Hartono", Role.OFFICIAL, stage.TEBING_TINGGI)
    await people.works(official)
    await people.submits(colleague)
    before = people.last_id(official)

    await official.says("Bukti berupa uraian.")

    await official.sees_next(before, "tidak dapat diubah lagi", "diajukan")
    kept = await town.read(lambda session: session.scalars(select(Evidence.kind)).all())
    assert len(kept) == 1


async def test_a_press_on_a_message_further_up_is_answered_below_where_it_can_be_seen(town: Town) -> None:
    official = await people.lead(town)
    reviewer = await people.mentor(town)
    await people.submits(official)
    await town.files_are_checked()
    await accepts(town, reviewer, people.ITEM)
    letter = await official.sees("sudah diterima. Terima kasih", "[Buka butir]")
    await official.start()
    home = await official.sees_next(letter, "Tenggat berikutnya")

    await official.presses("Buka butir", letter)

    await official.sees_next(home, "✅ diterima")


async def test_returning_without_a_reason_is_impossible_and_every_step_is_one_line_of_the_record(town: Town) -> None:
    official, reviewer = await asked_for_a_reason(town)
    for word in ("", "?", "...", "ok"):
        if word:
            await reviewer.says(word)
            await reviewer.sees("Apa yang perlu dilengkapi", "alasan" if word == "?" else "Contoh")
    await reviewer.says(REASON)
    await official.sees("dikembalikan", REASON, "[📎 Lampirkan perbaikan]")
    await people.opens(official)
    await official.sees(REASON, "🔁 dikembalikan")
    await official.presses("Lampirkan perbaikan")
    await official.sees(REASON, "Draf: 1 bukti")
    await official.sends_document("Lampiran.pdf", pdf() + b"\n%%EOF\n")
    await official.sees("Lampiran.pdf", "2 bukti")
    await official.presses(people.DRAFT_BUTTON)
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")
    await official.sees("diajukan")
    await town.files_are_checked()
    await official.presses("Pengajuan (2)")
    await official.sees("No. 1", "dikembalikan", REASON, "No. 2", "menunggu tinjauan")
    await accepts(town, reviewer, people.ITEM)
    await official.sees("sudah diterima. Terima kasih")

    assert await people.audit(town) == ["start", "attach", "submit", "return", "attach", "submit", "accept"]
    verdicts = [one.verdict for one in await people.submissions(town)]
    assert verdicts == [Verdict.RETURNED, Verdict.ACCEPTED]
    assert await town.read(stage.actors) == {official.user_id: 5, reviewer.user_id: 2}


async def test_two_presses_that_cross_each_other_change_the_item_once(town: Town) -> None:
    official, reviewer = await asked_for_a_reason(town)
    await reviewer.presses("Batalkan")
    await reviewer.sees("Terima")
    found, pressed = reviewer.button("Terima")
    person = acts.person(town.sim.x, reviewer.user_id)

    for _time in range(20):
        acts.presses(town.sim.x, person, found["message_id"], pressed["callback_data"])

    await official.sees("sudah diterima. Terima kasih")
    await reviewer.presses_data("s:reviews", found)
    assert (await people.audit(town)).count("accept") == 1
    assert len([one for one in official.replies if "sudah diterima. Terima kasih" in one.get("text", "")]) == 1
