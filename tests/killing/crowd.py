"""People who live the main journey as people do: who press again when nothing happens, but never say a thing twice.

Telegram keeps a message for a day, so what was said arrives. A press may be lost, and its answer may be: what a
person trusts is what they see.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from simulator import acts, files
from simulator.person import NotSeenError, Person, shown
from simulator.server import Simulator
from tests.files.samples import PAGES, pdf_of
from tests.killing.scene import COORDINATOR, Mentor, Official, Scene, Talker, Task

Json = dict[str, Any]

PATIENCE_SECONDS = 2.5
# Whoever is not known yet is answered twelve times a minute at most.
STRANGERS_SECONDS = 7.0
DESPAIR_SECONDS = 300.0
MOST_LINKS = 45
REASON = "SK belum memuat lampiran susunan tim."
Pace = Callable[[float], Awaitable[None]]
"""Waits until this part (0 to 1) of the journey may be reached."""


class Phone(Person):
    """A person who remembers everything that appeared on the screen, and every update that left."""

    def __init__(self, sim: Simulator, user_id: int, name: str) -> None:
        self.appeared: list[str] = []
        self.sent: dict[int, str] = {}
        super().__init__(sim, user_id, name)

    def _hear(self, event: Json) -> None:
        is_mine = event.get("chat_id") == self.user_id
        if is_mine and event["type"] == "message" and not event["message"]["outgoing"]:
            self.appeared.append(shown(event["message"]))
        super()._hear(event)

    def does(self, deed: Callable[[], Any], kind: str) -> None:
        """One deed that makes one update."""
        deed()
        self.sent[self.sim.x.world.last_update_id] = kind

    def writes(self, text: str) -> None:
        self.does(lambda: acts.says(self.sim.x, self._now(), text), "message")

    def uploads(self, name: str, content: bytes) -> None:
        upload = files.named(name, None, content)
        self.does(lambda: acts.sends_files(self.sim.x, self._now(), [upload]), "message")

    def taps(self, data: str, message: Json) -> None:
        self.does(lambda: acts.presses(self.sim.x, self._now(), message["message_id"], data), "callback_query")

    def tries(self, label: str) -> bool:
        """Press the newest button of this label. False if there is none now."""
        try:
            message, button = self.button(label)
        except NotSeenError:
            return False
        self.taps(button["callback_data"], message)
        return True

    def looks(self, screen: str) -> bool:
        """Go to a screen from the newest message, as a button there would."""
        if not self.replies:
            return False
        self.taps(f"s:{screen}", self.replies[-1])
        return True

    async def sees_soon(self, mark: int, *parts: str, seconds: float = PATIENCE_SECONDS) -> str | None:
        """The newest that appeared since `mark` with all parts; None if nothing has come within the time."""

        def found() -> str | None:
            since = reversed(self.appeared[mark:])
            return next((text for text in since if all(part in text for part in parts)), None)

        try:
            async with asyncio.timeout(seconds):
                while found() is None:
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            return None
        return found()

    def shows(self, *parts: str) -> str | None:
        """What stands lowest, if it has all parts. A press that changes nothing makes nothing appear."""
        lowest = shown(self.replies[-1]) if self.replies else ""
        return lowest if all(part in lowest for part in parts) else None

    async def says_once(self, deed: Callable[[], None], *parts: str) -> str:
        """Do something that Telegram will not lose, and wait for the answer."""
        mark = len(self.appeared)
        deed()
        answer = await self.sees_soon(mark, *parts, seconds=DESPAIR_SECONDS)
        return self._believed(answer, parts)

    async def presses_until(self, label: str, *parts: str, patience: float = PATIENCE_SECONDS) -> str:
        """Press, and press again, until the screen shows all parts."""
        mark, given_up = len(self.appeared), time.monotonic() + DESPAIR_SECONDS
        answer = None
        while answer is None and time.monotonic() < given_up:
            self.tries(label)
            answer = await self.sees_soon(mark, *parts, seconds=patience) or self.shows(*parts)
        return self._believed(answer, (label, *parts))

    def _believed(self, answer: str | None, parts: tuple[str, ...]) -> str:
        if answer is None:
            raise NotSeenError(f"{self.user_id}: {parts} did not come; the chat ends:\n{self.play()[-2000:]}")
        return answer


@dataclass
class Crowd:
    """Everybody of a scene at their phones."""

    sim: Simulator
    scene: Scene
    pace: Pace
    chance: random.Random
    hurry: bool = False
    phones: dict[int, Phone] = field(default_factory=dict)
    links: dict[int, list[str]] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

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

    @property
    def sent(self) -> dict[int, str]:
        """Every update that left a phone: its kind by its number."""
        return {number: kind for phone in self.phones.values() for number, kind in phone.sent.items()}

    def _phone(self, user_id: int, name: str) -> Phone:
        return self.phones.setdefault(user_id, Phone(self.sim, user_id, name))

    async def _thinks(self) -> None:
        await asyncio.sleep(0.0 if self.hurry else self.chance.uniform(0.0, 0.25))

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
        await phone.says_once(lambda: phone.uploads(name, content), "Tersimpan", name)
        await self._thinks()

    async def _submits(self, phone: Phone) -> None:
        await phone.presses_until("Periksa dan ajukan", "Mohon periksa")
        await self._thinks()
        await phone.presses_until("Ajukan", "diajukan", "Riwayat")

    async def _waits_for(self, phone: Phone, mark: int, *parts: str) -> None:
        phone._believed(await phone.sees_soon(mark, *parts, seconds=DESPAIR_SECONDS), parts)

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
