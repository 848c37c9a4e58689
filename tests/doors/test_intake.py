"""Nothing is acknowledged before it is stored, and nothing that Telegram may send stops the line."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.intake import (
    ALLOWED_UPDATES,
    LARGEST_REQUEST,
    LONGEST_PAYLOAD,
    SECRET_HEADER,
    UNREADABLE,
    Poller,
    Webhook,
    arrival,
    illegible,
    webhook_app,
)
from bot.transport import Transport
from db.engine import Database
from db.vocabulary import InboxState
from tests.doors.hall import TOKEN, Hall

SECRET = "a-secret"


def message(update_id: int, chat: int = 7, **more: Any) -> dict[str, Any]:
    content = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}, "text": "x"}
    return {"update_id": update_id, "message": content | more}


# Reading just far enough


def test_a_message_is_kept_under_its_chat_and_time() -> None:
    kept = arrival(message(5))
    assert kept is not None
    assert (kept.update_id, kept.chat_id, kept.kind) == (5, 7, "message")
    assert kept.sent_at is not None
    assert int(kept.sent_at.timestamp()) == 1_790_000_000
    assert json.loads(kept.payload) == message(5)


def test_an_edit_is_kept_under_the_time_of_the_edit() -> None:
    content = message(5)["message"] | {"edit_date": 1_790_000_600}
    kept = arrival({"update_id": 5, "edited_message": content})
    assert kept is not None
    assert kept.sent_at is not None
    assert int(kept.sent_at.timestamp()) == 1_790_000_600


@pytest.mark.parametrize(
    ("content", "chat"),
    [
        ({"id": "1", "from": {"id": 9}, "message": {"chat": {"id": 7}}}, 7),
        ({"id": "1", "from": {"id": 9}, "inline_message_id": "x"}, 9),
    ],
)
def test_a_press_belongs_to_the_chat_of_its_message_else_to_its_person(content: dict[str, Any], chat: int) -> None:
    kept = arrival({"update_id": 1, "callback_query": content})
    assert kept is not None
    assert (kept.kind, kept.chat_id) == ("callback_query", chat)


@pytest.mark.parametrize(
    "odd",
    [
        {"update_id": 1},
        {"update_id": 1, "poll": {"id": "x"}},
        {"update_id": 1, "message": 5},
        {"update_id": 1, "message": {"chat": 5}},
        {"update_id": 1, "message": {"chat": {"id": "7"}}},
        {"update_id": 1, "message": {"chat": {"id": 10**30}}},
        {"update_id": 1, "callback_query": {"id": "1"}},
        message(1, text="x" * LONGEST_PAYLOAD),
    ],
)
def test_what_cannot_be_read_is_kept_where_it_stops_nobody(odd: dict[str, Any]) -> None:
    kept = arrival(odd)
    assert kept is not None
    assert (kept.kind, kept.chat_id) == (UNREADABLE, 0)
    assert len(kept.payload) <= LONGEST_PAYLOAD


@pytest.mark.parametrize("odd", [None, [], 5, {}, {"update_id": "5"}, {"update_id": True}, {"update_id": 2**63}])
def test_what_has_no_number_cannot_be_kept(odd: object) -> None:
    assert arrival(odd) is None


@pytest.mark.parametrize("date", [10**18, -(10**18), "now", None, 1.5])
def test_a_time_out_of_reach_is_no_time(date: object) -> None:
    kept = arrival(message(1, date=date))
    assert kept is not None
    assert (kept.kind, kept.sent_at) == ("message", None)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from([*ALLOWED_UPDATES, "update_id", "poll"]), _json | st.dictionaries(
        st.sampled_from(["chat", "from", "message", "date"]), _json | st.fixed_dictionaries({"id": _json})
    ))
)  # fmt: skip
def test_no_update_whatever_breaks_the_reading(odd: dict[str, Any]) -> None:
    kept = arrival(odd)
    if kept is not None:
        kept.payload.encode()
        assert "\x00" not in kept.payload


def test_the_number_of_a_broken_update_is_made_out() -> None:
    kept = illegible(b'{"ok":true,"result":[{"update_id": 77,"message":{{{')
    assert kept is not None
    assert (kept.update_id, kept.kind) == (77, UNREADABLE)
    assert illegible(b"<html>") is None


# Polling


async def test_an_unreadable_update_among_others_stops_none_of_them(database: Database) -> None:
    async with Hall(database) as hall:
        hall.says(1, "one")
        hall.simulator.x.updates.inject({"message": {"chat": {"id": "seven"}}})
        hall.simulator.x.updates.inject({"poll": {"id": "p", "question": "\ud800"}})
        hall.says(1, "two")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 2)
        await hall.quiet()

        assert [row.state for row in await hall.inbox()] == [
            InboxState.DONE,
            InboxState.IGNORED,
            InboxState.IGNORED,
            InboxState.DONE,
        ]


async def test_telegram_is_told_only_after_the_commit(database: Database) -> None:
    async with Hall(database) as hall:
        await database.write(lambda session: session.execute(text("ALTER TABLE inbox RENAME TO away")))
        hall.says(1, "one")
        hall.start("poller")
        await hall.until(lambda: hall.poller._failures > 0)
        assert hall.simulator.x.updates.waiting() == 1

        await database.write(lambda session: session.execute(text("ALTER TABLE away RENAME TO inbox")))
        await hall.until(lambda: hall.register.stored == 1)


async def test_what_is_delivered_twice_is_done_once(database: Database) -> None:
    async with Hall(database) as hall:
        hall.simulator.plan.set({"duplicate_update": 1.0, "slow_seconds": 0.05})
        for word in ("one", "two", "three"):
            hall.says(1, word)
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 3)
        await asyncio.sleep(0.3)
        await hall.quiet()

        assert len(hall.texts()) == 3
        assert sum((await hall.effects()).values()) == 3


async def test_a_restart_reads_again_and_drops_what_it_knows(database: Database) -> None:
    async with Hall(database) as hall:
        hall.says(1, "one")
        raw = await hall.transport.post("getUpdates", {"timeout": 0})
        await hall.poller._receive(raw)
        assert hall.register.stored == 1

        await hall.begin_anew()
        hall.start("poller")
        await hall.until(lambda: hall.poller.last_good is not None)
        assert (hall.register.stored, len(await hall.inbox())) == (0, 1)


async def test_a_second_poller_is_told_and_goes_on_when_it_is_alone_again(database: Database) -> None:
    async with Hall(database) as hall:
        hall.start("poller")
        await hall.until(lambda: hall.simulator.x.updates._poll is not None)
        stranger = Transport(hall.simulator.url, TOKEN)
        polling = asyncio.create_task(stranger.call("getUpdates", {"timeout": 1}))
        await hall.until(lambda: hall.poller.foreign)
        await polling
        await stranger.close()

        hall.says(1, "one")
        await hall.until(lambda: hall.register.stored == 1)
        assert not hall.poller.foreign


async def test_a_refused_token_is_told_and_is_not_the_end(database: Database) -> None:
    async with Hall(database) as hall:
        hall.simulator.token = "1:another"
        hall.start("poller")
        await hall.until(lambda: hall.poller.token_refused)
        hall.simulator.token = TOKEN
        hall.says(1, "one")
        await hall.until(lambda: hall.register.stored == 1)
        assert not hall.poller.token_refused


async def test_who_may_not_poll_does_not(database: Database) -> None:
    async with Hall(database) as hall:
        hall.poller = Poller(hall.transport, hall.register, may_poll=lambda: False)
        hall.says(1, "one")
        hall.start("poller")
        await asyncio.sleep(0.2)
        assert hall.poller.last_good is None


async def test_a_poll_ends_at_once_when_told_to_stop(database: Database) -> None:
    async with Hall(database) as hall:
        hall.start("poller")
        await hall.until(lambda: hall.simulator.x.updates._poll is not None)
        async with asyncio.timeout(2):
            await hall.stop()


async def test_an_answer_that_is_no_json_costs_the_one_update_that_spoils_it(database: Database) -> None:
    """Seven updates, the fourth unreadable: six are stored as they are and the seventh is kept apart."""
    updates = {n: json.dumps(message(n)) for n in range(1, 8)} | {4: '{"update_id":4,"message":' + "[" * 100_000}

    async def telegram(request: web.Request) -> web.Response:
        asked = await request.json()
        batch = [one for n, one in updates.items() if n >= asked["offset"]][: asked["limit"]]
        if not batch:
            await asyncio.sleep(0.05)
        return web.Response(text='{"ok":true,"result":[' + ",".join(batch) + "]}")

    async with Hall(database) as hall, _server(telegram) as url:
        transport = Transport(url, TOKEN)
        hall.poller = Poller(transport, hall.register)
        hall.start("poller")
        await hall.until(lambda: hall.register.stored == 7)
        await hall.stop()
        await transport.close()

        assert [(row.update_id, row.kind == UNREADABLE) for row in await hall.inbox()] == [
            (n, n == 4) for n in range(1, 8)
        ]


# The webhook


@asynccontextmanager
async def _server(handler: Any) -> AsyncIterator[str]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handler)
    async with _running(application) as url:
        yield url


@asynccontextmanager
async def _running(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def hooked(hall: Hall) -> AsyncIterator[tuple[Webhook, str]]:
    webhook = Webhook(hall.register, SECRET)
    async with _running(webhook_app(webhook, "/hook")) as url:
        yield webhook, f"{url}/hook"


async def post(url: str, body: bytes | io.BytesIO, secret: str | None = SECRET) -> tuple[int, str | None]:
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def test_by_webhook_every_text_is_answered_once(database: Database) -> None:
    async with Hall(database) as hall, hooked(hall) as (_, url):
        for number in range(1, 21):
            hall.says(number, "one")
        await hall.transport.call("setWebhook", {"url": url, "secret_token": SECRET})
        hall.start("worker", "sender")
        await hall.until(lambda: len(hall.texts()) == 20)
        await hall.quiet()

        assert set((await hall.effects()).values()) == {1}
        assert hall.simulator.x.updates.waiting() == 0


@pytest.mark.parametrize("secret", [None, "", "another", SECRET + "x", "é"])
async def test_a_call_without_the_secret_is_refused(sqlite_url: str, secret: str | None) -> None:
    database = Database(sqlite_url)
    async with Hall(database) as hall, hooked(hall) as (_, url):
        assert (await post(url, json.dumps(message(1)).encode(), secret))[0] == 403
        assert hall.register.stored == 0
    await database.close()


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(database: Database) -> None:
    async with Hall(database) as hall, hooked(hall) as (_, url):
        await database.write(lambda session: session.execute(text("ALTER TABLE inbox RENAME TO away")))
        assert await post(url, json.dumps(message(1)).encode()) == (503, "5")
        await database.write(lambda session: session.execute(text("ALTER TABLE away RENAME TO inbox")))
        assert await post(url, json.dumps(message(1)).encode()) == (200, None)


async def test_odd_bodies_have_their_answers(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with Hall(database) as hall, hooked(hall) as (webhook, url):
        assert (await post(url, b"<html>"))[0] == 400
        assert (await post(url, b"[" * 100_000))[0] == 400
        assert (await post(url, b'{"update_id": 9, "message": {'))[0] == 200
        assert (await post(url, io.BytesIO(b"x" * (LARGEST_REQUEST + 1))))[0] == 413
        webhook.close()
        assert await post(url, json.dumps(message(1)).encode()) == (503, "5")
        assert [row.kind for row in await hall.inbox()] == [UNREADABLE]
    await database.close()
