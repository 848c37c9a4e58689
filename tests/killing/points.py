"""Points at which a process ends itself as SIGKILL does: around the n-th commit or call to Telegram, or in the midst of
sending."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.jobs.ticks import Tick, Ticker
from bot.sender import Sender
from bot.services import readers
from bot.transport import Raw, Transport
from bot.verdicts import Outcome
from db.engine import Database, Deed, T
from db.outbox import Claimed
from db.vocabulary import Lane


class Where(StrEnum):
    """BEFORE_COMMIT: everything was done, nothing is committed. BEFORE_CALL: nothing has left.

    AFTER_COMMIT and AFTER_CALL: the other side has it, and this side has not noted it. CLAIMED: messages in bulk are
    marked as under way, and none was called. FLOODED: Telegram's 429 is written down, its time has not passed. BETWEEN:
    the clock has put another wave into the outbox.
    """

    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    BEFORE_CALL = "before call"
    AFTER_CALL = "after call"
    CLAIMED = "after the claim"
    FLOODED = "during retry_after"
    BETWEEN = "between two waves"


@dataclass
class Point:
    """The `number`-th of its kind in one process, from 1. Of calls only those with `about` in them count, and none for
    updates."""

    where: Where
    number: int
    about: str = ""
    passed: int = 0

    def reached(self, where: Where) -> None:
        if where != self.where:
            return
        self.passed += 1
        if self.passed == self.number:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(point: Point) -> None:
    """Make this process end at the point. Commits that read only, or change nothing, count too."""
    _around_commits(point)
    _around_calls(point)
    _around_sending(point)
    _around_waves(point)


def _around_commits(point: Point) -> None:
    event.listen(Engine, "commit", lambda connection: _committing(point, connection))
    write_now = Database.write_now

    def written(database: Database, deed: Deed[T]) -> T:
        done = write_now(database, deed)
        point.reached(Where.AFTER_COMMIT)
        return done

    Database.write_now = written  # type: ignore[method-assign, assignment]


def _committing(point: Point, connection: Connection) -> None:
    if not connection.engine.dialect.is_async:
        point.reached(Where.BEFORE_COMMIT)


def _around_calls(point: Point) -> None:
    post = Transport.post

    async def posted(transport: Transport, method: str, *rest: Any, **more: Any) -> Raw:
        if method == "getUpdates" or point.about not in str(rest):
            return await post(transport, method, *rest, **more)
        point.reached(Where.BEFORE_CALL)
        answer = await post(transport, method, *rest, **more)
        point.reached(Where.AFTER_CALL)
        return answer

    Transport.post = posted  # type: ignore[method-assign, assignment]


def _around_sending(point: Point) -> None:
    leave, settled = Sender._leave, Sender._settled

    def left(sender: Sender, claimed: Sequence[Claimed]) -> None:
        if any(row.lane is Lane.BULK for row in claimed):
            point.reached(Where.CLAIMED)
        leave(sender, claimed)

    def written(sender: Sender, outcomes: Sequence[Outcome]) -> None:
        if any(outcome.retry_after for outcome in outcomes):
            point.reached(Where.FLOODED)
        settled(sender, outcomes)

    Sender._leave = left  # type: ignore[method-assign, assignment]
    Sender._settled = written  # type: ignore[method-assign, assignment]


def _around_waves(point: Point) -> None:
    feed, run = readers.feed, Ticker.run
    fed: list[int] = []

    def feeding(*about: Any) -> int:
        fed.append(feed(*about))
        return fed[-1]

    async def ran(ticker: Ticker, tick: Tick) -> None:
        fed.clear()
        await run(ticker, tick)
        if any(fed):
            point.reached(Where.BETWEEN)

    readers.feed = feeding  # type: ignore[assignment]
    Ticker.run = ran  # type: ignore[method-assign, assignment]
