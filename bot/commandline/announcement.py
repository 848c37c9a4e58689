"""`pandu announcement N`: who an announcement was for and what became of each copy; or the operator's second word."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import CannotStart, require_schema
from bot.commandline.offline import alone, existing, look, require_stopped, require_tables
from bot.commandline.tokenless import settings_without_token
from bot.services import editions, reader_lists
from bot.services.approving import approve_by_operator
from bot.texts import Texts
from bot.words import Refusal
from db.engine import Database
from db.models import Announcement

LANGUAGE = "en"
Json = dict[str, Any]


def execute(options: argparse.Namespace) -> int:
    settings = settings_without_token()
    database = existing(settings)
    if options.approve:
        return _approve(database, options.number)
    found = look(database, lambda session: described(session, options.number))
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else _text(found))
    return 0


def described(session: Session, number: int) -> Json:
    """An announcement with a row for each reader; times in UTC. Raises `CannotStart` where there is
    none, and for tables of another release."""
    require_tables(session)
    announcement = _numbered(session, number)
    return {
        "number": announcement.number,
        "subject": announcement.subject,
        "reference": announcement.reference,
        "state": announcement.state.value,
        "confirmed_at": _told(announcement.confirmed_at),
        "starts_at": _told(announcement.starts_at),
        "ended_at": _told(announcement.ended_at),
        "recalled_at": _told(announcement.recalled_at),
        "recall_reason": announcement.recall_reason,
        "readers": [_reader(row) for row in reader_lists.everybody(session, announcement.id)],
    }


def _numbered(session: Session, number: int) -> Announcement:
    edition = editions.present(session)
    mine = (Announcement.edition_id == (edition.id if edition else 0)) & (Announcement.number == number)
    found = session.scalar(select(Announcement).where(mine))
    if found is None:
        raise CannotStart(f"there is no announcement number {number}", 2)
    return found


def _reader(row: reader_lists.Row) -> Json:
    return {
        "person_id": row.person_id,
        "name": row.name,
        "role": row.role.value,
        "region": row.region_code,
        "state": row.state.value,
        "why": row.why,
        "attempts": row.tries,
        "sent_at": _told(row.sent_at),
        "read_at": _told(row.read_at),
        "attends": row.attends,
        "answered_at": _told(row.answered_at),
        "recalled": row.recalled,
        "reminded": row.followed.value if row.followed else None,
        "reminded_at": _told(row.followed_at),
    }


def _told(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _text(found: Json) -> str:
    head = f"{found['number']}  {found['subject'] or '-'}  {found['state']}"
    return "\n".join([head, *_lines(found["readers"])])


def _lines(readers: Sequence[Json]) -> Sequence[str]:
    return [
        f"{one['state']:<9} {one['region'] or '-':<6} {one['name']}"
        + (f"  read {one['read_at']}" if one["read_at"] else "")
        + (f"  ({one['why']})" if one["why"] else "")
        for one in readers
    ]


def _approve(database: Database, number: int) -> int:
    """The second person's word where there is only one coordinator (design, section 6)."""
    now = datetime.now(UTC)
    with alone(database):
        require_stopped(database, now)
        require_schema(database)
        try:
            told = database.write_now(lambda session: approve_by_operator(session, _numbered(session, number), now))
        except Refusal as refusal:
            told = Texts.load().plain(refusal.words, LANGUAGE)
    if told is not None:
        raise CannotStart(told, 1)
    starts = look(database, lambda session: _told(_numbered(session, number).starts_at))
    print(f"announcement {number} is approved: it begins at {starts}, or when Pandu runs after that")
    return 0
