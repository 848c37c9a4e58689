"""Works on what waits in the inbox: the oldest update of each chat, side by side, one commit for all.

The attempt is committed before the work, in the commit that stored the update or that finished the group before;
so an update that ends the process is counted too.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.transport import DirectCall
from db import inbox, outbox
from db.engine import Database
from db.inbox import MAX_ATTEMPTS, UNREADABLE, Claimed
from db.outbox import Outgoing
from db.vocabulary import InboxState, Lane

__all__ = ["DirectCall", "OpenShift", "Sending", "Shift", "Worker"]

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
BROKEN_SECONDS = 1.0


class Shift(Protocol):
    """The work on one group inside one transaction. `handle` runs in a savepoint of its own.

    What `handle` raises undoes that update alone; `close` must then return nothing of it.
    """

    def handle(self, update: Claimed) -> None: ...

    def apologise(self, update: Claimed, code: str) -> None: ...

    def close(self) -> tuple[Sequence[Outgoing], Sequence[DirectCall]]: ...


class OpenShift(Protocol):
    def __call__(self, session: Session, group: Sequence[Claimed], now: datetime) -> Shift: ...


class Sending(Protocol):
    """The door out, as far as the worker sees it."""

    def room_for_replies(self) -> int: ...

    def promise(self, places: int) -> None: ...

    def send(self, claimed: Sequence[outbox.Claimed], promised: int = 0) -> None: ...

    def say(self, calls: Sequence[DirectCall]) -> None: ...

    def wake(self) -> None: ...


class LostClaim(Exception):  # noqa: N818
    """Another process has taken over an update of this group: nothing of the group may be kept."""


@dataclass
class _Done:
    """What follows once the group's commit stands."""

    leaving: list[outbox.Claimed] = field(default_factory=list)
    calls: Sequence[DirectCall] = ()
    posted: int = 0
    following: list[Claimed] = field(default_factory=list)


class Worker:
    """One loop a process. `failed` counts updates that raised, `dead` those set aside."""

    def __init__(self, database: Database, clock: Clock, owner: str, open_shift: OpenShift, sender: Sending) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner
        self._open_shift = open_shift
        self._sender = sender
        self._handed: list[list[Claimed]] = []
        self._idle = False
        self._stored = True
        self._woken = asyncio.Event()
        self.last_beat = time.monotonic()
        self.failed = 0
        self.dead = 0

    def wake(self) -> None:
        """Something may wait in the inbox."""
        self._stored = True
        self._woken.set()

    def claim_if_idle(self, session: Session, now: datetime) -> list[Claimed]:
        """For the commit that stores updates: claim them at once if nothing is being worked on."""
        return inbox.claim(session, self._owner, now) if self._idle else []

    def take(self, claimed: Sequence[Claimed]) -> None:
        """Work on what was claimed here, or look for what was stored."""
        self._hand(claimed)
        self._stored = self._stored or not claimed
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what is claimed by then is finished first."""
        stopping = asyncio.create_task(self._wake_at(stop))
        self._stored = True
        try:
            while not stop.is_set() or self._handed:
                self.last_beat = time.monotonic()
                await self._one_round(stop)
        finally:
            stopping.cancel()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _one_round(self, stop: asyncio.Event) -> None:
        try:
            if not self._handed and not self._stored:
                await self._rest()
            if not self._handed and not stop.is_set():
                await self._claim()
            if self._handed:
                await self._work(self._handed.pop(0), stop)
        except SQLAlchemyError:
            log.exception("The database refused the work; it is tried again.", action="work")
            await asyncio.sleep(BROKEN_SECONDS)

    async def _rest(self) -> None:
        """Until woken or until the next look. Claims may be handed over meanwhile."""
        self._woken.clear()
        self._idle = True
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._idle = False

    async def _claim(self) -> None:
        now = self._clock.now()
        # Looking first spares an idle process a write transaction every second.
        if not self._stored and not await self._database.read(lambda session: inbox.anything_due(session, now)):
            return
        self._stored = False
        self._hand(await self._database.write(lambda session: inbox.claim(session, self._owner, now)))

    def _hand(self, claimed: Sequence[Claimed]) -> None:
        if claimed:
            self._handed.append(list(claimed))

    async def _work(self, group: list[Claimed], stop: asyncio.Event) -> None:
        try:
            await self._commit(group, claim_next=not stop.is_set() and not self._handed)
        except Exception:  # one update, or the database, spoilt the commit of all
            log.exception("A group is worked on again one by one.", action="work", updates=len(group))
            self._stored = True
            await self._work_one_by_one(group, stop)

    async def _work_one_by_one(self, group: list[Claimed], stop: asyncio.Event) -> None:
        for number, update in enumerate(group):
            try:
                await self._work_alone(update)
            except SQLAlchemyError:
                # The database is away. The claims stand, so the rest is ours to finish, or the next start's.
                if not stop.is_set():
                    self._hand(group[number:])
                raise

    async def _work_alone(self, update: Claimed) -> None:
        try:
            await self._commit([update], claim_next=False)
        except LostClaim:
            log.warning("Another process took this update over.", action="work", update_id=update.update_id)
        except Exception:
            self.failed += 1
            log.exception("An update failed at its commit.", action="work", update_id=update.update_id)
            await self._give_up(update)

    async def _give_up(self, update: Claimed) -> None:
        """Postpone or set aside; with the apology if that can be written."""
        try:
            await self._database.write(lambda session: self._apology_alone(session, update))
        except Exception:
            log.exception("The apology could not be written.", action="work", update_id=update.update_id)
            await self._database.write(lambda session: self._fail(session, None, update, self._clock.now()))
        self._sender.wake()

    def _apology_alone(self, session: Session, update: Claimed) -> None:
        now = self._clock.now()
        shift = self._open_shift(session, [update], now)
        self._fail(session, shift, update, now)
        messages, _ = shift.close()
        outbox.post(session, messages, now)

    async def _commit(self, group: list[Claimed], *, claim_next: bool) -> None:
        # What was stored before this moment is seen by the claim of the next group.
        self._stored = self._stored and not claim_next
        room = self._sender.room_for_replies()
        self._sender.promise(room)
        done = _Done()
        try:
            done = await self._database.write(lambda session: self._deed(session, group, room, claim_next=claim_next))
        finally:
            self._sender.send(done.leaving, room)
        self._sender.say(done.calls)
        if done.posted > len(done.leaving):
            self._sender.wake()
        self._hand(done.following)

    def _deed(self, session: Session, group: list[Claimed], room: int, *, claim_next: bool) -> _Done:
        """Everything that the group causes, in one transaction."""
        now = self._clock.now()
        readable = [update for update in group if update.kind != UNREADABLE]
        shift = self._open_shift(session, readable, now)
        finished = [update.id for update in readable if self._handle(session, shift, update, now)]
        messages, calls = shift.close()
        outbox.post(session, messages, now)
        ignored = [update.id for update in group if update.kind == UNREADABLE]
        kept = inbox.finish(session, finished, self._owner, now)
        kept += inbox.finish(session, ignored, self._owner, now, InboxState.IGNORED)
        if kept != len(finished) + len(ignored):
            raise LostClaim
        return _Done(
            self._leaving(session, messages, room, now),
            calls,
            len(messages),
            inbox.claim(session, self._owner, now) if claim_next else [],
        )

    def _leaving(
        self, session: Session, messages: Sequence[Outgoing], room: int, now: datetime
    ) -> list[outbox.Claimed]:
        chats = {message.chat_id for message in messages if message.lane is Lane.REPLY and message.due_at is None}
        if not chats or not room:
            return []
        return outbox.claim(session, self._owner, now, (Lane.REPLY,), room, sorted(chats))

    def _handle(self, session: Session, shift: Shift, update: Claimed, now: datetime) -> bool:
        """Whether the update is done; a failing one is undone alone and waits or is set aside."""
        if update.attempts > MAX_ATTEMPTS:
            self._fail(session, shift, update, now)
            return False
        try:
            with session.begin_nested():
                shift.handle(update)
        except Exception as error:
            if _databases_own(error):
                raise
            self.failed += 1
            log.exception("An update failed.", action="handle", update_id=update.update_id, attempt=update.attempts)
            self._fail(session, shift, update, now)
            return False
        return True

    def _fail(self, session: Session, shift: Shift | None, update: Claimed, now: datetime) -> None:
        if update.attempts < MAX_ATTEMPTS:
            inbox.postpone(session, update, self._owner, now)
            return
        code = secrets.token_hex(2)
        inbox.set_aside(session, update, self._owner, code, now)
        self.dead += 1
        log.error("An update was set aside.", action="handle", update_id=update.update_id, code=code)
        if shift is not None:
            self._apologise(session, shift, update, code)

    def _apologise(self, session: Session, shift: Shift, update: Claimed, code: str) -> None:
        try:
            with session.begin_nested():
                shift.apologise(update, code)
        except Exception as error:
            if _databases_own(error):
                raise
            log.exception("The apology failed too.", action="handle", update_id=update.update_id, code=code)


def _databases_own(error: BaseException) -> bool:
    """A fault of the database, not of the update: the whole transaction is given up."""
    if isinstance(error, InterfaceError):
        return False
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
