"""Points at which a process ends itself as SIGKILL does: around the n-th commit, around the n-th call to Telegram."""

import os
import signal
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.transport import Raw, Transport
from db.engine import Database, Deed, T


class Where(StrEnum):
    """BEFORE_COMMIT: everything was done, nothing is committed. BEFORE_CALL: nothing has left.

    AFTER_COMMIT and AFTER_CALL: the other side has it, and this side has not noted it.
    """

    BEFORE_COMMIT = "before commit"
    AFTER_COMMIT = "after commit"
    BEFORE_CALL = "before call"
    AFTER_CALL = "after call"


@dataclass
class Point:
    """The `number`-th of its kind in one process, from 1. Calls for updates do not count."""

    where: Where
    number: int
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
        if method == "getUpdates":
            return await post(transport, method, *rest, **more)
        point.reached(Where.BEFORE_CALL)
        answer = await post(transport, method, *rest, **more)
        point.reached(Where.AFTER_CALL)
        return answer

    Transport.post = posted  # type: ignore[method-assign, assignment]
