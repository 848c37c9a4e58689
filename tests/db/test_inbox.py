"""Updates wait in rows: once each, in the order of their chat, and one that fails harms nobody else."""

from datetime import timedelta

from sqlalchemy.orm import Session

from db import inbox
from db.engine import Database
from db.vocabulary import InboxState
from tests.db.queues import NOW, after, arrivals, numbers, update


def take(session: Session, owner: str = "one", seconds: float = 0, limit: int = inbox.GROUP) -> list[inbox.Claimed]:
    return inbox.claim(session, owner, after(seconds), limit)


def test_a_repeated_update_is_stored_once(database: Database) -> None:
    assert database.write_now(lambda s: inbox.store(s, arrivals(1, 2), NOW)) == 2
    assert database.write_now(lambda s: inbox.store(s, arrivals(1, 2, 3), NOW)) == 1
    assert database.write_now(inbox.waiting) == 3


def test_nothing_to_store_is_no_fault(database: Database) -> None:
    assert database.write_now(lambda s: inbox.store(s, [], NOW)) == 0
    assert database.write_now(take) == []


def test_an_update_id_that_jumps_down_is_worked_on_in_the_order_of_arrival(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(1, first=900), NOW))
    database.write_now(lambda s: inbox.store(s, arrivals(2, first=5), NOW))

    assert numbers(database.write_now(take)) == [900, 5]


def test_a_claim_takes_the_oldest_of_each_chat(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7, 7, 3, 7, 3, 9), NOW))

    assert numbers(database.write_now(take)) == [1, 3, 6]


def test_the_next_of_a_chat_waits_until_the_first_is_finished(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7, 7), NOW))
    first = database.write_now(take)
    assert database.write_now(take) == []

    database.write_now(lambda s: inbox.finish(s, [first[0].id], "one", NOW))
    assert numbers(database.write_now(take)) == [2]


def test_a_press_counts_from_the_moment_it_came_in_however_late_it_is_worked_on(database: Database) -> None:
    press = inbox.Arrival(1, 7, "callback_query", "{}", None)
    database.write_now(lambda s: inbox.store(s, [press], NOW))
    [claimed] = database.write_now(lambda s: take(s, seconds=300))

    assert claimed.sent_at == NOW


def test_a_claim_counts_the_attempt_before_the_work(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7), NOW))

    assert [one.attempts for one in database.write_now(take)] == [1]
    assert database.write_now(lambda s: update(s, 1).attempts) == 1


def test_a_claim_that_was_never_finished_comes_back_after_its_time(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7), NOW))
    database.write_now(take)

    assert database.write_now(lambda s: take(s, seconds=inbox.CLAIM_SECONDS - 1)) == []
    again = database.write_now(lambda s: take(s, "two", seconds=inbox.CLAIM_SECONDS))
    assert [one.attempts for one in again] == [2]


def test_what_was_tried_before_comes_alone(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(1, 2, 3), NOW))
    database.write_now(take)
    database.write_now(lambda s: inbox.release_claims(s, NOW))

    assert numbers(database.write_now(take)) == [1]
    assert numbers(database.write_now(take)) == [2]


def test_releasing_one_owner_leaves_the_claims_of_another(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(1, 2), NOW))
    database.write_now(lambda s: take(s, "one", limit=1))
    database.write_now(lambda s: take(s, "two", limit=1))
    database.write_now(lambda s: inbox.release_claims(s, NOW, "one"))

    assert numbers(database.write_now(take)) == [1]


def test_who_lost_a_claim_cannot_finish_it(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7), NOW))
    claimed = database.write_now(lambda s: take(s, "one"))[0]
    database.write_now(lambda s: take(s, "two", seconds=inbox.CLAIM_SECONDS))

    assert database.write_now(lambda s: inbox.finish(s, [claimed.id], "one", NOW)) == 0
    database.write_now(lambda s: inbox.set_aside(s, claimed, "one", "beef", NOW))
    assert database.write_now(lambda s: update(s, 1).state) is InboxState.NEW
    assert database.write_now(lambda s: inbox.finish(s, [claimed.id], "two", NOW)) == 1


def test_a_failed_update_waits_longer_each_time_and_only_its_own_chat_with_it(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7, 7, 8), NOW))
    waits = []
    for attempt in range(1, 5):
        claimed = inbox.Claimed(1, 1, 7, "message", "{}", NOW, attempt)
        database.write_now(lambda s: inbox.release_claims(s, NOW))
        database.write_now(lambda s: inbox.claim(s, "one", after(1000), 1))
        database.write_now(lambda s, claimed=claimed: inbox.postpone(s, claimed, "one", NOW))  # type: ignore[misc]
        waits.append(database.write_now(lambda s: update(s, 1).not_before) - NOW)

    assert waits == [timedelta(seconds=seconds) for seconds in (1, 5, 25, 60)]
    assert numbers(database.write_now(take)) == [3]


def test_an_update_set_aside_lets_its_chat_go_on(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(7, 7), NOW))
    claimed = database.write_now(take)[0]
    database.write_now(lambda s: inbox.set_aside(s, claimed, "one", "beef", NOW))

    dead = database.write_now(lambda s: update(s, 1))
    assert (dead.state, dead.code) == (InboxState.DEAD, "beef")
    assert numbers(database.write_now(take)) == [2]


def test_two_processes_never_take_the_same_chat(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(1, 1, 2, 2, 3, 3), NOW))
    one = database.write_now(lambda s: take(s, "one", limit=2))
    two = database.write_now(lambda s: take(s, "two"))

    assert (numbers(one), numbers(two)) == ([1, 3], [5])


def test_a_chat_locked_by_another_process_is_passed_over(postgresql_url: str) -> None:
    """Neither waited for nor taken twice while the other's claim is not committed yet."""
    first, second = Database(postgresql_url), Database(postgresql_url)
    try:
        first.write_now(lambda s: inbox.store(s, arrivals(1, 1, 2), NOW))

        def claims(session: Session) -> tuple[list[int], list[int]]:
            one = numbers(take(session, "one", limit=1))
            return one, numbers(second.write_now(lambda s: take(s, "two")))

        assert first.write_now(claims) == ([1], [3])
    finally:
        first.writer.dispose()
        second.writer.dispose()


def test_a_flooding_chat_keeps_nobody_else_from_being_heard(database: Database) -> None:
    flood = arrivals(*[5] * 500)
    database.write_now(lambda s: inbox.store(s, flood, NOW))
    database.write_now(lambda s: inbox.store(s, arrivals(9, 2, first=501), NOW))

    assert numbers(database.write_now(take)) == [1, 501, 502]


def test_more_chats_than_one_claim_looks_at_are_all_served(database: Database) -> None:
    chats = range(1, inbox.STEPS * 2)
    database.write_now(lambda s: inbox.store(s, arrivals(*chats), NOW))
    served: set[int] = set()
    while group := database.write_now(take):
        served |= {one.chat_id for one in group}
        database.write_now(lambda s, ids=[one.id for one in group]: inbox.finish(s, ids, "one", NOW))  # type: ignore[misc]

    assert served == set(chats)


def test_whether_something_is_due_is_told_without_a_claim(database: Database) -> None:
    assert not database.write_now(lambda s: inbox.anything_due(s, NOW))
    database.write_now(lambda s: inbox.store(s, arrivals(1), NOW))
    assert database.write_now(lambda s: inbox.anything_due(s, NOW))
    database.write_now(take)
    assert not database.write_now(lambda s: inbox.anything_due(s, NOW))


def test_done_updates_are_forgotten_after_two_days_and_dead_ones_after_two_weeks(database: Database) -> None:
    database.write_now(lambda s: inbox.store(s, arrivals(1, 2, 3), NOW))
    one, two, _three = database.write_now(take)
    database.write_now(lambda s: inbox.finish(s, [one.id], "one", NOW))
    database.write_now(lambda s: inbox.set_aside(s, two, "one", "beef", NOW))

    assert database.write_now(lambda s: inbox.purge(s, NOW + timedelta(hours=47))) == 0
    assert database.write_now(lambda s: inbox.purge(s, NOW + timedelta(hours=49))) == 1
    assert database.write_now(lambda s: inbox.purge(s, NOW + timedelta(days=15))) == 1
    assert database.write_now(inbox.waiting) == 1
