"""One place for logs: sentences with fields, as text for people or JSON for collectors, never with a secret.

Everything, also what libraries and uncaught errors say, passes one formatter that works on the finished line.
"""

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO

import structlog

HIDDEN = "•••"
# Telegram's libraries write addresses with the token at lower levels; aiohttp writes one line a request.
_TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio")
# It warns of each turn that a tick passes over because it is still at work, which is how ticks are meant.
_NEEDLESS = ("apscheduler",)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)\d{5,12}:[A-Za-z0-9_-]{10,}",  # a bot token; `\b` would not match after "bot"
        r"(?<![A-Za-z0-9-])[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}(?![A-Za-z0-9-])",  # an invite code
        r"(?<![A-Za-z0-9_])i_[A-Za-z0-9_-]{6,62}",  # the same in a deep link
        r"(?<!\d)\d{8} ?\d{6} ?\d ?\d{3}(?!\d)",  # NIP, 18 digits
        r"(?<!\d)\d{16}(?!\d)",  # NIK
        r"(?<![\d.])(?:\+62|0)[ -]?8(?:[ -]?\d){7,11}(?!\d)",  # a mobile number
        r"(?<![\d.])628\d{8,11}(?!\d)",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
    )
)


def redact(line: str, secrets: Iterable[str] = ()) -> str:
    """Hide the given secrets, and whatever looks like a token, an invitation or a person's number or address."""
    for secret in secrets:
        line = line.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        line = pattern.sub(HIDDEN, line)
    return line


class RedactingFormatter(logging.Formatter):
    """Formats by another formatter and redacts the result, exception and stack included."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), self._secrets)


def configure(*, as_json: bool, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send all logs of this process through the one formatter. Call it first, once a process."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(RedactingFormatter(_formatter(as_json), secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # A full disk or a closed pipe must not stop the work.
    logging.raiseExceptions = False
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _NEEDLESS:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value or SystemExit(), args.exc_traceback)


def catch_loop_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Errors that nobody awaits go to the same place."""
    loop.set_exception_handler(_unawaited)


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(as_json: bool) -> logging.Formatter:
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )  # fmt: skip
    exceptions = [structlog.processors.format_exc_info] if as_json else []
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *exceptions, last],
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("pandu").critical("An error that nobody caught.", exc_info=(kind, error, trace))


def _unawaited(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    logging.getLogger("pandu").error(
        "An error that nobody awaited: %s", context.get("message"), exc_info=context.get("exception")
    )
