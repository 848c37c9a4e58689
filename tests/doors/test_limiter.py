"""No second ever holds more than the rate, and a reply never waits for an announcement."""

from hypothesis import given
from hypothesis import strategies as st

from bot.limiter import GUARD_SECONDS, Limiter
from db.vocabulary import Lane

REPLY, NOTICE, BULK = Lane


def spend(limiter: Limiter, lane: Lane, now: float, most: int = 10_000, chat: int = 1) -> int:
    """Let as many leave as may; returns how many."""
    places = min(most, limiter.room(lane, now))
    for place in range(places):
        limiter.left(lane, chat + place, now)
    return places


def test_the_first_second_takes_the_rate_and_no_more() -> None:
    limiter = Limiter(29, 25)
    assert spend(limiter, REPLY, 100.0) == 29
    assert limiter.room(REPLY, 100.9) == 0
    assert limiter.room(REPLY, 101.1) == 29


@given(
    st.integers(2, 60),
    st.lists(st.tuples(st.floats(0.001, 0.3), st.sampled_from(Lane), st.integers(1, 40)), max_size=200),
)
def test_no_window_of_a_second_holds_more_than_the_rate(rate: int, acts: list[tuple[float, Lane, int]]) -> None:
    limiter, now, left = Limiter(rate, rate), 1000.0, list[float]()
    for pause, lane, most in acts:
        now += pause
        left += [now] * spend(limiter, lane, now, most)

    for moment in left:
        assert sum(moment - 1 < other <= moment for other in left) <= rate


def test_bulk_leaves_evenly_at_its_own_rate() -> None:
    limiter, left = Limiter(29, 25), 0
    for step in range(2000):
        left += spend(limiter, BULK, 100 + step * 0.005)
    assert 240 <= left <= 252


def test_one_place_is_always_kept_for_a_reply() -> None:
    limiter = Limiter(10, 10)
    for step in range(1000):
        now = 100 + step * 0.01
        spend(limiter, BULK, now)
        assert limiter.room(REPLY, now) >= 1


def test_ten_replies_a_second_hardly_wait_during_a_broadcast() -> None:
    limiter, owed, waited = Limiter(29, 25), list[float](), list[float]()
    for step in range(1, 2000):
        now = 100 + step * 0.005
        owed += [now] if step % 20 == 0 else []
        while owed and spend(limiter, REPLY, now, 1):
            waited.append(now - owed.pop(0))
        spend(limiter, BULK, now)
    assert len(waited) >= 98
    assert max(waited) <= 0.12


def test_four_replies_at_once_leave_at_once_during_a_broadcast_although_eight_a_second_are_too_many_for_both() -> None:
    limiter = Limiter(29, 25)
    for step in range(2000):
        now = 100 + step * 0.005
        if step % 100 == 99:
            assert spend(limiter, REPLY, now, 4) == 4
        spend(limiter, BULK, now)


def test_promised_places_are_nobody_elses() -> None:
    limiter = Limiter(10, 10)
    limiter.promise(8)
    assert limiter.room(REPLY, 100.0) == 2
    limiter.promise(-8)
    assert limiter.room(REPLY, 100.0) == 10


def test_a_place_opens_when_it_says() -> None:
    limiter = Limiter(3, 3)
    for now in (100.0, 100.2, 100.4):
        spend(limiter, REPLY, now, 1)
    opens = limiter.opens_at(REPLY, 100.5)
    assert opens == 101.0 + GUARD_SECONDS
    assert limiter.room(REPLY, opens) == 1


@given(st.integers(1, 40), st.integers(1, 40), st.lists(st.sampled_from(Lane), max_size=120))
def test_waiting_as_told_always_ends(total: int, bulk: int, lanes: list[Lane]) -> None:
    limiter, now = Limiter(total, bulk), 100.0
    for lane in lanes:
        chosen = lane if total > 1 else REPLY
        for _ in range(200):
            if spend(limiter, chosen, now, 1):
                break
            now = limiter.opens_at(chosen, now)
        else:
            raise AssertionError(f"no place for {chosen.name} at {now}")


def test_a_chat_gets_one_notice_a_second_and_a_group_twenty_a_minute() -> None:
    limiter = Limiter(29, 25)
    limiter.left(NOTICE, 7, 100.0)
    limiter.left(NOTICE, -7, 100.0)
    assert limiter.chat_opens_at(BULK, 7, 100.5) == 101.0
    assert limiter.chat_opens_at(BULK, -7, 100.5) == 103.0
    assert limiter.chat_opens_at(REPLY, 7, 100.5) == 100.5
    assert limiter.chat_opens_at(NOTICE, 8, 100.5) == 100.5


def test_a_chat_that_was_refused_waits_alone() -> None:
    limiter = Limiter(29, 25)
    limiter.refused(7, 5, 100.0)
    assert limiter.chat_opens_at(REPLY, 7, 101.0) == 105.0
    assert limiter.chat_opens_at(REPLY, 8, 101.0) == 101.0
    assert limiter.room(REPLY, 101.0) == 29


def test_three_refused_chats_within_ten_seconds_silence_everybody() -> None:
    limiter = Limiter(29, 25)
    for chat in (1, 2, 3):
        limiter.refused(chat, 4, 100.0 + chat)
    assert limiter.room(REPLY, 104.0) == 0
    assert limiter.opens_at(REPLY, 104.0) == 107.0
    assert limiter.room(REPLY, 107.0) == 29


def test_three_refusals_far_apart_silence_nobody() -> None:
    limiter = Limiter(29, 25)
    for chat in (1, 2, 3):
        limiter.refused(chat, 4, 100.0 + 30 * chat)
    assert limiter.room(REPLY, 191.0) == 29


def test_memory_of_chats_does_not_grow_with_the_broadcast() -> None:
    limiter = Limiter(29, 25)
    for chat in range(10_000):
        limiter.left(BULK, chat, 100 + chat * 0.04)
    assert len(limiter._chats) < 500
