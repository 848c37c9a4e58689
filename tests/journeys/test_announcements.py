"""An announcement through a real wire: to exactly those chosen, read by a tap, stopped in an emergency, in doubt."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.services import stopping
from db.models import Announcement, AuditEntry, CheckIn, OutboxMessage, Reader, Switch
from db.models import Person as Recipient
from db.vocabulary import Lane, OutboxState, ReaderState, Role
from simulator.person import Person
from tests import stage
from tests.journeys.town import Town


def states(session: Session) -> list[ReaderState]:
    return list(session.scalars(select(Reader.state).order_by(Reader.person_id)))


async def announces(coordinator: Person, text: str, *presses: str) -> None:
    """A draft for the officials, up to the last button; `presses` are pressed on the draft first."""
    await coordinator.says("/siarkan")
    await coordinator.sees("Pengumuman baru")
    await coordinator.presses("Pengumuman baru")
    await coordinator.sees("Mohon tulis pengumuman")
    await coordinator.says(text)
    await coordinator.sees("[✅ Selesai]")
    await coordinator.presses("Selesai")
    await coordinator.sees("Draf pengumuman")
    for label in presses:
        await coordinator.presses(label)
        await coordinator.sees("diingatkan satu kali")
    await coordinator.presses("Penerima")
    await coordinator.sees("⬜ pejabat daerah")
    await coordinator.presses("pejabat daerah")
    await coordinator.sees("✅ pejabat daerah")
    await coordinator.presses("Kembali")
    await coordinator.sees("Kepada: pejabat daerah di semua daerah")
    await coordinator.presses("Periksa dan kirim")
    await coordinator.sees("Sebelum dikirim")


async def test_an_announcement_is_sent_read_and_counted(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    officials = [await town.moves_in(f"Pejabat {n}", Role.OFFICIAL, stage.TEBING_TINGGI) for n in ("A", "B", "C")]
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    await announces(coordinator, "Rapat koordinasi Senin pukul 09.00.")
    await coordinator.presses("Kirim ke 3 orang")
    await coordinator.sees("dijadwalkan")
    town.later(seconds=31)
    await town.ticks()

    for official in officials:
        letter = await official.sees("Rapat koordinasi Senin", "[✅ Sudah saya baca]")
        await official.presses("Sudah saya baca", letter)
        await official.sees_toast("sudah dicatat")
    await town.quiet()
    await town.ticks()

    assert await town.read(states) == [ReaderState.SENT] * 3
    assert "Rapat koordinasi" not in mentor.play()
    await coordinator.sees("sudah sampai kepada 3 dari 3 penerima")
    await coordinator.sees("100%", "✅ terkirim: 3", "Menyatakan sudah membaca: 3")


async def test_the_emergency_stop_holds_what_goes_out_and_lets_replies_pass(town: Town) -> None:
    admin = await town.moves_in("Hendra Gunawan", Role.ADMIN)
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    await announces(coordinator, "Rapat koordinasi Senin pukul 09.00.")
    await coordinator.presses("Kirim ke 1 orang")
    await coordinator.sees("dijadwalkan")

    await admin.says("/hentikansemua")
    await admin.sees("Semua pengiriman dihentikan")
    await coordinator.sees("Hendra Gunawan menghentikan semua pengiriman")
    town.later(seconds=31)
    await town.ticks()
    await official.says("/menu")
    await official.sees("Siti Rahma")
    assert "Rapat koordinasi" not in official.play()
    assert await town.read(lambda session: session.scalar(_waiting())) == 1

    await admin.says("/lanjutkansemua")
    await admin.sees("Semua pengiriman berjalan")
    await official.sees("Rapat koordinasi Senin")
    await town.quiet()
    acts = await town.read(lambda session: list(session.scalars(select(AuditEntry.act))))
    assert acts.count("stop_everything") == acts.count("go_on") == 1
    assert await town.read(lambda session: session.get(Switch, stopping.NAME)) is None


def _waiting() -> object:
    waits = (OutboxMessage.lane == Lane.BULK, OutboxMessage.state == OutboxState.WAITING)
    return select(func.count()).select_from(OutboxMessage).where(*waits)


async def test_nobody_but_an_administrator_stops_everything(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)

    await coordinator.says("/hentikansemua")
    await coordinator.sees("Tidak ditemukan")

    assert await town.read(lambda session: session.get(Switch, stopping.NAME)) is None


async def test_what_telegram_may_have_taken_is_uncertain_and_never_sent_twice_by_itself(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    await announces(coordinator, "Rapat koordinasi Senin pukul 09.00.")
    await coordinator.presses("Kirim ke 1 orang")
    await coordinator.sees("dijadwalkan")
    await town.quiet()
    town.sim.plan.set({"accept_then_drop": 1.0, "methods": ["sendMessage"]})
    town.later(seconds=31)
    await town.ticks()
    await official.sees("Rapat koordinasi Senin")
    town.sim.plan.set({"preset": "normal"})
    await town.quiet()
    town.later(minutes=60)
    await town.ticks()

    assert await town.read(states) == [ReaderState.IN_DOUBT]
    assert official.play().count("Rapat koordinasi Senin") == 1
    await coordinator.says("/siarkan")
    await coordinator.sees("1. Rapat koordinasi")
    await coordinator.presses("1. Rapat koordinasi Senin pukul…")
    await coordinator.sees("[❔ Belum pasti (1)]")
    await coordinator.presses("Belum pasti (1)")
    await coordinator.sees("belum pasti terkirim", "[1: anggap terkirim]")
    await coordinator.presses("1: anggap terkirim")
    await town.quiet()
    assert await town.read(states) == [ReaderState.SENT]


async def test_a_reply_to_an_announcement_becomes_a_question_that_says_what_it_is_about(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    mentor = await town.moves_in("Bambang Wijaya", Role.MENTOR, stage.TEBING_TINGGI)
    await announces(coordinator, "Rapat koordinasi Senin pukul 09.00.")
    await coordinator.presses("Kirim ke 1 orang")
    await coordinator.sees("dijadwalkan")
    town.later(seconds=31)
    await town.ticks()
    letter = await official.sees("Rapat koordinasi Senin", "[✅ Sudah saya baca]")

    await official.says("Apakah rapat ini boleh diwakili oleh staf kami?", reply_to=letter)
    await official.sees("Apakah rapat ini boleh diwakili", "[📨 Kirim]")
    await official.presses("Kirim")
    await official.sees("mengenai bidang apa")
    await official.presses("Tidak tahu")
    await official.sees("T-0001")

    await mentor.sees("T-0001", "Mengenai pengumuman: Rapat koordinasi Senin pukul 09.00.")


async def test_only_whoever_has_not_confirmed_is_reminded_and_the_list_of_them_says_the_same(town: Town) -> None:
    town.later(days=2)
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    officials = [await town.moves_in(f"Pejabat {n}", Role.OFFICIAL, stage.TEBING_TINGGI) for n in ("A", "B", "C")]
    await announces(coordinator, "Rapat koordinasi Rabu pukul 09.00.", "Tanpa pengingat")
    await coordinator.presses("Kirim ke 3 orang")
    await coordinator.sees("dijadwalkan")
    town.later(seconds=31)
    await town.ticks()
    letter = await officials[0].sees("Rapat koordinasi Rabu", "[✅ Sudah saya baca]")
    for _twice in range(2):
        await officials[0].presses("Sudah saya baca", letter)
        await officials[0].sees_toast("sudah dicatat")
    await town.quiet()
    await town.ticks()

    town.later(days=1, minutes=5)
    await town.ticks()
    for official in officials[1:]:
        reminder = await official.sees("belum mengonfirmasi pengumuman “Rapat koordinasi Rabu", "[✅ Sudah saya baca]")
        assert official.play().count("belum mengonfirmasi") == 1
    await officials[2].presses("Sudah saya baca", reminder)
    await officials[2].sees_toast("sudah dicatat")
    await town.quiet()
    town.later(days=1)
    await town.ticks()
    await town.quiet()

    assert "belum mengonfirmasi" not in officials[0].play()
    assert [official.play().count("belum mengonfirmasi") for official in officials] == [0, 1, 1]
    await coordinator.says("/siarkan")
    await coordinator.sees("1. Rapat koordinasi")
    await coordinator.presses("1. Rapat koordinasi Rabu pukul 09.00.")
    await coordinator.sees("Menyatakan sudah membaca: 2", "Sudah diingatkan: 2", "[🔕 Belum konfirmasi (1)]")
    await coordinator.presses("Belum konfirmasi (1)")
    await coordinator.sees("Pejabat B")
    silent = select(func.count()).select_from(Reader).where(Reader.read_at.is_(None))
    assert await town.read(lambda session: session.scalar(silent)) == 1


async def test_whoever_blocked_pandu_is_listed_and_hears_once_of_what_was_missed(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    official = await town.moves_in("Siti Rahma", Role.OFFICIAL, stage.TEBING_TINGGI)
    await official.blocks()
    await town.quiet()
    await official.unblocks()
    await town.quiet()
    official.about.blocked = True
    for subject in ("Rapat Senin pukul 09.00.", "Rapat Selasa pukul 09.00."):
        await announces(coordinator, subject)
        await coordinator.presses("Kirim ke 1 orang")
        await coordinator.sees("dijadwalkan")
        town.later(seconds=31)
        await town.ticks()
        await town.quiet()
        await town.ticks()
        assert await town.read(lambda session: session.scalar(_lost())) == "Siti Rahma"
        await coordinator.sees("gagal: 1")

    await official.unblocks()
    await official.sees("2 pengumuman", "Rapat Senin pukul 09.00.", "Rapat Selasa pukul 09.00.", "[📢 Pengumuman]")
    await official.blocks()
    await town.quiet()
    await official.unblocks()
    await town.quiet()

    assert official.play().count("2 pengumuman belum dapat disampaikan") == 1
    await official.says("/pengumuman")
    await official.sees("[🔵 Rapat Senin pukul 09.00.]")


def _lost() -> object:
    return select(Recipient.name).where(Recipient.unreachable_at.is_not(None))


async def test_an_invitation_is_answered_and_its_session_checked_in_by_a_link_and_by_a_typed_code(town: Town) -> None:
    coordinator = await town.moves_in("Sari Wulandari", Role.COORDINATOR)
    officials = [await town.moves_in(f"Pejabat {n}", Role.OFFICIAL, stage.TEBING_TINGGI) for n in ("A", "B")]
    await coordinator.says("/siarkan")
    await coordinator.sees("Pengumuman baru")
    await coordinator.presses("Pengumuman baru")
    await coordinator.sees("Mohon tulis pengumuman")
    await coordinator.says("Undangan bimtek Buku 2.")
    await coordinator.sees("[✅ Selesai]")
    await coordinator.presses("Selesai")
    await coordinator.sees("Draf pengumuman", "[☑️ Minta: sudah dibaca]")
    await coordinator.presses("Minta: sudah dibaca")
    await coordinator.sees("[🕘 Waktu acara]")
    await coordinator.presses("Waktu acara")
    await coordinator.sees("Kapan acaranya?")
    await coordinator.says("14 November 10.00-12.00")
    await coordinator.sees("🕘 Sabtu, 14 November 2026 pukul 10.00 WIB sampai 12.00 WIB")
    await coordinator.presses("Penerima")
    await coordinator.sees("⬜ pejabat daerah")
    await coordinator.presses("pejabat daerah")
    await coordinator.sees("✅ pejabat daerah")
    await coordinator.presses("Kembali")
    await coordinator.sees("Kepada: pejabat daerah di semua daerah")
    await coordinator.presses("Periksa dan kirim")
    await coordinator.sees("Sebelum dikirim")
    await coordinator.presses("Kirim ke 2 orang")
    await coordinator.sees("dijadwalkan")
    town.later(seconds=31)
    await town.ticks()
    letter = await officials[0].sees("Undangan bimtek Buku 2", "[🙋 Hadir]")
    await officials[0].presses("Hadir", letter)
    await officials[0].sees_toast("Terima kasih")
    await town.quiet()
    await town.ticks()

    await coordinator.sees("[🙋 Kehadiran]")
    await coordinator.presses("Kehadiran")
    await coordinator.sees("akan hadir: 1", "belum menjawab: 1")
    await coordinator.presses("Buka daftar hadir")
    await coordinator.sees("Mohon tampilkan gambar ini")
    code = await town.read(lambda session: session.scalar(select(Announcement.check_in_code)))
    town.later(minutes=30)
    await officials[0].says(f"/start c_{code}")
    await officials[0].sees("✅ Kehadiran Bapak/Ibu pada “Undangan bimtek Buku 2.” dicatat")
    await officials[1].says(str(code).lower())
    await officials[1].sees("✅ Kehadiran Bapak/Ibu pada “Undangan bimtek Buku 2.” dicatat")

    await town.quiet()
    assert await town.read(lambda session: session.scalar(select(func.count()).select_from(CheckIn))) == 2
