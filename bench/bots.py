"""Pandu, as it is measured: `python -m bench.bots NAME API_URL DATABASE_URL [WEBHOOK_PORT]`. Each prints "ready".

pandu: all of it, without Telegram's pace. doors: only its doors, around the step that `usual` does.
"""

import asyncio
import json
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.step import advance, audit_line, screen
from bench.telegram import SECRET
from bot.app import build
from bot.clock import SystemClock
from bot.intake import Poller, Register, Webhook, webhook_app
from bot.logs import configure
from bot.running import keep_what_is_loaded
from bot.sender import Sender
from bot.settings import Settings, read_settings
from bot.transport import DirectCall, Transport
from bot.worker import Worker
from db.engine import Database
from db.inbox import Claimed
from db.models import Conversation, Person, Seat
from db.outbox import Outgoing
from db.vocabulary import Policy

TOKEN = "1:demo"
NO_LIMIT = 100_000


class StepShift:
    """The same step in Pandu's manner: everybody of the group is loaded at once."""

    def __init__(self, session: Session, group: Sequence[Claimed], now: datetime) -> None:
        self.session, self.now = session, now
        chats = [update.chat_id for update in group]
        persons = session.scalars(select(Person).where(Person.telegram_id.in_(chats))).all()
        self.persons = {person.telegram_id: person for person in persons}
        seats = session.scalars(select(Seat).where(Seat.id.in_([person.active_seat_id for person in persons]))).all()
        self.seats = {seat.id: seat for seat in seats}
        conversations = session.scalars(select(Conversation).where(Conversation.chat_id.in_(chats))).all()
        self.conversations = {conversation.chat_id: conversation for conversation in conversations}
        self.messages: list[Outgoing] = []
        self.calls: list[DirectCall] = []

    def handle(self, update: Claimed) -> None:
        query = json.loads(update.payload)["callback_query"]
        person = self.persons[update.chat_id]
        seat = self.seats[person.active_seat_id or 0]
        conversation = self.conversations[update.chat_id]
        advance(conversation, seat, query["data"], self.now)
        self.session.add(audit_line(person.id, seat, conversation.turn, update.update_id, self.now))
        text, keys = screen(person.name, conversation.turn)
        body = {"chat_id": update.chat_id, "text": text, "parse_mode": "HTML", "reply_markup": keys}
        key = f"upd:{update.update_id}:1"
        self.messages.append(
            Outgoing(key, update.chat_id, "editMessageText", body, policy=Policy.REPEATABLE, panel=True)
        )
        self.calls.append(DirectCall("answerCallbackQuery", {"callback_query_id": query["id"]}))

    def apologise(self, update: Claimed, code: str) -> None:
        raise AssertionError(f"{update.update_id} failed: {code}")

    def close(self) -> tuple[Sequence[Outgoing], Sequence[DirectCall]]:
        return self.messages, self.calls


def doors(api: str, database_url: str, port: int | None) -> None:
    asyncio.run(_doors(api, database_url, port))


async def _doors(api: str, database_url: str, port: int | None) -> None:
    clock, database, owner = SystemClock(), Database(database_url), "bench"
    transport = Transport(api, TOKEN)
    sender = Sender(transport, database, clock, owner, total_rate=NO_LIMIT, bulk_rate=NO_LIMIT)
    worker = Worker(database, clock, owner, StepShift, sender)
    register = Register(database, clock, worker)
    poller = Poller(transport, register)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    runner = None
    if port is not None:
        runner = web.AppRunner(webhook_app(Webhook(register, SECRET), "/hook"), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
    loops = [worker.run(stop), sender.run(stop), *([poller.run(stop)] if port is None else [])]
    print("ready", flush=True)
    await asyncio.gather(*loops)
    if runner is not None:
        await runner.cleanup()
    await transport.close()
    await database.close()


def pandu(api: str, database_url: str, port: int | None) -> None:
    asyncio.run(_pandu(bench_settings(api, database_url, port)))


def bench_settings(api: str, database_url: str, port: int | None = None) -> Settings:
    """Pandu as it is run, but for the pace that Telegram would dictate."""
    hooked = {"webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_secret": SECRET, "listen": f"127.0.0.1:{port}"}
    return read_settings(
        _env_file=None,
        bot_token=TOKEN,
        api_url=api,
        database_url=database_url,
        data_dir=Path(tempfile.mkdtemp(prefix="pandu-bench-data-")),
        total_rate=NO_LIMIT,
        bulk_rate=NO_LIMIT,
        flood_per_minute=1_000_000,
        **(hooked if port else {}),
    )


async def _pandu(settings: Settings) -> None:
    app = build(settings, SystemClock())
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    keeping = asyncio.create_task(keep_what_is_loaded(app.ready))
    running = asyncio.create_task(app.run(stop))
    await asyncio.wait({running, asyncio.create_task(app.ready.wait())}, return_when=asyncio.FIRST_COMPLETED)
    print("ready", flush=True)
    await running
    keeping.cancel()
    shutil.rmtree(settings.data_dir, ignore_errors=True)


def paced(api: str, database_url: str, total_rate: int, bulk_rate: int) -> None:
    """Pandu at this pace."""
    settings = bench_settings(api, database_url)
    asyncio.run(_pandu(settings.model_copy(update={"total_rate": total_rate, "bulk_rate": bulk_rate})))


CONTENDERS = {"pandu": pandu, "doors": doors}


if __name__ == "__main__":
    configure(as_json=False)
    logging.getLogger().setLevel(logging.WARNING)
    name, api_url, where, *hook = sys.argv[1:]
    if name == "paced":
        paced(api_url, where, int(hook[0]), int(hook[1]))
        sys.exit()
    CONTENDERS[name](api_url, where, int(hook[0]) if hook else None)
