"""Messages wait in rows: replies first, one at a time per chat, and every doubt is decided by its policy."""

import json
from datetime import timedelta

from sqlalchemy.orm import Session

from db import outbox
from db.engine import Database
from db.outbox import Outgoing, Settled
from db.vocabulary import Lane, OutboxState, Policy
from tests.db.queues import NOW, after, claim, conversation, keys, message, post, row, sent, settle, states


def test_a_known_key_is_passed_over(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a")))
    database.write_now(lambda s: post(s, message("a", chat=2), message("b", chat=2)))

    assert database.write_now(lambda s: sorted(states(s))) == ["a", "b"]
    assert database.write_now(lambda s: row(s, "a").chat_id) == 1


def test_words_survive_the_way_through_the_row(database: Database) -> None:
    text = "Bapak/Ibu \U0001f64f, \u201c3 hari kerja\u201d \ud83d"
    body = {"chat_id": 1, "text": text}
    database.write_now(lambda s: post(s, Outgoing("a", 1, "sendMessage", body)))

    assert json.loads(database.write_now(lambda s: claim(s))[0].body) == body


def test_replies_leave_before_notices_and_notices_before_bulk(database: Database) -> None:
    def deed(session: Session) -> list[str]:
        post(session, message("bulk", 1, Lane.BULK), message("notice", 2, Lane.NOTICE), message("reply", 3))
        return keys(session, claim(session))

    assert database.write_now(deed) == ["reply", "notice", "bulk"]


def test_a_chat_has_one_message_under_way(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a"), message("b"), message("c", 2)))

    assert database.write_now(lambda s: keys(s, claim(s))) == ["a", "c"]
    assert database.write_now(lambda s: claim(s)) == []


def test_the_next_of_a_chat_leaves_once_the_first_is_settled(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a"), message("b")))
    (first,) = database.write_now(lambda s: claim(s))
    database.write_now(lambda s: settle(s, sent(first)))

    assert database.write_now(lambda s: keys(s, claim(s))) == ["b"]


def test_a_reply_overtakes_a_notice_of_its_chat_that_still_waits(database: Database) -> None:
    database.write_now(lambda s: post(s, message("notice", 1, Lane.NOTICE), message("reply", 1)))

    assert database.write_now(lambda s: claim(s, Lane.NOTICE)) == []
    assert database.write_now(lambda s: keys(s, claim(s))) == ["reply"]


def test_a_message_that_waits_for_its_time_keeps_those_behind_it(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a", due_at=after(10)), message("b"), message("c", 2)))

    assert database.write_now(lambda s: keys(s, claim(s))) == ["c"]
    assert database.write_now(lambda s: keys(s, claim(s, at=after(10)))) == ["a"]


def test_only_the_chats_asked_for_are_claimed(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a", 1), message("b", 2)))

    assert database.write_now(lambda s: claim(s, chats=[])) == []
    assert database.write_now(lambda s: keys(s, claim(s, chats=[2, 3]))) == ["b"]


def test_no_more_are_claimed_than_there_are_places(database: Database) -> None:
    database.write_now(
        lambda s: post(s, *(message(f"{n}", n, lane) for lane in Lane for n in (10 * lane, 10 * lane + 1)))
    )

    assert database.write_now(lambda s: keys(s, claim(s, limit=3))) == ["0", "1", "10"]


def test_the_panel_is_edited_while_it_is_the_lowest_and_sent_anew_when_it_is_not(database: Database) -> None:
    def deed(session: Session) -> list[tuple[int | None, int | None]]:
        conversation(session, 1, panel=50, last=49)
        conversation(session, 2, panel=50, last=51)
        conversation(session, 3)
        post(session, *(message(f"{chat}", chat, panel=True) for chat in (1, 2, 3, 4)))
        return [(one.panel_id, one.stale_panel_id) for one in claim(session)]

    assert database.write_now(deed) == [(50, None), (None, 50), (None, None), (None, None)]


def test_a_new_message_becomes_the_panel_or_covers_it(database: Database) -> None:
    def deed(session: Session) -> tuple[int | None, int | None]:
        conversation(session, 1)
        post(session, message("panel", panel=True), message("event"))
        settle(session, *(sent(one, 70, new=True) for one in claim(session)))
        settle(session, *(sent(one, 71, new=True) for one in claim(session)))
        post(session, message("next", panel=True))
        (third,) = claim(session)
        return third.panel_id, third.stale_panel_id

    assert database.write_now(deed) == (None, 70)


def test_a_result_is_written_down_with_its_attempt(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a"), message("b", 2)))
    one, two = database.write_now(lambda s: claim(s))
    waits = Settled(two, OutboxState.WAITING, error="429: slow", due_at=after(5), attempted=False)
    database.write_now(lambda s: settle(s, sent(one, 70), waits))

    done, waiting = database.write_now(lambda s: (row(s, "a"), row(s, "b")))
    assert (done.state, done.message_id, done.sent_at, done.attempts) == (OutboxState.SENT, 70, NOW, 1)
    assert (waiting.state, waiting.attempts, waiting.due_at, waiting.owner) == (
        OutboxState.WAITING,
        0,
        after(5),
        None,
    )


def test_a_late_result_of_a_process_that_lost_its_lease_changes_nothing(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a")))
    (late,) = database.write_now(lambda s: claim(s, owner="one"))
    database.write_now(lambda s: outbox.reopen_lost(s, NOW + outbox.LEASE + timedelta(seconds=1)))
    database.write_now(lambda s: claim(s, owner="two", at=after(200)))
    database.write_now(lambda s: settle(s, Settled(late, OutboxState.DEAD), owner="one"))

    assert database.write_now(lambda s: states(s)) == {"a": OutboxState.SENDING}


def test_an_ended_process_leaves_doubts_that_the_policy_decides(database: Database) -> None:
    for number, policy in enumerate(Policy):
        database.write_now(lambda s, n=number, p=policy: post(s, message(p.value, n, policy=p)))  # type: ignore[misc]
    database.write_now(lambda s: claim(s))

    assert database.write_now(lambda s: outbox.reopen_lost(s, NOW)) == 0
    assert database.write_now(lambda s: outbox.reopen_lost(s, NOW, all_of_them=True)) == 3
    assert database.write_now(lambda s: states(s)) == {
        "repeatable": OutboxState.WAITING,
        "at_least_once": OutboxState.WAITING,
        "at_most_once": OutboxState.IN_DOUBT,
    }
    assert database.write_now(lambda s: row(s, "at_least_once").doubts) == 1


def test_what_is_past_its_time_never_leaves(database: Database) -> None:
    database.write_now(lambda s: post(s, message("old", expires_at=after(-1)), message("new", 2, expires_at=after(1))))

    assert database.write_now(lambda s: keys(s, claim(s))) == ["new"]
    assert database.write_now(lambda s: outbox.expire(s, NOW)) == 1


def test_a_chat_that_is_gone_gets_nothing_more(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a"), message("b"), message("c", 2)))
    database.write_now(lambda s: outbox.close_chat(s, 1, "403: blocked"))

    assert database.write_now(lambda s: states(s)) == {
        "a": OutboxState.DEAD,
        "b": OutboxState.DEAD,
        "c": OutboxState.WAITING,
    }


def test_what_waits_for_a_group_follows_it_to_its_new_number(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a", -1), message("b", -1)))
    (first,) = database.write_now(lambda s: claim(s))
    database.write_now(lambda s: settle(s, sent(first)))
    database.write_now(lambda s: outbox.readdress(s, -1, -100))

    (second,) = database.write_now(lambda s: claim(s))
    assert second.chat_id == -100
    assert json.loads(second.body)["chat_id"] == -100


def test_after_a_restore_everything_open_is_held(database: Database) -> None:
    database.write_now(lambda s: post(s, message("a"), message("b", 2)))
    database.write_now(lambda s: claim(s, limit=1))

    assert database.write_now(outbox.hold_open) == 2
    assert database.write_now(lambda s: claim(s, at=after(999))) == []
    assert database.write_now(lambda s: outbox.depth(s)) == {OutboxState.HELD: 2}


def test_the_age_of_the_oldest_waiting_reply_is_known(database: Database) -> None:
    database.write_now(
        lambda s: post(s, message("a"), message("late", 2, due_at=after(60)), message("n", 3, Lane.NOTICE))
    )

    assert database.write_now(lambda s: outbox.oldest_reply(s, after(5))) == NOW
    database.write_now(lambda s: claim(s))
    assert database.write_now(lambda s: outbox.oldest_reply(s, after(5))) is None


def test_whether_something_is_due_is_told_by_lane(database: Database) -> None:
    database.write_now(lambda s: post(s, message("n", 3, Lane.NOTICE, due_at=after(10))))

    def due(seconds: float, *lanes: Lane) -> bool:
        return database.write_now(lambda s: outbox.anything_due(s, after(seconds), lanes))

    assert (due(0, *Lane), due(10, Lane.REPLY, Lane.BULK), due(10, Lane.NOTICE)) == (False, False, True)
