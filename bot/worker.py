"""Works on what waits in the inbox: the oldest update of each chat, side by side, one commit for all.

A group is written without a savepoint for each update, which would cost a third of the work: if one fails, the
transaction is rolled back, that update is put apart, and the others are committed once more without it. From then
on it comes alone (see `db.inbox.claim`), so it can spoil a commit only once.

The attempt is committed before the work, in the commit that stored the update or that finished the group before;
so an update that ends the process is counted too.
"""

import asyncio
import json
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.settling import Turn
from bot.transport import DirectCall
from db import inbox, outbox
from db.engine import Database, is_databases_own
from db.inbox import MAX_ATTEMPTS, UNREADABLE, Claimed
from db.outbox import Outgoing
from db.vocabulary import InboxState, Lane

__all__ = ["DirectCall", "OpenShift", "Sending", "Shift", "Worker"]

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
BROKEN_SECONDS = 1.0
# Design, how it talks: an empty answer goes first if work takes longer.
LATE_SECONDS = 1.0


class Shift(Protocol):
    """The work on one group inside one transaction: `handle` for each update, then `close` once.

    What any of them raises undoes the whole transaction, and a new shift is opened without the culprit.
    """

    def handle(self, update: Claimed) -> None: ...

    def apologise(self, update: Claimed, code: str) -> None: ...

    def close(self) -> tuple[Sequence[Outgoing], Sequence[DirectCall]]: ...


class OpenShift(Protocol):
    def __call__(self, session: Session, group: Sequence[Claimed], now: datetime) -> Shift: ...


class Sending(Protocol):
    """The door out, as far as the worker sees it."""

    def begin(self) -> Turn: ...

    def say(self, calls: Sequence[DirectCall]) -> None: ...

    def expect(self, chats: Iterable[int]) -> None: ...


class Culprit(Exception):  # noqa: N818
    """One update of the group failed; the exception it raised is the cause."""

    def __init__(self, update: Claimed) -> None:
        super().__init__(update.update_id)
        self.update = update


class LostClaim(Exception):  # noqa: N818
    """Another process has taken over an update of this group: nothing of the group may be kept."""


@dataclass
class _Done:
    """What follows once the group's commit stands."""

    leaving: list[outbox.Claimed] = field(default_factory=list)
    calls: Sequence[DirectCall] = ()
    behind: Sequence[int] = ()
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
        # By update, whether its press is answered empty: the clock and the work are in two threads, and the first of
        # them to say so decides.
        self._empty: dict[int, bool] = {}
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
        except Exception:
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
        """One commit for the group. What fails is told from the rest and costs them only a second commit."""
        try:
            if group[0].attempts > MAX_ATTEMPTS:
                await self._give_up(group[0])
            else:
                await self._commit(group, claim_next=not stop.is_set() and not self._handed)
        except Culprit as fault:
            log.exception("An update failed.", action="work", **_named(fault.update))
            self._again([[update for update in group if update is not fault.update]])
            await self._give_up(fault.update)
        except LostClaim:
            log.warning("Another process has taken updates over.", action="work", updates=len(group))
            alone = len(group) > 1
            self._again([[update] for update in group] if alone else [])
            self._forget_presses([] if alone else group)
        except Exception:  # the commit of all, or the database itself
            log.exception("A group could not be committed.", action="work", updates=len(group))
            await self._again_alone(group, stop)

    async def _again_alone(self, group: list[Claimed], stop: asyncio.Event) -> None:
        if len(group) > 1:
            self._again([[update] for update in group])
            return
        try:
            await self._give_up(group[0])
        except SQLAlchemyError:
            # The database is away. The claim stands, so the update is ours to finish, or the next start's.
            self._again([] if stop.is_set() else [group])
            raise

    def _again(self, groups: list[list[Claimed]]) -> None:
        self._handed[:0] = [group for group in groups if group]
        self._stored = True

    async def _commit(self, group: list[Claimed], *, claim_next: bool) -> None:
        # What was stored before this moment is seen by the claim of the next group.
        self._stored = self._stored and not claim_next
        late = asyncio.get_running_loop().call_later(LATE_SECONDS, self._answer_empty, group)
        turn = self._sender.begin()
        try:
            done = await self._database.write(lambda session: self._deed(session, group, turn, claim_next=claim_next))
        except BaseException:
            turn.undone()
            raise
        finally:
            late.cancel()
        self._forget_presses(group)
        turn.committed(done.leaving, done.behind)
        self._sender.say(done.calls)
        self._hand(done.following)

    def _answer_empty(self, group: list[Claimed]) -> None:
        """Work takes long: the button stops turning now, its result follows as a message."""
        late = [_press_of(update) for update in _presses(group) if self._empty.setdefault(update.id, True)]
        self._sender.say([DirectCall("answerCallbackQuery", {"callback_query_id": press}) for press in late])

    def _answered(
        self, group: list[Claimed], calls: Sequence[DirectCall]
    ) -> tuple[Sequence[DirectCall], list[Outgoing]]:
        """The calls, but for answers to presses that were answered empty by now: their words become messages."""
        late = {_press_of(update): update for update in _presses(group) if self._empty.setdefault(update.id, False)}
        if not late:
            return calls, []
        lost = [call for call in calls if call.body.get("callback_query_id") in late]
        words = [_as_message(late[call.body["callback_query_id"]], call) for call in lost if call.body.get("text")]
        return [call for call in calls if call not in lost], [message for message in words if message.chat_id > 0]

    def _deed(self, session: Session, group: list[Claimed], turn: Turn, *, claim_next: bool) -> _Done:
        """Everything that the group causes, in one transaction."""
        now = self._clock.now()
        turn.write(session, now)
        readable = [update for update in group if update.kind != UNREADABLE]
        shift = self._open_shift(session, readable, now)
        for update in readable:
            _handle(shift, update)
        messages, calls = shift.close()
        calls, late = self._answered(group, calls)
        messages = [*messages, *late]
        session.flush()
        outbox.post(session, messages, now)
        self._finish(session, group, now)
        leaving = turn.claim(session, now, _speaking(messages))
        following = inbox.claim(session, self._owner, now) if claim_next else []
        return _Done(leaving, calls, _behind(messages, leaving), following)

    def _forget_presses(self, group: list[Claimed]) -> None:
        for update in group:
            self._empty.pop(update.id, None)

    def _finish(self, session: Session, group: list[Claimed], now: datetime) -> None:
        done = [update.id for update in group if update.kind != UNREADABLE]
        ignored = [update.id for update in group if update.kind == UNREADABLE]
        kept = inbox.finish(session, done, self._owner, now)
        kept += inbox.finish(session, ignored, self._owner, now, InboxState.IGNORED)
        if kept != len(group):
            raise LostClaim

    async def _give_up(self, update: Claimed) -> None:
        """Let a failed update wait, or after five attempts set it aside under a code that its sender is told."""
        self.failed += 1
        self._stored = True
        now = self._clock.now()
        if update.attempts < MAX_ATTEMPTS:
            await self._database.write(lambda session: inbox.postpone(session, update, self._owner, now))
            return
        self.dead += 1
        self._forget_presses([update])
        code = secrets.token_hex(2)
        log.error("An update was set aside.", action="work", code=code, **_named(update))
        try:
            await self._database.write(lambda session: self._set_aside(session, update, code, now))
        except Exception:
            log.exception("The apology could not be written.", action="work", code=code, **_named(update))
            await self._database.write(lambda session: inbox.set_aside(session, update, self._owner, code, now))
        self._sender.expect([update.chat_id])

    def _set_aside(self, session: Session, update: Claimed, code: str, now: datetime) -> None:
        inbox.set_aside(session, update, self._owner, code, now)
        shift = self._open_shift(session, [update], now)
        shift.apologise(update, code)
        messages, _ = shift.close()
        outbox.post(session, messages, now)


def _handle(shift: Shift, update: Claimed) -> None:
    try:
        shift.handle(update)
    except Exception as error:
        if is_databases_own(error):
            raise
        raise Culprit(update) from error


def _presses(group: Iterable[Claimed]) -> Iterable[Claimed]:
    return (update for update in group if update.kind == "callback_query")


def _press_of(update: Claimed) -> str:
    """The number under which a press is answered."""
    return str(json.loads(update.payload)["callback_query"]["id"])


def _as_message(update: Claimed, answer: DirectCall) -> Outgoing:
    """The words of an answer to a press, for a chat whose button does not wait for them any more."""
    body = {"chat_id": update.chat_id, "text": answer.body["text"]}
    return Outgoing(f"upd:{update.update_id}:late", update.chat_id, "sendMessage", body)


def _speaking(messages: Sequence[Outgoing]) -> set[int]:
    """The chats with a reply that may leave at once."""
    return {message.chat_id for message in messages if message.lane is Lane.REPLY and message.due_at is None}


def _behind(messages: Sequence[Outgoing], leaving: Sequence[outbox.Claimed]) -> list[int]:
    """The chats with more to say than what leaves now."""
    more = Counter(message.chat_id for message in messages)
    more.subtract(row.chat_id for row in leaving)
    return [chat for chat, count in more.items() if count > 0]


def _named(update: Claimed) -> dict[str, int]:
    return {"update_id": update.update_id, "attempt": update.attempts}
