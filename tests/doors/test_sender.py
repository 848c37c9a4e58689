"""What is committed leaves once, at its pace, and every doubt is written down."""

import asyncio
import json
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.sender import BLIND, most_in_flight, wording
from db import outbox
from db.engine import Database
from db.models import Conversation, Paper
from db.outbox import Claimed, Outgoing
from db.vocabulary import Lane, OutboxState, Policy
from simulator import acts
from tests.doors.hall import Hall

NOTE = "(sent again)"


def words(key: str, chat: int = 1, lane: Lane = Lane.REPLY, **more: Any) -> Outgoing:
    return Outgoing(key, chat, "sendMessage", {"chat_id": chat, "text": key}, lane=lane, **more)


async def post(hall: Hall, *messages: Outgoing) -> None:
    for message in messages:
        hall.person(message.chat_id) if message.chat_id > 0 else None
    await hall.database.write(lambda session: outbox.post(session, messages, hall.clock.now()))
    hall.sender.wake()


async def states(hall: Hall) -> dict[str, OutboxState]:
    return {row.unique_key: row.state for row in await hall.outbox()}


async def all_settled(hall: Hall, seconds: float = 20) -> None:
    await hall.until_async(lambda: _no_open(hall), seconds)


async def _no_open(hall: Hall) -> bool:
    return not {OutboxState.WAITING, OutboxState.SENDING} & set((await states(hall)).values())


async def test_what_waits_at_the_start_leaves_in_order(database: Database) -> None:
    async with Hall(database) as hall:
        await post(hall, words("a"), words("b"), words("c"), words("d", 2))
        hall.start("sender")
        await hall.quiet()

        assert hall.texts(1) == ["a", "b", "c"]
        assert hall.texts(2) == ["d"]
        assert {row.message_id is not None for row in await hall.outbox()} == {True}


async def test_a_message_of_another_process_is_found_without_being_woken(database: Database) -> None:
    async with Hall(database) as hall:
        hall.start("sender")
        await asyncio.sleep(0.1)
        hall.person(1)
        await database.write(lambda session: outbox.post(session, [words("a")], hall.clock.now()))
        await hall.until(lambda: hall.texts() == ["a"], seconds=5)


async def test_a_reply_leaves_at_once_while_a_broadcast_runs(database: Database) -> None:
    async with Hall(database, total_rate=29, bulk_rate=25) as hall:
        await post(hall, *(words(f"bulk {chat}", chat, Lane.BULK) for chat in range(100, 220)))
        hall.start("sender")
        await hall.until(lambda: len(hall.texts()) >= 20)
        hall.person(1)
        began = time.monotonic()
        await post(hall, words("reply"))
        await hall.until(lambda: "reply" in hall.texts())
        assert time.monotonic() - began < 2
        assert len(hall.texts()) < 121


async def test_the_pace_never_exceeds_what_telegram_takes(database: Database) -> None:
    async with Hall(database, total_rate=29, bulk_rate=25) as hall:
        hall.simulator.plan.set({"limits": True})
        await post(hall, *(words(f"{chat}", chat, Lane.BULK) for chat in range(100, 150)))
        await post(hall, *(words(f"{chat}", chat) for chat in range(200, 240)))
        hall.start("sender")
        await all_settled(hall)

        assert hall.sender.floods == 0
        assert [one for one in hall.simulator.ledger.refusals if one["code"] == 429] == []


async def test_only_the_one_who_leads_sends_notices_and_bulk(database: Database) -> None:
    async with Hall(database) as hall:
        leads = [False]
        hall.build(leads=lambda: leads[0])
        await post(hall, words("bulk", 2, Lane.BULK), words("notice", 3, Lane.NOTICE), words("reply", 1))
        hall.start("sender")
        await hall.until(lambda: hall.texts() == ["reply"])
        await asyncio.sleep(0.2)
        assert hall.texts() == ["reply"]
        leads[0] = True
        await hall.until(lambda: sorted(hall.texts()) == ["bulk", "notice", "reply"])


# Doubts


async def test_an_unknown_announcement_waits_for_a_person_and_is_never_repeated(database: Database) -> None:
    async with Hall(database) as hall:
        hall.simulator.plan.set({"accept_then_drop": 1.0, "methods": ["sendMessage"]})
        await post(hall, *(words(f"{chat}", chat, Lane.BULK, policy=Policy.AT_MOST_ONCE) for chat in range(1, 11)))
        hall.start("sender")
        await all_settled(hall)
        hall.simulator.plan.set({"preset": "normal"})
        await asyncio.sleep(0.3)

        assert set((await states(hall)).values()) == {OutboxState.IN_DOUBT}
        assert Counter(hall.texts()) == Counter(f"{chat}" for chat in range(1, 11))
        assert {row.doubts for row in await hall.outbox()} == {1}


async def test_a_broadcast_of_which_nobody_knows_rests_before_many_are_uncertain(database: Database) -> None:
    async with Hall(database, total_rate=29, bulk_rate=25) as hall:
        hall.simulator.plan.set({"accept_then_drop": 1.0, "methods": ["sendMessage"]})
        await post(hall, *(words(f"{chat}", chat, Lane.BULK, policy=Policy.AT_MOST_ONCE) for chat in range(1, 81)))
        hall.start("sender")

        await asyncio.sleep(2.5)

        counted = Counter((await states(hall)).values())
        assert BLIND <= counted[OutboxState.IN_DOUBT] <= 35
        assert counted[OutboxState.WAITING] >= 45


async def test_an_unknown_reply_is_repeated_and_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.verdicts.DOUBT_WAITS", (timedelta(milliseconds=20),) * 5)
    async with Hall(database) as hall:
        hall.build(repeat_note=NOTE)
        hall.simulator.plan.set({"accept_then_drop": 1.0, "methods": ["sendMessage"]})
        await post(hall, words("a"))
        hall.start("sender")
        await hall.until(lambda: len(hall.texts()) >= 1)
        hall.simulator.plan.set({"preset": "normal"})
        await all_settled(hall)

        first, *repeats = hall.texts()
        assert first == "a"
        assert set(repeats) == {f"a\n\n{NOTE}"}
        (row,) = await hall.outbox()
        assert (row.state, row.doubts) == (OutboxState.SENT, len(repeats))


async def test_telegram_away_uses_no_attempt_and_everything_leaves_when_it_is_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Hall(database) as hall:
        await post(hall, *(words(f"{chat}", chat, Lane.BULK, policy=Policy.AT_MOST_ONCE) for chat in range(1, 13)))
        await hall.simulator.hang_up()
        hall.start("sender")
        await hall.until(lambda: hall.sender.broken)
        await hall.simulator.listen()
        await all_settled(hall)

        assert {(row.state, row.attempts, row.doubts) for row in await hall.outbox()} == {(OutboxState.SENT, 1, 0)}
        assert not hall.sender.broken
        assert Counter(hall.texts()) == Counter(f"{chat}" for chat in range(1, 13))


async def test_a_refused_token_stops_sending_and_loses_nothing(database: Database) -> None:
    async with Hall(database) as hall:
        told: list[str] = []
        hall.build(alarm=told.append)
        hall.simulator.token = "1:another"
        await post(hall, words("a"))
        hall.start("sender")
        await hall.until(lambda: hall.sender.halted)
        assert told
        assert "another" not in "".join(told)
        assert set((await states(hall)).values()) <= {OutboxState.WAITING, OutboxState.SENDING}


# What Telegram refuses


async def test_a_chat_told_to_wait_waits_alone(database: Database) -> None:
    async with Hall(database) as hall:
        hall.start("sender")
        hall.simulator.x.limiter.close(2, 1)
        hall.simulator.plan.set({"limits": True})
        await post(hall, words("late", 1), *(words(f"{chat}", chat) for chat in range(2, 10)))
        await hall.until(lambda: len(hall.texts()) == 8)
        assert "late" not in hall.texts()
        await all_settled(hall)
        assert "late" in hall.texts()
        assert {row.attempts for row in await hall.outbox()} == {1}


async def test_a_person_who_blocked_the_bot_gets_nothing_more_and_is_reported(database: Database) -> None:
    async with Hall(database) as hall:
        gone: list[tuple[int, str]] = []
        hall.build(on_dead_chat=lambda _session, chat, why: gone.append((chat, why)))
        hall.person(1).blocked = True
        await database.write(lambda s: outbox.post(s, [words("a"), words("b"), words("c")], hall.clock.now()))
        hall.start("sender")
        await all_settled(hall)

        assert set((await states(hall)).values()) == {OutboxState.DEAD}
        assert gone == [(1, "403: Forbidden: bot was blocked by the user")]
        assert len(hall.simulator.ledger.refusals) == 1


async def test_a_group_that_moved_gets_what_waits_at_its_new_number(database: Database) -> None:
    async with Hall(database) as hall:
        hall.person(1)
        group = acts.add_group(hall.simulator.x, "Tim", [1])
        new = acts.migrate(hall.simulator.x, group)
        await post(hall, words("a", group.id), words("b", group.id))
        hall.start("sender")
        await all_settled(hall)
        assert hall.texts(new.id) == ["a", "b"]


async def test_broken_markup_goes_out_plain_and_is_told(database: Database) -> None:
    async with Hall(database) as hall:
        told: list[str] = []
        hall.build(alarm=told.append)
        body = {"chat_id": 1, "text": "<b>Selamat pagi", "parse_mode": "HTML"}
        await post(hall, Outgoing("a", 1, "sendMessage", body))
        hall.start("sender")
        await all_settled(hall)
        assert hall.texts() == ["Selamat pagi"]
        assert len(told) == 1


async def test_words_beyond_the_limit_arrive_in_parts(database: Database) -> None:
    async with Hall(database) as hall:
        await post(hall, Outgoing("a", 1, "sendMessage", {"chat_id": 1, "text": "a" * 4096 + "b"}))
        hall.start("sender")
        await all_settled(hall)
        assert hall.texts() == ["a" * 4096, "b"]


async def test_a_hopeless_call_is_dead_and_told(database: Database) -> None:
    async with Hall(database) as hall:
        told: list[str] = []
        hall.build(alarm=told.append)
        await post(hall, Outgoing("a", 1, "sendNothing", {"chat_id": 1, "text": "a"}), words("b"))
        hall.person(1)
        hall.start("sender")
        await hall.until(lambda: bool(told))


# The panel


async def panel(hall: Hall, key: str, policy: Policy = Policy.REPEATABLE) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Beranda", "callback_data": "s:home"}]]}
    body = {"chat_id": 1, "text": key, "reply_markup": keyboard}
    await post(hall, Outgoing(key, 1, "sendMessage", body, policy=policy, panel=True))
    await all_settled(hall)


async def talked(hall: Hall, **columns: Any) -> None:
    now = hall.clock.now()
    await hall.database.write(lambda s: s.add(Conversation(chat_id=1, stack=[], changed_at=now, **columns)))


async def test_the_panel_is_one_message_until_something_is_written_below_it(database: Database) -> None:
    async with Hall(database) as hall:
        await talked(hall)
        hall.start("sender")
        await panel(hall, "one")
        await panel(hall, "two")
        await post(hall, words("event"))
        await all_settled(hall)
        await panel(hall, "three")
        await hall.until(lambda: bool(hall.simulator.ledger.of("editMessageReplyMarkup")))

        calls = [(one["method"], one["message_id"]) for one in hall.simulator.ledger.entries]
        first = calls[0][1]
        assert [method for method, _ in calls[:4]] == ["sendMessage", "editMessageText", "sendMessage", "sendMessage"]
        assert calls[1][1] == first
        assert calls[4] == ("editMessageReplyMarkup", first)


async def test_the_same_panel_again_is_no_fault(database: Database) -> None:
    async with Hall(database) as hall:
        await talked(hall)
        hall.start("sender")
        await panel(hall, "one")
        (row,) = await hall.outbox()
        await post(hall, Outgoing("again", 1, "sendMessage", json.loads(row.body), panel=True))
        await all_settled(hall)
        assert set((await states(hall)).values()) == {OutboxState.SENT}


async def test_a_panel_that_was_deleted_is_sent_anew(database: Database) -> None:
    async with Hall(database) as hall:
        hall.person(1)
        await talked(hall, panel_message_id=999)
        hall.start("sender")
        await panel(hall, "one")
        assert [one["method"] for one in hall.simulator.ledger.entries][:1] == ["sendMessage"]
        await panel(hall, "two")
        assert hall.simulator.ledger.of("editMessageText")


# Papers, and what is only said


async def test_a_paper_goes_with_its_message(database: Database) -> None:
    async with Hall(database) as hall:
        paper = Paper(
            sha256="0" * 64, name="surat.docx", mime="application/zip", content=b"PK" * 99, created_at=hall.clock.now()
        )
        await database.write(lambda session: session.add(paper))
        body = {"chat_id": 1, "caption": "Surat undangan"}
        await post(hall, Outgoing("a", 1, "sendDocument", body, paper="0" * 64), words("b"))
        hall.start("sender")
        await all_settled(hall)
        (entry,) = hall.simulator.ledger.of("sendDocument")
        assert entry["params"]["caption"] == "Surat undangan"
        assert hall.texts() == ["b"]


async def test_a_paper_that_is_gone_is_dead_and_the_chat_goes_on(database: Database) -> None:
    async with Hall(database) as hall:
        await post(hall, Outgoing("a", 1, "sendDocument", {"chat_id": 1}, paper="1" * 64), words("b"))
        hall.start("sender")
        await all_settled(hall)
        assert await states(hall) == {"a": OutboxState.DEAD, "b": OutboxState.SENT}


async def test_a_direct_call_that_comes_too_late_harms_nobody(database: Database) -> None:
    from bot.transport import DirectCall

    async with Hall(database) as hall:
        hall.sender.say([DirectCall("answerCallbackQuery", {"callback_query_id": "123"})])
        hall.start("sender")
        await post(hall, words("a"))
        await all_settled(hall)
        assert hall.texts() == ["a"]


@pytest.mark.parametrize(
    ("rate", "round_trip", "wanted"),
    [(1000, 0.0, 60), (1000, 0.1, 256), (29, 0.0, 4), (29, 0.05, 5), (29, 0.2, 13)],
)
def test_as_many_are_in_flight_as_the_pace_needs_until_results_are_written(
    rate: int, round_trip: float, wanted: int
) -> None:
    """However near the server is, writing down takes its thirty milliseconds; at Telegram's pace few are in doubt."""
    assert most_in_flight(rate, round_trip) == wanted


# The end


async def test_stopping_finishes_what_is_in_flight(database: Database) -> None:
    async with Hall(database) as hall:
        hall.simulator.plan.set({"slow": 1.0, "slow_seconds": 0.5, "methods": ["sendMessage"]})
        await post(hall, *(words(f"{chat}", chat) for chat in range(1, 9)))
        hall.start("sender")
        await hall.until(lambda: hall.sender.in_flight > 0)
        await hall.stop()

        assert OutboxState.SENDING not in (await states(hall)).values()
        assert len(hall.texts()) == list((await states(hall)).values()).count(OutboxState.SENT)


async def test_a_result_that_cannot_be_written_is_kept_until_it_can(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Hall(database) as hall:
        failures = [2]
        settle = outbox.settle

        def flaky(*given: Any) -> None:
            if failures[0]:
                failures[0] -= 1
                raise OSError("disk full")
            settle(*given)

        monkeypatch.setattr("bot.settling.outbox.settle", flaky)
        await post(hall, words("a"))
        hall.start("sender")
        await all_settled(hall)
        assert hall.texts() == ["a"]


def claimed(**changes: Any) -> Claimed:
    body = json.dumps({"chat_id": 1, "text": "a"}, separators=(",", ":"))
    usual: dict[str, Any] = dict.fromkeys(("paper", "panel_id", "stale_panel_id")) | {
        "id": 1,
        "chat_id": 1,
        "lane": Lane.REPLY,
        "method": "sendMessage",
        "body": body,
        "panel": False,
        "policy": Policy.AT_LEAST_ONCE,
        "attempts": 0,
        "doubts": 0,
    }
    return Claimed(**(usual | changes))


@pytest.mark.parametrize(
    ("row", "method", "more"),
    [
        (claimed(), "sendMessage", {}),
        (claimed(panel=True), "sendMessage", {}),
        (claimed(panel=True, panel_id=5), "editMessageText", {"message_id": 5}),
        (claimed(panel=True, panel_id=5, doubts=1), "editMessageText", {"message_id": 5}),
        (claimed(doubts=1), "sendMessage", {"text": f"a\n\n{NOTE}"}),
        (claimed(panel=True, doubts=1), "sendMessage", {"text": f"a\n\n{NOTE}"}),
        (claimed(doubts=1, policy=Policy.REPEATABLE), "sendMessage", {}),
    ],
)
def test_the_words_that_leave(row: Claimed, method: str, more: dict[str, Any]) -> None:
    sent_method, body = wording(row, NOTE)
    assert sent_method == method
    assert json.loads(body) == {"chat_id": 1, "text": "a"} | more
