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
async def listening(heard: "asyncio.Queue[str]") -> AsyncIterator[str]:
    """An address outside Telegram that takes alerts."""

    async def take(request: web.Request) -> web.Response:
        heard.put_nowait((await request.json())["text"])
        return web.Response()

    application = web.Application()
    application.router.add_post("/alert", take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/alert"
    finally:
        await runner.cleanup()


async def test_an_error_is_told_once_with_its_count_in_the_admin_chat_and_outside() -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    async with Simulator(token=TOKEN) as sim, listening(heard) as url:
        admin = Person(sim, 900, "Admin")
        await admin.start()
        transport = Transport(sim.url, TOKEN)
        running = asyncio.create_task(Alerts(transport, 900, url, (TOKEN,)).run(stop))
        await asyncio.sleep(0)
        for _time in range(3):
            logging.getLogger("pandu").error("An update was set aside; %s 1234567890123456", TOKEN)
        logging.getLogger("pandu").warning({"event": "Good news after an error.", "alert": True})
        logging.getLogger("pandu").warning("What nobody needs to hear.")
        await admin.sees("3 × An update was set aside")
        async with asyncio.timeout(10):
            outside = await heard.get()
        stop.set()
        await running
        await transport.close()

    assert heard.empty()
    assert "1 × Good news after an error." in outside
    assert "nobody needs" not in outside
    for told in (outside, admin.play()):
        assert TOKEN not in told
        assert "1234567890123456" not in told


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
