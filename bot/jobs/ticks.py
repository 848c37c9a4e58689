"""All ticks in one table. The scheduler only asks "what is due?"; everything that waits is a row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.services import invites
from db import inbox, outbox
from db.engine import Database
from db.models import InviteGuess

log = structlog.get_logger(__name__)

Deed = Callable[[Session, datetime], int]


@dataclass(frozen=True, slots=True)
class Tick:
    """A deed done every `seconds`; it returns how many rows it changed. Doing it twice changes nothing more."""

    name: str
    seconds: int
    deed: Deed


def _reap(session: Session, now: datetime) -> int:
    return outbox.reopen_lost(session, now)


def _forget_guesses(session: Session, now: datetime) -> int:
    gone = session.execute(delete(InviteGuess).where(InviteGuess.at < now - inbox.KEEP_DONE))
    return int(getattr(gone, "rowcount", 0))


TICKS: tuple[Tick, ...] = (
    Tick("reap messages of ended processes", 30, _reap),
    Tick("cancel messages past their time", 60, outbox.expire),
    Tick("forget updates past their time", 3600, inbox.purge),
    Tick("forget wrong invitation codes", 3600, _forget_guesses),
    Tick("forget the codes of invitations that were delivered", 600, invites.forget_sent_codes),
)


class Ticker:
    """Runs the ticks while this process holds the duty."""

    def __init__(self, database: Database, clock: Clock, leads: Callable[[], bool]) -> None:
        self._database = database
        self._clock = clock
        self._leads = leads
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin ticking in the running loop."""
        for tick in TICKS:
            self._scheduler.add_job(self.run, "interval", seconds=tick.seconds, args=[tick], id=tick.name)
        self._scheduler.start()

    def stop(self) -> None:
        # Waiting would cancel a tick in the middle of its transaction; the writer thread finishes it instead.
        self._scheduler.shutdown(wait=False)

    async def run(self, tick: Tick) -> None:
        """Do one tick now, if it is ours to do."""
        if not self._leads():
            return
        try:
            count = await self._database.write(lambda session: tick.deed(session, self._clock.now()))
        except SQLAlchemyError:
            log.exception("A tick failed and comes again.", action="tick", tick=tick.name)
            return
        if count:
            log.info("A tick has done its work.", action="tick", tick=tick.name, rows=count)
