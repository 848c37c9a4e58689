"""Calendar files (iCalendar, RFC 5545) that phones take in; saved again, they bring a calendar up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import icalendar

MIME: Final = "text/calendar"
_PRODUCT: Final = "-//Pandu//Agenda//ID"
# What no calendar can show; a line end stays.
_ILLEGAL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar. Two moments with an offset, or two days, of which the second is not part of it.

    `uid` names it for ever; a higher `sequence` replaces what a calendar has under it. `stamp` is when it became so.
    """

    uid: str
    sequence: int
    stamp: datetime
    title: str
    start: datetime | date
    end: datetime | date
    place: str = ""
    link: str = ""
    text: str = ""
    cancelled: bool = False


def calendar_file(name: str, entries: Iterable[Entry]) -> bytes:
    """The file. Moments are written in UTC, so that every calendar shows them in its own zone."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _legal(name))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("summary", _legal(entry.title))
    event.add("dtstart", entry.start)
    event.add("dtend", entry.end)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    # A day to keep in mind does not make a whole day busy.
    event.add("transp", "OPAQUE" if isinstance(entry.start, datetime) else "TRANSPARENT")
    for field, value in (("location", entry.place or entry.link), ("description", entry.text), ("url", entry.link)):
        if value:
            event.add(field, _legal(value))
    return event


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
