"""The session of an invitation that was sent is moved: every copy says so, and everybody hears of it."""

import json
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.readers import WAVE_SECONDS
from db.models import CheckIn, OutboxMessage, Reader
from db.vocabulary import Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.announcements.test_attendance import WIB, at, drafts, invites
from tests.announcements.test_check_in import half_an_hour_before
from tests.papers.sheets import printed, sheets
from tests.people.phone import Phone

LATER = "18 November 13.00-15.00"


def opened(newsroom: Newsroom) -> Phone:
    return newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}")


def moves(newsroom: Newsroom, typed: str = LATER, what: str = "Session time") -> Phone:
    phone = opened(newsroom).presses(what).writes(typed).presses("Move it")
    newsroom.ticks()
    return phone


def posted(newsroom: Newsroom, part: str) -> list[dict[str, Any]]:
    keys = OutboxMessage.unique_key.contains(part)
    rows = newsroom.town.session.scalars(select(OutboxMessage).where(keys).order_by(OutboxMessage.id))
    return [json.loads(row.body) for row in rows]


def test_before_it_is_moved_the_coordinator_sees_how_it_will_read(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)

    phone = opened(newsroom).presses("Session time")
    assert "It is now: Tuesday, 17 November 2026 at 09:00 WIB to 12:00 WIB" in phone.text
    phone.writes(LATER)

    assert "It will be: Wednesday, 18 November 2026 at 13:00 WIB to 15:00 WIB" in phone.text
    assert "Whoever has answered is asked once more" in phone.text
    assert newsroom.newest().event_at == datetime(2026, 11, 17, 9, tzinfo=WIB)
    phone.presses("Cancel")
    assert newsroom.newest().corrections == 0


def test_a_new_time_stands_in_every_copy_and_asks_everybody_anew_in_a_message_of_its_own(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    invites(newsroom)
    siti.presses_letter("I will attend")
    moves(newsroom)

    (one, other) = posted(newsroom, "announcement-wording:")
    assert "18 November 2026 at 13:00 WIB to 15:00 WIB" in one["text"]
    assert "Corrected on" in one["text"]
    assert {one["chat_id"], other["chat_id"]} == {siti.account, ratna.account}
    for phone in (siti, ratna):
        told = phone.told()[-1]
        assert "🕘 The session “Undangan bimtek.” has another time." in told
        assert "🕘 Wednesday, 18 November 2026 at 13:00 WIB to 15:00 WIB" in told
        assert "Before: Tuesday, 17 November 2026 at 09:00 WIB to 12:00 WIB, Aula Bappeda" in told
        assert "Please tell whether you will attend." in told
    assert newsroom.town.session.scalars(select(Reader.attends)).all() == [None, None]

    siti.presses_letter("I cannot attend")
    newsroom.ticks()
    assert "🙅 cannot attend: 1" in opened(newsroom).presses("Attendance").text
    assert len(posted(newsroom, ":moved:")) == 2


def test_a_new_place_is_told_and_leaves_the_answers(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    siti.presses_letter("I will attend")
    moves(newsroom, "Gedung Serbaguna", "Session place")

    assert "📍 The place of the session “Undangan bimtek.” has changed." in siti.told()[-1]
    assert "📍 Gedung Serbaguna" in siti.told()[-1]
    assert "Your answer stays as it is." in siti.told()[-1]
    assert newsroom.town.session.scalars(select(Reader.attends)).all() == [True]


def test_a_place_that_is_not_known_any_more_is_taken_away_and_told_like_another_one(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    siti.presses_letter("I will attend")
    phone = opened(newsroom).presses("Session place").presses("No place yet")
    assert "It is now: Aula Bappeda\nIt will be: no place yet" in phone.text
    phone.presses("Move it")
    newsroom.ticks()

    (copy,) = posted(newsroom, "announcement-wording:")
    assert "17 November 2026" in copy["text"]
    assert "📍" not in copy["text"]
    told = siti.told()[-1]
    assert "📍 The place of the session “Undangan bimtek.” has changed." in told
    assert "12:00 WIB\n📍 The place is not known yet." in told
    assert "Before: Tuesday, 17 November 2026 at 09:00 WIB to 12:00 WIB, Aula Bappeda" in told
    assert "Your answer stays as it is." in told
    assert newsroom.newest().event_place == ""
    assert newsroom.town.session.scalars(select(Reader.attends)).all() == [True]


def test_only_a_place_that_is_there_can_be_taken_away(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    by_time = opened(newsroom).presses("Session time")
    assert not any("No place" in label for label in by_time.buttons)
    by_time.presses("Cancel")
    waiting = opened(newsroom).presses("Session place")
    takes_away = next(data for label, data in waiting.buttons.items() if "No place" in label)
    newsroom.newest().event_place = ""
    assert "It is so already" in waiting.sends_data(takes_away).text
    waiting.presses("Cancel")

    assert not any("No place" in label for label in opened(newsroom).presses("Session place").buttons)
    newsroom.coordinator.sends_data(takes_away)
    assert newsroom.newest().corrections == 0


def test_a_word_alone_that_is_corrected_is_told_to_nobody_beside_the_copy(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    opened(newsroom).presses("Correct it").writes("Undangan bimtek tahap IV.").presses("Confirm once more")
    newsroom.ticks()

    assert len(siti.told()) == 1 + len(posted(newsroom, "announcement-wording:"))
    assert posted(newsroom, ":moved:") == []


def test_answers_and_reminders_go_by_the_new_time(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    at(newsroom, 16, 9)
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes("18 November 09.00-12.00").presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    at(newsroom, 17, 9, 5)
    newsroom.follows_up()
    newsroom.arrive()
    newsroom.follows_up()
    assert "18 November" in posted(newsroom, ":follow:")[0]["text"]

    at(newsroom, 17, 10)
    moves(newsroom, "20 November 13.00")
    (rewritten,) = posted(newsroom, "announcement-reminder:")
    assert "20 November 2026 at 13:00 WIB" in rewritten["text"]
    newsroom.arrive()
    newsroom.follows_up()
    assert len(posted(newsroom, ":follow:")) == 1

    at(newsroom, 18, 10, 5)
    newsroom.follows_up()
    assert "20 November 2026 at 13:00 WIB" in posted(newsroom, ":follow:")[1]["text"]
    siti.presses_letter("I will attend")
    assert "you are expected" in siti.toast


def test_check_in_goes_by_the_new_time_and_whoever_was_early_was_not_there(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    code = half_an_hour_before(newsroom)
    siti.starts(f"c_{code}")
    assert "You are checked in" in siti.text

    phone = moves(newsroom, "17 November 14.00-16.00")
    assert "please open it anew" in phone.text
    assert newsroom.town.session.scalars(select(CheckIn)).all() == []
    at(newsroom, 17, 9)
    assert "Check-in opens on" in ratna.starts(f"c_{code}").text
    at(newsroom, 17, 13, 30)
    assert "You are checked in" in ratna.starts(f"c_{code}").text
    assert "You are checked in" in siti.starts(f"c_{code}").text


def test_whoever_was_early_stays_checked_in_where_only_the_end_moves(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    code = half_an_hour_before(newsroom)
    siti.starts(f"c_{code}")
    moves(newsroom, "17 November 09.00-13.00")

    assert newsroom.newest().event_until == datetime(2026, 11, 17, 13, tzinfo=WIB)
    assert "checked in already, since 08:30 WIB" in siti.starts(f"c_{code}").text


def test_who_gets_it_later_gets_the_new_time_and_is_not_told_of_a_move(newsroom: Newsroom) -> None:
    newsroom.crowd(WAVE_SECONDS)
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes("17 November 09.00-12.00")
    newsroom.chooses("official of the region")
    newsroom.rate = 1
    newsroom.sends()
    newsroom.rate = 0
    newsroom.arrive()
    newsroom.rate = 25
    moves(newsroom)
    newsroom.arrive()

    for phone in (siti, ratna):
        (told,) = phone.told()
        assert "18 November 2026 at 13:00 WIB" in told
        assert "another time" not in told


def test_a_validity_that_would_end_before_the_new_time_moves_along(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    drafts(newsroom)
    newsroom.coordinator.presses("Session time").writes("17 November 09.00-12.00")
    newsroom.coordinator.presses("Valid until").writes("17 November 12.00")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    moves(newsroom)

    assert newsroom.newest().valid_until == datetime(2026, 11, 18, 16, tzinfo=WIB)


def test_a_recall_takes_the_word_of_the_move_back_too(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    moves(newsroom)
    newsroom.arrive()
    opened(newsroom).presses("Recall").presses("Recall it").writes("Batal.")
    newsroom.ticks()

    (rewritten,) = posted(newsroom, "announcement-reminder:")
    assert "This announcement was recalled" in rewritten["text"]


def test_the_report_says_how_it_was(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    moves(newsroom)

    opened(newsroom).presses("Report (Excel)")
    facts = {row[0]: row[1] for row in sheets(printed(newsroom.coordinator).content)["Announcement"]}
    before = next(text for label, text in facts.items() if label.startswith("Before correction 1"))
    assert before == "Undangan bimtek.\nTuesday, 17 November 2026 at 09:00 WIB to 12:00 WIB, Aula Bappeda"


@pytest.mark.parametrize(
    ("what", "typed", "says"),
    [
        ("Session time", "besok-besok 09.00", "could not be read"),
        ("Session time", "14 November 08.00-10.00", "has passed"),
        ("Session time", "2 Desember 09.00-10.00", "after the closing"),
        ("Session time", "17 November 09.00-12.00", "It is so already"),
        ("Session place", "Aula Bappeda", "It is so already"),
        ("Session place", "…", "Please write it as a text"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_nothing_changes(
    newsroom: Newsroom, what: str, typed: str, says: str
) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)

    phone = opened(newsroom).presses(what).writes(typed)

    assert says in phone.text
    assert not any("Move it" in label for label in phone.buttons)
    assert newsroom.newest().corrections == 0


def test_a_session_that_has_begun_and_what_is_no_invitation_cannot_be_moved(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    number = newsroom.newest().id
    waiting = opened(newsroom).presses("Session time").writes(LATER)
    at(newsroom, 17, 9)
    assert "has begun" in waiting.presses("Move it").text
    assert "Session time" not in "".join(opened(newsroom).buttons)
    assert "has begun" in newsroom.coordinator.sends_data(f"a:ann-move:{number}-event:0").toast
    assert newsroom.newest().corrections == 0

    newsroom.drafts("Rapat.")
    newsroom.sends()
    assert "Only an invitation" in newsroom.coordinator.sends_data(f"a:ann-move:{newsroom.newest().id}-event:0").toast


def test_two_presses_move_it_once(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    phone = opened(newsroom).presses("Session time").writes(LATER)
    button = next(data for label, data in phone.buttons.items() if "Move it" in label)
    phone.sends_data(button).sends_data(button)

    assert newsroom.newest().corrections == 1


def test_nobody_else_moves_a_session_and_forged_buttons_do_nothing(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    number = newsroom.newest().id
    for phone in (siti, newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")):
        phone.sends_data(f"a:ann-move:{number}-event:0")
        assert "not open to you" in phone.toast + phone.text
    for data in (f"a:ann-move:{number}-audience:0", "a:ann-move:9999-event:0", "a:ann-move::0"):
        newsroom.coordinator.sends_data(data)
        assert "Session" not in newsroom.coordinator.text
    assert newsroom.newest().corrections == 0
