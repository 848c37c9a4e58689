"""People at their phones: who press again when nothing happens, but never say a thing twice.

Telegram keeps a message for a day, so what was said arrives. A press may be lost, and its answer may be: what a
person trusts is what they see.
"""

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from simulator import acts, files
from simulator.person import NotSeenError, Person, shown
from simulator.server import Simulator

Json = dict[str, Any]

PATIENCE_SECONDS = 2.5
# Whoever is not known yet is answered twelve times a minute at most.
STRANGERS_SECONDS = 7.0
DESPAIR_SECONDS = 900.0
# Kinds of updates: a press, and one on a button of a question that is open, or was.
PRESS, STEP = "callback_query", "callback_query of a step"
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

    def does(self, deed: Callable[[], Any], kind: str) -> list[int]:
        """One deed; the updates it makes."""
        before = self.sim.x.world.last_update_id
        deed()
        made = list(range(before + 1, self.sim.x.world.last_update_id + 1))
        self.sent.update(dict.fromkeys(made, kind))
        return made

    def writes(self, text: str, reply_to: Json | None = None) -> None:
        answered = reply_to["message_id"] if reply_to else None
        self.does(lambda: acts.says(self.sim.x, self._now(), text, reply_to=answered), "message")

    def uploads(self, contents: Mapping[str, bytes], kind: str = "document", caption: str = "") -> None:
        """One file, or several as an album."""
        uploads = [files.named(name, None, content) for name, content in contents.items()]
        sent: list[Json] = []

        def deed() -> None:
            sent.extend(acts.sends_files(self.sim.x, self._now(), uploads, kind=kind, caption=caption))

        for number, message in zip(self.does(deed, "message"), sent, strict=True):
            if "media_group_id" in message:
                self.sent[number] = f"album:{self.user_id}:{message['media_group_id']}:{message['message_id']}"

    def taps(self, data: str, message: Json) -> None:
        kind = STEP if data.startswith("f:") else PRESS
        self.does(lambda: acts.presses(self.sim.x, self._now(), message["message_id"], data), kind)

    def tries(self, label: str, *parts: str) -> bool:
        """Press the newest button of this label, on a message with all parts. False if there is none now."""
        for message in reversed(self.replies):
            if all(part in shown(message) for part in parts):
                with suppress(NotSeenError):
                    self.taps(self.button(label, message)[1]["callback_data"], message)
                    return True
        return False

    def newest(self, *parts: str) -> Json | None:
        """The newest of the bot's messages with all parts."""
        return next((one for one in reversed(self.replies) if all(part in shown(one) for part in parts)), None)

    def looks(self, screen: str) -> bool:
        """Go to a screen from the newest message, as a button there would."""
        if not self.replies:
            return False
        self.taps(f"s:{screen}", self.replies[-1])
        return True

    async def sees_soon(self, mark: int, *parts: str, seconds: float = PATIENCE_SECONDS) -> str | None:
        """The newest that appeared since `mark` with all parts; None if nothing has come within the time."""
        return await self._appears(mark, lambda text: all(part in text for part in parts), seconds)

    async def sees_one_of(self, mark: int, *signs: str, seconds: float = PATIENCE_SECONDS) -> str | None:
        """The same for whatever has one of these signs."""
        return await self._appears(mark, lambda text: any(sign in text for sign in signs), seconds)

    async def _appears(self, mark: int, fits: Callable[[str], bool], seconds: float) -> str | None:
        def found() -> str | None:
            return next(filter(fits, reversed(self.appeared[mark:])), None)

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
        return self.believed(answer, parts)

    async def presses_until(
        self, label: str, *parts: str, on: tuple[str, ...] = (), patience: float = PATIENCE_SECONDS
    ) -> str:
        """Press (on a message with all of `on`), and press again, until the screen shows all parts."""
        mark, given_up = len(self.appeared), time.monotonic() + DESPAIR_SECONDS
        answer = None
        while answer is None and time.monotonic() < given_up:
            self.tries(label, *on)
            answer = await self.sees_soon(mark, *parts, seconds=patience) or self.shows(*parts)
        return self.believed(answer, (label, *parts))

    def believed(self, answer: str | None, parts: tuple[str, ...]) -> str:
        if answer is None:
            raise NotSeenError(f"{self.user_id}: {parts} did not come; the chat ends:\n{self.play()[-2000:]}")
        return answer


@dataclass
class People(ABC):
    """Everybody of a play at their phones."""

    sim: Simulator
    scene: Any
    pace: Pace
    chance: random.Random
    hurry: bool = False
    phones: dict[int, Phone] = field(default_factory=dict)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @abstractmethod
    async def live(self) -> None:
        """Everything that everybody does; sets `over` at the end."""

    @property
    def sent(self) -> dict[int, str]:
        """Every update that left a phone: by its number its kind, or the key of the answer to a part of an album."""
        return {number: kind for phone in self.phones.values() for number, kind in phone.sent.items()}

    def _phone(self, user_id: int, name: str) -> Phone:
        return self.phones.setdefault(user_id, Phone(self.sim, user_id, name))

    async def _thinks(self) -> None:
        await asyncio.sleep(0.0 if self.hurry else self.chance.uniform(0.0, 0.25))
