"""At the same hour of everybody's own clock: later zones get it later, and everything that is done meanwhile holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.program.regions import Regions
from bot.services import announcing
from db.vocabulary import AnnouncementState, OutboxState, ReaderState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom

# 16 November 2026, a Monday; 09.00 WIT, WITA and WIB.
WIT, WITA, WIB = (datetime(2026, 11, 16, hour, 0, tzinfo=UTC) for hour in (0, 1, 2))
ZONED = {"Amir Hasan": stage.HALMAHERA_SELATAN, "Yohana Pua": stage.BANGGAI, "Siti Rahma": stage.TEBING_TINGGI}


@pytest.fixture
def zoned(newsroom: Newsroom) -> Newsroom:
    """A reader in each zone, and a draft for Monday at 09.00 of their own."""
    for name, code in ZONED.items():
        newsroom.reader(name, code)
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Schedule").writes("16 November 09.00 waktu setempat")
    return newsroom


def confirmed(newsroom: Newsroom) -> Newsroom:
    newsroom.coordinator.presses("Check and send").presses("Send to")
    return newsroom


def at(newsroom: Newsroom, moment: datetime) -> int:
    """Move the clock, and let what may leave arrive."""
    newsroom.town.now = moment
    newsroom.ticks()
    return newsroom.arrive()


def test_everybody_gets_it_at_nine_of_their_own_clock(zoned: Newsroom) -> None:
    assert "Monday, 16 November 2026 at 09.00 local time" in zoned.coordinator.text
    confirmed(zoned)
    assert at(zoned, WIT.replace(day=15)) == 0

    for moment, name in ((WIT, "Amir Hasan"), (WITA, "Yohana Pua"), (WIB, "Siti Rahma")):
        assert at(zoned, moment) == 1
        assert zoned.states()[name] is ReaderState.SENT
        assert zoned.town.now == moment

    assert zoned.newest().state is AnnouncementState.DONE


def test_a_seat_over_several_regions_goes_by_the_persons_own_clock(newsroom: Newsroom) -> None:
    newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya", timezone="Asia/Makassar")
    newsroom.town.member(Role.MENTOR, None, "Dewi Lestari")
    newsroom.drafts()
    newsroom.chooses("mentor")
    newsroom.coordinator.presses("Schedule").writes("16 November 09.00 WIB").presses("own hour")
    confirmed(newsroom)

    assert at(newsroom, WITA) == 1
    assert newsroom.states() == {"Bambang Wijaya": ReaderState.SENT, "Dewi Lestari": ReaderState.PLANNED}
    assert at(newsroom, WIB) == 1


def test_nothing_is_written_while_only_later_zones_are_left(zoned: Newsroom) -> None:
    confirmed(zoned)
    at(zoned, WIT)

    assert not announcing.is_due(zoned.town.session, WIT.replace(minute=30))
    assert announcing.is_due(zoned.town.session, WITA)
    zoned.coordinator.presses("Refresh")
    assert "09:00 WIB" in zoned.coordinator.text


def test_paused_between_two_zones_nobody_gets_it_until_it_goes_on(zoned: Newsroom) -> None:
    confirmed(zoned)
    at(zoned, WIT)
    zoned.coordinator.presses("Refresh").presses("Pause")
    assert at(zoned, WIB) == 0

    zoned.coordinator.presses("Go on")
    assert at(zoned, WIB.replace(minute=5)) == 2


def test_stopped_between_two_zones_the_later_ones_never_get_it(zoned: Newsroom) -> None:
    confirmed(zoned)
    at(zoned, WIT)
    zoned.coordinator.presses("Refresh").presses("Stop").presses("Stop it")

    assert at(zoned, WIB) == 0
    assert zoned.newest().state is AnnouncementState.STOPPED
    assert zoned.states()["Siti Rahma"] is ReaderState.DROPPED


def test_called_off_before_the_first_zone_it_is_a_draft_with_its_hour(zoned: Newsroom) -> None:
    confirmed(zoned).coordinator.presses("Call off")

    assert at(zoned, WIB) == 0
    assert zoned.states() == {}
    assert "at 09.00 local time" in zoned.coordinator.text


def test_an_hour_that_has_passed_in_the_east_is_refused(zoned: Newsroom) -> None:
    zoned.coordinator.presses("Check and send")
    zoned.town.now = WITA.replace(hour=0, minute=30)
    zoned.coordinator.presses("Send to")

    assert "has passed for some of the readers" in zoned.coordinator.toast
    assert zoned.newest().state is AnnouncementState.DRAFT
    assert zoned.states() == {}


def test_it_must_still_be_valid_when_the_last_zone_gets_it(zoned: Newsroom) -> None:
    zoned.coordinator.presses("Valid until").writes("16 November 08.30 WIB")
    confirmed(zoned)
    assert "no longer valid" in zoned.coordinator.toast

    zoned.coordinator.presses("Not yet").presses("Valid until").writes("16 November 11.30 WITA")
    confirmed(zoned)
    assert zoned.newest().state is AnnouncementState.SCHEDULED


def test_what_a_later_zone_did_not_get_in_time_is_not_delivered_later(zoned: Newsroom) -> None:
    zoned.coordinator.presses("Valid until").writes("16 November 09.30")
    confirmed(zoned)
    at(zoned, WIT)
    assert at(zoned, WIB.replace(hour=3)) == 0

    assert zoned.states()["Siti Rahma"] is ReaderState.DROPPED
    assert zoned.newest().state is AnnouncementState.DONE


def test_a_zone_that_does_not_exist_is_refused_by_the_name_of_its_region(
    zoned: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Regions(
        replace(one, timezone="Asia/Luwuk") if one.code == stage.BANGGAI else one for one in stage.regions()
    )
    zoned.coordinator.presses("Check and send")
    monkeypatch.setattr(stage, "regions", lambda: broken)
    zoned.coordinator.presses("Send to")

    assert "Kabupaten Banggai" in zoned.coordinator.toast
    assert "Asia/Luwuk" in zoned.coordinator.toast
    assert zoned.newest().state is AnnouncementState.DRAFT
    assert zoned.states() == {}


def test_a_persons_zone_that_does_not_exist_is_refused_by_name(newsroom: Newsroom) -> None:
    newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya", timezone="Mars/Olympus")
    newsroom.drafts()
    newsroom.chooses("mentor")
    newsroom.coordinator.presses("Schedule").writes("16 November 09.00 setempat")
    confirmed(newsroom)

    assert "The local time of Bambang Wijaya" in newsroom.coordinator.toast
    assert newsroom.states() == {}


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("16 November 09.00", 2),
        ("16 November 09.00 WITA", 1),
        ("16 November pukul 09.00 wit", 0),
        ("16 November pukul 15", 8),
        ("16 November jam 3 sore", 8),
        ("16 November pukul 14 WITA", 6),
    ],
)
def test_an_hour_may_be_named_in_any_zone(newsroom: Newsroom, typed: str, hour: int) -> None:
    newsroom.drafts()
    newsroom.coordinator.presses("Schedule").writes(typed)

    assert newsroom.newest().starts_at == datetime(2026, 11, 16, hour, 0, tzinfo=UTC)
    assert newsroom.arrive(OutboxState.SENT) == 0


def test_an_hour_that_is_not_understood_is_asked_for_again_and_not_replaced(newsroom: Newsroom) -> None:
    newsroom.drafts()
    newsroom.coordinator.presses("Schedule").writes("16 November pukul sembilan")
    assert "hour could not be read" in newsroom.coordinator.text
    newsroom.coordinator.writes("16 November jam 3")
    assert "Please write 03.00 or 15.00" in newsroom.coordinator.text
    assert newsroom.newest().starts_at is None

    newsroom.coordinator.writes("16 November")
    assert newsroom.newest().starts_at == datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    newsroom.coordinator.presses("Valid until").writes("20 November jam 3 sore")
    assert newsroom.newest().valid_until == datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
