"""`pandu program check FILE`: whether an edition's content is sound."""

import argparse
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy.exc import DBAPIError

from bot.commandline.offline import look
from bot.commandline.tokenless import settings_without_token
from bot.program.check import check, summary
from bot.program.loading import load_edition
from bot.program.model import Edition
from bot.services import editions
from bot.settings import SettingsError
from db.engine import Database


def execute(options: argparse.Namespace) -> int:
    today = datetime.now(UTC).date()
    faults = check(options.file, today)
    for line in faults:
        print(line)
    if faults:
        print(f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}; nothing was changed.")
        return 2
    edition = load_edition(options.file, today)
    print(summary(edition))
    for line in _lost(edition):
        print(f"attention: {line}")
    return 0


def _lost(edition: Edition) -> Sequence[str]:
    """What the database here holds under keys that this content lacks; nothing where no database is."""
    with suppress(SettingsError, DBAPIError):
        database = Database(settings_without_token().database_url)
        if database.path and not database.path.exists():
            return ()
        return look(database, lambda session: editions.lost(session, edition))
    return ()
