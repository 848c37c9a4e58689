"""Nothing that could hurt somebody is ever in a log, whoever writes it and however it fails."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import HIDDEN, redact

TOKEN = "123456789:AAF-canary_canary-canary_canary12345"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging is of the whole process: put it back as it was."""
    root = logging.getLogger()
    handlers, level, hook, told = root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions
    spoken = structlog.get_config()
    yield
    root.handlers[:], sys.excepthook, logging.raiseExceptions = handlers, hook, told
    root.setLevel(level)
    structlog.configure(**spoken)


def written(*, as_json: bool) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(as_json=as_json, secrets=["canary-secret"], stream=stream)
    return stream


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        f"https://api.telegram.org/bot{TOKEN}/sendMessage",
        "K7QF-3M9T-XW2A",
        "k7qf-3m9t-xw2a",
        "i_K7QF3M9TXW2A",
        "/start i_K7QF-3M9T-XW2A",
        "3171234567890001",
        "196501011990031001",
        "19650101 199003 1 001",
        "0812-3456-7890",
        "+62 812 3456 7890",
        "6281234567890",
        "siti.rahma@tebingtinggikota.go.id",
    ],
)
def test_secrets_and_numbers_of_persons_are_hidden(secret: str) -> None:
    line = redact(f'before "{secret}" after')
    assert HIDDEN in line
    assert not any(part in line for part in (TOKEN[-20:], "3M9T", "3m9t", "3171", "1965", "3456", "siti"))
    assert line.startswith('before "')
    assert line.endswith('" after')


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-14T02:00:00.123456Z [info] An update failed. update_id=912345678 chat_id=7000000001 attempt=2",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "took 0.081234 s, 1234567890 bytes, port 8081",
        "/work on item_12 (i_1)",
    ],
)
def test_what_an_operator_needs_stays(line: str) -> None:
    assert redact(line) == line


@given(st.text(max_size=200))
def test_redacting_never_fails_and_is_done_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@pytest.mark.parametrize("as_json", [True, False])
def test_messages_arguments_and_tracebacks_are_redacted(as_json: bool) -> None:
    stream = written(as_json=as_json)
    try:
        raise ValueError(f"cannot reach bot{TOKEN}")
    except ValueError:
        structlog.get_logger("bot.x").exception("A call failed.", url=f"/bot{TOKEN}/x", phone="081234567890")
        logging.getLogger("library").exception("%s and %s", TOKEN, "canary-secret")
    text = stream.getvalue()
    assert "canary" not in text
    assert "081234567890" not in text
    assert text.count("ValueError") >= 2


def test_json_logs_are_one_object_a_line() -> None:
    stream = written(as_json=True)
    structlog.get_logger("bot.x").warning("Telegram was not reached.", action="poll", why="é\n")
    logging.getLogger("library").warning("odd")
    entries = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [entry["event"] for entry in entries] == ["Telegram was not reached.", "odd"]
    assert entries[0]["action"] == "poll"
    assert {"level", "logger", "timestamp"} <= entries[1].keys()


def test_libraries_that_write_the_address_are_silent() -> None:
    stream = written(as_json=False)
    for name in ("httpx", "httpcore.http11", "telegram.Bot", "aiohttp.access"):
        logging.getLogger(name).info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger(name).debug("%s", TOKEN)
    assert stream.getvalue() == ""


def test_an_error_that_nobody_caught_is_redacted_too() -> None:
    stream = written(as_json=True)
    error = RuntimeError(f"bot{TOKEN}")
    sys.excepthook(RuntimeError, error, None)
    assert "canary" not in stream.getvalue()
    assert "RuntimeError" in stream.getvalue()


async def test_an_error_that_nobody_awaited_is_logged() -> None:
    stream = written(as_json=False)
    loop = asyncio.get_running_loop()
    logs.catch_loop_errors(loop)
    loop.call_exception_handler({"message": "Task exception was never retrieved", "exception": ValueError(TOKEN)})
    assert "never retrieved" in stream.getvalue()
    assert "canary" not in stream.getvalue()


def test_a_closed_log_stops_no_work() -> None:
    stream = written(as_json=False)
    stream.close()
    structlog.get_logger("bot.x").error("still here")
