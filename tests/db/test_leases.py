"""One holder of a duty at a time, by the same statement on both databases."""

from db import leases
from db.engine import Database
from tests.db.queues import after


def take(database: Database, holder: str, seconds: float) -> bool:
    return database.write_now(lambda session: leases.take(session, "poll", holder, after(seconds)))


def test_the_first_to_ask_has_the_duty_and_keeps_it_by_renewing(database: Database) -> None:
    assert take(database, "one", 0)
    assert not take(database, "two", 1)
    assert take(database, "one", 10)
    assert not take(database, "two", 20)


def test_another_takes_over_when_the_lease_has_run_out(database: Database) -> None:
    take(database, "one", 0)

    assert take(database, "two", 16)
    assert not take(database, "one", 17)


def test_who_resigns_leaves_the_duty_at_once_and_nobody_can_resign_for_another(database: Database) -> None:
    take(database, "one", 0)
    database.write_now(lambda session: leases.resign(session, "poll", "two"))
    assert not take(database, "two", 1)

    database.write_now(lambda session: leases.resign(session, "poll", "one"))
    assert take(database, "two", 1)
