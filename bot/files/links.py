"""A link as evidence: https, a host that the programme knows, nothing hidden. It is never fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from bot.files.reasons import Reason

LINK_LIMIT: Final = 2000
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PATH: Final = "/%:@!$&'()*+,;=-._~"
# A host whose last label is a number, in any notation, is taken for an IP address by browsers: 10, 0x7f, 017.
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")


@dataclass(frozen=True, slots=True)
class Link:
    """An address as it will be shown and stored: ASCII only, the host in its true (punycode) form."""

    url: str
    host: str


def check_link(text: str, hosts: Sequence[str]) -> Link | Reason:
    """The link in canonical form, or why it cannot serve.

    `hosts` are names (`drive.google.com`) or patterns (`*.go.id`: anything below, not `go.id` itself; `*`: any).
    An address typed without its scheme is read as https.
    """
    whole = text.strip()
    if len(whole) > LINK_LIMIT:
        return Reason.LINK_TOO_LONG
    parts = _split(whole)
    if parts is None:
        return Reason.LINK_UNREADABLE
    if parts.scheme != "https":
        return Reason.LINK_NOT_HTTPS
    if _disguised(parts.netloc):
        return Reason.LINK_DISGUISED
    return _known(parts, hosts)


def _known(parts: SplitResult, hosts: Sequence[str]) -> Link | Reason:
    host = _ascii_host(parts.netloc)
    if host is None:
        return Reason.LINK_UNREADABLE
    if _is_number(host):
        return Reason.LINK_DISGUISED
    if not any(_matches(host, pattern) for pattern in hosts):
        return Reason.LINK_HOST
    url = _address(host, parts)
    return Link(url, host) if len(url) <= LINK_LIMIT else Reason.LINK_TOO_LONG


def _split(text: str) -> SplitResult | None:
    if not text.isprintable() or any(character in ' \\<>"' for character in text):
        return None
    try:
        parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
    except ValueError:
        return None
    return parts if parts.netloc else None


def _disguised(netloc: str) -> bool:
    return "@" in netloc or ":" in netloc or "[" in netloc


def _ascii_host(netloc: str) -> str | None:
    try:
        host = netloc.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return host if _HOST.fullmatch(host) or _is_number(host) else None


def _is_number(host: str) -> bool:
    return _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def _matches(host: str, pattern: str) -> bool:
    wanted = pattern.strip().lower()
    return wanted == "*" or (host.endswith(wanted[1:]) if wanted.startswith("*.") else host == wanted)


def _address(host: str, parts: SplitResult) -> str:
    query = f"?{quote(parts.query, safe=_PATH + '?')}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe=_PATH + '?')}" if parts.fragment else ""
    return f"https://{host}{quote(parts.path, safe=_PATH)}{query}{fragment}"
