"""Days, times, zones, numbers and sizes as a reader of each language writes them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, parse_pattern
from babel.lists import format_list
from babel.numbers import format_decimal

ZONE_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
)
DEFAULT_ZONE: Final = "Asia/Jakarta"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language writes days and times; CLDR's own full date has "01 Desember" and no zone of ours."""

    locale: Locale
    day: str
    moment: str
    clock: str


@lru_cache(maxsize=8)
def manner(language: str) -> Manner:
    """The manner of a language; one we do not speak is answered in Indonesian."""
    if language == "en":
        return Manner(Locale("en", "GB"), "EEEE, d MMMM y", "EEEE, d MMMM y 'at' HH:mm", "HH:mm")
    return Manner(Locale("id"), "EEEE, d MMMM y", "EEEE, d MMMM y 'pukul' HH.mm", "HH.mm")


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT, as people say it."""
    return ZONE_LABELS[_known_zone(zone)]


@lru_cache(maxsize=64)
def _known_zone(zone: str) -> str:
    if zone in ZONE_LABELS:
        return zone
    for name, label in ZONE_LABELS.items():
        if label == zone:
            return name
    log.error("Unknown time zone, shown in WIB instead", extra={"zone": zone})
    return DEFAULT_ZONE


@lru_cache(maxsize=4096)
def moment(at: datetime, zone: str, language: str) -> str:
    """Day, time and zone of an instant."""
    return f"{_local(at, zone, manner(language).moment, language)} {zone_label(zone)}"


@lru_cache(maxsize=4096)
def clock(at: datetime, zone: str, language: str) -> str:
    """Time of day and zone of an instant."""
    return f"{_local(at, zone, manner(language).clock, language)} {zone_label(zone)}"


@lru_cache(maxsize=2048)
def long_day(day: date, language: str) -> str:
    """A day with weekday, month and year."""
    return str(parse_pattern(manner(language).day).apply(day, manner(language).locale))


@lru_cache(maxsize=2048)
def short_day(day: date, language: str) -> str:
    """A day with its shortened month."""
    return str(format_skeleton("MMMd", day, locale=manner(language).locale))


@lru_cache(maxsize=4096)
def number(value: float | Decimal, language: str) -> str:
    """A number with the language's separators, three decimals at most."""
    return format_decimal(value, locale=manner(language).locale)


@lru_cache(maxsize=1024)
def size(count: int, language: str) -> str:
    """A size in bytes as phones show it: 1 KB is 1024 bytes, one decimal at most."""
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{number(round(amount, 1), language)} {unit}"


def enumeration(spoken: list[str], language: str) -> str:
    """An enumeration with the language's own "and"."""
    return format_list(spoken, locale=manner(language).locale) if spoken else ""


def _local(at: datetime, zone: str, pattern: str, language: str) -> str:
    there = at.astimezone(ZoneInfo(_known_zone(zone)))
    return str(parse_pattern(pattern).apply(there, manner(language).locale))
