"""What goes to many waits for a second coordinator, who sees when it leaves: at its hour or late, never silently."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.services import announcements
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.people.phone import Phone

# stage.NOW is Saturday, 14 November 2026, 09.00 WIB.
MONDAY_NINE = datetime(2026, 11, 16, 2, tzinfo=UTC)
# What an hour from then on is of no use any more, and what is said of it.
TOO_LATE = [
    ({"valid_until": stage.NOW + timedelta(hours=1)}, "would no longer be valid"),
    ({"confirmation": Confirmation.ATTENDANCE, "event_at": stage.NOW + timedelta(hours=1)}, "session would have"),
]


def waits(newsroom: Newsroom, prepare: Callable[[Announcement], object] = lambda _draft: None) -> Phone:
    """An announcement to 201 officials waits for the coordinator who is returned."""
    newsroom.crowd(201)
    second = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    prepare(newsroom.drafts())
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send").presses("Send to").writes("201")
    return second


def waits_for_monday(newsroom: Newsroom, typed: str = "16 November 09.00") -> Phone:
    """The same with a chosen hour."""
    return waits(newsroom, lambda _draft: newsroom.coordinator.presses("Schedule").writes(typed))


def test_more_than_two_hundred_need_a_second_person(newsroom: Newsroom) -> None:
    second = waits(newsroom)
    assert newsroom.newest().state is AnnouncementState.APPROVAL
    newsroom.coordinator.presses("Approve")
    assert "second coordinator decides" in newsroom.coordinator.toast

    second.presses_letter("Open it").presses("Approve")

    assert newsroom.newest().state is AnnouncementState.SCHEDULED
    assert newsroom.newest().approved_by_id == second.person.id


@pytest.mark.parametrize(("change", "told"), TOO_LATE)
def test_what_would_leave_too_late_cannot_be_approved(newsroom: Newsroom, change: dict[str, object], told: str) -> None:
    second = waits(newsroom, lambda draft: announcements.change(newsroom.town.work(), draft, **change))
    newsroom.town.later(minutes=59, seconds=30)

    second.presses_letter("Open it").presses("Approve")

    assert told in second.toast
    assert newsroom.newest().state is AnnouncementState.APPROVAL


def test_whoever_approves_sees_before_and_after_when_it_leaves(newsroom: Newsroom) -> None:
    second = waits_for_monday(newsroom)
    leaves = "It leaves on Monday, 16 November 2026 at 09:00 WIB."
    second.presses_letter("Open it")
    assert f"With the word of a second coordinator:\n{leaves}" in second.text

    second.presses("Approve")

    assert f"Approved. {leaves}" in second.text
    assert leaves in newsroom.coordinator.told()[-1]
    assert newsroom.newest().starts_at == MONDAY_NINE


def test_without_a_chosen_hour_it_leaves_thirty_seconds_after_the_second_word(newsroom: Newsroom) -> None:
    second = waits(newsroom)
    newsroom.town.later(hours=2)
    assert "It begins in 30 seconds" in second.presses_letter("Open it").text

    assert "Approved. It begins in 30 seconds" in second.presses("Approve").text

    assert newsroom.newest().starts_at == newsroom.town.now + timedelta(seconds=30)


def test_approved_just_before_its_hour_it_can_still_be_called_off(newsroom: Newsroom) -> None:
    second = waits_for_monday(newsroom)
    newsroom.town.now = MONDAY_NINE - timedelta(seconds=5)
    second.presses_letter("Open it").presses("Approve")

    assert "Approved. It begins in 30 seconds" in second.text
    assert newsroom.newest().starts_at == MONDAY_NINE + timedelta(seconds=25)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("16 November 09.00", "at 09:00 WIB"), ("16 November 09.00 waktu setempat", "at 09.00 local time")],
)
def test_approved_after_its_hour_it_says_that_it_leaves_at_once(newsroom: Newsroom, typed: str, hour: str) -> None:
    second = waits_for_monday(newsroom, typed)
    newsroom.town.now = MONDAY_NINE + timedelta(hours=1)
    missed = f"The hour chosen for it has passed (Monday, 16 November 2026 {hour})"
    assert missed in second.presses_letter("Open it").text

    second.presses("Approve")

    assert f"Approved. ⚠️ {missed}: whoever should have it by now gets it in 30 seconds." in second.text
    assert missed in newsroom.coordinator.told()[-1]
    assert newsroom.newest().starts_at == newsroom.town.now + timedelta(seconds=30)


def test_called_off_after_its_hour_it_does_not_leave_before_another_one_is_chosen(newsroom: Newsroom) -> None:
    waits_for_monday(newsroom)
    stale = newsroom.coordinator.buttons["↩️ Call off"]
    newsroom.town.now = MONDAY_NINE + timedelta(hours=1)
    newsroom.coordinator.sends_data(stale)
    found = newsroom.newest()
    assert (found.state, found.starts_at) == (AnnouncementState.DRAFT, MONDAY_NINE)

    phone = newsroom.coordinator.presses("Check and send")
    assert "The hour chosen for it has passed (Monday, 16 November 2026 at 09:00 WIB)" in phone.text
    assert not any("Send to" in label for label in phone.buttons)
    phone.sends_data(f"a:ann-send:{found.id}:{found.version}").writes("201")
    assert "Its hour has passed. Please choose another one." in phone.text
    assert newsroom.newest().state is AnnouncementState.DRAFT

    phone.sends_data(f"s:announcement-check:{found.id}").presses("Schedule").writes("17 November 09.00")
    phone.presses("Check and send").presses("Send to").writes("201")
    assert newsroom.newest().starts_at == MONDAY_NINE + timedelta(days=1)
