"""From an invitation to an accepted item, as people live it."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import invites, seats
from db.models import AuditEntry, Item, Submission
from db.vocabulary import ItemState, Role, Verdict
from simulator.person import Person
from tests import stage
from tests.files.samples import pdf
from tests.journeys.town import Town


async def invited(town: Town, name: str, role: Role, region_code: str | None) -> Person:
    """Somebody who comes in by an invitation, says who they are, agrees and skips the tour."""
    code = await town.write(lambda work: invites.create_as_operator(work, seats.Grantable(role, region_code))[1])
    official = town.stranger(501, name)
    await official.start(f"i_{code.replace('-', '')}")
    await official.sees("Kota Tebing Tinggi", "[Ya")
    await official.presses("Ya, lanjutkan")
    await official.sees("Pertanyaan 1")
    await official.presses(f"Pakai: {name}")
    await official.sees("Pertanyaan 2")
    await official.says("Kepala Dinas Kominfo")
    await official.sees("Pemberitahuan privasi")
    await official.presses("Saya setuju")
    await official.sees("Selamat datang")
    await official.presses("Lewati pengenalan")
    await official.sees("Tenggat")
    return official


async def submits(official: Person) -> None:
    await official.presses("Periksa dan ajukan")
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")
    await official.sees("diajukan", "Riwayat")


async def test_an_official_is_invited_guided_returned_repaired_and_accepted(town: Town) -> None:
    mentor = await town.moves_in("Dr. Wayan Sudarma", Role.MENTOR)
    official = await invited(town, "Siti Rahma", Role.LEAD, stage.TEBING_TINGGI)

    await official.start("t_kl-sk-dewan")
    await official.sees("SK Dewan Smart City", "belum dikerjakan")
    await official.presses("Kerjakan")
    await official.sees("Draf")
    await official.sends_document("SK Dewan.pdf", pdf())
    await official.sees("Tersimpan", "SK Dewan.pdf")
    await submits(official)
    await town.files_are_checked()

    await mentor.sees("pengajuan baru menunggu")
    await mentor.presses("Tinjau")
    await mentor.sees("yang terlama")
    await mentor.presses("1")
    await mentor.sees("no. 1", "📎 SK Dewan.pdf")
    await mentor.presses("Kembalikan")
    await mentor.sees("Apa yang perlu dilengkapi")
    await mentor.says("SK belum memuat lampiran susunan tim.")
    await official.sees("dikembalikan", "lampiran susunan tim", "[📎 Lampirkan perbaikan]")

    await official.presses("Lampirkan perbaikan")
    await official.sees("SK belum memuat lampiran susunan tim.", "Bukti yang diperlukan")
    await official.sends_document("Lampiran.pdf", pdf() + b"\n%%EOF\n")
    await official.sees("Tersimpan", "Lampiran.pdf")
    await submits(official)
    await town.files_are_checked()
    await mentor.presses_data("s:reviews", mentor.replies[-1])
    await mentor.sees("yang terlama")
    await mentor.presses("1")
    await mentor.sees("no. 2", "📎 Lampiran.pdf")
    assert await mentor.presses("Terima") == "Diterima."
    await official.sees("✅", "sudah diterima. Terima kasih")

    state, verdicts, acts = await town.read(_ended)
    assert state is ItemState.ACCEPTED
    assert verdicts == [(1, Verdict.RETURNED), (2, Verdict.ACCEPTED)]
    assert acts == Counter(start=1, attach=2, submit=2, **{"return": 1}, accept=1)


def _ended(session: Session) -> tuple[ItemState, list[tuple[int, Verdict]], Counter[str]]:

    item = session.scalars(select(Item).where(Item.key == "kl-sk-dewan")).one()
    found = session.execute(select(Submission.number, Submission.verdict).order_by(Submission.number))
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject == "item", AuditEntry.subject_id == item.id))
    return item.state, [(row.number, row.verdict) for row in found], Counter(acts)
