"""`pandu demo`: simulator, Pandu and a sample in one process."""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import logs
from bot.commandline.faults import told
from bot.commandline.signals import stop_when_told
from bot.demo.home import DemoHome
from bot.demo.house import Demo
from bot.demo.settings import TOKEN
from bot.settings import SettingsError, known_database
from bot.texts import DEFAULT_LANGUAGE, Texts
from bot.words import Say, _


def execute(options: argparse.Namespace) -> int:
    database = _database(options.database)
    home = DemoHome(_directory(database))
    home.prepare()
    with home.log_path.open("a", encoding="utf-8") as log:
        logs.configure(as_json=False, secrets=[TOKEN], stream=log)
        try:
            asyncio.run(_play(options, home, database or home.database_url))
        except Exception as error:
            if told(error):
                raise
            logging.getLogger("pandu").exception("The demo has ended by a fault of ours.")
            print(f"pandu: the demo has ended by a fault of ours: look into {home.log_path}", file=sys.stderr)
            return 1
    return 0


def _database(typed: str | None) -> str | None:
    """The database asked for beside the demo's own file. Raises `SettingsError` naming where it was asked for."""
    url = typed or os.environ.get("PANDU_DEMO_DATABASE_URL")
    try:
        return known_database(url) if url else None
    except ValueError as fault:
        raise SettingsError(f"{'--database' if typed else 'PANDU_DEMO_DATABASE_URL'}: {fault}") from None


def _directory(database: str | None) -> Path:
    """A demo on another database than its own file keeps its things apart."""
    kind = f"demo-{make_url(database).get_backend_name()}" if database else "demo"
    return Path(os.environ.get("PANDU_DATA_DIR") or "data") / kind


async def _play(options: argparse.Namespace, home: DemoHome, database: str) -> None:
    logs.catch_loop_errors(asyncio.get_running_loop())
    texts = Texts.load()

    def tell(words: Say) -> None:
        print(texts.plain(words, DEFAULT_LANGUAGE), flush=True)

    demo = Demo(home, database, options.port, lambda: tell(BUILDING), lambda url: tell(welcome(url, home)))
    await demo.run(stop_when_told(), reset=options.reset)


BUILDING = _(
    "The sample is being prepared: six regions, their documents and questions. This takes up to half a minute."
)


def welcome(url: str, home: DemoHome) -> Say:
    """Where to try it, how to end it, and where it stays."""
    address, directory = f"{url}/", str(home.directory)
    return _(
        "Pandu can be tried at {address} – Ctrl-C ends it, the data stays in {directory}.",
        address=address,
        directory=directory,
    )
