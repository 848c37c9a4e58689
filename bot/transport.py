"""The wire to Telegram: one aiohttp session, JSON as it is, and answers told apart by what they mean.

The address of every call contains the token, so no exception, text or `repr` of this module carries an address.
"""

import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import aiohttp
import structlog
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.clock import Clock, SystemClock

log = structlog.get_logger(__name__)

CALL_SECONDS = 30.0
UPLOAD_SECONDS = 60.0
CONNECT_SECONDS = 10.0
CONNECTIONS = 256
SKEW_EVERY_SECONDS = 5.0

_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Accepted:
    """Telegram did it."""

    result: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram read the call and did not do it. `retry_after` is in seconds."""

    code: int
    description: str
    retry_after: int | None = None
    migrate_to: int | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The call certainly did not reach Telegram."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The call may or may not have been done: something broke after it had begun."""

    why: str


Answer = Accepted | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class DirectCall:
    """Something said without the outbox because nobody misses it: a callback answer, "typing…"."""

    method: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call, under the name of the method's field."""

    field: str
    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """An HTTP answer that nobody has judged yet."""

    status: int
    body: bytes


class FileTooLarge(Exception):  # noqa: N818 (an answer to the person, not a fault)
    """A file is larger than the caller wants to read."""


class WireError(Exception):
    """A download could not be finished. The text never contains the address."""


class Transport:
    """Calls methods of the Bot API. Opens its session at the first call; `close` ends it.

    `skew` is the server's clock minus ours, None before the first answer: from the `Date` of a recent one, and from
    what our clock has gone since then, so that a jump of it is seen at once. A server that tells no time, as one of
    one's own may, cannot be compared: it counts as agreeing with us, and the log says so once.
    """

    def __init__(self, api_url: str, token: str, clock: Clock | None = None) -> None:
        self._methods = f"{api_url.rstrip('/')}/bot{token}/"
        self._files = f"{api_url.rstrip('/')}/file/bot{token}/"
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None
        self._skew_read = -SKEW_EVERY_SECONDS
        self._server: tuple[datetime, float] | None = None
        self._tells_time = False

    def __repr__(self) -> str:
        return "Transport(…)"

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session behind every call, for the one other client on the same wire."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=60),
                timeout=_within(CALL_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=True,
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: str,
        body: str | Mapping[str, Any] = "{}",
        *,
        upload: Upload | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (aiohttp tells the phases of a timeout apart)
    ) -> Answer:
        """Call a method and say what became of it. Never raises for what the network or Telegram does."""
        seconds = timeout or (UPLOAD_SECONDS if upload else CALL_SECONDS)
        try:
            raw = await self.post(method, body, upload=upload, timeout=seconds)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(_cause(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unknown(_cause(error))
        return judge(raw)

    async def post(
        self,
        method: str,
        body: str | Mapping[str, Any],
        *,
        upload: Upload | None = None,
        timeout: float = CALL_SECONDS,  # noqa: ASYNC109
    ) -> Raw:
        """The same without a judgement. Raises aiohttp's errors, whose texts must not be logged."""
        data = _form(body, upload) if upload else _encoded(body)
        async with self.session.post(
            self._methods + method,
            data=data,
            headers=None if upload else _JSON,
            allow_redirects=False,
            timeout=_within(timeout),
        ) as response:
            content = await response.read()
            self._compare_clocks(response.headers)
            return Raw(response.status, content)

    async def download(self, file_path: str, limit: int) -> bytes:
        """Read a file of at most `limit` bytes. Raises `FileTooLarge` or `WireError`."""
        try:
            async with self.session.get(
                self._files + file_path, allow_redirects=False, timeout=_within(UPLOAD_SECONDS)
            ) as response:
                if response.status != 200:
                    raise WireError(f"the file server answered {response.status}")
                return await _read_at_most(response.content, limit)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WireError(_cause(error)) from None

    @property
    def skew(self) -> timedelta | None:
        if self._server is None:
            return None
        moment, read = self._server
        return moment + timedelta(seconds=time.monotonic() - read) - self._clock.now()

    async def compare_clocks(self) -> None:
        """Read the server's clock anew; what is known stays where it does not answer."""
        self._skew_read = -SKEW_EVERY_SECONDS
        await self.call("getMe")

    def _compare_clocks(self, headers: Mapping[str, str]) -> None:
        if time.monotonic() - self._skew_read < SKEW_EVERY_SECONDS:
            return
        self._skew_read = time.monotonic()
        moment = _date(headers.get("Date", ""))
        if moment is None and self._tells_time:
            return
        self._tells_time = moment is not None
        if moment is None and self._server is None:
            log.warning(
                "The Bot API server tells no time: the clock of this machine cannot be checked.", action="clock"
            )
        self._server = (moment or self._clock.now(), self._skew_read)


def judge(raw: Raw) -> Answer:
    """What an HTTP answer means for the call behind it."""
    try:
        content = json.loads(raw.body)
    except (ValueError, RecursionError):
        content = None
    if raw.status == 200 and isinstance(content, dict) and content.get("ok") is True:
        return Accepted(content.get("result"))
    if raw.status >= 500 or raw.status < 400:
        return Unknown(f"unreadable answer {raw.status}" if raw.status < 500 else f"server error {raw.status}")
    return _refusal(raw.status, content if isinstance(content, dict) else {})


def _refusal(status: int, content: dict[str, Any]) -> Refused:
    details = content.get("parameters")
    details = details if isinstance(details, dict) else {}
    retry_after, moved = details.get("retry_after"), details.get("migrate_to_chat_id")
    return Refused(
        code=status,
        description=str(content.get("description", ""))[:300],
        retry_after=retry_after if isinstance(retry_after, int) else None,
        migrate_to=moved if isinstance(moved, int) else None,
    )


def _cause(error: BaseException) -> str:
    number = getattr(error, "errno", None)
    return type(error).__name__ + (f" (errno {number})" if number else "")


@cache
def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)


def _encoded(body: str | Mapping[str, Any]) -> bytes:
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def _form(body: str | Mapping[str, Any], upload: Upload) -> aiohttp.FormData:
    fields = json.loads(body) if isinstance(body, str) else body
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field(upload.field, io.BytesIO(upload.content), filename=upload.name, content_type=upload.mime)
    return form


async def _read_at_most(stream: aiohttp.StreamReader, limit: int) -> bytes:
    content = bytearray()
    async for chunk in stream.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise FileTooLarge
    return bytes(content)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None


class PtbRequest(BaseRequest):
    """python-telegram-bot's calls on the same session, for what is asked seldom: getMe, commands, webhook."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def initialize(self) -> None:
        """Nothing to do: the transport opens its session itself."""

    async def shutdown(self) -> None:
        """Nothing to do: the transport is closed by whoever made it."""

    @property
    def read_timeout(self) -> float | None:
        return CALL_SECONDS

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Post the fields as JSON strings, as the Bot API takes them. Raises PTB's errors without the address."""
        session = self._transport.session
        seconds = read_timeout if isinstance(read_timeout, int | float) else CALL_SECONDS
        try:
            async with session.request(
                method, url, data=_fields(request_data), allow_redirects=False, timeout=_within(seconds)
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_cause(error)) from None


def _fields(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters, default_to_multipart=True)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
