"""People who live the main journey: officials prove their items, mentors review them, others go on meanwhile."""

import asyncio
from dataclasses import dataclass, field

from tests.files.samples import PAGES, pdf_of
from tests.killing.crowd_scene import Mentor, Official, Scene, Talker, Task
from tests.killing.phones import DESPAIR_SECONDS, STRANGERS_SECONDS, People, Phone
from tests.killing.scene import COORDINATOR

MOST_LINKS = 45
REASON = "SK belum memuat lampiran susunan tim."


@dataclass
class Crowd(People):
    """Everybody of the main journey."""

    scene: Scene
    links: dict[int, list[str]] = field(default_factory=dict)

    async def live(self) -> None:
        """The whole journey of everybody; ends when the last official has seen the last verdict."""
        self._phone(COORDINATOR, "Koordinator").writes("/start")
        async with asyncio.TaskGroup() as group:
            for talker in self.scene.talkers:
                group.create_task(self._talks(talker))
            for mentor in self.scene.mentors:
                group.create_task(self._reviews(mentor))
            async with asyncio.TaskGroup() as officials:
                for official in self.scene.officials:
                    officials.create_task(self._proves(official))
            await self.pace(1.0)
            self.over.set()

    # An official

    async def _proves(self, official: Official) -> None:
        phone = self._phone(official.telegram_id, official.name)
        rounds = len(official.items)
        await self._comes_in(phone, official, 1 / (rounds + 1))
        for number, task in enumerate(official.items, 1):
            begun = number / (rounds + 1)
            await self._proves_one(phone, task, begun, 1 / (rounds + 1))

    async def _comes_in(self, phone: Phone, official: Official, share: float) -> None:
        await self._thinks()
        await phone.says_once(lambda: phone.writes(f"/start i_{official.code}"), "[Ya")
        await self.pace(0.25 * share)
        await phone.presses_until("Ya, lanjutkan", "Pertanyaan 1", patience=STRANGERS_SECONDS)
        await phone.presses_until(f"Pakai: {official.name}", "Pertanyaan 2", patience=STRANGERS_SECONDS)
        await self.pace(0.5 * share)
        await phone.says_once(lambda: phone.writes("Kepala Dinas Kominfo"), "Pemberitahuan privasi")
        await self.pace(0.75 * share)
        await phone.presses_until("Saya setuju", "Selamat datang", patience=STRANGERS_SECONDS)
        await self._thinks()
        await phone.presses_until("Lewati pengenalan", "Tenggat")

    async def _proves_one(self, phone: Phone, task: Task, begun: float, share: float) -> None:
        await self.pace(begun)
        await self._thinks()
        await self._begins(phone, task)
        await self.pace(begun + 0.2 * share)
        await self._attaches(phone, f"{task.key}-1.pdf")
        await self.pace(begun + 0.4 * share)
        returned = len(phone.appeared)
        await self._submits(phone)
        await self._waits_for(phone, returned, task.title, "dikembalikan", REASON)
        await self.pace(begun + 0.6 * share)
        await phone.presses_until("Lampirkan perbaikan", "Bukti yang diperlukan")
        await self._attaches(phone, f"{task.key}-2.pdf")
        await self.pace(begun + 0.8 * share)
        accepted = len(phone.appeared)
        await self._submits(phone)
        await self._waits_for(phone, accepted, task.title, "✅", "sudah diterima. Terima kasih")

    async def _begins(self, phone: Phone, task: Task) -> None:
        await phone.says_once(lambda: phone.writes(f"/start t_{task.key}"), task.title, "[✏️ Kerjakan]")
        await phone.presses_until("Kerjakan", task.title, "Draf")

    async def _attaches(self, phone: Phone, name: str) -> None:
        content = pdf_of(PAGES) + f"\n% {phone.user_id} {name}\n%%EOF\n".encode()
        await phone.says_once(lambda: phone.uploads({name: content}), "Tersimpan", name)
        await self._thinks()

    async def _submits(self, phone: Phone) -> None:
        await phone.presses_until("Periksa dan ajukan", "Mohon periksa")
        await self._thinks()
        await phone.presses_until("Ajukan", "diajukan", "Riwayat")

    async def _waits_for(self, phone: Phone, mark: int, *parts: str) -> None:
        phone.believed(await phone.sees_soon(mark, *parts, seconds=DESPAIR_SECONDS), parts)

    # A mentor

    async def _reviews(self, mentor: Mentor) -> None:
        phone = self._phone(mentor.telegram_id, mentor.name)
        await phone.says_once(lambda: phone.writes("/start"), mentor.name)
        while not self.over.is_set():
            if not await self._reviews_the_oldest(phone):
                await asyncio.sleep(self.chance.uniform(0.1, 0.4))

    async def _reviews_the_oldest(self, phone: Phone) -> bool:
        """Whether something waited. Whatever is lost on the way is found in the list again."""
        mark = len(phone.appeared)
        phone.looks("reviews")
        listed = await phone.sees_soon(mark, "Tinjauan") or phone.shows("Tinjauan")
        if listed is None or "[1]" not in listed:
            return False
        mark = len(phone.appeared)
        phone.tries("1")
        card = await phone.sees_soon(mark, "no. ", "[✅ Terima]")
        if card is None:
            return False
        await self._thinks()
        await (self._hands_back(phone) if "no. 1 ·" in card else self._accepts(phone))
        return True

    async def _hands_back(self, phone: Phone) -> None:
        mark = len(phone.appeared)
        phone.tries("Kembalikan")
        if await phone.sees_soon(mark, "Apa yang perlu dilengkapi") is None:
            return
        await self._thinks()
        await phone.says_once(lambda: phone.writes(REASON), "Tinjauan")

    async def _accepts(self, phone: Phone) -> None:
        mark = len(phone.appeared)
        phone.tries("Terima")
        await phone.sees_soon(mark, "diterima", seconds=1.0)

    # Everybody else

    async def _talks(self, talker: Talker) -> None:
        phone = self._phone(talker.telegram_id, talker.name)
        said = self.links.setdefault(talker.telegram_id, [])
        await phone.says_once(lambda: phone.writes("/start"), talker.name)
        for task in talker.items:
            await self._begins(phone, task)
            for _ in range(MOST_LINKS):
                if self.over.is_set():
                    return
                await self._sends_a_link(phone, said)
            await phone.presses_until("Lanjutkan nanti", "Draf tersimpan")

    async def _sends_a_link(self, phone: Phone, said: list[str]) -> None:
        link = f"https://data.go.id/{phone.user_id}/{len(said)}"
        said.append(link)
        await phone.says_once(lambda: phone.writes(link), "Tersimpan")
        if self.chance.random() < 0.3:
            await self._looks_around(phone)
        await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    async def _looks_around(self, phone: Phone) -> None:
        mark = len(phone.appeared)
        phone.looks(self.chance.choice(("home", "tasks", "stages", "progress", "help")))
        await phone.sees_soon(mark, "[▶")
        mark = len(phone.appeared)
        phone.looks("resume")
        await phone.sees_soon(mark, "Draf")
