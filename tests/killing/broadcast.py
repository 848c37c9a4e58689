"""People of a broadcast: those of a busy hour, readers who confirm, and a coordinator who watches it to its end."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from simulator import acts
from tests.killing.broadcast_scene import WORDS, BroadcastScene
from tests.killing.hour import Hour
from tests.killing.phones import Phone
from tests.killing.scene import COORDINATOR

NOTED = "sudah dicatat bahwa Bapak/Ibu membacanya"
PAUSED, DONE = "\nditahan\n", "\nterkirim\n"
LOOKING_SECONDS = 1.0


@dataclass
class Broadcast(Hour):
    """Everybody of a broadcast. `resumed` is how often the coordinator found it paused and let it go on."""

    scene: BroadcastScene
    resumed: int = 0
    noted: set[int] = field(default_factory=set)

    async def live(self) -> None:
        """The hour, while the announcement goes out."""
        self._readers_have_phones()
        await super().live()

    def _meanwhile(self) -> list[Coroutine[Any, Any, None]]:
        return [*super()._meanwhile(), *(self._confirms(account) for account in self.scene.confirming)]

    def _goals(self) -> list[Coroutine[Any, Any, None]]:
        return [*super()._goals(), self._watches()]

    def _readers_have_phones(self) -> None:
        for account, name in self.scene.readers.items():
            about = {"id": account, "first_name": name, "started": True, "blocked": account in self.scene.blocked}
            acts.add_person(self.sim.x, about)

    async def _watches(self) -> None:
        """A coordinator looks again and again. Pandu pauses where five results in a row are unknown, which kills make
        likely: then a person decides, here always that it goes on."""
        phone = self._phone(COORDINATOR, "Koordinator")
        await phone.says_once(lambda: phone.writes("/start"), "Koordinator")
        page = ""
        while DONE not in page:
            mark = len(phone.appeared)
            phone.looks(f"announcement:{self.scene.announcement_id}")
            page = await phone.sees_soon(mark, "Pengumuman 1") or phone.shows("Pengumuman 1") or ""
            if PAUSED in page and phone.tries("Lanjutkan", "Pengumuman 1"):
                self.resumed += 1
            await asyncio.sleep(0.0 if self.hurry else LOOKING_SECONDS)

    async def _confirms(self, account: int) -> None:
        """A reader presses until it is noted; whoever did not get it has nothing to press."""
        phone = self._phone(account, self.scene.readers[account])
        while not self.over.is_set() and account not in self.noted:
            if phone.tries("Sudah saya baca", WORDS):
                await self._hears_of(phone, account)
            await asyncio.sleep(LOOKING_SECONDS)

    async def _hears_of(self, phone: Phone, account: int) -> None:
        mark = len(phone.appeared)
        await phone.sees_soon(mark, "")
        if any(NOTED in toast for toast in phone.toasts):
            self.noted.add(account)
