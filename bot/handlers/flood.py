"""Floods: who sends far more than a person can is told once, then met with silence until it calms down."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.services.conversations import Reply
from bot.words import _

WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000
# A stranger gets at most six answers a minute (security model, abuse case 1).
STRANGERS_PER_MINUTE = 6


@dataclass(frozen=True, slots=True)
class FloodVerdict:
    """`silent`: no answer at all. `reply`: the one note instead of an answer."""

    silent: bool = False
    reply: Reply | None = None


CALM = FloodVerdict()
SILENT = FloodVerdict(silent=True)
NOTE = FloodVerdict(reply=Reply(note=_("Too many messages. Please wait a moment."), toast=_("Please wait a moment.")))


@dataclass
class Floods:
    """Counts updates of each chat within a minute, in memory: after a restart everybody begins afresh."""

    per_minute: int
    counts: OrderedDict[int, tuple[datetime, int]] = field(default_factory=OrderedDict)

    def verdict(self, chat_id: int, now: datetime, *, known: bool) -> FloodVerdict:
        """Count one update of a chat and say how to meet it."""
        limit = self.per_minute if known else STRANGERS_PER_MINUTE * 2
        since, count = self.counts.pop(chat_id, (now, 0))
        if now - since >= WINDOW or now < since:
            since, count = now, 0
        self.counts[chat_id] = (since, count + 1)
        if len(self.counts) > REMEMBERED:
            self.counts.popitem(last=False)
        if count < limit:
            return CALM
        return NOTE if count == limit else SILENT
