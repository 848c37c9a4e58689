"""A decree's list as a workbook, over a real wire: sent, fetched, read, seen ahead and kept."""

from datetime import date

from sqlalchemy import select

from db.models import Holiday
from db.vocabulary import Role
from tests.files.test_lists import sheet
from tests.journeys.town import Town


async def test_a_workbook_with_a_fault_becomes_days_off(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    await coordinator.says("/libur")
    await coordinator.sees("Hari libur dalam empat bulan")
    await coordinator.presses("Hari program")
    await coordinator.sees("yang ditetapkan koordinator")
    await coordinator.presses("Tambah hari")
    await coordinator.sees("Jenis: hari libur")
    content = sheet(["Tanggal", "Nama"], [date(2026, 12, 28), "Cuti bersama"], ["31 Februari", "Libur"])
    await coordinator.sends_document("cuti.xlsx", content)
    letter = await coordinator.sees("1 hari terbaca dalam cuti.xlsx", "Baris 3:")
    await coordinator.presses("Lihat pergeseran", letter)
    await coordinator.sees("Senin, 28 Desember 2026: Cuti bersama")
    await coordinator.presses("✅ Simpan")
    await coordinator.sees("1 hari disimpan")

    assert await town.read(lambda session: session.scalars(select(Holiday.day)).all()) == [date(2026, 12, 28)]
