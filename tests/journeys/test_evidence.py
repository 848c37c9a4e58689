"""Albums, photos, files that are too large or already used, and a restart in the middle (acceptance story 15)."""

import asyncio

from sqlalchemy import func, select

from db.models import SubmissionEvidence
from db.vocabulary import EvidenceKind, EvidenceState, Role
from tests import stage
from tests.files.samples import jpeg_of, pdf, picture
from tests.journeys import people
from tests.journeys.town import Town

AHEAD = "bp-slide"


def photos(count: int) -> list[bytes]:
    return [picture("JPEG", (40 + number, 30)) for number in range(count)]


async def test_an_album_of_five_with_a_caption_is_one_submission_of_five_files_answered_once(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)
    before = people.answers(official)

    await official.sends_album(photos(5), caption="Rapat pembentukan dewan")
    await official.sees("5 berkas dari album", "5 bukti")
    await asyncio.sleep(2.5)
    assert people.answers(official) == before + 1

    await official.presses(people.DRAFT_BUTTON)
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")
    await official.sees("diajukan", "Riwayat")
    await town.files_are_checked()

    kept = await people.evidence(town)
    assert [one.state for one in kept] == [EvidenceState.STORED] * 5
    assert len({one.sha256 for one in kept}) == 5
    assert [one.caption for one in kept] == ["Rapat pembentukan dewan", "", "", "", ""]
    counted = select(func.count()).select_from(SubmissionEvidence)
    assert len(await people.submissions(town)) == 1
    assert await town.read(lambda session: session.scalar(counted)) == 5


async def test_a_photo_without_a_word_is_evidence(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)

    await official.sends_photo(jpeg_of(64, 48))

    await official.sees("Tersimpan", "1 bukti")
    assert [one.kind for one in await people.evidence(town)] == [EvidenceKind.PHOTO]


async def test_a_file_too_large_within_an_album_is_told_beside_the_receipt_of_the_others(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)
    sent = await official.sends_files({"Halaman 1.pdf": pdf(), "Halaman 2.pdf": pdf() + b"dua"})
    people.sends_large(official, "Buku 1.pdf", album=sent[0]["media_group_id"])
    people.part_of(official, sent[0]["media_group_id"], {"document": sent[0]["document"]})

    await official.sees("Tersimpan", "3 berkas dari album")
    refusals = [text for text in people.plays(official) if "Ukuran berkas ini 25 MB" in text]
    assert len(refusals) == 1
    assert "Buku 1.pdf" in refusals[0]
    assert "tautannya" in refusals[0]


async def test_a_file_of_25_mb_is_told_the_way_out_and_the_draft_stays(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)
    await official.sends_document("Lampiran.pdf", pdf())
    await official.sees("Tersimpan", "Lampiran.pdf")

    people.sends_large(official)

    await official.sees("25 MB", "20 MB", "perkecil", "tautan", "Lampiran.pdf", f"[✅ {people.DRAFT_BUTTON}]")
    assert [one.name for one in await people.evidence(town)] == ["Lampiran.pdf"]
    await official.says("https://drive.google.com/file/d/1AbC")
    await official.sees("Tersimpan", "2 bukti", "drive.google.com")


async def test_a_file_that_proves_another_item_already_is_marked_for_the_reviewer(town: Town) -> None:
    official = await people.lead(town)
    reviewer = await people.mentor(town)
    same = pdf()
    await people.submits(official, "kl-sk-tim", content=same)
    await people.submits(official, people.ITEM, "SK yang sama.pdf", same)
    await town.files_are_checked()

    await reviewer.presses_data("s:reviews", reviewer.replies[-1])
    await reviewer.sees("2 pengajuan")
    await reviewer.presses("2")

    await reviewer.sees("SK yang sama.pdf", "berkas yang sama", "[✅ Terima]")


async def test_a_restart_in_the_middle_of_an_upload_asks_for_nothing_again(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)
    town.sim.plan.set({"refuse": 1.0, "methods": ["getFile"]})
    await official.sends_document("SK Dewan.pdf", pdf())
    await official.sees("Tersimpan", "⏳ SK Dewan.pdf")
    await town.end()
    town.sim.plan.set({"preset": "normal"})
    town.later(minutes=5)
    await town.begin()
    await town.files_are_checked()

    assert [one.state for one in await people.evidence(town)] == [EvidenceState.STORED]
    await official.presses(people.DRAFT_BUTTON)
    await official.sees("Mohon periksa", "SK Dewan.pdf")


async def test_what_is_not_what_it_says_is_refused_with_the_reason_and_the_rest_stays(town: Town) -> None:
    official = await people.lead(town)
    await people.works(official)
    await official.sends_document("Baik.pdf", pdf())
    await official.sees("Tersimpan", "Baik.pdf")

    await official.sends_document("surat.pdf", b"MZ\x90\x00" + b"\x00" * 500)
    await official.sees("surat.pdf", "belum dapat diterima", "memuat program")

    await town.files_are_checked()
    assert [one.state for one in await people.evidence(town)] == [EvidenceState.STORED, EvidenceState.REFUSED]


async def test_sent_before_midnight_while_pandu_was_down_counts_as_in_time(town: Town) -> None:
    official = await people.lead(town)
    await people.mentor(town)
    due = await town.write(lambda work: stage.due(work, AHEAD))
    town.sim.clock.move_to(due.at)
    town.later(seconds=-60)
    await people.works(official, AHEAD)
    await town.end()
    town.sim.clock.move_to(due.at)
    town.later(seconds=-2)
    await official.sends_document("SK Dewan.pdf", pdf())
    town.later(minutes=90)
    await town.begin()

    await official.sees("23.59 WIB", "tepat waktu", "SK Dewan.pdf")
    await official.presses(people.DRAFT_BUTTON)
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")
    await official.sees("diajukan", "Riwayat")
    submitted = (await people.submissions(town))[0]
    assert submitted.submitted_at < submitted.due_at


async def test_sent_after_midnight_is_late_and_the_coordinator_is_told(town: Town) -> None:
    official = await people.lead(town)
    coordinator = await town.moves_in("Sari Dewi", Role.COORDINATOR)
    due = await town.write(lambda work: stage.due(work, AHEAD))
    town.sim.clock.move_to(due.at)
    town.later(seconds=1)
    await people.works(official, AHEAD)
    await official.sends_document("SK Dewan.pdf", pdf())
    await official.sees("setelah tenggat")
    await official.presses(people.DRAFT_BUTTON)
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")

    await official.sees("setelah tenggat", "koordinator")
    await coordinator.sees("Kota Tebing Tinggi", "setelah tenggat")
