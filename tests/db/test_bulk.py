"""Many rows at once are what the same rows one by one would be, on both databases."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.bulk import add_missing, among, change
from db.models import DigestClock, OutboxMessage, Person, Reminder
from db.vocabulary import Lane, OutboxState, Policy, ReminderState

NOW = datetime(2026, 11, 16, 2, 0, 0, 123456, tzinfo=UTC)
OUTBOX, REMINDERS = cast(Table, OutboxMessage.__table__), cast(Table, Reminder.__table__)
CLOCKS = cast(Table, DigestClock.__table__)
HOSTILE = ["null", '{"a": [1]}', 'O\'Brien \\ "x"', "baris\nbaru\ttab", "😀 é \u202e", "", "%s ? :a $1", "{1,2}"]


def _message(key: str, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "unique_key": key,
        "chat_id": 1,
        "lane": Lane.BULK,
        "method": "sendMessage",
        "body": "{}",
        "panel": False,
        "policy": Policy.AT_MOST_ONCE,
        "due_at": NOW,
        "expires_at": None,
        "state": OutboxState.WAITING,
        "attempts": 0,
        "doubts": 0,
        "created_at": NOW,
    }
    return usual | more


def test_hostile_words_times_and_nothing_at_all_come_back_as_they_were(session: Session) -> None:
    add_missing(session, OUTBOX, [_message(f"k:{n}", body=text) for n, text in enumerate(HOSTILE)])

    found = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [one.body for one in found] == HOSTILE
    assert {(one.due_at, one.expires_at, one.panel) for one in found} == {(NOW, None, False)}
    assert {(one.lane, one.policy, one.state) for one in found} == {
        (Lane.BULK, Policy.AT_MOST_ONCE, OutboxState.WAITING)
    }


def test_rows_keep_their_order_and_what_is_known_is_passed_over(session: Session) -> None:
    add_missing(session, OUTBOX, [_message("k:3", body="first")])
    add_missing(session, OUTBOX, [_message(f"k:{n}", body="second") for n in (9, 3, 7, 9, 1)])

    rows = session.execute(select(OutboxMessage.unique_key, OutboxMessage.body).order_by(OutboxMessage.id)).all()
    assert [tuple(row) for row in rows] == [("k:3", "first"), ("k:9", "second"), ("k:7", "second"), ("k:1", "second")]


def test_the_order_in_which_a_row_names_its_columns_does_not_matter(session: Session) -> None:
    session.add(Person(id=5, name="Siti", telegram_id=5, registered_at=NOW))
    session.flush()
    row = {"digest": "digest:5:20261116:1", "at": NOW, "state": ReminderState.SENT, "due_day": date(2026, 11, 30)}
    add_missing(session, REMINDERS, [row | {"occasion": "-14", "subject": "item:1", "person_id": 5}])

    found = session.scalars(select(Reminder)).one()
    assert (found.person_id, found.subject, found.occasion) == (5, "item:1", "-14")
    assert (found.due_day, found.at, found.state) == (date(2026, 11, 30), NOW, ReminderState.SENT)


def test_a_value_for_a_column_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="set_at"):
        add_missing(session, OUTBOX, [_message("k:1", set_at=NOW)])


def test_a_row_without_a_value_it_must_have_is_refused(session: Session) -> None:
    row = _message("k:1")
    del row["method"]
    with pytest.raises(DBAPIError):
        add_missing(session, OUTBOX, [row])


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        add_missing(session, OUTBOX, [_message("k:1", due_at=datetime(2026, 11, 16))])  # noqa: DTZ001


def test_rows_get_new_values_by_their_keys_and_nothing_else_moves(session: Session) -> None:
    session.add_all(Person(id=n, name=f"Siti {n}", telegram_id=n, registered_at=NOW) for n in (5, 6, 7))
    session.flush()
    clocks = [DigestClock(person_id=n, next_at=NOW, region_code="31.71", extra=True) for n in (5, 6, 7)]
    session.add_all(clocks)
    session.flush()
    later = datetime(2026, 11, 17, 1, 0, 0, 654321, tzinfo=UTC)
    moved = {"next_at": later, "last_day": date(2026, 11, 16), "extra": False}
    change(session, CLOCKS, [moved | {"person_id": 7}, moved | {"person_id": 5, "last_day": None}])
    change(session, CLOCKS, [])

    session.expire_all()
    found = {one.person_id: (one.next_at, one.last_day, one.extra, one.region_code) for one in clocks}
    assert found == {
        5: (later, None, False, "31.71"),
        6: (NOW, None, True, "31.71"),
        7: (later, date(2026, 11, 16), False, "31.71"),
    }


def test_a_row_that_is_gone_is_passed_over(session: Session) -> None:
    change(session, CLOCKS, [{"person_id": 404, "next_at": NOW}])

    assert session.scalars(select(DigestClock)).all() == []


def test_a_new_value_for_a_column_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="set_at"):
        change(session, CLOCKS, [{"person_id": 5, "set_at": NOW}])


def test_many_numbers_stand_in_the_statement_itself_and_none_find_nobody(session: Session) -> None:
    session.add_all(Person(id=n, name=f"Siti {n}", telegram_id=n, registered_at=NOW) for n in (5, 6, 7))
    session.flush()
    many = [5, 7, *range(1000, 101_000)]

    assert set(session.scalars(select(Person.id).where(among(Person.id, many)))) == {5, 7}
    assert session.scalars(select(Person.id).where(among(Person.id, []))).all() == []
