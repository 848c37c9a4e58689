"""Updates carried to the bot: one queue per chat or person, the next only after a 2xx, again after a failure."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.errors import ApiError
from simulator.updates import UpdateLine

Json = dict[str, Any]
CarryOut = Callable[[str, Json], Awaitable[Any]]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
DEFAULT_CONNECTIONS = 40
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
ANSWER_SECONDS = 60


@dataclass(slots=True)
class Webhook:
    """Delivers what is in the line to one address. `pace` stretches the pauses (tests make them short)."""

    line: UpdateLine
    settings: Json
    carry_out: CarryOut
    pace: float = 1.0
    _lanes: dict[str, deque[Json]] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _room: asyncio.Semaphore | None = None

    def open(self) -> None:
        """Begin: first with everything that waits, then with all that comes."""
        self._room = asyncio.Semaphore(self.settings.get("max_connections", DEFAULT_CONNECTIONS))
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        self.line.carrier = self.take
        for record in [*self.line.world.updates.values(), *self.line.again]:
            self.take(record)
        self.line.again.clear()

    async def close(self) -> None:
        self.line.carrier = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def take(self, record: Json) -> None:
        lane = self._lanes.get(record["lane"])
        if lane is not None:
            lane.append(record)
            return
        self._lanes[record["lane"]] = deque([record])
        task = asyncio.create_task(self._empty(record["lane"]))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, name: str) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[name]

    async def _deliver(self, record: Json) -> None:
        """Until it is taken or too old. The first repeat comes at once, then after 2, 4, 8 … seconds."""
        failures = 0
        while record["expires"] > self.line.clock.time():
            asked_to_wait = await self._post(record)
            if asked_to_wait is None:
                break
            failures += 1
            pause = 0.0 if failures == 1 else min(2.0 ** (failures - 1), LONGEST_PAUSE)
            await asyncio.sleep(max(pause, asked_to_wait) * self.pace)
        self.line.take_away(record)

    async def _post(self, record: Json) -> float | None:
        """None when the bot took it, else the seconds it asks for (0.0 for none)."""
        session, room = self._opened()
        try:
            async with (
                room,
                session.post(self.settings["url"], json=record["update"], headers=self._headers()) as answer,
            ):
                body = await answer.read()
                if answer.status // 100 == 2:
                    await self._do_as_answered(body)
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _retry_after(answer)
        except TimeoutError:
            self._failed("Read timeout expired")
        except aiohttp.ClientConnectorError:
            self._failed("Connection refused")
        except (aiohttp.ClientError, OSError):
            self._failed("Connection closed")
        return 0.0

    async def _do_as_answered(self, body: bytes) -> None:
        """A bot may put one call into its answer; it never hears what came of it."""
        try:
            asked = json.loads(body)
            method = asked.pop("method")
        except (ValueError, AttributeError, KeyError):
            return
        with suppress(ApiError, KeyError):
            await self.carry_out(method, asked)

    def _opened(self) -> tuple[aiohttp.ClientSession, asyncio.Semaphore]:
        if self._session is None or self._room is None:
            raise RuntimeError("deliver only between open() and close()")
        return self._session, self._room

    def _headers(self) -> dict[str, str]:
        secret = self.settings.get("secret_token")
        return {SECRET_HEADER: secret} if secret else {}

    def _failed(self, why: str) -> None:
        self.settings["last_error_date"] = self.line.clock.unix()
        self.settings["last_error_message"] = why


def _retry_after(answer: aiohttp.ClientResponse) -> float:
    value = answer.headers.get("Retry-After", "")
    return min(float(value), LONGEST_RETRY_AFTER) if value.isdecimal() else 0.0
