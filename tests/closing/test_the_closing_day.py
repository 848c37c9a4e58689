"""The day of the closing: after the morning's digest one more notice in the afternoon, to whoever still has to act."""

from datetime import UTC, datetime, timedelta

from db.models import RegionPause
from db.vocabulary import ItemState, Role
from tests import stage
from tests.closing.test_the_instant import ITEM, at, reminded
from tests.items.evidence import Desk
from tests.people.phone import TEXTS, Phone
from tests.reminders.alarm import Alarm
from tests.stage import HALMAHERA_SELATAN, KATINGAN, TEBING_TINGGI

MORNING = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
AFTERNOON = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
TITLE = "Hadir pada rangkaian penutupan"


def digests(phone: Phone) -> list[str]:
    return [TEXTS.plain(one.say, "en") for one in phone.letters if one.key.startswith("digest:")]


def calls(phone: Phone) -> list[datetime]:
    """When a person was called once more."""
    return [row.at for row in reminded(phone) if row.occasion == "last"]


def test_who_still_has_something_to_do_is_told_once_more_at_three_where_they_are(desk: Desk, alarm: Alarm) -> None:
    eastern = desk.town.member(Role.OFFICIAL, HALMAHERA_SELATAN, "Ana Lestari")
    stage.region(desk.town.work(), HALMAHERA_SELATAN)

    alarm.runs("2026-11-30", "2026-12-03")

    assert calls(desk.lead) == [AFTERNOON]
    assert calls(eastern) == [AFTERNOON - timedelta(hours=2)]
    assert "🏁 Still open, due today" in digests(desk.lead)[-1]
    assert TITLE in digests(desk.lead)[-1]
    assert "The closing is today" in digests(desk.lead)[-1]
    on_the_day = [row for row in reminded(desk.lead) if row.at.date() == MORNING.date()]
    assert {row.at for row in on_the_day} == {MORNING, AFTERNOON}
    assert "mandatory and due today" in desk.lead.presses_letter("Why this?").text


def test_who_has_done_it_by_then_hears_nothing_more(desk: Desk, alarm: Alarm) -> None:
    alarm.runs("2026-11-30", "2026-11-30")
    alarm.rings(MORNING)
    stage.put(desk.town.work(), desk.item(ITEM), ItemState.SUBMITTED)

    alarm.runs("2026-12-01", "2026-12-01")

    assert calls(desk.lead) == []
    assert desk.lead.letters[-1].key.endswith(":1")


def test_a_delegate_is_called_and_other_contributors_are_not(desk: Desk, alarm: Alarm) -> None:
    delegate = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Dewi Anggraini")
    other = desk.town.member(Role.CONTRIBUTOR, TEBING_TINGGI, "Made Sutrisna")
    item = stage.put(desk.town.work(), desk.item(ITEM), ItemState.STARTED)
    item.assignee_id = delegate.visit().seats[0].id
    desk.town.session.flush()

    alarm.runs("2026-12-01", "2026-12-01")

    assert calls(delegate) == [AFTERNOON]
    assert calls(other) == []


def test_the_coordinator_reads_which_regions_lack_what(desk: Desk, alarm: Alarm) -> None:
    for code in (KATINGAN, HALMAHERA_SELATAN):
        desk.town.member(Role.LEAD, code)
        stage.region(desk.town.work(), code)
    done = stage.region(desk.town.work(), KATINGAN)[ITEM]
    stage.put(desk.town.work(), done, ItemState.ACCEPTED)
    coordinator = desk.town.member(Role.COORDINATOR, None, "Sari Wulandari")

    alarm.runs("2026-11-30", "2026-12-01")

    last = digests(coordinator)[-1]
    assert "🏁 Still missing today" in last
    assert f"Kota Tebing Tinggi: 1 item · {TITLE}" in last
    assert f"Kabupaten Halmahera Selatan: 1 item · {TITLE}" in last
    assert "Katingan" not in last


def test_one_who_reads_late_in_the_day_gets_one_message_with_everything_once(desk: Desk, alarm: Alarm) -> None:
    alarm.runs("2026-11-30", "2026-11-30")

    alarm.rings(AFTERNOON + timedelta(hours=1))
    alarm.runs("2026-12-01", "2026-12-01")

    today = [one for one in digests(desk.lead) if "1 December 2026\n" in one]
    assert len(today) == 1
    assert today[0].count(TITLE) == 1


def test_after_hours_nothing_is_sent_that_day(desk: Desk, alarm: Alarm) -> None:
    alarm.runs("2026-11-30", "2026-11-30")

    alarm.rings(datetime(2026, 12, 1, 10, 30, tzinfo=UTC))

    assert calls(desk.lead) == []


def test_where_reminders_rest_nobody_is_called(desk: Desk, alarm: Alarm) -> None:
    work = desk.town.work()
    coordinator = desk.town.member(Role.COORDINATOR, None)
    pause = RegionPause(
        edition_id=work.edition_id,
        region_code=TEBING_TINGGI,
        first_day=MORNING.date(),
        last_day=MORNING.date(),
        reason="Banjir besar.",
        created_by_id=coordinator.person.id,
        created_at=work.now,
    )
    desk.town.session.add(pause)
    desk.town.session.flush()

    alarm.runs("2026-12-01", "2026-12-01")

    assert calls(desk.lead) == []
    assert calls(coordinator) == []


def test_the_countdown_points_leads_to_what_the_closing_needs_while_it_is_open(desk: Desk, alarm: Alarm) -> None:
    official = desk.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    at(desk.town, datetime(2026, 11, 16, 1, 0, tzinfo=UTC))

    alarm.runs("2026-11-16", "2026-11-24")

    counted = [one for one in digests(desk.lead) if "to the closing" in one]
    assert counted
    assert "To prepare for it: " in counted[-1]
    assert TITLE in counted[-1]
    assert " more." in counted[-1]
    assert all("To prepare for it" not in one for one in digests(official))
    assert "12. Penutupan" in desk.lead.presses_letter("For the closing").text


def test_once_that_is_done_the_countdown_says_nothing_of_it(desk: Desk, alarm: Alarm) -> None:
    for item in stage.region(desk.town.work()).values():
        if item.key.startswith(("bp-", "pn-")):
            stage.put(desk.town.work(), item, ItemState.ACCEPTED)

    alarm.runs("2026-11-16", "2026-11-24")

    counted = [one for one in digests(desk.lead) if "to the closing" in one]
    assert counted
    assert all("To prepare for it" not in one for one in counted)
