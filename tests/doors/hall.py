"""The doors around a hall of the simplest kind: every update is answered, and what it did is counted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.intake import Poller, Register
from bot.sender import Sender
from bot.transport import DirectCall, Transport
from bot.worker import Worker
from db import audit
from db.engine import Database
from db.inbox import Claimed
from db.models import AuditEntry, Conversation, InboxUpdate, OutboxMessage
from db.outbox import Outgoing
from db.vocabulary import InboxState, OutboxState
from simulator.server import Simulator
from simulator.state import Person

TOKEN = "1:demo"
LOOPS = ("poller", "worker", "sender")
Trap = Callable[[Claimed], None]


def no_trap(_update: Claimed) -> None:
    return


class Unwell(Exception):  # noqa: N818
    """What a handler raises in a test."""


@dataclass
class EchoShift:
    """Answers texts with themselves and presses with an edit of the panel; one audit line for each."""

    session: Session
    now: datetime
    trap: Trap
    messages: list[Outgoing] = field(default_factory=list)
    calls: list[DirectCall] = field(default_factory=list)

    def handle(self, update: Claimed) -> None:
        content = json.loads(update.payload)[update.kind]
        audit.record(self.session, audit.SYSTEM, "echo", "chat", update.chat_id, at=self.now, cause=str(update.id))
        if self.session.get(Conversation, update.chat_id) is None:
            self.session.add(Conversation(chat_id=update.chat_id, stack=[], changed_at=self.now))
        self.session.flush()
        self.trap(update)
        if update.kind == "callback_query":
            answer = {"callback_query_id": content["id"], "text": f"Heard {content['data']}."}
            self.calls.append(DirectCall("answerCallbackQuery", answer))
        self.messages.append(self._answer(update, content))

    def _answer(self, update: Claimed, content: dict[str, Any]) -> Outgoing:
        text = content.get("text") or content.get("data") or "?"
        keyboard = {"inline_keyboard": [[{"text": "Again", "callback_data": f"{update.id}"}]]}
        body = {"chat_id": update.chat_id, "text": f"{text} ({update.id})", "reply_markup": keyboard}
        return Outgoing(f"upd:{update.update_id}:1", update.chat_id, "sendMessage", body, panel=True)

    def apologise(self, update: Claimed, code: str) -> None:
        body = {"chat_id": update.chat_id, "text": f"Sorry, {code}."}
        self.messages.append(Outgoing(f"upd:{update.update_id}:sorry", update.chat_id, "sendMessage", body))

    def close(self) -> tuple[Sequence[Outgoing], Sequence[DirectCall]]:
        return self.messages, self.calls


class Hall:
    """Simulator and all doors in one loop. `async with Hall(database) as hall`."""

    def __init__(self, database: Database, *, trap: Trap = no_trap, owner: str = "one", **limits: int) -> None:
        self.database = database
        self.trap = trap
        self.simulator = Simulator(limits=False, token=TOKEN, pace=0.01)
        self.clock = SystemClock()
        self.owner = owner
        self.limits = {"total_rate": 10_000, "bulk_rate": 10_000} | limits
        self._loops: dict[str, tuple[asyncio.Task[None], asyncio.Event]] = {}

    async def __aenter__(self) -> Self:
        await self.simulator.start()
        self.build()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self.transport.close()
        await self.simulator.stop()

    async def begin_anew(self, **more: Any) -> None:
        """Doors as a new process makes them, knowing nothing but what the database knows."""
        await self.transport.close()
        self.build(**more)

    def build(self, **more: Any) -> None:
        self.transport = Transport(self.simulator.url, TOKEN)
        self.sender = Sender(self.transport, self.database, self.clock, self.owner, **(self.limits | more))
        self.worker = Worker(self.database, self.clock, self.owner, self._open_shift, self.sender)
        self.register = Register(self.database, self.clock, self.worker)
        self.poller = Poller(self.transport, self.register)

    def _open_shift(self, session: Session, group: Sequence[Claimed], now: datetime) -> EchoShift:
        return EchoShift(session, now, lambda update: self.trap(update))

    def start(self, *names: str) -> None:
        """Run these loops, or all."""
        for name in names or LOOPS:
            stop = asyncio.Event()
            self._loops[name] = asyncio.create_task(getattr(self, name).run(stop)), stop

    async def stop(self) -> None:
        """End the loops in the order of the way in."""
        for name in LOOPS:
            if name in self._loops:
                loop, stop = self._loops.pop(name)
                stop.set()
                await loop

    def person(self, number: int) -> Person:
        from simulator import acts

        return acts.add_person(self.simulator.x, {"id": number, "started": True})

    def says(self, number: int, text: str) -> None:
        from simulator import acts

        acts.says(self.simulator.x, self.person(number), text)

    async def until(self, so: Callable[[], bool], seconds: float = 20) -> None:
        """Return once it is so; fails loudly if it never is."""
        async with asyncio.timeout(seconds):
            while not so():  # noqa: ASYNC110 (a test waits for the world)
                await asyncio.sleep(0.005)

    async def until_async(self, so: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
        """The same for what must be asked of the database."""
        async with asyncio.timeout(seconds):
            while not await so():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def quiet(self, seconds: float = 20) -> None:
        """Return once nothing is open in either queue."""
        async with asyncio.timeout(seconds):
            while await self.database.read(_open_rows):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def greets(self) -> None:
        """The first person has said hello to a Pandu that just began, and was answered by a panel."""
        self.says(1, "hello")
        self.start()
        await self.until(lambda: len(self.texts()) == 1)
        await self.quiet()

    def texts(self, chat_id: int | None = None) -> list[str]:
        """What the people read, in order."""
        sent = self.simulator.ledger.of("sendMessage", "editMessageText", chat_id=chat_id)
        return [str(entry["params"]["text"]) for entry in sent]

    async def effects(self) -> dict[int, int]:
        """How often each stored update had its effect."""
        return await self.database.read(_effects)

    async def outbox(self) -> list[OutboxMessage]:
        return await self.database.read(lambda s: list(s.scalars(select(OutboxMessage).order_by(OutboxMessage.id))))

    async def inbox(self) -> list[InboxUpdate]:
        return await self.database.read(lambda s: list(s.scalars(select(InboxUpdate).order_by(InboxUpdate.id))))


def _open_rows(session: Session) -> int:
    updates = select(func.count()).where(InboxUpdate.state == InboxState.NEW)
    states = (OutboxState.WAITING, OutboxState.SENDING)
    messages = select(func.count()).where(OutboxMessage.state.in_(states))
    return (session.scalar(updates) or 0) + (session.scalar(messages) or 0)


def _effects(session: Session) -> dict[int, int]:
    causes = session.scalars(select(AuditEntry.cause).where(AuditEntry.act == "echo")).all()
    return {int(cause): list(causes).count(cause) for cause in causes}


@dataclass
class StillClock:
    """A clock that a test moves."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


async def forget(task: asyncio.Task[Any]) -> None:
    """Cancel as a killed process would vanish."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
