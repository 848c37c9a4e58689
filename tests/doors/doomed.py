"""A process that works until nothing is due, and kills itself when it meets one chat: `doomed.py URL CHAT`."""

import asyncio
import os
import signal
import sys

from bot.clock import SystemClock
from bot.sender import Sender
from bot.transport import Transport
from bot.worker import Worker
from db import inbox
from db.engine import Database
from db.inbox import Claimed
from tests.doors.hall import EchoShift


def die(update: Claimed) -> None:
    if update.chat_id == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    database, clock, stop = Database(sys.argv[1]), SystemClock(), asyncio.Event()
    await database.write(lambda session: inbox.release_claims(session, clock.now()))
    transport = Transport("http://127.0.0.1:1", "1:demo")
    sender = Sender(transport, database, clock, "doomed", total_rate=1, bulk_rate=1)
    worker = Worker(database, clock, "doomed", lambda session, _group, now: EchoShift(session, now, die), sender)
    working = asyncio.create_task(worker.run(stop))
    while await database.read(inbox.waiting):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    stop.set()
    await working
    await transport.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
