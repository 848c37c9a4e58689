"""Faults reach the operator, inside and outside Telegram, without anything that must not leave."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.alerts import Alerts
from bot.transport import Transport
from simulator.person import Person
from simulator.server import Simulator

TOKEN = "1:demo-token-of-the-test"


@asynccontextmanager
async def listening(heard: list[str], status: int = 200) -> AsyncIterator[str]:
    """An address outside Telegram that takes alerts."""

    async def take(request: web.Request) -> web.Response:
        heard.append((await request.json())["text"])
        return web.Response(status=status)

    application = web.Application()
    application.router.add_post("/alert", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/alert"
    finally:
        await runner.cleanup()


async def run_for_a_fault(alerts: Alerts, fault: str, done: asyncio.Event) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(alerts.run(stop))
    await asyncio.sleep(0)
    for _time in range(3):
        logging.getLogger("pandu").error(fault)
    async with asyncio.timeout(10):
        await done.wait()
    stop.set()
    await running


async def test_an_error_is_told_once_with_its_count_in_the_admin_chat_and_outside() -> None:
    heard: list[str] = []
    async with Simulator(token=TOKEN) as sim, listening(heard) as url:
        admin = Person(sim, 900, "Admin")
        await admin.start()
        transport = Transport(sim.url, TOKEN)
        alerts = Alerts(transport, 900, url, (TOKEN,))
        told = asyncio.Event()

        async def wait_for_both() -> None:
            await admin.sees("3 × An update was set aside")
            while not heard:
                await asyncio.sleep(0.01)
            told.set()

        waiting = asyncio.create_task(wait_for_both())
        await run_for_a_fault(alerts, f"An update was set aside; {TOKEN} 1234567890123456", told)
        await waiting
        await transport.close()

    assert len(heard) == 1
    assert TOKEN not in heard[0]
    assert "1234567890123456" not in heard[0]
    assert TOKEN not in admin.play()


async def test_an_alert_address_that_is_away_stops_nothing() -> None:
    transport = Transport("http://127.0.0.1:9", TOKEN)
    alerts = Alerts(transport, 900, "http://127.0.0.1:9/alert")
    stop = asyncio.Event()
    running = asyncio.create_task(alerts.run(stop))
    await asyncio.sleep(0)
    logging.getLogger("pandu").error("Something is wrong.")
    await asyncio.sleep(2.2)
    stop.set()
    await running
    await transport.close()
