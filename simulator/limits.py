"""Telegram's pace: 30 a second over all, 1 a second per chat with short bursts, 20 a minute per group."""

import math
import time
from collections import deque
from collections.abc import Callable

from simulator.errors import flood

PER_SECOND_OVERALL = 30
PER_MINUTE_IN_A_GROUP = 20
CHAT_BURST = 5
"""How many messages a private chat takes at once before 1 a second holds; Telegram publishes no number."""


class Limiter:
    """Counts what was let through; refused calls are not counted, but keep being refused until their time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._overall: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, float] = {}
        self._until: dict[int, float] = {}
        self._all_until = 0.0

    def pass_or_refuse(self, chat_id: int, messages: int = 1) -> None:
        """Count these messages, or raise 429 with the seconds to wait."""
        now = self._monotonic()
        self._still_closed(chat_id, now)
        self._check_overall(now, messages)
        if chat_id < 0:
            self._check_group(chat_id, now, messages)
        else:
            self._check_chat(chat_id, now, messages)
        self._overall.extend([now] * messages)

    def close(self, seconds: int, chat_id: int | None = None) -> None:
        """Refuse this chat, or everything, for so long."""
        until = self._monotonic() + seconds
        if chat_id is None:
            self._all_until = until
        else:
            self._until[chat_id] = until

    def clear(self) -> None:
        self._overall.clear()
        self._groups.clear()
        self._chats.clear()
        self._until.clear()
        self._all_until = 0.0

    def _still_closed(self, chat_id: int, now: float) -> None:
        until = max(self._all_until, self._until.get(chat_id, 0.0))
        if now < until:
            raise flood(math.ceil(until - now))

    def _check_overall(self, now: float, messages: int) -> None:
        recent = self._overall
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) + messages > PER_SECOND_OVERALL:
            self.close(1)
            raise flood(1)

    def _check_group(self, chat_id: int, now: float, messages: int) -> None:
        recent = self._groups.setdefault(chat_id, deque())
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if len(recent) + messages > PER_MINUTE_IN_A_GROUP:
            self._refuse_chat(chat_id, math.ceil(recent[0] + 60 - now) if recent else 60)
        recent.extend([now] * messages)

    def _check_chat(self, chat_id: int, now: float, messages: int) -> None:
        # The chat's account is empty at `paid_until`; each message pays one second into the future.
        paid_until = max(self._chats.get(chat_id, 0.0), now) + messages
        # An album of ten passes when the chat was at rest.
        if paid_until - now > max(CHAT_BURST, messages):
            self._refuse_chat(chat_id, math.ceil(paid_until - now - CHAT_BURST))
        self._chats[chat_id] = paid_until

    def _refuse_chat(self, chat_id: int, seconds: int) -> None:
        self.close(seconds, chat_id)
        raise flood(seconds)
