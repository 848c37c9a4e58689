"""One row of the table for each thing that Telegram, or the way to it, may answer."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transport import Accepted, NotSent, Refused, Unknown
from bot.verdicts import Outcome, plain, verdict
from db.outbox import DOUBT_WAITS, Claimed
from db.vocabulary import Lane, OutboxState, Policy

NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)


def message(**changes: Any) -> Claimed:
    usual: dict[str, Any] = {
        "id": 5,
        "chat_id": 1,
        "lane": Lane.REPLY,
        "method": "sendMessage",
        "body": json.dumps({"chat_id": 1, "text": "<b>Selamat pagi</b> &amp; salam", "parse_mode": "HTML"}),
        "panel": False,
        "paper": None,
        "policy": Policy.AT_LEAST_ONCE,
        "attempts": 0,
        "doubts": 0,
        "panel_id": None,
        "stale_panel_id": None,
    }
    return Claimed(**(usual | changes))


def refused(code: int, description: str, claimed: Claimed | None = None, **more: Any) -> Outcome:
    return verdict(Refused(code, description, **more), claimed or message(), NOW, chance=0.5)


def waits(outcome: Outcome) -> float:
    """Seconds until the message may leave again."""
    assert outcome.settled.state is OutboxState.WAITING
    assert outcome.settled.due_at is not None
    return (outcome.settled.due_at - NOW).total_seconds()


def test_accepted_is_sent_and_its_number_kept() -> None:
    settled = verdict(Accepted({"message_id": 70}), message(), NOW).settled
    assert (settled.state, settled.message_id, settled.new_message) == (OutboxState.SENT, 70, True)


def test_an_album_counts_by_its_last_message() -> None:
    assert verdict(Accepted([{"message_id": 70}, {"message_id": 71}]), message(), NOW).settled.message_id == 71


def test_an_edited_panel_is_no_new_message() -> None:
    settled = verdict(Accepted({"message_id": 50}), message(panel=True, panel_id=50), NOW).settled
    assert (settled.state, settled.new_message) == (OutboxState.SENT, False)


def test_a_panel_sent_anew_is_a_new_message() -> None:
    assert verdict(Accepted({"message_id": 70}), message(panel=True), NOW).settled.new_message


@pytest.mark.parametrize("method", ["deleteMessage", "setMyCommands", "sendChatAction"])
def test_a_call_that_makes_no_message_is_sent_without_a_number(method: str) -> None:
    settled = verdict(Accepted(True), message(method=method), NOW).settled
    assert (settled.state, settled.message_id, settled.new_message) == (OutboxState.SENT, None, False)


@pytest.mark.parametrize(("streak", "seconds"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 30), (500, 30)])
def test_what_was_not_sent_is_tried_soon_and_costs_no_attempt(streak: int, seconds: float) -> None:
    outcome = verdict(NotSent("ClientConnectorError"), message(), NOW, streak=streak)
    assert waits(outcome) == seconds
    assert not outcome.settled.attempted
    assert not outcome.settled.doubted
    assert outcome.not_sent


def test_what_was_not_sent_is_no_doubt_even_where_a_repeat_would_be_one() -> None:
    assert verdict(NotSent("x"), message(policy=Policy.AT_MOST_ONCE), NOW).settled.state is OutboxState.WAITING


def test_the_unknown_of_an_announcement_waits_for_a_persons_word() -> None:
    settled = verdict(Unknown("SocketTimeoutError"), message(policy=Policy.AT_MOST_ONCE), NOW).settled
    assert (settled.state, settled.doubted, settled.error) == (OutboxState.IN_DOUBT, True, "SocketTimeoutError")


@pytest.mark.parametrize("policy", [Policy.AT_LEAST_ONCE, Policy.REPEATABLE])
@pytest.mark.parametrize("attempts", range(4))
def test_the_unknown_of_a_reply_is_repeated_later_each_time(policy: Policy, attempts: int) -> None:
    outcome = verdict(Unknown("x"), message(policy=policy, attempts=attempts), NOW, chance=0.5)
    assert waits(outcome) == DOUBT_WAITS[attempts].total_seconds()
    assert outcome.settled.attempted
    assert outcome.settled.doubted


@given(chance=st.floats(0, 1))
def test_repeats_are_spread_by_a_fifth(chance: float) -> None:
    assert 4 <= waits(verdict(Unknown("x"), message(), NOW, chance=chance)) <= 6


def test_after_five_doubts_a_reply_is_given_up_and_told() -> None:
    outcome = verdict(Unknown("x"), message(attempts=4), NOW)
    assert outcome.settled.state is OutboxState.DEAD
    assert outcome.alarm


def test_too_fast_waits_as_long_as_telegram_says_and_costs_no_attempt() -> None:
    outcome = refused(429, "Too Many Requests: retry after 7", retry_after=7)
    assert 7 <= waits(outcome) <= 8
    assert outcome.retry_after == 7
    assert not outcome.settled.attempted


def test_too_fast_without_a_time_waits_a_second() -> None:
    assert refused(429, "Too Many Requests").retry_after == 1


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
        "Bad Request: message to delete not found",
    ],
)
def test_what_is_already_so_is_sent(description: str) -> None:
    settled = refused(400, description, message(panel=True, panel_id=50)).settled
    assert (settled.state, settled.message_id, settled.new_message) == (OutboxState.SENT, 50, False)


@pytest.mark.parametrize(
    "description", ["Bad Request: message to edit not found", "Bad Request: message can't be edited"]
)
def test_a_panel_that_cannot_be_edited_is_sent_anew_at_once(description: str) -> None:
    outcome = refused(400, description, message(panel=True, panel_id=50))
    assert outcome.anew
    assert waits(outcome) == 0


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: message can't be deleted for everyone",
    ],
)
def test_a_message_that_cannot_be_changed_any_more_alarms_nobody(description: str) -> None:
    outcome = refused(400, description, message(method="editMessageText"))
    assert outcome.settled.state is OutboxState.CANCELLED
    assert description in (outcome.settled.error or "")
    assert outcome.alarm is None


def test_an_album_is_remembered_with_all_its_messages() -> None:
    made = [{"message_id": 7}, {"message_id": 9}, {"message_id": 8}]
    settled = verdict(Accepted(made), message(method="sendMediaGroup"), NOW).settled
    assert (settled.message_id, settled.album, settled.new_message) == (8, "7 9 8", True)


def test_a_callback_that_is_too_old_is_swallowed() -> None:
    description = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    outcome = refused(400, description, message(method="answerCallbackQuery"))
    assert outcome.settled.state is OutboxState.CANCELLED
    assert outcome.alarm is None


def test_what_was_meant_for_a_person_never_goes_to_a_group_instead() -> None:
    outcome = refused(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=-100)
    assert outcome.moved_to is None
    assert outcome.settled.state is OutboxState.DEAD
    assert "upgraded to a supergroup" in str(outcome.settled.error)
    assert outcome.alarm is not None


def test_a_group_that_moved_is_followed() -> None:
    told = "Bad Request: group chat was upgraded to a supergroup chat"
    outcome = refused(400, told, message(chat_id=-5), migrate_to=-100)
    assert outcome.moved_to == -100
    assert waits(outcome) == 0
    assert not outcome.settled.attempted


@pytest.mark.parametrize(
    ("code", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_a_chat_that_is_gone_is_closed(code: int, description: str) -> None:
    outcome = refused(code, description)
    assert outcome.settled.state is OutboxState.DEAD
    assert outcome.chat_gone == f"{code}: {description}"
    assert outcome.alarm is None


@pytest.mark.parametrize("code", [401, 404])
def test_a_refused_token_stops_everything_and_loses_nothing(code: int) -> None:
    outcome = refused(code, "Unauthorized")
    assert outcome.halted
    assert outcome.alarm
    assert waits(outcome) > 0
    assert not outcome.settled.attempted


def test_words_with_broken_markup_go_out_once_more_as_plain_text() -> None:
    outcome = refused(400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 3")
    assert waits(outcome) == 0
    assert outcome.alarm
    assert json.loads(outcome.settled.body or "") == {"chat_id": 1, "text": "Selamat pagi & salam"}


def test_words_that_are_too_long_are_split_in_order() -> None:
    body = json.dumps({"chat_id": 1, "text": "a" * 4096 + "b" * 4096 + "c", "parse_mode": "HTML"})
    outcome = refused(400, "Bad Request: message is too long", message(body=body, lane=Lane.NOTICE))
    assert json.loads(outcome.settled.body or "")["text"] == "a" * 4096
    assert [part.body["text"] for part in outcome.parts] == ["b" * 4096, "c"]
    assert {(part.lane, part.policy) for part in outcome.parts} == {(Lane.NOTICE, Policy.AT_LEAST_ONCE)}
    assert len({part.unique_key for part in outcome.parts}) == 2


def test_a_keyboard_that_telegram_refuses_is_left_out() -> None:
    body = json.dumps({"chat_id": 1, "text": "Ya?", "reply_markup": {"inline_keyboard": [[]]}})
    outcome = refused(400, "Bad Request: BUTTON_DATA_INVALID", message(body=body))
    assert json.loads(outcome.settled.body or "") == {"chat_id": 1, "text": "Ya?"}


@pytest.mark.parametrize(
    "why", ["BUTTON_URL_INVALID", "inline keyboard button URL 'https://tes' is invalid: Wrong HTTP URL"]
)
def test_a_link_that_telegram_refuses_takes_neither_the_formatting_nor_the_other_buttons_along(why: str) -> None:
    read, link = {"text": "✅", "callback_data": "a:read:1:1"}, {"text": "Bahan", "url": "https://tes"}
    body = {"chat_id": 1, "text": "<b>Rapat</b>", "parse_mode": "HTML"}
    whole = {**body, "reply_markup": {"inline_keyboard": [[link], [read]]}}
    outcome = refused(400, f"Bad Request: {why}", message(body=json.dumps(whole)))
    assert outcome.settled.state is OutboxState.WAITING
    assert json.loads(outcome.settled.body or "") == {**body, "reply_markup": {"inline_keyboard": [[read]]}}
    assert outcome.alarm


def test_plain_text_that_is_refused_again_is_dead_and_told() -> None:
    outcome = refused(400, "Bad Request: can't parse entities", message(body='{"chat_id":1,"text":"a"}'))
    assert outcome.settled.state is OutboxState.DEAD
    assert outcome.alarm


@pytest.mark.parametrize("code", [400, 413, 418])
def test_any_other_refusal_is_our_fault_dead_and_told(code: int) -> None:
    outcome = refused(code, "Bad Request: wrong type of the web page content")
    assert outcome.settled.state is OutboxState.DEAD
    assert outcome.alarm == f"{code}: Bad Request: wrong type of the web page content"


def test_an_error_fits_its_column() -> None:
    assert len(refused(400, "x" * 1000).settled.error or "") == 300


@given(st.text(max_size=9000).filter(lambda text: text != ""))
def test_splitting_loses_nothing_and_no_part_is_too_long(text: str) -> None:
    parts = [part["text"] for part in plain({"chat_id": 1, "text": text})]
    assert "".join(parts) == text
    assert all(len(part.encode("utf-16-le", "surrogatepass")) <= 8192 for part in parts)


def test_a_caption_is_cut_where_telegram_would_refuse_it() -> None:
    (body,) = plain({"chat_id": 1, "document": "x", "caption": "é" * 2000})
    assert body["caption"] == "é" * 1024


def test_doubts_wait_longer_than_the_first_five_seconds() -> None:
    assert sorted(DOUBT_WAITS) == list(DOUBT_WAITS)
    assert DOUBT_WAITS[0] == timedelta(seconds=5)
