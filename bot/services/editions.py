"""The edition a database works in. Its closing is fixed when it is opened and stays until another is opened."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.program.loading import load_edition, shipped_edition
from bot.program.model import Edition
from bot.program.vanished import vanished
from db.models import Edition as EditionRow
from db.models import Item
from db.vocabulary import ItemState


class EditionMismatch(Exception):  # noqa: N818 (told to the operator in one line)
    """The content file is of another edition than the database."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The edition at work: its row, its content, and what its content no longer knows."""

    row_id: int
    content: Edition
    vanished: tuple[str, ...]
    is_new: bool
    has_changed: bool


def present(session: Session) -> EditionRow | None:
    """The edition that is open."""
    return session.scalar(select(EditionRow).where(EditionRow.ended_at.is_(None)).order_by(EditionRow.id.desc()))


def hold(session: Session, edition_id: int) -> None:
    """Of two who number or change something of the whole edition at one moment, the second waits for the first.

    Whoever only writes down something that belongs to it waits for neither.
    """
    session.execute(select(EditionRow.id).where(EditionRow.id == edition_id).with_for_update(key_share=True))


def load_for(row: EditionRow | None, path: Path | None, today: date) -> Edition:
    """The content as this database reads it: "the next 1 December" is decided once, when the edition is opened.

    Raises `ContentError` for a broken file, `EditionMismatch` for a file of another edition.
    """
    content = load_edition(path or shipped_edition(), row.closing if row else today)
    if row is not None and (content.key != row.key or content.closing != row.closing):
        raise EditionMismatch(
            f"the database holds edition {row.key} (closing {row.closing}), the content file is edition "
            f"{content.key} (closing {content.closing}): set PANDU_EDITION to the file of edition {row.key}"
        )
    return content


def open_edition(session: Session, content: Edition, now: object) -> Opened:
    """Open the edition in a new database, or note that its content has changed. Stored progress is never touched."""
    row = present(session)
    if row is None:
        row = EditionRow(key=content.key, closing=content.closing, fingerprint=content.fingerprint, opened_at=now)
        session.add(row)
        session.flush()
        return Opened(row.id, content, (), is_new=True, has_changed=False)
    changed = row.fingerprint != content.fingerprint
    row.fingerprint = content.fingerprint
    return Opened(row.id, content, vanished(content, _stored(session, row.id)), is_new=False, has_changed=changed)


def lost(session: Session, content: Edition) -> tuple[str, ...]:
    """What regions have worked on here and this content does not know; one line a key, nothing for a new database."""
    row = present(session)
    return vanished(content, _stored(session, row.id)) if row else ()


def _stored(session: Session, edition_id: int) -> dict[str, dict[str, int]]:
    """How many items of each key hold something that would be lost from sight."""
    rows = session.execute(
        select(Item.key, func.count())
        .where(Item.edition_id == edition_id, Item.state != ItemState.UNTOUCHED)
        .group_by(Item.key)
    )
    return {row[0]: {"regions with work on it": row[1]} for row in rows}
