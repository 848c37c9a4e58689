"""Who lets a series go on: a second person at its start and once it has grown; it ends with whoever confirmed it."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.services import series
from bot.services.approving import approve_by_operator
from db.models import Seat, Series
from db.vocabulary import AnnouncementState, Role
from tests.announcements.newsroom import Newsroom
from tests.announcements.test_series import FRIDAY, MONDAY, THURSDAY, TUESDAY, at, confirms, made, nine, repeats
from tests.people.phone import Phone


@pytest.fixture
def crowded(newsroom: Newsroom) -> tuple[Newsroom, Phone]:
    """201 readers of a series, and a second coordinator who let it go."""
    newsroom.crowd(201)
    second = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    repeats(newsroom, "Every working day")
    confirms(newsroom).writes("201")
    return newsroom, second


def test_the_second_person_lets_a_series_go_once_at_its_start(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, second = crowded
    assert newsroom.newest().state is AnnouncementState.APPROVAL
    second.presses_letter("Open it").presses("Approve")
    assert at(newsroom, nine(MONDAY)) > 0
    asked = len(second.told())

    newsroom.town.now = nine(TUESDAY)
    newsroom.ticks()

    assert newsroom.newest().occurrence == TUESDAY
    assert newsroom.newest().state is AnnouncementState.SENDING
    assert len(second.told()) == asked


def test_the_operators_word_lets_a_series_go_too(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, _second = crowded
    assert approve_by_operator(newsroom.town.session, newsroom.newest(), newsroom.town.now) is None
    at(newsroom, nine(MONDAY))
    newsroom.town.now = nine(TUESDAY)
    newsroom.ticks()

    assert newsroom.town.session.scalars(select(Series)).one().approved == 201
    assert newsroom.newest().occurrence == TUESDAY
    assert newsroom.newest().state is AnnouncementState.SENDING


def test_many_more_readers_than_were_approved_wait_for_a_second_person_again(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, second = crowded
    second.presses_letter("Open it").presses("Approve")
    at(newsroom, nine(MONDAY))
    newsroom.crowd(21)
    at(newsroom, nine(TUESDAY))
    assert newsroom.newest().state is AnnouncementState.APPROVAL
    assert any("more than was approved" in told for told in newsroom.coordinator.told())

    second.presses_letter("Open it").presses("Approve")
    assert newsroom.newest().state is AnnouncementState.SCHEDULED
    assert newsroom.town.session.scalars(select(Series)).one().approved == 222


def test_an_occurrence_that_nobody_approved_makes_room_for_the_next(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, second = crowded
    second.presses_letter("Open it").presses("Approve")
    at(newsroom, nine(MONDAY))
    newsroom.crowd(40)
    at(newsroom, nine(TUESDAY))
    at(newsroom, nine(date(2026, 11, 18)))

    assert made(newsroom)[TUESDAY] is AnnouncementState.SKIPPED
    assert made(newsroom)[date(2026, 11, 18)] is AnnouncementState.APPROVAL


def test_before_the_first_is_approved_nothing_repeats(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, _second = crowded

    assert at(newsroom, nine(THURSDAY)) == 0
    assert set(made(newsroom)) == {MONDAY}
    assert not series.is_due(newsroom.town.session, nine(THURSDAY))


def test_one_approved_days_later_is_not_doubled_on_the_day_it_leaves(crowded: tuple[Newsroom, Phone]) -> None:
    newsroom, second = crowded
    newsroom.town.now = nine(THURSDAY, 30)
    newsroom.ticks()
    second.presses_letter("Open it").presses("Approve")
    newsroom.town.later(minutes=1)
    newsroom.ticks()

    assert set(made(newsroom)) == {MONDAY}
    assert at(newsroom, nine(FRIDAY)) > 0
    assert set(made(newsroom)) == {MONDAY, FRIDAY}


def test_it_ends_when_whoever_confirmed_it_announces_no_more(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    other = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    holder = newsroom.coordinator.person.id
    newsroom.town.session.scalars(select(Seat).where(Seat.holder_id == holder)).one().ended_at = nine(MONDAY)

    assert at(newsroom, nine(TUESDAY)) == 0
    assert "does not announce any more" in other.told()[-1]
    assert at(newsroom, nine(date(2026, 11, 18))) == 0


def test_it_ends_when_the_account_of_whoever_confirmed_it_is_suspended(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    other = newsroom.town.member(Role.COORDINATOR, None, "Yohanes Lelang")
    repeats(newsroom, "Every working day")
    confirms(newsroom)
    at(newsroom, nine(MONDAY))
    newsroom.coordinator.person.suspended_at = nine(MONDAY)

    assert at(newsroom, nine(TUESDAY)) == 0
    assert "does not announce any more" in other.told()[-1]
