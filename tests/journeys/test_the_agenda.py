"""A meeting over a real wire: scheduled by a coordinator, told by the clock, answered, and saved as a calendar file."""

from datetime import UTC, datetime

import icalendar

from db.vocabulary import Role
from tests import stage
from tests.journeys.town import Town


async def test_a_bimtek_is_scheduled_told_answered_and_saved(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    siti = await town.moves_in("Siti Rahma", Role.LEAD, stage.TEBING_TINGGI)
    ratna = await town.moves_in("Ratna Dewi", Role.LEAD, stage.KATINGAN)
    await coordinator.says("/agenda")
    await coordinator.sees("Belum ada kegiatan")
    await coordinator.presses("Jadwalkan")
    await coordinator.sees("Apa yang akan dijadwalkan?")
    await coordinator.presses("Bimtek tahap IV")
    await coordinator.sees("Untuk daerah mana?")
    await coordinator.says("Tebing Tinggi")
    await coordinator.sees("Kapan dimulai?")
    await coordinator.says("20 November 09.00-12.00")
    await coordinator.sees("Di mana tempatnya?")
    await coordinator.says("Aula Dinas Kominfo https://zoom.us/j/123")
    await coordinator.sees("Yang harus dihasilkan", "Draf Buku 3")
    await coordinator.presses("✅ Jadwalkan")
    await coordinator.sees("sudah dijadwalkan", "Buka tautan")
    town.later(minutes=11)
    await town.ticks()

    letter = await siti.sees("Jadwal baru", "Jumat, 20 November 2026 pukul 09.00 WIB sampai 12.00 WIB")
    await siti.presses("🙋 Hadir", letter)
    await siti.sees_toast("Tercatat: Bapak/Ibu hadir.")
    await siti.sees("Jawaban Bapak/Ibu: hadir")
    await siti.presses("Simpan ke kalender")
    content = await siti.sees_file("bimtek-tahap-iv-2026-11-20.ics")

    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # type: ignore[union-attr]
    assert str(event["summary"]) == "Bimtek tahap IV · Kota Tebing Tinggi"
    await town.quiet()
    assert "Bimtek" not in ratna.play()
