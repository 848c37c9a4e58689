"""Telegram's pace, with a time of our own."""

import re

import aiohttp
import pytest

from simulator.errors import ApiError
from simulator.limits import Limiter
from simulator.server import Simulator
from tests.simulator.wire import SARI, Wire


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def wait_asked(limiter: Limiter, chat_id: int, messages: int = 1) -> int:
    """0 when it passed, else the seconds of the 429."""
    try:
        limiter.pass_or_refuse(chat_id, messages)
    except ApiError as refused:
        return refused.parameters["retry_after"]
    return 0


def test_thirty_a_second_over_all_chats() -> None:
    time = Time()
    limiter = Limiter(time)
    assert [wait_asked(limiter, chat) for chat in range(1, 32)] == [0] * 30 + [1]
    time.now += 1.01
    assert wait_asked(limiter, 1) == 0


def test_a_private_chat_takes_a_short_burst_then_one_a_second() -> None:
    time = Time()
    limiter = Limiter(time)
    assert [wait_asked(limiter, 5) for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert wait_asked(limiter, 6) == 0
    time.now += 1
    assert [wait_asked(limiter, 5), wait_asked(limiter, 5)] == [0, 1]
    for _ in range(50):
        time.now += 1
        assert wait_asked(limiter, 5) == 0


def test_a_refused_chat_stays_closed_until_its_time() -> None:
    time = Time()
    limiter = Limiter(time)
    limiter.close(5, chat_id=5)
    time.now += 2.5
    assert [wait_asked(limiter, 5), wait_asked(limiter, 6)] == [3, 0]
    limiter.close(4)
    assert [wait_asked(limiter, 5), wait_asked(limiter, 6)] == [4, 4]


def test_a_group_takes_twenty_a_minute() -> None:
    time = Time()
    limiter = Limiter(time)
    waits = []
    for _ in range(21):
        waits.append(wait_asked(limiter, -100))
        time.now += 1
    assert waits == [0] * 20 + [40]


def test_an_album_counts_each_of_its_files() -> None:
    time = Time()
    limiter = Limiter(time)
    assert wait_asked(limiter, 5, 10) == 0
    assert wait_asked(limiter, 5) == 6


async def test_sends_and_edits_count_by_http_and_answers_do_not() -> None:
    async with Simulator() as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari", started=True)
        sent = await wire.ok("sendMessage", chat_id=SARI, text="0")
        for number in range(4):
            await wire.ok("editMessageText", chat_id=SARI, message_id=sent["message_id"], text=f"{number} baru")
        answer = await wire.call("sendMessage", chat_id=SARI, text="x")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
        assert re.fullmatch(r"Too Many Requests: retry after \d+", answer["description"])
        assert await wire.ok("sendChatAction", chat_id=SARI, action="typing")
        assert await wire.ok("deleteMessage", chat_id=SARI, message_id=sent["message_id"])


@pytest.mark.parametrize("off", [True, False])
async def test_the_pace_can_be_switched_off(off: bool) -> None:
    async with Simulator(limits=not off) as sim, aiohttp.ClientSession() as http:
        wire = Wire(sim, http)
        await wire.do("/sim/people", id=SARI, first_name="Sari", started=True)
        answers = [await wire.call("sendMessage", chat_id=SARI, text="x") for _ in range(12)]
        assert all(answer["ok"] for answer in answers) is off
