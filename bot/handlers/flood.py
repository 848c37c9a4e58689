"""Floods: who sends far more than a person can is told once, then met with silence until it calms down.

What counts is when people acted, not when it was handled: what waited while Pandu could not work is no flood.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.services.conversations import Reply
from bot.words import _

WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000
# A stranger gets at most six answers a minute (security model, abuse case 1).
STRANGERS_PER_MINUTE = 6
# Telegram keeps a press for 150 seconds and does not say when it was made. Presses that come in at one moment were
# made within that time, so each after the first counts as its share of a minute.
SHARE = WINDOW / timedelta(seconds=150)


@dataclass(frozen=True, slots=True)
class FloodVerdict:
    """`silent`: no answer at all. `reply`: the one note instead of an answer."""

    silent: bool = False
    reply: Reply | None = None


CALM = FloodVerdict()
SILENT = FloodVerdict(silent=True)
NOTE = FloodVerdict(reply=Reply(note=_("Too many messages. Please wait a moment."), toast=_("Please wait a moment.")))


@dataclass(slots=True)
class _Minute:
    """What a chat has sent since a moment. `noted`: it was told to wait."""

    since: datetime
    last: datetime
    count: float = 0.0
    noted: bool = False


@dataclass
class Floods:
    """Counts updates of each chat within a minute, in memory: after a restart everybody begins afresh."""

    per_minute: int
    minutes: OrderedDict[int, _Minute] = field(default_factory=OrderedDict)

    def verdict(self, chat_id: int, at: datetime, *, known: bool, press: bool = False) -> FloodVerdict:
        """Count one update of a chat and say how to meet it. `at` is when it was sent, of a press when it came in."""
        minute = self._minute(chat_id, at)
        if minute.since - at >= WINDOW:
            return CALM
        limit = self.per_minute if known else STRANGERS_PER_MINUTE * 2
        together = press and minute.count > 0 and at == minute.last
        full, minute.count, minute.last = minute.count >= limit, minute.count + (SHARE if together else 1), at
        if not full:
            return CALM
        silent, minute.noted = minute.noted, True
        return SILENT if silent else NOTE

    def _minute(self, chat_id: int, at: datetime) -> _Minute:
        """The minute that counts for a chat now, a fresh one when the last is over."""
        minute = self.minutes.pop(chat_id, None)
        if minute is None or at - minute.since >= WINDOW:
            minute = _Minute(at, at)
        self.minutes[chat_id] = minute
        if len(self.minutes) > REMEMBERED:
            self.minutes.popitem(last=False)
        return minute
