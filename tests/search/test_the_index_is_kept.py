"""The index follows the content, at the start and after a restore, and is made once by whoever comes first."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.commandline.search import Asked, offered
from bot.services import search_index
from bot.services.search import similar
from bot.services.work import Work
from bot.settings import Settings
from db import search
from db.engine import Database
from db.models import Article
from db.vocabulary import ArticleState
from tests import stage

WORDS = "cara memesan katering untuk pameran"


def with_content_that_has(session: Session, question: str) -> Work:
    """A work whose content asks this as its first frequent question."""
    work = stage.open_work(session)
    entries = work.programme.edition.faq
    changed = entries[0].model_copy(update={"question": question})
    edition = work.programme.edition.model_copy(update={"faq": (changed, *entries[1:])})
    # A copy would keep the fingerprint that was computed for the content before.
    edition.__dict__.pop("fingerprint", None)
    work.programme = replace(work.programme, edition=edition)
    return work


def article(work: Work) -> Article:
    row = Article(
        edition_id=work.edition_id,
        key="katering",
        category="general",
        title="Bagaimana memesan katering pameran?",
        body="Melalui koordinator.",
        files=[],
        state=ArticleState.PUBLIC,
        version=1,
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row


async def test_a_second_start_with_the_same_content_indexes_nothing(database: Database) -> None:
    first = await database.write(lambda session: search_index.keep_current(stage.open_work(session)))
    second = await database.write(lambda session: search_index.keep_current(stage.open_work(session)))

    assert (first, second) == (True, False)


async def test_other_content_is_indexed_at_the_next_start(database: Database) -> None:
    await database.write(lambda session: search_index.keep_current(stage.open_work(session)))

    def changed(session: Session) -> list[str]:
        work = with_content_that_has(session, "Bagaimana memesan katering pameran?")
        assert search_index.keep_current(work)
        return [hit.key for hit in similar(work, WORDS)]

    assert await database.write(changed) == ["faq:apa-itu"]


async def test_two_that_start_at_once_index_once(database: Database) -> None:
    def start(session: Session) -> bool:
        return search_index.keep_current(stage.open_work(session))

    await database.write(lambda session: stage.open_work(session).edition_id)
    done = await asyncio.gather(*(database.write(start) for _ in range(4)))

    assert sorted(done) == [False, False, False, True]
    assert await database.read(search.size) == len(stage.content().faq)


async def test_articles_are_indexed_anew_with_everything_else(database: Database) -> None:
    def start(session: Session) -> list[str]:
        work = stage.open_work(session)
        row = article(work)
        search_index.keep_current(work)
        return [hit.key.replace(str(row.id), "it") for hit in similar(work, WORDS)]

    assert await database.write(start) == ["article:it"]


async def test_the_command_line_also_finds_articles_before_the_content_is_indexed(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)

    def opened_today(session: Session) -> None:
        work = stage.open_work(session, now=datetime.now(UTC))
        article(work)

    await database.write(opened_today)
    await database.close()
    given: dict[str, Any] = {"_env_file": None, "bot_token": "1:x", "database_url": sqlite_url, "data_dir": tmp_path}
    settings = Settings(**given)

    found = await asyncio.to_thread(offered, Asked(settings, WORDS, None))

    assert [hit.title for hit in found] == ["Bagaimana memesan katering pameran?"]
