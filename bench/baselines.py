"""What Pandu is measured beside: `python -m bench.baselines NAME API_URL DATABASE_URL`. Each prints "ready".

echo: a bare python-telegram-bot echo, everything at its defaults. usual: the durable step as most bots would write
it (PTB's defaults, one AsyncSession per update). send: nothing but one text to so many chats, by so many tasks (two
more words). Nothing of Pandu is imported but the tables.
"""

import asyncio
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from bench.step import advance, audit_line, screen
from bench.telegram import FIRST_CHAT
from db.models import Conversation, Person, Seat

TOKEN = "1:demo"


def echo(api: str, _database: str) -> None:
    async def answer(update: Update, _context: Any) -> None:
        if update.message and update.message.text:
            await update.message.reply_text(update.message.text)

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot")
    application = builder.post_init(_ready).build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


def usual(api: str, database: str) -> None:
    sessions = _usual_sessions(database)

    async def press(update: Update, _context: Any) -> None:
        query = update.callback_query
        if query is None or update.effective_user is None or query.data is None:
            return
        now = datetime.now(UTC)
        async with sessions() as session, session.begin():
            person = (await session.scalars(select(Person).where(Person.telegram_id == update.effective_user.id))).one()
            seat = (await session.scalars(select(Seat).where(Seat.id == person.active_seat_id))).one()
            conversation = await session.get_one(Conversation, update.effective_user.id)
            advance(conversation, seat, query.data, now)
            session.add(audit_line(person.id, seat, conversation.turn, update.update_id, now))
            text, keys = screen(person.name, conversation.turn)
        await query.edit_message_text(text, parse_mode="HTML", reply_markup=InlineKeyboardMarkup.de_json(keys, None))
        await query.answer()

    application = ApplicationBuilder().token(TOKEN).base_url(f"{api}/bot").post_init(_ready).build()
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


def _usual_sessions(database: str) -> async_sessionmaker[AsyncSession]:
    engine = create_async_engine(database)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

    return async_sessionmaker(engine, expire_on_commit=False)


async def send(api: str, text: str, many: int, tasks: int) -> None:
    """What the bare client reaches when it only sends; then it waits to be ended."""
    chats = iter(range(FIRST_CHAT, FIRST_CHAT + many))
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Sudah saya baca", callback_data="read:1")]])

    async def work() -> None:
        for chat in chats:
            await bot.send_message(chat, text, parse_mode="HTML", reply_markup=keys)

    async with Bot(TOKEN, base_url=f"{api}/bot") as bot:
        print("ready", flush=True)
        await asyncio.gather(*(work() for _ in range(tasks)))
        await asyncio.Event().wait()


async def _ready(_application: Any) -> None:
    print("ready", flush=True)


CONTENDERS = {"echo": echo, "usual": usual}


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    name, api_url, where, *counts = sys.argv[1:]
    if name == "send":
        asyncio.run(send(api_url, where, *map(int, counts)))
    CONTENDERS[name](api_url, where)
