"""Tells the operator of faults, inside and outside Telegram. Whatever is logged as an error is an alert, and so is a
warning that says so (`alert=True`): the good news after an error.

Alerts are gathered for a minute and told together; when telling fails, the log has them all the same. No message
text, token or name of a person is in them: they pass the same redaction as the log.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from bot.logs import redact
from bot.transport import Transport
from bot.waiting import pause

log = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
# After telling: a minute of gathering.
GATHER_BEATS = 30
MANY = 10
LINE = 300
# What of a log line tells which one is meant; numbers and names of ours only.
_NAMED = ("tick", "row", "person", "code")
TIMEOUT = aiohttp.ClientTimeout(total=10)


class Alerts(logging.Handler):
    """A log handler and the loop that tells what it heard. Neither ever raises or blocks the work."""

    def __init__(
        self, transport: Transport, admin_chat: int | None, alert_url: str | None, secrets: Sequence[str] = ()
    ) -> None:
        super().__init__(logging.WARNING)
        self._transport = transport
        self._admin_chat = admin_chat
        self._alert_url = alert_url
        self._secrets = tuple(secret for secret in secrets if secret)
        self._heard: Counter[str] = Counter()
        self.last_beat = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        wanted = record.levelno >= logging.ERROR or (isinstance(record.msg, dict) and record.msg.get("alert"))
        if record.name == __name__ or not wanted:
            return
        line = _line(record.msg) if isinstance(record.msg, dict) else record.getMessage()
        if len(self._heard) < 1000:
            self._heard[redact(line, self._secrets)[:LINE]] += 1

    async def run(self, stop: asyncio.Event) -> None:
        """Tell what was heard: the first soon, then at most once a minute."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            while not stop.is_set():
                self.last_beat = time.monotonic()
                told = await self._tell()
                # The pause is cut into beats, so that health sees this loop alive.
                for _beat in range(GATHER_BEATS if told else 1):
                    self.last_beat = time.monotonic()
                    await pause(stop, BEAT_SECONDS)
        finally:
            root.removeHandler(self)

    async def _tell(self) -> bool:
        heard, self._heard = self._heard, Counter()
        if not heard or not (self._admin_chat or self._alert_url):
            return False
        text = summary(heard)
        if self._admin_chat:
            await self._transport.call("sendMessage", {"chat_id": self._admin_chat, "text": text})
        if self._alert_url:
            await self._post(text)
        return True

    async def _post(self, text: str) -> None:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False) as session,
                session.post(self._alert_url or "", json={"text": text}) as answer,
            ):
                if answer.status >= 400:
                    log.warning("The alert address answered %s.", answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("The alert address was not reached: %s.", type(error).__name__)


def _line(said: Mapping[str, Any]) -> str:
    """What happened, and to what."""
    known = [f"{name} {said[name]}" for name in _NAMED if said.get(name)]
    return f"{said.get('event', '')} ({', '.join(known)})" if known else str(said.get("event", ""))


def summary(heard: Counter[str]) -> str:
    """One short text: each fault once, with how often it came."""
    lines = [f"{count} × {line}" for line, count in heard.most_common(MANY)]
    more = len(heard) - MANY
    return "\n".join(["⚠️ Pandu", *lines, *([f"… {more} more"] if more > 0 else [])])
