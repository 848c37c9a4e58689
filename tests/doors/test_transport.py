"""What became of a call is told by its cause, and the token is told to nobody."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from telegram import Bot, InputFile
from telegram.error import NetworkError, TimedOut

from bot.transport import (
    Accepted,
    FileTooLarge,
    NotSent,
    PtbRequest,
    Raw,
    Refused,
    Transport,
    Unknown,
    Upload,
    WireError,
    judge,
)
from simulator import acts
from simulator.server import Simulator
from simulator.validation import Upload as Sent
from tests.doors.hall import StillClock

TOKEN = "1:demo-canary-token"


@pytest_asyncio.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(limits=False, token=TOKEN) as running:
        acts.add_person(running.x, {"id": 7, "started": True})
        yield running


@pytest_asyncio.fixture
async def transport(simulator: Simulator) -> AsyncIterator[Transport]:
    opened = Transport(simulator.url, TOKEN)
    yield opened
    await opened.close()


HELLO = '{"chat_id":7,"text":"Selamat pagi"}'


async def test_an_accepted_call_brings_its_result(transport: Transport) -> None:
    answer = await transport.call("sendMessage", HELLO)
    assert isinstance(answer, Accepted)
    assert answer.result["text"] == "Selamat pagi"


async def test_a_refusal_brings_code_and_words(transport: Transport) -> None:
    answer = await transport.call("sendMessage", {"chat_id": 8, "text": "x"})
    assert answer == Refused(400, "Bad Request: chat not found")


async def test_too_fast_brings_the_seconds_to_wait(simulator: Simulator, transport: Transport) -> None:
    simulator.plan.set({"flood_chat": 1.0})
    answer = await transport.call("sendMessage", HELLO)
    assert isinstance(answer, Refused)
    assert answer.code == 429
    assert answer.retry_after


async def test_nobody_listening_means_not_sent(simulator: Simulator, transport: Transport) -> None:
    await simulator.hang_up()
    assert isinstance(await transport.call("sendMessage", HELLO), NotSent)
    await simulator.listen()


async def test_a_name_that_does_not_resolve_means_not_sent() -> None:
    transport = Transport("http://no-such-host.invalid", TOKEN)
    assert isinstance(await transport.call("getMe"), NotSent)
    await transport.close()


@pytest.mark.parametrize("fault", ["drop_before", "accept_then_drop", "server_error"])
async def test_whatever_breaks_after_the_call_began_is_unknown(
    simulator: Simulator, transport: Transport, fault: str
) -> None:
    simulator.plan.set({fault: 1.0})
    assert isinstance(await transport.call("sendMessage", HELLO), Unknown)


async def test_an_answer_that_comes_too_late_is_unknown(simulator: Simulator, transport: Transport) -> None:
    simulator.plan.set({"slow": 1.0, "slow_seconds": 5.0})
    assert isinstance(await transport.call("sendMessage", HELLO, timeout=0.1), Unknown)


@pytest.mark.parametrize("code", [301, 302, 307])
async def test_a_redirect_is_not_followed(code: int) -> None:
    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(status=code, headers={"Location": "http://127.0.0.1:1/"})

    async with _server(elsewhere) as url:
        transport = Transport(url, TOKEN)
        assert isinstance(await transport.call("getMe"), Unknown)
        await transport.close()


@given(st.binary(max_size=60), st.integers(100, 599))
def test_no_answer_whatever_cannot_be_judged(body: bytes, status: int) -> None:
    assert isinstance(judge(Raw(status, body)), Accepted | Refused | Unknown)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"ok":fal', b"[]", b"null", b'{"ok":1}', b"[" * 100_000])
def test_an_unreadable_200_is_unknown(body: bytes) -> None:
    assert isinstance(judge(Raw(200, body)), Unknown)


@pytest.mark.parametrize("parameters", [None, [], {"retry_after": "x"}, {"migrate_to_chat_id": None}])
def test_odd_parameters_of_a_refusal_are_passed_over(parameters: object) -> None:
    body = json.dumps({"ok": False, "error_code": 400, "description": "no", "parameters": parameters}).encode()
    assert judge(Raw(400, body)) == Refused(400, "no")


async def test_a_file_goes_with_its_fields(simulator: Simulator, transport: Transport) -> None:
    paper = Upload("document", "surat.docx", "application/octet-stream", b"PK\x03\x04 letter")
    body = {"chat_id": 7, "caption": "Surat", "reply_markup": {"inline_keyboard": []}}
    answer = await transport.call("sendDocument", body, upload=paper)
    assert isinstance(answer, Accepted), answer
    assert answer.result["document"]["file_name"] == "surat.docx"
    assert answer.result["caption"] == "Surat"


async def test_a_download_is_read_up_to_its_limit(simulator: Simulator, transport: Transport) -> None:
    sent = Sent("a.pdf", "application/pdf", b"%PDF" + b"x" * 5000)
    (message,) = acts.sends_files(simulator.x, acts.person(simulator.x, 7), [sent], kind="document")
    answer = await transport.call("getFile", {"file_id": message["document"]["file_id"]})
    assert isinstance(answer, Accepted)
    path = answer.result["file_path"]

    assert await transport.download(path, 5004) == sent.content
    with pytest.raises(FileTooLarge):
        await transport.download(path, 5003)
    with pytest.raises(WireError, match="404"):
        await transport.download("no/such/file", 10)


async def test_the_servers_clock_is_compared_with_ours(simulator: Simulator) -> None:
    clock = StillClock(datetime.now(UTC))
    simulator.clock.move_to(clock.now() + timedelta(hours=2))
    transport = Transport(simulator.url, TOKEN, clock)
    assert transport.skew is None
    await transport.call("getMe")
    assert transport.skew is not None
    assert abs(transport.skew - timedelta(hours=2)) < timedelta(seconds=5)
    await transport.close()


@asynccontextmanager
async def answering(*dates: datetime | None) -> AsyncIterator[Transport]:
    """The wire to a server that tells these times with its first answers, and afterwards none."""
    told = iter(dates)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n{}"):
            moment = next(told, None)
            dated = f"Date: {format_datetime(moment, usegmt=True)}\r\n" if moment else ""
            writer.write(f'HTTP/1.1 200 OK\r\n{dated}Content-Length: 23\r\n\r\n{{"ok":true,"result":{{}}}}'.encode())

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        transport = Transport(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", TOKEN)
        try:
            yield transport
        finally:
            await transport.close()


async def test_a_server_that_tells_no_time_counts_as_agreeing_and_the_log_says_so_once() -> None:
    """A Bot API server of one's own may answer without a `Date`: reminders must not stand still for ever."""
    async with answering() as transport:
        with capture_logs() as logged:
            for _ in range(2):
                assert await transport.call("getMe") == Accepted({})
                await transport.compare_clocks()
        assert transport.skew is not None
        assert abs(transport.skew) < timedelta(seconds=5)
        assert [line["action"] for line in logged] == ["clock"]


async def test_one_answer_without_a_time_does_not_make_a_wrong_clock_right() -> None:
    """As that of a proxy in between."""
    async with answering(datetime.now(UTC) + timedelta(hours=2)) as transport:
        for _ in range(2):
            await transport.compare_clocks()
        assert transport.skew is not None
        assert abs(transport.skew - timedelta(hours=2)) < timedelta(seconds=5)


async def test_no_error_text_or_log_tells_the_token(simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    transport = Transport(simulator.url, TOKEN)
    told = [repr(transport), str(transport)]
    for fault in ("drop_before", "accept_then_drop", "server_error", "refuse"):
        simulator.plan.set({"preset": "normal", fault: 1.0})
        told.append(repr(await transport.call("sendMessage", HELLO)))
        with pytest.raises(WireError) as wire:
            await transport.download("photos/x.jpg", 10)
        told.append(repr(wire.value))
    await simulator.hang_up()
    told.append(repr(await transport.call("getMe")))
    request = PtbRequest(transport)
    with pytest.raises(NetworkError) as network:
        await request.do_request(f"{simulator.url}/bot{TOKEN}/getMe", "POST")
    told += [repr(network.value), str(network.value.__cause__)]
    await simulator.listen()
    await transport.close()

    assert not any("canary" in each for each in [*told, caplog.text])


async def test_the_surroundings_of_the_process_do_not_reroute_calls(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    transport = Transport(simulator.url, TOKEN)
    assert isinstance(await transport.call("getMe"), Accepted)
    await transport.close()


async def test_python_telegram_bot_speaks_on_the_same_wire(simulator: Simulator, transport: Transport) -> None:
    request = PtbRequest(transport)
    bot = Bot(TOKEN, base_url=f"{simulator.url}/bot", request=request, get_updates_request=request)
    async with bot:
        assert bot.username == "pandu_demo_bot"
        await bot.set_my_commands([("menu", "Beranda")])
        message = await bot.send_document(7, InputFile(b"words", "a.txt"), caption="x")
        assert message.document is not None
        assert message.document.file_name == "a.txt"


async def test_python_telegram_bot_hears_of_a_timeout_as_its_own() -> None:
    async def never(_request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async with _server(never) as url:
        transport = Transport(url, TOKEN)
        with pytest.raises(TimedOut):
            await PtbRequest(transport).do_request(f"{url}/bot{TOKEN}/getMe", "POST", read_timeout=0.05)
        await transport.close()


@asynccontextmanager
async def _server(handler: Any) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
