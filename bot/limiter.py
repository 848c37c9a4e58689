"""How fast Pandu speaks: two lanes, with places always kept for replies. Kept in memory, told the time.

Telegram takes about 30 messages a second over all and one a second per chat (its FAQ); the window is counted
exactly, so that no second ever holds more than the rate. Times are seconds of a monotonic clock.
"""

import math
from collections import deque

from db.vocabulary import Lane

# Messages that leave evenly may arrive bunched by this much.
GUARD_SECONDS = 0.006
CHAT_SECONDS = 1.0
# Twenty a minute.
GROUP_SECONDS = 3.0
FLOOD_SECONDS = 10.0
FLOOD_CHATS = 3
# At least so many places are kept for replies.
RESERVE = 1


class Limiter:
    """Says how many may leave now, and remembers what left."""

    def __init__(self, total_rate: int, bulk_rate: int) -> None:
        self._total = total_rate
        self._bulk = min(bulk_rate, max(1, total_rate - RESERVE))
        # So many places the bulk lane leaves to replies: all that it may not use itself, whoever used the others.
        self._kept = max(RESERVE, total_rate - self._bulk)
        # What a slow moment has cost is made good at once, up to a tenth of a second's worth.
        self._burst = max(1.0, self._bulk / 10)
        self._tokens = self._burst
        self._counted_at = 0.0
        self._left: deque[float] = deque()
        self._promised = 0
        self._paused_until = 0.0
        self._chats: dict[int, float] = {}
        self._floods: dict[int, float] = {}

    def room(self, lane: Lane, now: float) -> int:
        """How many messages of this lane may leave at this moment."""
        if now < self._paused_until:
            return 0
        self._forget(now)
        places = self._total - len(self._left) - self._promised
        if lane is Lane.REPLY:
            return max(0, places)
        self._refill(now)
        return max(0, min(places - self._kept, int(self._tokens)))

    def promise(self, places: int) -> None:
        """Keep places free while their messages are being claimed; a negative number gives them back."""
        self._promised += places

    def left(self, lane: Lane, chat_id: int, now: float) -> None:
        """One message leaves now."""
        self._left.append(now)
        if lane is not Lane.REPLY:
            self._refill(now)
            self._tokens -= 1
            self._close(chat_id, now + (GROUP_SECONDS if chat_id < 0 else CHAT_SECONDS), now)

    def opens_at(self, lane: Lane, now: float) -> float:
        """When the next place of this lane may open; `now` if there is one."""
        if self.room(lane, now) > 0:
            return now
        opens = max(now, self._paused_until)
        kept = 0 if lane is Lane.REPLY else self._kept
        excess = len(self._left) + self._promised + kept - self._total
        if excess >= 0 and self._left:
            opens = max(opens, self._left[min(excess, len(self._left) - 1)] + 1 + GUARD_SECONDS)
        if lane is not Lane.REPLY and self._tokens < 1:
            opens = max(opens, now + (1 - self._tokens) / self._bulk)
        return max(opens, now + 0.001)

    def chat_opens_at(self, lane: Lane, chat_id: int, now: float) -> float:
        """When this chat may be written to; replies wait only for what Telegram itself asked."""
        until = self._floods.get(chat_id, 0.0)
        if lane is not Lane.REPLY:
            until = max(until, self._chats.get(chat_id, 0.0))
        return max(until, now)

    def refused(self, chat_id: int, retry_after: float, now: float) -> None:
        """Telegram answered 429. One chat waits alone; three within ten seconds mean that all of us are too fast."""
        self._floods = {chat: until for chat, until in self._floods.items() if until > now - FLOOD_SECONDS}
        self._floods[chat_id] = now + retry_after
        if len(self._floods) >= FLOOD_CHATS:
            self._paused_until = max(self._paused_until, now + retry_after)

    def _forget(self, now: float) -> None:
        while self._left and self._left[0] <= now - 1 - GUARD_SECONDS:
            self._left.popleft()

    def _refill(self, now: float) -> None:
        earned = max(0.0, now - self._counted_at) * self._bulk
        self._tokens = min(self._burst, self._tokens + earned)
        self._counted_at = now

    def _close(self, chat_id: int, until: float, now: float) -> None:
        self._chats[chat_id] = until
        if len(self._chats) > math.ceil(2 * self._bulk * GROUP_SECONDS) + 100:
            self._chats = {chat: moment for chat, moment in self._chats.items() if moment > now}
