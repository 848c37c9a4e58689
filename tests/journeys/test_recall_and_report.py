"""After an announcement has left, through a real wire: its report comes as a file, and it can be taken back."""

import io
import zipfile

from sqlalchemy import select

from db.models import Reader
from db.vocabulary import Role
from simulator.person import Person
from tests import stage
from tests.journeys.test_announcements import announces
from tests.journeys.town import Town


async def sent(town: Town) -> tuple[Person, Person]:
    """A coordinator and an official who has got it."""
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    await announces(coordinator, "Rapat koordinasi Senin pukul 09.00.")
    await coordinator.presses("Kirim ke 1 orang")
    await coordinator.sees("dijadwalkan")
    town.later(seconds=31)
    await town.ticks()
    await official.sees("Rapat koordinasi Senin", "[✅ Sudah saya baca]")
    await town.quiet()
    await town.ticks()
    await coordinator.sees("sudah sampai kepada 1 dari 1 penerima")
    return coordinator, official


async def test_the_report_arrives_as_a_file_that_opens(town: Town) -> None:
    coordinator, _official = await sent(town)
    await coordinator.presses("Buka pengumuman")
    await coordinator.sees("Laporan (Excel)")
    await coordinator.presses("Laporan (Excel)")
    await coordinator.sees_toast("Berkas Excel sedang disusun")
    await town.ticks()

    file = await coordinator.sees_file("pengumuman-1-laporan.xlsx")
    content = zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet2.xml").decode()
    assert "Siti Rahma" in content


async def test_a_recalled_announcement_turns_into_the_word_that_it_was(town: Town) -> None:
    coordinator, official = await sent(town)
    await coordinator.presses("Buka pengumuman")
    await coordinator.sees("Tarik kembali")
    await coordinator.presses("Tarik kembali")
    await coordinator.sees("1 orang", "Siti Rahma")
    await coordinator.presses("Ya, tarik kembali")
    await coordinator.sees("Mengapa pengumuman ini ditarik kembali?")
    await coordinator.says("Tempat rapat berubah.")
    await coordinator.sees("Alasan: Tempat rapat berubah.")
    await town.ticks()

    await official.sees("Pengumuman ini ditarik kembali", "Oleh Sari Wulandari", "Tempat rapat berubah.")
    assert "09.00.\n" not in official.play()
    await town.quiet()
    await town.ticks()
    await town.ticks()
    await coordinator.sees("1 salinan sudah ditarik")
    assert await town.read(lambda session: session.scalars(select(Reader.recalled)).all()) == [True]
