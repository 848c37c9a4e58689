"""One digest a day at the right local hour, of what is still to be done, and never twice."""

from datetime import datetime, timedelta

from sqlalchemy import update

from bot.services import clocks, items
from db.models import Person
from db.vocabulary import ItemState, OutboxState, ReminderState, Role
from tests import stage
from tests.people.phone import Phone
from tests.reminders.alarm import Alarm, wib


def _official(alarm: Alarm, name: str = "Siti", region: str = stage.TEBING_TINGGI) -> Phone:
    return alarm.town.member(Role.OFFICIAL, region, name)


def _occasions(told: list[tuple[str, datetime]]) -> list[str]:
    return [occasion for occasion, _at in told]


def _accept(alarm: Alarm, key: str) -> None:
    items.change(alarm.town.work(), alarm.item(key), "accept", state=ItemState.ACCEPTED)


def test_what_was_accepted_ten_seconds_before_is_not_mentioned(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-19", "13:00"))
    said = len(alarm.digests(siti))
    alarm.town.now = wib("2026-11-20", "08:59") + timedelta(seconds=50)
    _accept(alarm, "bp-delegasi")
    alarm.rings(wib("2026-11-20", "09:00"))
    assert len(alarm.digests(siti)) == said


def test_what_was_accepted_while_the_digest_waited_to_leave_is_taken_out_of_it(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi", "bp-slide")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-19", "13:00"))
    alarm.leaves()
    alarm.rings(wib("2026-11-20", "09:00"))
    assert "Konfirmasi delegasi" in alarm.words(siti)
    _accept(alarm, "bp-delegasi")
    alarm.rings(wib("2026-11-20", "09:01"))
    assert "Konfirmasi delegasi" not in alarm.words(siti)
    assert "Bahan tayang" in alarm.words(siti)
    assert len([row for row in alarm.digests(siti) if "20261120" in row.unique_key]) == 1


def test_a_digest_that_has_left_stays_as_it_is(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-19", "13:00"))
    alarm.rings(wib("2026-11-20", "09:00"))
    alarm.leaves()
    _accept(alarm, "bp-delegasi")
    alarm.rings(wib("2026-11-20", "09:01"))
    assert "Konfirmasi delegasi" in alarm.words(siti)


def test_seven_due_items_are_one_digest_with_seven_buttons(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-10-01", "12:00")
    due = [item.key for item in alarm.town.work().programme.edition.items_of("dokumen-final") if item.mandatory][:7]
    alarm.only(*due)
    siti = _official(alarm)
    alarm.runs("2022-10-17", "2022-10-17")
    assert len(alarm.digests(siti)) == 1
    assert len([label for label in alarm.labels(siti) if label[0].isdigit()]) == 7


def test_more_than_eight_are_counted_and_one_button_opens_them_all(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-16", "09:00"))
    numbered = [label for label in alarm.labels(siti) if label[0].isdigit()]
    assert len(numbered) == 8
    assert any("See all (41)" in label for label in alarm.labels(siti))
    assert "… and 33 more." in alarm.words(siti)


def test_a_coordinators_digest_of_many_regions_opens_a_page_with_all_of_them(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    koko = alarm.town.member(Role.COORDINATOR, None, "Koko")
    for region in stage.regions().all[:13]:
        stage.region(alarm.town.work(), region.code)
    alarm.rings(wib("2026-11-16", "09:00"))
    (label,) = (one for one in alarm.labels(koko) if "See all (14)" in one)
    named = [one.partition(". ")[2] for one in alarm.labels(koko) if one[0].isdigit()]

    koko.presses_letter(label)
    assert [one.partition(". ")[2] for one in koko.buttons if one[0].isdigit() and ". " in one] == named
    koko.presses("▶")
    rest = [one for one in koko.buttons if one[0].isdigit() and ". " in one]
    assert [one.partition(". ")[0] for one in rest] == ["9", "10", "11", "12", "13", "14"]
    assert "Due, but nobody in the region can be reached" in koko.text
    assert "Completeness" in koko.presses("14. ").text


def test_what_a_lead_hears_of_the_team_stands_on_the_page_of_all_too(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    _official(alarm)
    lina = alarm.town.member(Role.LEAD, stage.TEBING_TINGGI, "Lina")
    alarm.rings(wib("2026-11-16", "09:00"))
    (label,) = (one for one in alarm.labels(lina) if "See all" in one)

    lina.presses_letter(label)
    assert "Late in the team" in lina.text
    assert "Siti" in lina.text


def test_on_the_page_of_all_only_what_is_still_open_is_left(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-16", "09:00"))
    alarm.leaves()
    alarm.only("bp-slide", "bp-delegasi")
    siti.presses_letter("See all")
    assert [one for one in siti.buttons if one[0].isdigit()] == [
        "1. Bahan tayang paparan kepala…",
        "2. Konfirmasi delegasi",
    ]

    alarm.only()
    assert "Nothing of it is open any more" in siti.sends_data("s:digest:20261116:1").text


def test_nobody_reads_all_of_a_digest_that_others_got(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    siti, dewi = _official(alarm), alarm.town.member(Role.OFFICIAL, stage.KATINGAN, "Dewi")
    alarm.rings(wib("2026-11-16", "09:00"))
    assert "See all" in str(alarm.labels(siti))

    assert "Nothing of it is open" in dewi.sends_data("s:digest:20261116:1").text
    assert "Nothing is kept of this reminder" in dewi.sends_data("s:digest:20261117:1").text
    assert "could not be found" in siti.sends_data("s:digest:yesterday:1").text
    assert "1/6" in siti.sends_data("s:digest:20261116:1:soon").buttons


def test_after_an_outage_of_a_day_one_digest_says_what_still_matters(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-18", "12:00")
    alarm.only("bp-delegasi", "pn-hadir")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-19", "09:00"))
    said = len(alarm.digests(siti))
    assert alarm.rings(wib("2026-11-24", "11:00")) == 1
    assert len(alarm.digests(siti)) == said + 1
    assert _occasions(alarm.told(siti, "bp-delegasi")) == ["-7", "+1"]
    assert set(_occasions(alarm.told(siti, "bp-delegasi", state=ReminderState.SKIPPED))) >= {"-3", "-1", "0"}
    assert alarm.rings(wib("2026-11-24", "11:01")) == 0


def test_a_digest_that_never_left_is_told_on_the_next_day(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-19", "13:00"))
    alarm.rings(wib("2026-11-20", "09:00"))
    (row,) = [row for row in alarm.digests(siti) if "20261120" in row.unique_key]
    assert row.expires_at == wib("2026-11-20", "17:00")
    row.state = OutboxState.CANCELLED
    alarm.town.session.flush()
    alarm.runs("2026-11-21", "2026-11-23")
    assert _occasions(alarm.told(siti, "bp-delegasi")) == ["-7", "0"]


def test_a_clock_that_strikes_again_and_again_says_nothing_twice(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    siti = _official(alarm)
    alarm.rings(wib("2026-11-20", "09:00"))
    said = len(alarm.digests(siti))
    for _again in range(20):
        clocks.look_again(alarm.town.work())
        alarm.rings()
    assert len(alarm.digests(siti)) == said


def test_a_look_before_the_hour_costs_nobody_the_day(alarm: Alarm) -> None:
    alarm.only("bp-delegasi")
    alarm.town.now = wib("2026-11-19", "12:00")
    siti = _official(alarm)
    lost = update(Person).where(Person.id == siti.person.id)
    alarm.town.session.execute(lost.values(unreachable_at=alarm.town.now))
    alarm.rings(wib("2026-11-19", "13:00"))
    alarm.town.now = wib("2026-11-20", "06:30")
    clocks.look_again(alarm.town.work())
    alarm.rings()
    alarm.town.session.execute(lost.values(unreachable_at=None))
    alarm.runs("2026-11-20", "2026-11-20")
    assert [at for _name, at in alarm.told(siti, "bp-delegasi")] == [wib("2026-11-20")]
