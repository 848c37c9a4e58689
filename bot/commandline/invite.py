"""`pandu invite`: an invitation for any role, made by the operator; the code is shown once and kept nowhere."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.app import CannotStart, programme_of, require_schema
from bot.commandline.offline import alone
from bot.commandline.tokenless import NO_TOKEN
from bot.services import editions, invites
from bot.services.invitation_letters import link
from bot.services.seats import Grantable
from bot.services.work import Work
from bot.settings import Settings, SettingsError, read_settings
from bot.texts import Texts
from bot.transport import Accepted, Transport
from bot.words import Refusal
from db.audit import OPERATOR
from db.engine import Database
from db.vocabulary import Role

LANGUAGE = "en"


def execute(options: argparse.Namespace) -> int:
    settings = _settings()
    what = _wanted(options)
    username = asyncio.run(_username(settings))
    database = Database(settings.database_url)
    with alone(database):
        require_schema(database)
        lines = database.write_now(lambda session: _invite(session, settings, username, what, options.name))
    print("\n".join(lines))
    return 0


def _settings() -> Settings:
    """With the token where there is one: it is needed for the link only."""
    try:
        return read_settings()
    except SettingsError as error:
        if "PANDU_BOT_TOKEN" not in str(error):
            raise
        return read_settings(bot_token=NO_TOKEN)


def _wanted(options: argparse.Namespace) -> Grantable:
    """Raises `CannotStart` for a role that does not exist."""
    if options.role not in list(Role):
        raise CannotStart(f"--role {options.role}: choose one of {', '.join(Role)}", 2)
    return Grantable(Role(options.role), options.region, item_key=options.item)


async def _username(settings: Settings) -> str:
    """The bot's name, for the link; empty where Telegram cannot be asked."""
    token = settings.bot_token.get_secret_value()
    if token == NO_TOKEN:
        return ""
    transport = Transport(settings.api_url, token)
    try:
        answer = await transport.call("getMe", timeout=5)
    finally:
        await transport.close()
    return str(answer.result.get("username", "")) if isinstance(answer, Accepted) else ""


def _invite(session: Session, settings: Settings, username: str, what: Grantable, name: str) -> Sequence[str]:
    now = datetime.now(UTC)
    content = editions.load_for(editions.present(session), settings.edition, now.date())
    opened = editions.open_edition(session, content, now)
    work = Work(session, now, programme_of(settings, opened, username), opened.row_id, "pandu invite", OPERATOR)
    _require_known(work, what)
    try:
        invite, code = invites.create_as_operator(work, what, expected_name=name)
    except Refusal as refusal:
        raise CannotStart(Texts.load().plain(refusal.words, LANGUAGE), 2) from None
    place = invites.place_of(work, invite) or "the whole programme"
    lines = [f"Invitation as {what.role}, {place}, for one person, until {invite.expires_at:%Y-%m-%d %H:%M} UTC."]
    lines += [f"Link: {link(work, code)}"] if username else ["Link: none, for Telegram could not be asked."]
    return [*lines, f"Code: {code}", "It is shown this once only: hand it over by a way you trust."]


def _require_known(work: Work, what: Grantable) -> None:
    if what.region_code and what.region_code not in work.programme.regions.by_code:
        raise CannotStart(f"--region {what.region_code}: there is no such region; codes look like 12.76", 2)
    if what.item_key and what.item_key not in {item.key for item in work.programme.edition.items}:
        raise CannotStart(f"--item {what.item_key}: the edition has no such item", 2)
