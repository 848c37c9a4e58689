"""`pandu extension`: what waits for a second person's word on a deadline of all regions; or the operator's word."""

import argparse
from datetime import UTC, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.app import CannotStart, require_schema
from bot.commandline.offline import alone, existing, look, require_stopped, require_tables, work_of
from bot.commandline.tokenless import settings_without_token
from bot.services.extension_days import title
from bot.services.extension_deciding import agree
from bot.services.extensions import is_leaving, needs_second
from bot.services.letters import post_letters
from bot.services.visits import texts
from bot.services.work import Work
from bot.settings import Settings
from bot.words import Refusal
from db.audit import OPERATOR
from db.engine import Database
from db.models import Extension
from db.vocabulary import ExtensionState

LANGUAGE = "en"
_COMMAND = "pandu extension"


def execute(options: argparse.Namespace) -> int:
    settings = settings_without_token()
    database = existing(settings)
    if options.approve:
        return _approve(database, settings, options.number)
    print("\n".join(look(database, lambda session: waiting(session, settings))))
    return 0


def waiting(session: Session, settings: Settings) -> list[str]:
    """A line for each change for all regions that a second person is to agree to. Raises `CannotStart` for tables of
    another release."""
    require_tables(session)
    work = work_of(session, settings, _COMMAND)
    found = [one for one in session.scalars(_of_all(work)) if needs_second(one)]
    return [_line(work, one) for one in found] or ["no deadline of all regions waits for a second word"]


def _of_all(work: Work) -> Select[Extension]:
    mine = (Extension.edition_id == work.edition_id, Extension.region_code.is_(None))
    return select(Extension).where(*mine, Extension.state.in_(_OPEN)).order_by(Extension.id)


_OPEN = (ExtensionState.PROPOSED, ExtensionState.GRANTED)


def _line(work: Work, one: Extension) -> str:
    what = f"take back {one.day}" if is_leaving(one) else f"{one.former_day} -> {one.proposed_day}"
    return f"{one.id}  {title(work, one.subject)}  {what}"


def _approve(database: Database, settings: Settings, number: int | None) -> int:
    """The second person's word where there is only one coordinator (design, section 6)."""
    if number is None:
        raise CannotStart("name the number of what is approved: `pandu extension` lists them", 2)
    now = datetime.now(UTC)
    with alone(database):
        require_stopped(database, now)
        require_schema(database)
        try:
            database.write_now(lambda session: _agree(session, settings, number))
        except Refusal as refusal:
            raise CannotStart(texts().plain(refusal.words, LANGUAGE), 1) from None
    print(f"number {number} is approved: those concerned are told when Pandu runs")
    return 0


def _agree(session: Session, settings: Settings, number: int) -> None:
    work = work_of(session, settings, _COMMAND)
    work.actor = OPERATOR
    found = session.scalar(_of_all(work).where(Extension.id == number))
    if found is None or not needs_second(found):
        raise CannotStart(f"number {number} does not wait for a second word", 1)
    agree(work, found, None)
    post_letters(session, work.letters, texts(), work.now)
