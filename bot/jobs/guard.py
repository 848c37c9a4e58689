"""The guard of the clock: while it disagrees with Telegram's, nothing is done by it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.health import SKEW_SECONDS

log = structlog.get_logger(__name__)

LIMIT = timedelta(seconds=SKEW_SECONDS)
# While the clocks disagree, Telegram's is asked again so often.
ASK_SECONDS = 5.0


class ClockGuard:
    """Says whether our clock can be trusted. `skew` is Telegram's clock minus ours as far as is known, `ask` reads
    Telegram's anew. The operator is told once when an episode begins and once when it ends."""

    def __init__(
        self,
        skew: Callable[[], timedelta | None],
        ask: Callable[[], Awaitable[None]],
        every: float = ASK_SECONDS,
    ) -> None:
        self._skew = skew
        self._ask = ask
        self._every = every
        self._asked = -every
        # Whoever comes while Telegram is asked waits for the answer.
        self._asking = asyncio.Lock()
        self._holds = False

    async def trusts(self) -> bool:
        """Whether what is done by the clock may be done now. Not while Telegram's time is unknown."""
        async with self._asking:
            if self._is_doubtful() and time.monotonic() - self._asked >= self._every:
                self._asked = time.monotonic()
                await self._ask()
        self._tell(self._skew() is not None and self._is_doubtful())
        return not self._is_doubtful()

    def moved(self) -> None:
        """The clock was moved on purpose: Telegram's is asked at once, however lately it was."""
        self._asked = -self._every

    def _is_doubtful(self) -> bool:
        skew = self._skew()
        return skew is None or abs(skew) > LIMIT

    def _tell(self, disagrees: bool) -> None:
        if disagrees == self._holds:
            return
        self._holds = disagrees
        if disagrees:
            skew = round((self._skew() or timedelta()).total_seconds())
            log.error(
                "The clock of this machine differs from Telegram's: reminders and everything else that goes out by "
                "the clock is held until it is right.",
                action="clock",
                skew=skew,
            )
        else:
            log.warning("The clock is right again: what was held goes on.", action="clock", alert=True)
