"""A stand-in for Telegram that is never the bottleneck, and the people who press and write.

The simulator checks every call against the Bot API and would be slower than the bots measured here. This one knows
five methods, answers each with a prepared text, and lets its people act again as soon as they are answered.
`python -m bench.telegram [PORT [RATE]]` prints its address; `POST /bench` with a `Load` starts people and answers with
figures, `POST /sent` with what was taken when. A RATE makes it as strict as Telegram at its strictest: 429 beyond so
many messages and edits within any second.
"""

import asyncio
import json
import re
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from email.utils import formatdate
from typing import Any, cast

FIRST_CHAT = 100_001
MOST_AT_ONCE = 100
WEBHOOK_CONNECTIONS = 40
SECRET = "bench"

_OFFSET = re.compile(rb'"?offset"?\s*[=:]\s*"?(\d+)')
_TIMEOUT = re.compile(rb'"?timeout"?\s*[=:]\s*"?(\d+)')
_CHAT = re.compile(rb'"?chat_id"?\s*[=:]\s*"?(\d+)')
_QUERY = re.compile(rb'"?callback_query_id"?\s*[=:]\s*"?(\d+)')
# The buttons of a question that leads to another and back, as often as one likes.
_NEXT = re.compile(rb'"callback_data":\s*"(f:\d+:(?:note|back):?[^"]*)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)

_USER = '{"id":%d,"is_bot":false,"first_name":"Sri","last_name":"Wahyuni","username":"sri_%d","language_code":"id"}'
_CHAT_JSON = '{"id":%d,"first_name":"Sri","last_name":"Wahyuni","username":"sri_%d","type":"private"}'
_BOT = '{"id":1,"is_bot":true,"first_name":"Pandu","username":"pandu_demo_bot"}'
_TEXT = "Beranda\\n\\nKota Tebing Tinggi, 12 dari 74 butir diterima.\\nTenggat terdekat: Senin, 30 November 2026."
_KEYS = (
    '{"inline_keyboard":[[{"text":"Tugas saya","callback_data":"s:tasks"},{"text":"Tahapan","callback_data":'
    '"s:stages"}],[{"text":"Kemajuan","callback_data":"s:progress"},{"text":"Bantuan","callback_data":"s:help"}]]}'
)
_ME = (
    '{"id":1,"is_bot":true,"first_name":"Pandu","username":"pandu_demo_bot","can_join_groups":false,'
    '"can_read_all_group_messages":false,"supports_inline_queries":false,"can_connect_to_business":false,'
    '"has_main_web_app":false}'
)


@dataclass(frozen=True)
class Load:
    """Who acts: so many chats, each again when answered (rate 0), or so many acts a second over all."""

    chats: int = 64
    seconds: float = 5.0
    warm_up: float = 1.0
    rate: float = 0.0
    kind: str = "press"
    data: str = "a:work:1:0"
    updates: int = 0
    webhook: str = ""


@dataclass(frozen=True)
class Figures:
    """What the people saw. Latencies in milliseconds from the act to the last part of its answer."""

    done: int
    seconds: float
    per_second: float
    p50: float
    p95: float
    p99: float
    calls: int


@dataclass
class Person:
    """One chat: what was asked and when, and which parts of the oldest answer have come."""

    chat: int
    asked: deque[float] = field(default_factory=deque)
    edited: int = 0
    answered: int = 0
    button: str = ""


class Town:
    """All people, and the updates that wait for the bot."""

    def __init__(self, rate: int = 0) -> None:
        self.rate = rate
        self.recent: deque[float] = deque()
        self.refused = 0
        self.people: dict[int, Person] = {}
        self.updates: deque[tuple[int, str]] = deque()
        self.next_update = 1
        self.poll: asyncio.Future[None] | None = None
        self.load = Load()
        self.running = False
        self.latencies: list[float] = []
        self.measured_from = 0.0
        self.acts = 0
        self.calls = 0
        self.sent: list[float] = []
        self.out_of_work = asyncio.Event()
        self.hooks: Hooks | None = None

    def takes(self) -> bool:
        """Count one message, or one refusal."""
        now = time.monotonic()
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if self.rate and len(self.recent) >= self.rate:
            self.refused += 1
            return False
        self.recent.append(now)
        return True

    def act(self, person: Person) -> None:
        """The person presses or writes."""
        person.asked.append(time.perf_counter())
        self.acts += 1
        number = self.next_update
        self.next_update += 1
        data = person.button or self.load.data
        text = _press(number, person.chat, data) if self.load.kind == "press" else _write(number, person.chat)
        self.updates.append((number, text))
        if self.hooks is not None:
            self.hooks.offer()
        elif self.poll is not None and not self.poll.done():
            self.poll.set_result(None)

    def heard(self, chat: int, part: str, body: bytes = b"") -> None:
        """One part of an answer came; with the last, the person acts again, by a button of the open question."""
        person = self.people.get(chat)
        if person is None or not person.asked:
            return
        if (found := _NEXT.search(body)) is not None:
            person.button = found[1].decode()
        if self.load.kind == "press":
            # A press that came too late for its step is answered with a short note, and nothing is redrawn.
            person.edited += part == "edit" or b'"text"' in body
            person.answered += part == "answer"
            if not (person.edited and person.answered):
                return
            person.edited -= 1
            person.answered -= 1
        elif part != "edit":
            return
        self._done(person)

    def _done(self, person: Person) -> None:
        now = time.perf_counter()
        asked = person.asked.popleft()
        if self.measured_from and asked >= self.measured_from and self.running:
            self.latencies.append(now - asked)
        if self.load.updates and self.acts >= self.load.updates:
            if not any(each.asked for each in self.people.values()):
                self.out_of_work.set()
        elif self.running and not self.load.rate:
            self.act(person)

    async def live(self, load: Load) -> Figures:
        self.load, self.latencies, self.acts, self.calls = load, [], 0, 0
        self.people = {FIRST_CHAT + n: Person(FIRST_CHAT + n) for n in range(load.chats)}
        self.running, self.measured_from = True, 0.0
        self.out_of_work.clear()
        self.hooks = Hooks(self, load.webhook) if load.webhook else None
        if self.hooks is not None:
            await self.hooks.open()
        began = time.perf_counter()
        self.measured_from = began + load.warm_up
        await (self._by_rate(load) if load.rate else self._by_turn(load))
        self.running = False
        ended = time.perf_counter()
        if load.rate:
            await asyncio.sleep(0.5)
        if self.hooks is not None:
            self.hooks.close()
        return _figures(self.latencies, ended - self.measured_from, self.calls)

    async def _by_turn(self, load: Load) -> None:
        for person in self.people.values():
            self.act(person)
        if load.updates:
            await self.out_of_work.wait()
        else:
            await asyncio.sleep(load.warm_up + load.seconds)

    async def _by_rate(self, load: Load) -> None:
        people = list(self.people.values())
        begin = time.perf_counter()
        number = 0
        while (passed := time.perf_counter() - begin) < load.warm_up + load.seconds:
            while number < passed * load.rate:
                self.act(people[number % len(people)])
                number += 1
            await asyncio.sleep(max(0.0, begin + number / load.rate - time.perf_counter()))

    async def get_updates(self, body: bytes) -> str:
        offset = _number(_OFFSET, body)
        while self.updates and self.updates[0][0] < offset:
            self.updates.popleft()
        if not self.updates:
            self.poll = asyncio.get_running_loop().create_future()
            await asyncio.wait([self.poll], timeout=_number(_TIMEOUT, body))
            self.poll = None
        batch = [self.updates[n][1] for n in range(min(MOST_AT_ONCE, len(self.updates)))]
        return "[" + ",".join(batch) + "]"


def _number(pattern: re.Pattern[bytes], body: bytes) -> int:
    found = pattern.search(body)
    return int(found[1]) if found else 0


def _press(number: int, chat: int, data: str) -> str:
    message = _message(chat, 10, _BOT)
    query = f"{chat}{number:010d}"
    user = _USER % (chat, chat)
    return (
        f'{{"update_id":{number},"callback_query":{{"id":"{query}","from":{user},"message":{message},'
        f'"chat_instance":"-42","data":"{data}"}}}}'
    )


def _write(number: int, chat: int) -> str:
    user, room = _USER % (chat, chat), _CHAT_JSON % (chat, chat)
    return (
        f'{{"update_id":{number},"message":{{"message_id":{number + 10},"from":{user},"chat":{room},'
        f'"date":{int(time.time())},"text":"Selamat pagi, Bapak dan Ibu sekalian."}}}}'
    )


def _message(chat: int, message_id: int, sender: str) -> str:
    room = _CHAT_JSON % (chat, chat)
    return (
        f'{{"message_id":{message_id},"from":{sender},"chat":{room},"date":{int(time.time())},"text":"{_TEXT}",'
        f'"reply_markup":{_KEYS}}}'
    )


def _figures(latencies: list[float], seconds: float, calls: int) -> Figures:
    ordered = sorted(latencies) or [0.0]

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)

    done = len(latencies)
    return Figures(done, round(seconds, 3), round(done / seconds, 1), at(0.5), at(0.95), at(0.99), calls)


class Line(asyncio.Protocol):
    """One connection of the bot: keep-alive HTTP/1.1, as little of it as clients need."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.buffer = b""
        self.message_id = 1000

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (head := self.buffer.find(b"\r\n\r\n")) >= 0:
            length = _number(_LENGTH, self.buffer[:head])
            end = head + 4 + length
            if len(self.buffer) < end:
                return
            request, body, self.buffer = self.buffer[:head], self.buffer[head + 4 : end], self.buffer[end:]
            self.serve(request.split(b" ", 2)[1].rpartition(b"/")[2].partition(b"?")[0].decode(), body)

    def serve(self, method: str, body: bytes) -> None:
        town = self.town
        town.calls += 1
        if method == "getUpdates":
            self.later(town.get_updates(body))
        elif method == "answerCallbackQuery":
            self.answer("true")
            found = _QUERY.search(body)
            town.heard(int(found[1][:-10]) if found else 0, "answer", body)
        elif method in ("sendMessage", "editMessageText") and not town.takes():
            self.refuse()
        elif method in ("sendMessage", "editMessageText"):
            chat = _number(_CHAT, body)
            if method == "sendMessage":
                self.message_id += 1
                town.sent.append(time.time())
            self.answer(_message(chat, self.message_id, _BOT))
            town.heard(chat, "edit", body)
        elif method == "sent":
            self.answer(json.dumps({"times": town.sent, "refused": town.refused}))
        elif method == "bench":
            self.later(self.bench(json.loads(body)))
        else:
            self.answer(_ME if method == "getMe" else '{"url":"","has_custom_certificate":false,'
                        '"pending_update_count":0}' if method == "getWebhookInfo" else "true")  # fmt: skip

    async def bench(self, load: dict[str, Any]) -> str:
        return json.dumps(asdict(await self.town.live(Load(**load))))

    def later(self, answering: Any) -> None:
        task = asyncio.ensure_future(answering)
        task.add_done_callback(lambda done: self.answer(done.result()))

    def refuse(self) -> None:
        text = '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":1}}'
        self.write(b"429 Too Many Requests", text.encode())

    def answer(self, result: str) -> None:
        self.write(b"200 OK", ('{"ok":true,"result":' + result + "}").encode())

    def write(self, status: bytes, body: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 "
                + status
                + b"\r\nContent-Type: application/json\r\nDate: "
                + formatdate(usegmt=True).encode()
                + b"\r\nContent-Length: %d\r\n\r\n" % len(body)
                + body
            )


class Hooks:
    """Carries updates to the bot's webhook over some kept connections."""

    def __init__(self, town: Town, address: str) -> None:
        self.town = town
        host, _, path = address.removeprefix("http://").partition("/")
        self.host, _, port = host.partition(":")
        self.port, self.path = int(port), f"/{path}"
        self.idle: list[HookLine] = []
        self.all: list[HookLine] = []

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(WEBHOOK_CONNECTIONS):
            _, line = await loop.create_connection(lambda: HookLine(self), self.host, self.port)
            self.all.append(line)
        self.idle = list(self.all)

    def close(self) -> None:
        for line in self.all:
            line.transport.close()

    def offer(self) -> None:
        while self.idle and self.town.updates:
            self.idle.pop().carry(self.town.updates.popleft()[1])


class HookLine(asyncio.Protocol):
    def __init__(self, hooks: Hooks) -> None:
        self.hooks = hooks
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def carry(self, update: str) -> None:
        body = update.encode()
        self.transport.write(
            f"POST {self.hooks.path} HTTP/1.1\r\nHost: {self.hooks.host}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n")
        if head < 0 or len(self.buffer) < head + 4 + _number(_LENGTH, self.buffer[:head]):
            return
        if not self.buffer.startswith(b"HTTP/1.1 200"):
            sys.stderr.write(f"the webhook answered {self.buffer[:60]!r}\n")
        self.buffer = b""
        self.hooks.idle.append(self)
        self.hooks.offer()


async def serve(port: int = 0, rate: int = 0) -> None:
    """Until killed."""
    town = Town(rate)
    server = await asyncio.get_running_loop().create_server(lambda: Line(town), "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:])))
