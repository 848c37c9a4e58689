"""The door in: an update is a committed row before Telegram hears that it arrived."""

import asyncio
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
import structlog
from aiohttp import web
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.transport import Accepted, Raw, Refused, Transport, judge
from bot.waiting import pause
from db import inbox
from db.engine import Database
from db.inbox import Arrival

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
UNREADABLE = inbox.UNREADABLE
LONGEST_PAYLOAD = 256 * 1024
LARGEST_REQUEST = 1024 * 1024
POLL_SECONDS = 25
# Beyond the server's own waiting time: a proxy or a slow line.
POLL_GRACE_SECONDS = 20.0
BATCH = 100
LONGEST_PAUSE_SECONDS = 30.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
RETRY_AFTER_SECONDS = "5"

_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})(?!\d)')
_LARGEST = 2**63 - 1


def arrival(raw: Any) -> Arrival | None:
    """Read an update just far enough to keep it in order; None if it has no number to be kept under.

    What cannot be read is kept as `unreadable` under chat 0, so that it stops nobody's line.
    """
    update_id = _number(raw.get("update_id")) if isinstance(raw, Mapping) else None
    if update_id is None:
        return None
    payload = json.dumps(raw, separators=(",", ":"))
    kind = next((name for name in ALLOWED_UPDATES if isinstance(raw.get(name), Mapping)), UNREADABLE)
    chat_id = _chat(kind, raw.get(kind) or {})
    if chat_id is None or len(payload) > LONGEST_PAYLOAD:
        return Arrival(update_id, 0, UNREADABLE, payload[:LONGEST_PAYLOAD], None)
    return Arrival(update_id, chat_id, kind, payload, _sent_at(raw[kind]))


def _chat(kind: str, content: Mapping[str, Any]) -> int | None:
    if kind == UNREADABLE:
        return None
    holder = content.get("message", {}) if kind == "callback_query" else content
    chat = _identity(holder, "chat")
    return chat if chat is not None or kind != "callback_query" else _identity(content, "from")


def _identity(holder: Any, name: str) -> int | None:
    content = holder.get(name) if isinstance(holder, Mapping) else None
    return _number(content.get("id")) if isinstance(content, Mapping) else None


def _number(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and -_LARGEST <= value <= _LARGEST else None


def _sent_at(content: Mapping[str, Any]) -> datetime | None:
    edited = _number(content.get("edit_date"))
    seconds = _number(content.get("date")) if edited is None else edited
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def illegible(body: bytes) -> Arrival | None:
    """An update whose JSON is broken, kept under the number that can still be made out."""
    found = _UPDATE_ID.search(body)
    if found is None:
        return None
    return Arrival(int(found[1]), 0, UNREADABLE, repr(body[: LONGEST_PAYLOAD // 4]), None)


class Workers(Protocol):
    """Whoever works on what is stored; may take it in the very commit that stores it."""

    def claim_if_idle(self, session: Session, now: datetime) -> list[inbox.Claimed]: ...

    def take(self, claimed: Sequence[inbox.Claimed]) -> None: ...


class Register:
    """Stores arrivals, all that come at the same moment in one commit. `stored` counts the new ones."""

    def __init__(self, database: Database, clock: Clock, workers: Workers) -> None:
        self._database = database
        self._clock = clock
        self._workers = workers
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.stored = 0

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Return once they are committed. Raises `SQLAlchemyError` if they could not be."""
        now = self._clock.now()

        def deed(session: Session) -> tuple[int, list[inbox.Claimed]]:
            new = inbox.store(session, arrivals, now)
            return new, self._workers.claim_if_idle(session, now)

        new, claimed = await self._database.write(deed)
        self.stored += new
        self._workers.take(claimed)

    async def keep_together(self, one: Arrival) -> None:
        """The same for one arrival, sharing the commit with those that come meanwhile."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, kept))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_waiting())
        await kept

    async def _write_waiting(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            try:
                await self.keep([each for each, _ in waiting])
            except Exception as error:  # noqa: BLE001 (whoever waits decides)
                _tell(waiting, error)
            else:
                _tell(waiting, None)
        self._writing = None


def _tell(waiting: Sequence[tuple[Arrival, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, kept in waiting:
        if kept.done():
            continue
        if error is None:
            kept.set_result(None)
        else:
            kept.set_exception(error)


class Poller:
    """Long polling. Nothing is acknowledged before its commit: the next offset is asked only afterwards.

    No offset is stored: after a restart Telegram repeats what it was not told about, and the unique key drops it.
    `last_good` (monotonic) is the last answer; `foreign` tells that somebody else polls with this token;
    `token_refused` that Telegram does not know the token.
    """

    def __init__(self, transport: Transport, register: Register, may_poll: Callable[[], bool] = lambda: True) -> None:
        self._transport = transport
        self._register = register
        self._may_poll = may_poll
        self._offset = 0
        self._limit = BATCH
        self._failures = 0
        self.last_beat = time.monotonic()
        self.last_good: float | None = None
        self.foreign = False
        self.token_refused = False

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.last_beat = time.monotonic()
            if not self._may_poll():
                await pause(stop, 1.0)
                continue
            await self._one_round(stop)

    async def _one_round(self, stop: asyncio.Event) -> None:
        try:
            raw = await self._ask(stop)
            if raw is not None:
                await self._receive(raw)
            self._failures = 0
        except _PollFault as fault:
            log.warning("Polling failed and is tried again.", action="poll", why=str(fault))
            await self._back_off(stop, fault.wait)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The error's text may hold the address, and the address holds the token.
            log.warning("Telegram was not reached.", action="poll", why=type(error).__name__)
            await self._back_off(stop)
        except Exception:
            log.exception("Updates could not be stored; Telegram keeps them.", action="poll")
            await self._back_off(stop)

    async def _back_off(self, stop: asyncio.Event, wait: float | None = None) -> None:
        self._failures += 1
        await pause(stop, wait or min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** min(self._failures, 10)))

    async def _ask(self, stop: asyncio.Event) -> Raw | None:
        """Ask for updates; None if told to stop meanwhile. Ending the wait is safe: nothing was acknowledged."""
        body = {
            "offset": self._offset,
            "timeout": POLL_SECONDS,
            "limit": self._limit,
            "allowed_updates": ALLOWED_UPDATES,
        }
        asked = asyncio.ensure_future(
            self._transport.post("getUpdates", body, timeout=POLL_SECONDS + POLL_GRACE_SECONDS)
        )
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not asked.done() and not stopped.done():
                await asyncio.wait({asked, stopped}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
                self.last_beat = time.monotonic()
            return asked.result() if asked.done() else None
        finally:
            asked.cancel()
            stopped.cancel()

    async def _receive(self, raw: Raw) -> None:
        match judge(raw):
            case Accepted(list() as updates):
                await self._keep(updates)
                self._limit = BATCH
            case Refused(code, description, retry_after):
                self._note_refusal(code)
                raise _PollFault(f"{code}: {description}", retry_after)
            case _ if raw.status == 200:
                await self._keep_illegible(raw.body)
            case _:
                raise _PollFault(f"HTTP {raw.status}")
        self._note_good()

    def _note_good(self) -> None:
        self.last_good = time.monotonic()
        self.foreign = self.token_refused = False

    def _note_refusal(self, code: int) -> None:
        self.foreign = code == 409
        self.token_refused = code in (401, 404)
        if self.foreign:
            log.error("Another process polls with this token.", action="poll")
        if self.token_refused:
            log.error("Telegram does not accept the token.", action="poll")

    async def _keep(self, updates: list[Any]) -> None:
        arrivals = [each for each in map(arrival, updates) if each is not None]
        if len(arrivals) < len(updates):
            log.error("Updates without a number were passed over.", action="poll", count=len(updates) - len(arrivals))
        if not arrivals:
            if updates:
                raise _PollFault("no update of the answer has a number")
            return
        await self._register.keep(arrivals)
        self._offset = arrivals[-1].update_id + 1

    async def _keep_illegible(self, body: bytes) -> None:
        """An answer that is no JSON: find the one update that spoils it, keep it unread, and go on behind it."""
        if self._limit > 1:
            self._limit = 1
            return
        spoilt = illegible(body)
        if spoilt is None:
            raise _PollFault("an answer without a number cannot be read")
        log.error("An unreadable update was set aside.", action="poll", update_id=spoilt.update_id)
        await self._register.keep([spoilt])
        self._offset = spoilt.update_id + 1
        self._limit = BATCH


class _PollFault(Exception):  # noqa: N818
    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class Webhook:
    """Telegram's calls to us: answered 200 only after the commit; otherwise Telegram keeps the update and returns."""

    def __init__(self, register: Register, secret: str) -> None:
        self._register = register
        self._secret = secret.encode()
        self._closed = False
        self.last_good: float | None = None

    def close(self) -> None:
        """Take nothing more; Telegram comes again."""
        self._closed = True

    async def handle(self, request: web.Request) -> web.Response:
        """The aiohttp handler. The application must be made with `client_max_size=LARGEST_REQUEST`."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        if self._closed:
            return _later()
        return await self._keep(await request.read())

    async def _keep(self, body: bytes) -> web.Response:
        one = _read(body)
        if one is None:
            log.error("A webhook call without an update was refused.", action="webhook")
            return web.Response(status=400)
        try:
            await self._register.keep_together(one)
        except Exception:
            log.exception("An update could not be stored; Telegram keeps it.", action="webhook")
            return _later()
        self.last_good = time.monotonic()
        return web.Response()


def _read(body: bytes) -> Arrival | None:
    try:
        return arrival(json.loads(body))
    except (ValueError, RecursionError):
        return illegible(body)


def _later() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})


def webhook_app(webhook: Webhook, path: str) -> web.Application:
    """An application with the webhook alone; health's routes may be added to it."""
    application = web.Application(client_max_size=LARGEST_REQUEST)
    application.router.add_post(path, webhook.handle)
    return application
