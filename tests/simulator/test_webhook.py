"""Delivery by webhook: the secret, order within a queue, repeats until a 2xx."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from aiohttp import web

from simulator.person import Person
from tests.simulator.wire import SARI, Wire, keyboard


@dataclass
class Door:
    """The bot's webhook; answers with the statuses in `plan`, then 200."""

    url: str = ""
    plan: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    taken: list[dict[str, Any]] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    calls: int = 0
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.calls += 1
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.plan.pop(0) if self.plan else 200
        if status == 200:
            self.taken.append(await request.json())
        self._came.set()
        if self.body is not None:
            return web.json_response(self.body, status=status, headers=self.headers)
        return web.Response(status=status, headers=self.headers)

    async def is_called(self) -> None:
        async with asyncio.timeout(10):
            await self._came.wait()

    async def has(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                self._came.clear()
                await self._came.wait()
        return self.taken


@pytest_asyncio.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield door
    await runner.cleanup()


async def write(wire: Wire, text: str) -> None:
    await wire.do(f"/sim/people/{SARI}/text", text=text)


async def test_what_waited_and_what_comes_is_delivered_with_the_secret(wire: Wire, door: Door) -> None:
    await write(wire, "satu")
    await wire.ok("setWebhook", url=door.url, secret_token="rahasia")
    await write(wire, "dua")
    assert [one["message"]["text"] for one in await door.has(2)] == ["satu", "dua"]
    assert door.secrets == ["rahasia", "rahasia"]
    info = await wire.ok("getWebhookInfo")
    assert (info["url"], info["pending_update_count"]) == (door.url, 0)


async def test_a_refused_update_comes_again_before_its_successor(wire: Wire, door: Door) -> None:
    door.plan = [503, 500]
    await wire.ok("setWebhook", url=door.url)
    await write(wire, "satu")
    await write(wire, "dua")
    assert [one["message"]["text"] for one in await door.has(2)] == ["satu", "dua"]
    assert door.calls == 4
    info = await wire.ok("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_press_overtakes_a_message_that_is_stuck(wire: Wire, door: Door) -> None:
    sent = await wire.ok("sendMessage", chat_id=SARI, text="x", reply_markup=keyboard("y"))
    door.plan, door.headers = [503], {"Retry-After": "100"}
    await wire.ok("setWebhook", url=door.url)
    await write(wire, "satu")
    await door.is_called()
    door.headers = {}
    await wire.press(sent["message_id"])
    assert ["callback_query" in one for one in await door.has(2)] == [True, False]


async def test_what_cannot_be_delivered_waits_and_goes_when_the_door_opens(wire: Wire, door: Door) -> None:
    await wire.ok("setWebhook", url="http://127.0.0.1:9/hook")
    await write(wire, "satu")
    info: dict[str, Any] = {}
    async with asyncio.timeout(5):
        while "last_error_message" not in info:
            info = await wire.ok("getWebhookInfo")
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    await wire.ok("setWebhook", url=door.url)
    assert (await door.has(1))[0]["message"]["text"] == "satu"


async def test_a_call_in_the_answer_is_carried_out(wire: Wire, door: Door) -> None:
    door.body = {"method": "sendMessage", "chat_id": SARI, "text": "Terima kasih"}
    await wire.ok("setWebhook", url=door.url)
    await write(wire, "satu")
    await Person(wire.sim, SARI).sees("Terima kasih")


async def test_deleting_a_webhook_may_drop_what_waits(wire: Wire) -> None:
    await wire.ok("setWebhook", url="http://127.0.0.1:9/hook")
    await write(wire, "satu")
    await wire.ok("deleteWebhook", drop_pending_updates=True)
    assert await wire.updates() == []


async def test_an_address_or_a_secret_that_telegram_would_not_take(wire: Wire) -> None:
    assert (await wire.refused("setWebhook", url="example.com")).startswith("Bad Request: bad webhook")
    words = await wire.refused("setWebhook", url="https://example.com/", secret_token="a b")
    assert words == "Bad Request: secret token contains unallowed characters"
