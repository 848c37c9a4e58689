"""What a claim costs beside twenty thousand waiting rows: one new update, one new reply, taken and put back."""

import asyncio
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.run import Databases
from db import inbox, outbox
from db.engine import Database
from db.inbox import Arrival
from db.outbox import Outgoing
from db.vocabulary import Lane, Policy

MANY = 20_000
NOW = datetime.now(UTC)
LATER = NOW + timedelta(seconds=1)
REPEATS = 50

Deed = Callable[[Session], object]


class _PutBack(Exception):  # noqa: N818
    pass


def compare(databases: Databases, kind: str) -> list[tuple[str, float, float]]:
    """(what, milliseconds in an empty queue, milliseconds in a full one)."""
    empty, full = Database(databases.fresh(kind)), Database(databases.fresh(kind))
    full.write_now(_fill)
    full.write_now(lambda session: session.execute(text("ANALYZE")))
    rows = [(what, _median(empty, deed), _median(full, deed)) for what, deed in DEEDS.items()]
    asyncio.run(empty.close())
    asyncio.run(full.close())
    return rows


def _fill(session: Session) -> None:
    inbox.store(session, [Arrival(n, n, "message", "{}", None) for n in range(MANY)], NOW)
    outbox.post(session, [_message(n, Lane.BULK) for n in range(MANY)], NOW)


def _message(chat: int, lane: Lane) -> Outgoing:
    body = {"chat_id": chat, "text": "Pengumuman"}
    return Outgoing(f"{lane}:{chat}", chat, "sendMessage", body, lane, Policy.AT_LEAST_ONCE)


def _claim_update(session: Session) -> None:
    inbox.store(session, [Arrival(MANY + 1, MANY + 1, "message", "{}", None)], NOW)
    inbox.claim(session, "bench", LATER, 1)


def _claim_reply(session: Session) -> None:
    outbox.post(session, [_message(MANY + 1, Lane.REPLY)], NOW)
    outbox.claim(session, "bench", LATER, (Lane.REPLY,), 1)


def _claim_bulk(session: Session) -> None:
    outbox.post(session, [_message(MANY + 1, Lane.BULK)], NOW)
    outbox.claim(session, "bench", LATER, (Lane.NOTICE, Lane.BULK), 1)


DEEDS: dict[str, Deed] = {
    "an update": _claim_update,
    "a reply": _claim_reply,
    "a bulk message": _claim_bulk,
}


def _median(database: Database, deed: Deed) -> float:
    times: list[float] = []

    def timed(session: Session) -> None:
        session.connection()
        began = time.perf_counter()
        deed(session)
        times.append(time.perf_counter() - began)
        raise _PutBack

    for _ in range(REPEATS):
        try:
            database.write_now(timed)
        except _PutBack:
            continue
    return statistics.median(times) * 1000
