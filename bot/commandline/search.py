"""`pandu search TEXT`: what an official would be offered before a question is filed, for the editors of the FAQ."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from bot.commandline.offline import look, work_of
from bot.commandline.tokenless import settings_without_token
from bot.services import search_index
from bot.services.search import Hit, similar
from bot.services.work import Work
from bot.settings import Settings
from db import schema, search
from db.engine import Database
from db.schema import SchemaState
from db.search import Entry


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an official would ask it, perhaps from within a pillar."""

    settings: Settings
    text: str
    pillar: str | None

    def hits(self, work: Work) -> list[Hit]:
        return similar(work, self.text, self.pillar)


def execute(options: argparse.Namespace) -> int:
    hits = offered(Asked(settings_without_token(), options.text, options.pillar))
    if options.json:
        print(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
    else:
        print("".join(f"{hit.score:.3f}  {hit.key}  {hit.title}\n" for hit in hits), end="")
    return 0


def offered(asked: Asked) -> list[Hit]:
    """From the index here, if it is of the content as it is now; else from one made for this moment alone."""
    database = Database(asked.settings.database_url)
    if database.path and not database.path.exists():
        return _in_passing(asked, ())
    found = look(database, lambda session: _here(session, asked))
    return found if isinstance(found, list) else _in_passing(asked, found)


def _here(session: Session, asked: Asked) -> list[Hit] | tuple[Entry, ...]:
    """What the index here finds; what there would be to find, where it is of other content."""
    if schema.judged(schema.present_in(session.connection())) is not SchemaState.CURRENT:
        return ()
    work = work_of(session, asked.settings, "pandu search")
    if search.built_from(session) == search_index.fingerprint(work.programme.edition):
        return asked.hits(work)
    return tuple(search_index.everything(work))


def _in_passing(asked: Asked, entries: Sequence[Entry]) -> list[Hit]:
    with tempfile.TemporaryDirectory() as directory:
        database = Database(f"sqlite+aiosqlite:///{Path(directory) / 'search.db'}")
        schema.migrate(database)
        try:
            return database.write_now(lambda session: _indexed(session, asked, entries))
        finally:
            database.writer.dispose()


def _indexed(session: Session, asked: Asked, entries: Sequence[Entry]) -> list[Hit]:
    work = work_of(session, asked.settings, "pandu search")
    search.put(session, entries or list(search_index.everything(work)))
    return asked.hits(work)
