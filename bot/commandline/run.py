"""`pandu run`: work until told to stop."""

import argparse
import asyncio

from bot import logs
from bot.app import build
from bot.clock import SystemClock
from bot.commandline.signals import stop_when_told
from bot.settings import Settings, read_settings


def execute(_options: argparse.Namespace) -> int:
    settings = read_settings()
    logs.configure(as_json=settings.log.value == "json", secrets=secrets_of(settings))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    asyncio.run(_work(settings))
    return 0


async def _work(settings: Settings) -> None:
    logs.catch_loop_errors(asyncio.get_running_loop())
    await build(settings, SystemClock()).run(stop_when_told())


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What must never be printed or logged."""
    webhook = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    return (settings.bot_token.get_secret_value(), webhook)
