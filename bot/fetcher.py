"""Fetches files from Telegram, has them looked into and settles their rows. A file is never lost on the way.

The row is the queue. Taking a file up counts the attempt and names the next one in the same commit, so a process
that dies in between only makes the file wait. A file's path on Telegram's server is used at once and stored nowhere.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.files import DOWNLOAD_LIMIT, EvidenceStore, Reason, inspect, read_rows
from bot.transport import Accepted as Answered
from bot.transport import Answer, FileTooLarge, Refused, Transport, WireError
from db.engine import Database, is_databases_own
from db.models import DecreeList, Evidence
from db.vocabulary import EvidenceState

log = structlog.get_logger(__name__)

Settled = Callable[[Session, int, datetime], None]
Table = type[Evidence] | type[DecreeList]
# What of a file that may serve is written into its row.
Columns = Mapping[str, Any]

PAUSES: Final = (5, 30, 120, 600)
LOOK_SECONDS: Final = 1.0
# Each holds a whole file in memory.
HANDS: Final = 3
# getFile was refused this often, over some minutes: the file is not there any more.
REFUSALS_BELIEVED: Final = 4
# So often tried, a fault of ours is taken to come again: the file is refused.
FAULTS_BELIEVED: Final = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """A file taken up for the `attempts`-th time, with what its sender said of it."""

    row_id: int
    file_id: str
    name: str
    mime: str
    size: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Later:
    """No verdict yet. `seconds` is how long Telegram asked us to wait."""

    why: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Errand:
    """Files of a table in state CHECKING, and how one is looked into. `settled(session, row_id, now)` runs in the
    commit that writes the verdict. `look` may raise `OSError`: then it is tried again."""

    table: Table
    look: Callable[[bytes, Taken], Columns | Reason]
    settled: Settled


Finding = Columns | Reason | Later


def _untold(_session: Session, _row_id: int, _now: datetime) -> None:
    return


def for_evidence(store: EvidenceStore, settled: Settled) -> Errand:
    """Evidence is inspected and kept bit by bit."""

    def look(content: bytes, taken: Taken) -> Columns | Reason:
        found = inspect(content, taken.name, taken.mime)
        if isinstance(found, Reason):
            return found
        store.keep(content, found.sha256)
        return {"sha256": found.sha256, "size": found.size, "mime": found.mime}

    return Errand(Evidence, look, settled)


def for_lists(settled: Settled) -> Errand:
    """A list is read; nothing but its text is kept."""

    def look(content: bytes, taken: Taken) -> Columns | Reason:
        found = read_rows(content, taken.name, taken.mime)
        return found if isinstance(found, Reason) else {"lines": "\n".join(found)}

    return Errand(DecreeList, look, settled)


class Fetcher:
    """Looks into the files of one errand."""

    def __init__(self, transport: Transport, database: Database, clock: Clock, errand: Errand) -> None:
        self._transport = transport
        self._database = database
        self._clock = clock
        self._errand = errand
        self._stirred = asyncio.Event()
        self._in_hand: dict[asyncio.Task[Finding], Taken] = {}
        self.last_beat = time.monotonic()

    def wake(self) -> None:
        """A file was committed: look at once. To be called from the event loop."""
        self._stirred.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Fetch what is due until told to stop; downloads under way are dropped then and taken up again later."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            while not stop.is_set():
                self.last_beat = time.monotonic()
                await self._one_round()
        finally:
            stopping.cancel()
            await self._put_down()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._stirred.set()

    async def _one_round(self) -> None:
        try:
            await self._take_up()
        except SQLAlchemyError:
            log.exception("Waiting files could not be read.", action="fetch")
        await self._until_stirred()
        await self._settle_finished()

    async def _until_stirred(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stirred.wait()
        # Before looking: what stirs from here on is noticed by the next wait.
        self._stirred.clear()

    async def _take_up(self) -> None:
        room = HANDS - len(self._in_hand)
        busy = [taken.row_id for taken in self._in_hand.values()]
        now = self._clock.now()
        if room and await self._database.read(lambda session: something_is_due(session, self._errand.table, now, busy)):
            table = self._errand.table
            for taken in await self._database.write(lambda session: take_up(session, table, now, room, busy)):
                self._begin(taken)

    def _begin(self, taken: Taken) -> None:
        task = asyncio.create_task(self._examine(taken))
        self._in_hand[task] = taken
        task.add_done_callback(lambda _task: self._stirred.set())

    async def _examine(self, taken: Taken) -> Finding:
        """Get the file and look into it; no database here, so that this may be dropped at any moment."""
        if taken.size > DOWNLOAD_LIMIT:
            return Reason.TOO_BIG
        place = where_it_is(await self._transport.call("getFile", {"file_id": taken.file_id}), taken.attempts)
        if isinstance(place, Reason | Later):  # a Reason is a str as well
            return place
        try:
            content = await self._transport.download(place, DOWNLOAD_LIMIT)
        except FileTooLarge:
            return Reason.TOO_BIG
        except WireError as error:
            return Later(str(error))
        return await asyncio.to_thread(self._look, content, taken)

    def _look(self, content: bytes, taken: Taken) -> Finding:
        try:
            return self._errand.look(content, taken)
        except OSError as error:
            return Later(f"the copy could not be written: {error.strerror}")

    async def _settle_finished(self) -> None:
        for task in [task for task in self._in_hand if task.done()]:
            taken = self._in_hand.pop(task)
            fault = await self._fault(taken, self._write_down(taken, task))
            if fault and taken.attempts >= FAULTS_BELIEVED and not is_databases_own(fault):
                await self._refuse(taken)

    async def _fault(self, taken: Taken, writing: Coroutine[Any, Any, None]) -> Exception | None:
        """What went wrong. One of the doors: a bug with one file must not stop the others."""
        try:
            await writing
        except Exception as error:
            log.exception(
                "A file could not be settled.",
                action="fetch",
                table=self._errand.table.__tablename__,
                row=taken.row_id,
            )
            return error
        return None

    async def _refuse(self, taken: Taken) -> None:
        """For good, after so many faults of ours; without a word where it is the telling that fails."""
        for errand in (self._errand, replace(self._errand, settled=_untold)):
            if await self._fault(taken, self._verdict(errand, taken, Reason.BROKEN)) is None:
                return

    async def _verdict(self, errand: Errand, taken: Taken, finding: Columns | Reason) -> None:
        now = self._clock.now()
        await self._database.write(lambda session: settle(session, errand, taken.row_id, finding, now))

    async def _write_down(self, taken: Taken, task: asyncio.Task[Finding]) -> None:
        finding = task.result()
        if not isinstance(finding, Later):
            await self._verdict(self._errand, taken, finding)
            return
        log.warning(
            "A file is not here yet; it will be tried again.",
            action="fetch",
            table=self._errand.table.__tablename__,
            row=taken.row_id,
            attempts=taken.attempts,
            why=finding.why,
        )
        if finding.seconds > pause_after(taken.attempts).total_seconds():
            at = self._clock.now() + timedelta(seconds=finding.seconds)
            await self._database.write(lambda session: postpone(session, self._errand.table, taken.row_id, at))

    async def _put_down(self) -> None:
        """Settle what is ready; drop the rest, which waits in its rows for the next start."""
        await self._settle_finished()
        for task in self._in_hand:
            task.cancel()
        await asyncio.gather(*self._in_hand, return_exceptions=True)
        self._in_hand.clear()


def where_it_is(answer: Answer, attempts: int) -> str | Reason | Later:
    """What an answer of getFile means: the file's path, a refusal for good, or patience."""
    match answer:
        case Answered(result={"file_size": int(size)}) if size > DOWNLOAD_LIMIT:
            return Reason.TOO_BIG
        case Answered(result={"file_path": str(path)}) if path:
            return path
        case Refused(code=400, description=description) if "too big" in description:
            return Reason.TOO_BIG
        # The same words stand for a file that is gone and for one that is "temporarily unavailable".
        case Answered() | Refused(code=400) if attempts >= REFUSALS_BELIEVED:
            return Reason.LOST
        case Answered():
            return Later("no path in the answer")
        case Refused(code=code, retry_after=seconds):
            return Later(f"refused with {code}", seconds or 0)
        case failed:
            return Later(failed.why)


def pause_after(attempts: int) -> timedelta:
    """How long a file waits after so many attempts: seconds at first, at most ten minutes, for ever."""
    return timedelta(seconds=PAUSES[min(attempts, len(PAUSES)) - 1])


def something_is_due(session: Session, table: Table, now: datetime, busy: Collection[int] = ()) -> bool:
    """Whether a file waits to be taken up, besides those in hand."""
    waiting = select(table.id).where(_due(table, now), table.id.not_in(busy))
    return session.scalar(waiting.limit(1)) is not None


def take_up(session: Session, table: Table, now: datetime, room: int, busy: Collection[int] = ()) -> list[Taken]:
    """Count an attempt for the files longest due and put off their next one; no other process gets them meanwhile."""
    rows: Sequence[Any] = session.scalars(
        select(table)
        .where(_due(table, now), table.id.not_in(busy))
        .order_by(table.next_try_at, table.id)
        .limit(room)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.attempts += 1
        row.next_try_at = now + pause_after(row.attempts)
    return [Taken(row.id, row.file_id or "", row.name, row.mime, row.size or 0, row.attempts) for row in rows]


def settle(session: Session, errand: Errand, row_id: int, finding: Columns | Reason, now: datetime) -> None:
    """Write the verdict, once, and tell the errand's `settled`; a second one on the same file changes nothing."""
    table = errand.table
    state = EvidenceState.REFUSED if isinstance(finding, Reason) else EvidenceState.STORED
    values = {"refusal": finding.value} if isinstance(finding, Reason) else finding
    changed = session.scalar(
        update(table).where(_waiting(table, row_id)).values(next_try_at=None, state=state, **values).returning(table.id)
    )
    if changed is not None:
        errand.settled(session, row_id, now)


def postpone(session: Session, table: Table, row_id: int, at: datetime) -> None:
    """Try a file again no earlier than this."""
    session.execute(update(table).where(_waiting(table, row_id)).values(next_try_at=at))


def _waiting(table: Table, row_id: int) -> ColumnElement[bool]:
    return and_(table.id == row_id, table.state == EvidenceState.CHECKING)


def _due(table: Table, now: datetime) -> ColumnElement[bool]:
    # A row without a time is due: it may wait for nobody.
    at_once = or_(table.next_try_at.is_(None), table.next_try_at <= now)
    return and_(table.state == EvidenceState.CHECKING, at_once)
