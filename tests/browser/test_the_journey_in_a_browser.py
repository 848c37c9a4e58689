"""The main journey as a newcomer lives it: in a browser, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services import invites, seats
from db.models import Item
from db.vocabulary import ItemState, Role
from tests import stage
from tests.browser.page import Phone, browser_path, chromium
from tests.files.samples import pdf
from tests.journeys.town import Town, open_town

OFFICIAL = 501


async def come_in(official: Phone, code: str) -> None:
    await official.presses("Mulai")
    await official.sees("Akses")
    await official.says(code)
    await official.presses("Ya, lanjutkan")
    await official.presses("Pakai: Siti Rahma")
    await official.sees("Jabatan")
    await official.says("Kepala Dinas Kominfo")
    await official.presses("Saya setuju")
    await official.sees("Langkah 1 dari 3")
    await official.presses("Lanjutkan ▶")
    await official.presses("Simpan dan lanjutkan")
    await official.presses("Ke butir pertama")
    await official.sees("Bukti yang diperlukan")


async def prove(official: Phone, town: Town, name: str, content: bytes) -> None:
    await official.sends(name, "application/pdf", content)
    await official.sees("Tersimpan")
    await town.files_are_checked()
    await official.presses("Periksa dan ajukan")
    await official.sees("Mohon periksa")
    await official.presses("Ajukan")
    await official.sees("sudah diajukan")


@pytest.mark.skipif(browser_path() is None, reason="no Chromium on this machine; .ci/run installs it")
async def test_invite_consent_tour_item_evidence_submit_return_repair_accept(database_url: str, tmp_path: Path) -> None:
    async with open_town(database_url, tmp_path) as town, chromium() as browser:
        mentor_at_phone = await town.moves_in("Dr. Wayan Sudarma", Role.MENTOR)
        town.stranger(OFFICIAL, "Siti Rahma")
        what = seats.Grantable(Role.LEAD, stage.TEBING_TINGGI)
        code = await town.write(lambda work: invites.create_as_operator(work, what)[1])
        official = await Phone.of(browser, town.sim.url, OFFICIAL)
        mentor = await Phone.of(browser, town.sim.url, mentor_at_phone.user_id)

        await come_in(official, code)
        await official.presses("Kerjakan")
        await official.sees("belum ada bukti")
        await prove(official, town, "Surat.pdf", pdf())
        await mentor.sees("pengajuan baru menunggu")
        await mentor.presses("Tinjau")
        await mentor.sees("yang terlama")
        await mentor.presses("1")
        await mentor.presses("Kembalikan")
        await mentor.sees("Apa yang perlu dilengkapi")
        await mentor.says("Surat belum bernomor.")
        await official.sees("Surat belum bernomor.")
        await official.presses("Lampirkan perbaikan")
        await official.sees("1 bukti")
        await prove(official, town, "Surat bernomor.pdf", pdf() + b"\n%%EOF\n")
        await mentor.presses("Tinjau")
        await mentor.sees("yang terlama")
        await mentor.presses("1")
        await mentor.presses("Terima")
        await official.sees("sudah diterima")

        accepted = await town.read(
            lambda session: session.scalars(select(Item.key).where(Item.state == ItemState.ACCEPTED)).all()
        )
    assert len(accepted) == 1
