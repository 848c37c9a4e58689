"""One update is one transaction, whoever fails beside it and whenever the power goes."""

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.worker import Worker
from db import inbox, outbox
from db.engine import Database
from db.inbox import Claimed
from db.vocabulary import InboxState, OutboxState
from simulator import acts
from tests.doors.hall import EchoShift, Hall, Unwell, no_trap
from tests.doors.power import FrailDatabase

NOTE = "(sent again)"


def at(chat: int, times: int = 10**9) -> Any:
    """A trap that lets this chat's first updates fail so many times."""
    left = [times]

    def trap(update: Claimed) -> None:
        if update.chat_id == chat and left[0] > 0:
            left[0] -= 1
            raise Unwell

    return trap


async def test_a_failing_update_harms_no_other_chat_and_leaves_no_trace(database: Database) -> None:
    async with Hall(database, trap=at(3)) as hall:
        for number in range(1, 6):
            hall.says(number, "one")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 4)

        assert sorted((await hall.effects()).values()) == [1, 1, 1, 1]
        waiting = [row for row in await hall.inbox() if row.state is InboxState.NEW]
        assert [(row.chat_id, row.owner) for row in waiting] == [(3, None)]
        assert hall.texts(3) == []


async def test_a_failure_that_passes_is_forgotten(database: Database) -> None:
    async with Hall(database, trap=at(1, times=1)) as hall:
        hall.says(1, "one")
        hall.says(1, "two")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 2)
        assert [words.split()[0] for words in hall.texts(1)] == ["one", "two"]
        assert hall.worker.failed == 1


async def test_a_poison_update_is_set_aside_with_a_code_and_its_chat_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "WAITS", (inbox.WAITS[0] / 100,))
    async with Hall(database, trap=at(1, times=5)) as hall:
        hall.says(1, "poison")
        hall.says(1, "after")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 2, seconds=30)
        await hall.quiet()

        dead, done = await hall.inbox()
        assert (dead.state, dead.attempts, done.state) == (InboxState.DEAD, 5, InboxState.DONE)
        assert hall.texts() == [f"Sorry, {dead.code}.", f"after ({done.id})"]
        assert len(dead.code or "") == 4
        assert hall.worker.dead == 1


async def test_a_poison_whose_apology_fails_too_is_set_aside_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_words(_shift: EchoShift, _update: Claimed, _code: str) -> None:
        raise Unwell

    monkeypatch.setattr(inbox, "WAITS", (inbox.WAITS[0] / 100,))
    monkeypatch.setattr(EchoShift, "apologise", no_words)
    async with Hall(database, trap=at(1)) as hall:
        hall.says(1, "poison")
        hall.start()
        await hall.until(lambda: hall.worker.dead == 1, seconds=30)
        await hall.quiet()
        assert [row.state for row in await hall.inbox()] == [InboxState.DEAD]


async def test_an_update_that_spoils_the_commit_is_found_among_its_group(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing fails until everything is written: only working one by one tells who it was."""
    close = EchoShift.close

    def closing(shift: EchoShift) -> Any:
        if any(message.chat_id == 2 for message in shift.messages):
            raise Unwell
        return close(shift)

    monkeypatch.setattr(EchoShift, "close", closing)
    async with Hall(database) as hall:
        for number in (1, 2, 3):
            hall.says(number, "one")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 2)
        await hall.until(lambda: hall.worker.failed >= 1)
        assert {row.chat_id: row.state for row in await hall.inbox()} == {
            1: InboxState.DONE,
            2: InboxState.NEW,
            3: InboxState.DONE,
        }


async def test_a_statement_that_the_database_refuses_counts_as_the_updates_fault(database: Database) -> None:
    hall = Hall(database)

    class Clumsy(EchoShift):
        def handle(self, update: Claimed) -> None:
            super().handle(update)
            if update.chat_id == 2:
                self.session.execute(text("INSERT INTO leases (duty, holder) VALUES ('x', 'y')"))

    async with hall:
        hall.worker = Worker(
            database, hall.clock, "one", lambda session, _group, now: Clumsy(session, now, no_trap), hall.sender
        )
        hall.register._workers = hall.worker
        for number in (1, 2, 3):
            hall.says(number, "one")
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 2)
        await hall.until(lambda: hall.worker.failed >= 1)
        assert sorted((await hall.effects()).values()) == [1, 1]


async def test_an_unlucky_database_loses_nothing(database: Database) -> None:
    async with Hall(database) as hall:
        hall.start("worker", "sender")
        await database.write(lambda session: session.execute(text("ALTER TABLE outbox RENAME TO away")))
        hall.says(1, "one")
        raw = await hall.transport.post("getUpdates", {"timeout": 0})
        await hall.poller._receive(raw)
        await asyncio.sleep(0.3)
        assert hall.texts() == []

        await database.write(lambda session: session.execute(text("ALTER TABLE away RENAME TO outbox")))
        await hall.until(lambda: len(hall.texts()) == 1)
        await hall.quiet()
        assert list((await hall.effects()).values()) == [1]


async def test_work_on_a_group_that_another_process_took_over_is_given_up(database: Database) -> None:
    async with Hall(database) as hall:

        def steal(update: Claimed) -> None:
            hall.trap = no_trap
            asyncio.run_coroutine_threadsafe(_taken(), loop).result(10)

        async def _taken() -> None:
            await database.write(lambda s: s.execute(text("UPDATE inbox SET owner = 'two', not_before = not_before")))

        loop = asyncio.get_running_loop()
        if database.is_sqlite:
            return  # one process only: the lock on the file refuses a second
        hall.trap = steal
        hall.says(1, "one")
        hall.start()
        await hall.until(lambda: hall.trap is no_trap)
        await asyncio.sleep(0.3)
        assert await hall.effects() == {}
        assert hall.texts() == []


async def test_stopping_finishes_what_is_claimed_and_leaves_the_rest_for_the_next(database: Database) -> None:
    async with Hall(database) as hall:
        for number in range(1, 21):
            hall.says(number, "one")
            hall.says(number, "two")
        hall.start()
        await hall.until(lambda: len(hall.texts()) >= 1)
        await hall.stop()

        states = Counter(row.state for row in await hall.outbox())
        assert set(states) <= {OutboxState.SENT, OutboxState.WAITING}
        assert all(row.owner is None for row in await hall.inbox())
        await hall.begin_anew()
        hall.start()
        await hall.until(lambda: len(hall.texts()) == 40)
        await hall.quiet()
        assert set((await hall.effects()).values()) == {1}


async def test_a_press_whose_work_takes_long_is_answered_empty_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.LATE_SECONDS", 0.05)
    async with Hall(database) as hall:
        await hall.greets()

        hall.trap = slow
        panel = hall.simulator.ledger.of("sendMessage")[0]["message_id"]
        acts.presses(hall.simulator.x, hall.person(1), panel, "1")
        await hall.until(lambda: len(answers(hall)) == 1)
        assert hall.simulator.ledger.of("editMessageText") == []
        await hall.until(lambda: len(hall.simulator.ledger.of("editMessageText")) == 1)


async def test_what_a_late_answer_would_have_said_reaches_the_person_as_a_message(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.LATE_SECONDS", 0.05)
    async with Hall(database) as hall:
        await hall.greets()

        hall.trap = slow
        panel = hall.simulator.ledger.of("sendMessage")[0]["message_id"]
        acts.presses(hall.simulator.x, hall.person(1), panel, "1")
        await hall.until(lambda: len(hall.texts()) == 3)
        await hall.quiet()

        assert hall.texts()[-1] == "Heard 1."
        assert answers(hall) == [None]


async def test_it_does_so_too_where_the_work_fails_first_and_is_done_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.LATE_SECONDS", 0.05)
    async with Hall(database) as hall:
        await hall.greets()

        def fails_once(update: Claimed) -> None:
            slow(update)
            hall.trap = no_trap
            raise Unwell

        hall.trap = fails_once
        panel = hall.simulator.ledger.of("sendMessage")[0]["message_id"]
        acts.presses(hall.simulator.x, hall.person(1), panel, "1")
        await hall.until(lambda: len(hall.texts()) == 3)
        await hall.quiet()

        assert hall.texts()[-1] == "Heard 1."
        assert answers(hall) == [None]


async def test_a_press_that_is_answered_in_time_is_answered_with_its_words_and_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.LATE_SECONDS", 30.0)
    async with Hall(database) as hall:
        await hall.greets()

        panel = hall.simulator.ledger.of("sendMessage")[0]["message_id"]
        acts.presses(hall.simulator.x, hall.person(1), panel, "1")
        await hall.until(lambda: len(answers(hall)) == 1)
        await hall.quiet()

        assert answers(hall) == ["Heard 1."]
        assert len(hall.texts()) == 2


def slow(_update: Claimed) -> None:
    time.sleep(0.3)


def answers(hall: Hall) -> list[object]:
    """The words that presses were answered with, None for an empty answer."""
    return [entry["params"].get("text") for entry in hall.simulator.ledger.of("answerCallbackQuery")]


# The power goes


async def _story(hall: Hall) -> None:
    for word in ("one", "two"):
        for number in (1, 2, 3):
            hall.says(number, word)


async def _live_until_the_cut(hall: Hall) -> bool:
    """Whether the power went before everything was done."""
    stop = asyncio.Event()
    loops = [asyncio.create_task(loop.run(stop)) for loop in (hall.poller, hall.worker, hall.sender)]
    database = hall.database
    assert isinstance(database, FrailDatabase)
    async with asyncio.timeout(30):
        while database.cut_at is not None and database.writes < database.cut_at:
            await asyncio.sleep(0.005)
            if len(hall.texts()) >= 6 and await _nothing_open(hall):
                break
    cut = database.cut_at is not None and database.writes >= database.cut_at
    hall.simulator.x.updates.interrupt("over")
    mine = {asyncio.current_task()}
    others = [task for task in asyncio.all_tasks() - mine if _is_ours(task)]
    for task in {*loops, *others}:
        task.cancel()
    await asyncio.gather(*loops, *others, return_exceptions=True)
    return cut


def _is_ours(task: asyncio.Task[Any]) -> bool:
    return "Sender." in repr(task.get_coro()) or "Worker." in repr(task.get_coro())


async def _nothing_open(hall: Hall) -> bool:
    states = {row.state for row in await hall.outbox()}
    return states <= {OutboxState.SENT} and all(row.state is InboxState.DONE for row in await hall.inbox())


@pytest.mark.parametrize("stands", [False, True], ids=["before the commit stands", "after it stands"])
async def test_at_whatever_commit_the_power_goes_each_update_counts_once(database_url: str, stands: bool) -> None:
    """F01, F02, F03: the process dies at the n-th commit, for all n of a whole story."""
    cut_at, went = 1, True
    while went:
        went = await _one_power_cut(database_url, cut_at, stands=stands)
        cut_at += 1
    assert cut_at > 4


async def _one_power_cut(url: str, cut_at: int, *, stands: bool) -> bool:
    database = FrailDatabase(url)
    for table in ("outbox", "inbox", "conversations"):
        await database.write(lambda session, table=table: session.execute(text(f"DELETE FROM {table}")))  # type: ignore[misc]
    async with Hall(database) as hall:
        before = Counter(await hall.effects())
        await _story(hall)
        database.arm(cut_at, stands=stands)
        went = await _live_until_the_cut(hall)
        await database.close()
        hall.database = database = FrailDatabase(url)
        await database.write(lambda s: outbox.reopen_lost(s, hall.clock.now(), all_of_them=True))
        await database.write(lambda s: inbox.release_claims(s, hall.clock.now()))
        hall.owner = "two"
        await hall.begin_anew(repeat_note=NOTE)
        hall.start()
        await hall.until(lambda: len(hall.texts()) >= 6, seconds=40)
        await hall.quiet(40)

        effects = Counter(await hall.effects())
        effects.subtract(before)
        ids = {row.id for row in await hall.inbox()}
        assert len(ids) == 6
        assert {effects[one] for one in ids} <= {1} or _ids_reused(effects, ids)
        _judge_texts(hall, await hall.outbox())
    await database.close()
    return went


def _ids_reused(effects: Counter[int], ids: set[int]) -> bool:
    """SQLite gives the numbers of deleted rows again: then the sum tells that nothing was done twice."""
    return sum(effects[one] for one in ids) == len(ids)


def _judge_texts(hall: Hall, rows: list[Any]) -> None:
    """Nothing lost; what came twice is a repeat that says so or an edit, and stands in the record as a doubt."""
    doubted = {json.loads(row.body)["text"] for row in rows if row.doubts}
    for chat in (1, 2, 3):
        texts = [words.removesuffix(f"\n\n{NOTE}") for words in hall.texts(chat)]
        assert [words.split()[0] for words in dict.fromkeys(texts)] == ["one", "two"]
        twice = {words for words, count in Counter(texts).items() if count > 1}
        assert twice <= doubted


async def test_a_process_killed_while_it_handles_counts_the_attempt(sqlite_url: str) -> None:
    """F31: an update that ends the process is tried five times, then set aside; the others were done."""
    program = Path(__file__).with_name("doomed.py")
    async with Hall(Database(sqlite_url)) as hall:
        await hall.database.write(
            lambda s: inbox.store(
                s,
                [inbox.Arrival(n, n, "message", json.dumps({"message": {"text": "x"}}), None) for n in (1, 2, 3)],
                hall.clock.now(),
            )
        )
        deaths = 0
        for _ in range(8):
            doomed = await asyncio.create_subprocess_exec(sys.executable, program, sqlite_url, "2")
            if await doomed.wait() == 0:
                break
            assert doomed.returncode == -signal.SIGKILL
            deaths += 1
        states = {row.chat_id: row.state for row in await hall.inbox()}
        await hall.database.close()
    assert deaths == inbox.MAX_ATTEMPTS
    assert states == {1: InboxState.DONE, 2: InboxState.DEAD, 3: InboxState.DONE}
