"""`pandu run`: work until told to stop."""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy.engine import make_url

from bot import logs
from bot.app import CannotStart, build
from bot.clock import SystemClock
from bot.commandline.signals import stop_when_told
from bot.running import keep_what_is_loaded
from bot.settings import Settings, read_settings


def execute(_options: argparse.Namespace) -> int:
    settings = read_settings()
    logs.configure(as_json=settings.log.value == "json", secrets=secrets_of(settings))
    make_room(settings)
    asyncio.run(_work(settings))
    return 0


async def _work(settings: Settings) -> None:
    logs.catch_loop_errors(asyncio.get_running_loop())
    app = build(settings, SystemClock())
    keeping = asyncio.create_task(keep_what_is_loaded(app.ready))
    await app.run(stop_when_told())
    keeping.cancel()


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What must never be printed or logged."""
    webhook = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    return (settings.bot_token.get_secret_value(), webhook)


def make_room(settings: Settings) -> None:
    """The directories Pandu writes to. Raises `CannotStart` where that is not allowed."""
    database = make_url(settings.database_url)
    wanted = [(settings.data_dir, "PANDU_DATA_DIR")]
    if database.get_backend_name() == "sqlite" and database.database:
        wanted.append((Path(database.database).parent, "PANDU_DATABASE_URL"))
    for directory, setting in wanted:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=directory):
                pass
        except OSError as error:
            raise CannotStart(
                f"{directory}: {error.strerror}: let Pandu's account write there, or change {setting}", 2
            ) from None
