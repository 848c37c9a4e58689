"""Which process does a duty that only one may do. The lease is a row; trust in it runs by the monotonic clock."""

import asyncio
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.waiting import pause
from db import leases
from db.engine import Database

log = structlog.get_logger(__name__)


class Leader:
    """Keeps asking for one duty. `holds` is True while this process may act on it."""

    def __init__(self, database: Database, clock: Clock, duty: str, owner: str) -> None:
        self._database = database
        self._clock = clock
        self._duty = duty
        self._owner = owner
        self._trusted_until = 0.0
        self.last_beat = time.monotonic()

    @property
    def holds(self) -> bool:
        return time.monotonic() < self._trusted_until

    async def run(self, stop: asyncio.Event) -> None:
        """Take and renew until told to stop, then resign."""
        while not stop.is_set():
            await self.renew()
            self.last_beat = time.monotonic()
            await pause(stop, leases.RENEW_SECONDS)
        await self._resign()

    async def renew(self) -> None:
        """Ask once. A database that does not answer leaves the trust to run out."""
        asked = time.monotonic()
        held = self.holds
        try:
            now = self._clock.now()
            taken = await self._database.write(lambda session: leases.take(session, self._duty, self._owner, now))
        except SQLAlchemyError:
            log.exception("The lease could not be renewed.", action="lease", duty=self._duty)
            return
        # Counted from before the question, so that a slow answer never makes the trust longer than the lease.
        self._trusted_until = asked + leases.TRUST_SECONDS if taken else 0.0
        if taken != held:
            log.info("The duty changed hands.", action="lease", duty=self._duty, held=taken)

    async def _resign(self) -> None:
        self._trusted_until = 0.0
        try:
            await self._database.write(lambda session: leases.resign(session, self._duty, self._owner))
        except SQLAlchemyError:
            log.warning("The lease runs out by itself.", action="lease", duty=self._duty)
