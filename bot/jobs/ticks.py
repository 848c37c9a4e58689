"""All ticks in one table. The scheduler only asks "what is due?"; everything that waits is a row."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.jobs import cards
from bot.jobs.episodes import WHOLE, Episodes
from bot.jobs.guard import ClockGuard
from bot.services import (
    announcing,
    decree_lists,
    escalations,
    exports,
    follow_ups,
    invites,
    letters,
    meeting_letters,
    readers,
    reminders,
    review_queue,
    series,
    silences,
    snapshots,
)
from bot.services.work import Fault, Work
from bot.texts import Texts
from db import inbox, outbox
from db.engine import Database
from db.models import InviteGuess

log = structlog.get_logger(__name__)

T = TypeVar("T")
Deed = Callable[[Session, datetime], int]
Due = Callable[[Session, datetime], bool]


def _always(_session: Session, _now: datetime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Tick:
    """A deed done every `seconds`; it returns how many rows it changed. Doing it twice changes nothing more.

    `due` looks first, without writing: what comes every second or so should cost an idle process no transaction.
    A deed that does so many rows at once, a `batch`, is done again at once while its batches are full, so that no
    transaction is long. What people wait for and asks nothing of the clock is done `at_any_clock`; all else is held
    while the clock cannot be trusted.
    """

    name: str
    seconds: int
    deed: Deed
    due: Due = _always
    batch: int = sys.maxsize
    at_any_clock: bool = False


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
    Tick("forget papers that were sent", 600, letters.forget_papers),
    Tick("forget lists of days off that were read", 3600, decree_lists.forget),
    Tick("forget the codes of invitations that were delivered", 600, invites.forget_sent_codes),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """The same for what needs the programme; its letters are posted in the same transaction.

    Where `due` says yes, `is_time` looks once more, with the programme opened: at hours and calendars.
    """

    name: str
    seconds: int
    deed: Callable[[Work], int]
    due: Due = _always
    is_time: Callable[[Work], bool] | None = None
    batch: int = sys.maxsize
    at_any_clock: bool = False


DUTIES: tuple[Duty, ...] = (
    Duty("make the next announcement of a series", 20, series.run, series.is_due),
    Duty("send announcements in waves", 1, announcing.run, announcing.is_due, batch=readers.BATCH),
    Duty("count along on the pages of announcements", 3, cards.refresh, cards.is_due, at_any_clock=True),
    Duty("remind people of what is due", 5, reminders.run, reminders.is_due, batch=reminders.BATCH),
    Duty("tell what changed on the agenda", 5, meeting_letters.run, meeting_letters.is_due),
    Duty(
        "remind readers who have not confirmed",
        follow_ups.TURN_SECONDS,
        follow_ups.run,
        follow_ups.is_due,
        follow_ups.is_time,
    ),
    Duty("tell who should hear that something waits too long", 60, escalations.run),
    Duty("nudge askers and tell what did not arrive", 60, silences.run),
    Duty("return idle questions to the queue", 300, escalations.release_idle),
    Duty("tell reviewers what is new", 120, review_queue.notify_all),
)


@dataclass(frozen=True, slots=True)
class Study(Generic[T]):
    """What needs a long look: `look` only reads and nobody waits for it; `deed` writes down what it found."""

    name: str
    seconds: int
    look: Callable[[Work], T | None]
    deed: Callable[[Work, T], int]
    due: Due
    at_any_clock: bool = False


STUDIES: tuple[Study[Any], ...] = (
    Study("write workbooks that were asked for", 1, exports.make, exports.deliver, exports.is_due, at_any_clock=True),
    Study("freeze how every region stood at the closing", 60, snapshots.look, snapshots.keep, snapshots.is_due),
)


class Ticker:
    """Runs ticks and duties while this process leads. `open_work` makes a duty's `Work`, `wake` stirs the sender.

    What fails stops nothing else: it is told once (`Episodes`) and comes again in its turn.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        leads: Callable[[], bool],
        open_work: Callable[[Session, datetime, str], Work],
        texts: Texts,
        wake: Callable[[], None],
        guard: ClockGuard,
    ) -> None:
        self._database = database
        self._clock = clock
        self._leads = leads
        self._open_work = open_work
        self._texts = texts
        self._wake = wake
        self._guard = guard
        self._episodes = Episodes()
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin ticking in the running loop."""
        for tick in self.everything():
            self._scheduler.add_job(self._turn, "interval", seconds=tick.seconds, args=[tick], id=tick.name)
        self._scheduler.start()

    def everything(self) -> tuple[Tick | Study[Any], ...]:
        """All that is done by the clock."""
        return (*TICKS, *map(self.tick_of, DUTIES), *STUDIES)

    async def beat(self) -> None:
        """Do everything once now, whatever its turn: for a clock that was moved on."""
        self._guard.moved()
        for tick in self.everything():
            await self.run(tick)

    def tick_of(self, duty: Duty) -> Tick:
        """A duty with the programme opened for it."""
        return Tick(duty.name, duty.seconds, self._deed_of(duty), self._due_of(duty), duty.batch, duty.at_any_clock)

    def _due_of(self, duty: Duty) -> Due:
        is_time = duty.is_time
        if is_time is None:
            return duty.due
        return lambda session, now: duty.due(session, now) and is_time(self._open_work(session, now, "look"))

    def _deed_of(self, duty: Duty) -> Deed:
        def deed(session: Session, now: datetime) -> int:
            work = self._open_work(session, now, f"tick: {duty.name}"[:64])
            work.apart = self._episodes.apart(duty.name, now)
            count = duty.deed(work)
            letters.post_letters(session, work.letters, self._texts, now)
            return count

        return deed

    async def _studied(self, study: Study[T]) -> Deed:
        """The deed that writes down what a long look has found."""
        now = self._clock.now()
        found = await self._database.study(lambda session: study.look(self._open_work(session, now, "study")))
        return self._deed_of(
            Duty(study.name, study.seconds, lambda work: 0 if found is None else study.deed(work, found))
        )

    def stop(self) -> None:
        # Waiting would cancel a tick in the middle of its transaction; the writer thread finishes it instead.
        self._scheduler.shutdown(wait=False)

    async def _turn(self, tick: Tick | Study[Any]) -> None:
        """One tick by the clock. Cut off by the end, its transaction is finished by the writer thread."""
        with suppress(asyncio.CancelledError):
            await self.run(tick)

    async def run(self, tick: Tick | Study[Any]) -> None:
        """Do one tick now, if it is ours to do; after a full batch the next follows at once."""
        while await self._once(tick):
            continue

    async def _once(self, tick: Tick | Study[Any]) -> bool:
        """Whether there is more to do at once: the rest of a full batch, or what one row has spoilt for the others."""
        if not self._leads() or not (tick.at_any_clock or await self._guard.trusts()):
            return False
        now = self._clock.now()
        apart = self._episodes.apart(tick.name, now)
        try:
            count = await self._do(tick, now)
        except Exception as error:  # noqa: BLE001 (whatever it is, the other ticks go on)
            row = error.row if isinstance(error, Fault) else WHOLE
            self._episodes.failed(tick.name, now, error, row)
            return row not in (WHOLE, *apart)
        self._episodes.worked(tick.name, apart)
        return count >= (tick.batch if isinstance(tick, Tick) else sys.maxsize)

    async def _do(self, tick: Tick | Study[Any], now: datetime) -> int:
        """How many rows were changed."""
        if tick.due is not _always and not await self._database.read(lambda session: tick.due(session, now)):
            return 0
        deed = await self._studied(tick) if isinstance(tick, Study) else tick.deed
        count = await self._database.write(lambda session: deed(session, self._clock.now()))
        if count:
            self._wake()
            log.info("A tick has done its work.", action="tick", tick=tick.name, rows=count)
        return count
