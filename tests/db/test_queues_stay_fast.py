"""Twenty thousand waiting rows cost a claim no more than none: the planner goes by the partial indexes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, event, text
from sqlalchemy.orm import Session

from db import inbox, outbox
from db.engine import Database
from db.types import UtcDateTime
from db.vocabulary import Lane
from tests.db.queues import NOW, after, claim

MANY = 20_000
_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
_UPDATES = _NUMBERS + (
    "INSERT INTO inbox (update_id, chat_id, kind, payload, received_at, state, attempts, not_before) "
    "SELECT i, {chat}, 'message', '{{}}', :now, CASE WHEN i <= :many / 2 THEN 'done' ELSE 'new' END, 0, :now FROM n"
)
_MESSAGES = _NUMBERS + (
    "INSERT INTO outbox (unique_key, chat_id, lane, method, body, panel, policy, due_at, state, attempts, doubts, "
    "created_at) SELECT cast(i AS TEXT), i, :lane, 'sendMessage', '{{}}', 1 = 0, 'repeatable', :due, "
    "CASE WHEN i <= :many / 2 THEN 'sent' ELSE 'waiting' END, 0, 0, :due FROM n"
)


def fill(database: Database, statement: str, **given: Any) -> None:
    """Many rows, half of them long done."""
    typed = [bindparam(name, type_=UtcDateTime()) for name in ("now", "due") if name in given]

    def deed(session: Session) -> None:
        # SQLite wants the WITH inside the INSERT, PostgreSQL takes it there too.
        numbers, insert = statement.split("INSERT", 1)
        head, select = insert.split("SELECT", 1)
        words = f"INSERT{head}{numbers}SELECT{select}"
        session.execute(text(words).bindparams(*typed), {"many": 2 * MANY, **given})

    database.write_now(deed)
    database.write_now(lambda session: session.execute(text("ANALYZE")))


def plans(database: Database, deed: Callable[[Session], object]) -> str:
    """How the database would run each SELECT of this deed."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            seen.append((statement, parameters))

    event.listen(database.writer, "before_cursor_execute", note)
    database.write_now(deed)
    event.remove(database.writer, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "

    def ask(session: Session) -> list[str]:
        connection = session.connection()
        rows = [row for one, given in seen for row in connection.exec_driver_sql(explain + one, given)]
        return [str(row[-1]) for row in rows]

    assert seen
    return "\n".join(database.write_now(ask))


def whole_tables(plan: str) -> list[str]:
    """Steps of the plan that read a whole table."""
    return re.findall(r"SCAN (?:inbox|outbox|own)\w*$|Seq Scan on (?:inbox|outbox).*", plan, re.MULTILINE)


@pytest.mark.parametrize("chat", ["i", "7", "i % 20"], ids=["each its own chat", "one chat", "twenty chats"])
def test_a_claim_from_a_full_inbox_walks_the_indexes(database: Database, chat: str) -> None:
    fill(database, _UPDATES.format(chat=chat), now=NOW)
    found = plans(database, lambda session: inbox.claim(session, "one", after(1)))

    assert "ix_inbox_new_chat_id" in found
    assert whole_tables(found) == [], found


def test_looking_into_a_full_inbox_goes_by_the_index(database: Database) -> None:
    fill(database, _UPDATES.format(chat="i"), now=NOW)
    found = plans(database, lambda session: inbox.anything_due(session, after(1)))

    assert whole_tables(found) == [], found


def test_a_claim_of_replies_beside_a_full_outbox_goes_by_the_indexes(database: Database) -> None:
    fill(database, _MESSAGES.format(), due=NOW, lane=int(Lane.BULK))
    for lane in Lane:
        found = plans(database, lambda session, lane=lane: claim(session, lane, at=after(1)))  # type: ignore[misc]
        assert "ix_outbox_waiting" in found
        assert whole_tables(found) == [], found


def test_a_claim_for_some_chats_goes_by_the_chat(database: Database) -> None:
    fill(database, _MESSAGES.format(), due=NOW, lane=int(Lane.REPLY))
    found = plans(database, lambda session: claim(session, Lane.REPLY, at=after(1), chats=list(range(64))))

    assert whole_tables(found) == [], found


def test_messages_of_tomorrow_are_not_looked_at_today(database: Database) -> None:
    fill(database, _MESSAGES.format(), due=after(86_400), lane=int(Lane.NOTICE))
    found = plans(database, lambda session: outbox.anything_due(session, NOW, tuple(Lane)))

    assert "ix_outbox_waiting" in found
    assert re.search(r"lane=\? AND due_at<\?|Index Cond: .*lane.*due_at", found), found


def test_the_oldest_reply_is_found_without_reading_what_is_done(database: Database) -> None:
    fill(database, _MESSAGES.format(), due=NOW, lane=int(Lane.BULK))

    assert whole_tables(plans(database, lambda session: outbox.oldest_reply(session, NOW))) == []
