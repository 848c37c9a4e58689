"""One digest a day at the right local hour, of what is still to be done, and never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.program.regions import Regions
from bot.services import clocks, items
from bot.services.work import Work
from db.models import DigestClock, Extension, Holiday, OutboxMessage, Person, RegionPause, Snooze, TimeSettings
from db.vocabulary import ExtensionState, HolidayKind, ItemState, OutboxState, ReminderState, Rhythm, Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib

BOOK = "df-buku1"


def _official(alarm: Alarm, name: str = "Siti", region: str = stage.TEBING_TINGGI) -> Phone:
    return alarm.town.member(Role.OFFICIAL, region, name)


def _moves(alarm: Alarm, day: str, who: Phone, *, person: Phone | None = None, subject: str = BOOK) -> Extension:
    """Grant another last day to the region, or to one person of it."""
    row = Extension(
        edition_id=alarm.town.work().edition_id,
        subject=subject,
        region_code=stage.TEBING_TINGGI,
        person_id=person.person.id if person else None,
        state=ExtensionState.GRANTED,
        proposed_day=date.fromisoformat(day),
        day=date.fromisoformat(day),
        asked_by_id=who.person.id,
        asked_at=alarm.town.now,
    )
    alarm.town.session.add(row)
    _changed(alarm)
    return row


def _revokes(alarm: Alarm, row: Extension) -> None:
    row.state = ExtensionState.REVOKED
    _changed(alarm)


def _changed(alarm: Alarm) -> None:
    alarm.town.session.flush()
    alarm.town.session.info.clear()
    clocks.look_again(alarm.town.work(), region_code=stage.TEBING_TINGGI)


def _leave(alarm: Alarm, day: str) -> None:
    """A day becomes joint leave for everybody."""
    work = alarm.town.work()
    row = Holiday(
        edition_id=work.edition_id,
        day=date.fromisoformat(day),
        name="Cuti bersama",
        kind=HolidayKind.JOINT_LEAVE,
        region_code=None,
    )
    alarm.town.session.add(row)
    alarm.town.session.flush()
    alarm.town.session.info.clear()
    clocks.look_again(alarm.town.work())


def _occasions(told: list[tuple[str, datetime]]) -> list[str]:
    return [occasion for occasion, _at in told]


def _accept(alarm: Alarm, key: str) -> None:
    items.change(alarm.town.work(), alarm.item(key), "accept", state=ItemState.ACCEPTED)


# --- AC 12: the hour of the place


@pytest.mark.parametrize(
    ("region", "hour"), [(stage.TEBING_TINGGI, 2), (stage.BANGGAI, 1), (stage.HALMAHERA_SELATAN, 0)]
)
def test_nine_in_the_morning_is_nine_where_the_region_is(alarm_of_2022: Alarm, region: str, hour: int) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-11-20", "12:00")
    stage.region(alarm.town.work(), region)
    alarm.only("pn-hadir", region=region)
    siti = _official(alarm, region=region)
    alarm.runs("2022-11-24", "2022-11-24")
    assert [(name, at) for name, at in alarm.told(siti, "pn-hadir", region)] == [
        ("-7", datetime(2022, 11, 24, hour, tzinfo=UTC))
    ]


def test_four_days_before_the_closing_is_a_sunday_and_is_told_on_friday(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-11-20", "12:00")
    alarm.only("pn-hadir")
    siti = _official(alarm)
    edition = alarm.town.work().edition_id
    alarm.town.session.add(TimeSettings(edition_id=edition, changed={"offsets": [-14, -7, -4, -3, -1, 0]}))
    alarm.runs("2022-11-24", "2022-12-01")
    assert [(name, at) for name, at in alarm.told(siti, "pn-hadir") if name == "-4"] == [("-4", wib("2022-11-25"))]


def test_joint_leave_decreed_on_the_eve_moves_a_reminder_earlier_within_a_minute(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-11-20", "12:00")
    alarm.only("pn-hadir")
    siti = _official(alarm)
    alarm.runs("2022-11-21", "2022-11-28")
    alarm.leaves()
    alarm.town.now = wib("2022-11-29", "14:00")
    alarm.rings()
    assert "-1" not in _occasions(alarm.told(siti, "pn-hadir"))
    _leave(alarm, "2022-11-30")
    alarm.rings(wib("2022-11-29", "14:01"))
    assert ("-1", wib("2022-11-29", "14:01")) in alarm.told(siti, "pn-hadir")
    before = len(alarm.digests(siti))
    alarm.runs("2022-11-30", "2022-11-30")
    assert len(alarm.digests(siti)) == before


def test_leave_decreed_after_the_days_digest_costs_one_extra_notice_and_no_more(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-11-20", "12:00")
    alarm.only("pn-hadir", "bp-delegasi")
    siti = _official(alarm)
    # 24 November: seven days before one deadline, and the first working day after the other.
    alarm.runs("2022-11-21", "2022-11-24")
    assert [row.unique_key[-1] for row in alarm.digests(siti)][-1:] == ["1"]
    alarm.town.now = wib("2022-11-24", "14:00")
    _leave(alarm, "2022-11-25")
    _leave(alarm, "2022-11-28")
    alarm.rings(wib("2022-11-24", "14:01"))
    assert alarm.told(siti, "pn-hadir")[-1] == ("-3", wib("2022-11-24", "14:01"))
    assert alarm.digests(siti)[-1].unique_key.endswith(":20221124:2")
    alarm.leaves()
    _leave(alarm, "2022-11-29")
    assert alarm.rings(wib("2022-11-24", "14:02")) == 0


# --- AC 11: dates that move


def test_a_moved_deadline_takes_its_unsent_reminders_along(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-10-01", "12:00")
    stage.region(alarm.town.work(), stage.KATINGAN)
    alarm.only(BOOK)
    alarm.only(BOOK, region=stage.KATINGAN)
    siti, dewi, budi = _official(alarm), _official(alarm, "Dewi"), _official(alarm, "Budi", stage.KATINGAN)
    _moves(alarm, "2022-11-01", siti)
    alarm.runs("2022-10-17", "2022-10-19")
    before = alarm.told(siti, BOOK)
    assert _occasions(before) == ["-14"]

    alarm.town.now = wib("2022-10-20", "10:00")
    said = len(alarm.digests())
    moved = _moves(alarm, "2022-11-15", siti)
    _moves(alarm, "2022-11-22", siti, person=dewi)
    alarm.runs("2022-10-20", "2022-10-28")
    assert {row.chat_id for row in alarm.digests()[said:] if row.chat_id != budi.account} == set()
    alarm.runs("2022-10-29", "2022-11-14")
    assert alarm.told(siti, BOOK)[:1] == before
    assert [(name, at.date()) for name, at in alarm.told(siti, BOOK)[1:]] == [
        ("-14", date(2022, 11, 1)),
        ("-7", date(2022, 11, 8)),
        ("-3", date(2022, 11, 11)),
        ("-1", date(2022, 11, 14)),
    ]
    assert [(name, at.date()) for name, at in alarm.told(dewi, BOOK)[1:]] == [
        ("-14", date(2022, 11, 8)),
    ]
    assert "-1" in _occasions(alarm.told(budi, BOOK, stage.KATINGAN))
    assert moved.day == date(2022, 11, 15)


def test_revoking_restores_the_earlier_deadline_and_repeats_nothing(alarm_of_2022: Alarm) -> None:
    alarm = alarm_of_2022
    alarm.town.now = wib("2022-10-01", "12:00")
    alarm.only(BOOK)
    siti = _official(alarm)
    _moves(alarm, "2022-11-01", siti)
    alarm.runs("2022-10-17", "2022-10-19")
    alarm.town.now = wib("2022-10-20", "10:00")
    moved = _moves(alarm, "2022-11-15", siti)
    alarm.runs("2022-10-20", "2022-10-21")
    _revokes(alarm, moved)
    alarm.runs("2022-10-22", "2022-11-01")
    assert _occasions(alarm.told(siti, BOOK)) == ["-14", "-7", "-3", "-1", "0"]


# --- AC 13: done is silent


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


def test_nobody_reads_all_of_a_digest_that_others_got(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-16", "06:00")
    siti, dewi = _official(alarm), alarm.town.member(Role.OFFICIAL, stage.KATINGAN, "Dewi")
    alarm.rings(wib("2026-11-16", "09:00"))
    assert "See all" in str(alarm.labels(siti))

    assert "Nothing is kept of this reminder" in dewi.sends_data("s:digest:20261116:1").text
    assert "could not be found" in siti.sends_data("s:digest:yesterday:1").text
    assert "1/6" in siti.sends_data("s:digest:20261116:1:soon").buttons


# --- Who


def test_the_delegate_is_reminded_and_the_other_officials_are_not(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti, dewi = _official(alarm), _official(alarm, "Dewi")
    work = alarm.town.work()
    seat = stage.visit_of(work, dewi.person).seat
    assert seat is not None
    items.change(work, alarm.item("bp-delegasi"), "assign", assignee_id=seat.id)
    alarm.runs("2026-11-20", "2026-11-20")
    # Three days before is a Friday; one day before, a Sunday, moves to it and speaks for both.
    assert _occasions(alarm.told(dewi, "bp-delegasi")) == ["-1"]
    assert alarm.told(siti, "bp-delegasi") == []


def test_without_officials_the_lead_is_reminded_and_without_anybody_the_coordinator(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    koko = alarm.town.member(Role.COORDINATOR, None, "Koko")
    lina = alarm.town.member(Role.LEAD, stage.TEBING_TINGGI, "Lina")
    alarm.runs("2026-11-20", "2026-11-20")
    assert _occasions(alarm.told(lina, "bp-delegasi")) == ["-1"]
    assert alarm.told(koko, "bp-delegasi") == []
    lost = update(Person).where(Person.id == lina.person.id).values(unreachable_at=alarm.town.now)
    alarm.town.session.execute(lost)
    alarm.runs("2026-11-23", "2026-11-23")
    assert _occasions(alarm.told(koko, "bp-delegasi")) == ["0"]
    assert "nobody in the region can be reached" in alarm.words(koko)


def test_what_stays_open_climbs_to_the_lead_and_then_to_the_coordinator_with_names_once(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    _official(alarm)
    lina = alarm.town.member(Role.LEAD, stage.TEBING_TINGGI, "Lina")
    koko = alarm.town.member(Role.COORDINATOR, None, "Koko")
    alarm.runs("2026-11-20", "2026-11-30")
    assert alarm.told(lina, "bp-delegasi") == [("lead+1", wib("2026-11-24"))]
    assert alarm.told(koko, "bp-delegasi") == [("coordinator+3", wib("2026-11-26"))]


def test_an_escalation_names_who_should_be_at_work(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    _official(alarm)
    koko = alarm.town.member(Role.COORDINATOR, None, "Koko")
    alarm.runs("2026-11-26", "2026-11-26")
    assert "Kota Tebing Tinggi: 1 item · Siti" in alarm.words(koko)


# --- When not


def test_a_late_joiner_gets_one_catch_up_and_then_only_what_comes(alarm: Alarm) -> None:
    alarm.only("bp-delegasi", BOOK)
    alarm.town.now = wib("2026-11-19", "10:00")
    siti = _official(alarm)
    assert alarm.rings(wib("2026-11-19", "10:30")) == 0
    assert alarm.rings(wib("2026-11-19", "11:00")) == 1
    assert _occasions(alarm.told(siti, BOOK)) == ["+3"]
    assert set(_occasions(alarm.told(siti, BOOK, state=ReminderState.SKIPPED))) == {"-14", "-7", "-3", "-1", "0", "+1"}
    alarm.runs("2026-11-20", "2026-11-20")
    assert "Buku 1" not in alarm.words(siti)


def test_somebody_who_joins_at_night_hears_at_the_next_hour_of_theirs(alarm: Alarm) -> None:
    alarm.only("bp-delegasi")
    alarm.town.now = wib("2026-11-20", "21:00")
    siti = _official(alarm)
    alarm.runs("2026-11-20", "2026-11-23")
    assert [at for _name, at in alarm.told(siti, "bp-delegasi")] == [wib("2026-11-23")]


@pytest.mark.parametrize(("hour", "told_at"), [(time(12, 0), "11:29"), (time(16, 30), "16:30"), (time(6, 0), "08:00")])
def test_an_hour_of_ones_own_is_kept_within_the_quiet_hours_and_before_friday_prayers(
    alarm: Alarm, hour: time, told_at: str
) -> None:
    alarm.town.now = wib("2026-11-18", "09:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    clock = alarm.town.session.get(DigestClock, siti.person.id)
    assert clock is not None
    clock.hour, clock.next_at = hour, wib("2026-11-20", "00:00")
    moment = wib("2026-11-20", "07:00")
    while not alarm.told(siti, "bp-delegasi"):
        alarm.rings(moment)
        moment += timedelta(minutes=1) if moment.minute in (28, 29, 59, 0) else timedelta(minutes=7)
        assert moment < wib("2026-11-20", "17:00")
    (_name, at) = alarm.told(siti, "bp-delegasi")[0]
    assert wib("2026-11-20", told_at) <= at < wib("2026-11-20", told_at) + timedelta(minutes=8)


@pytest.mark.parametrize(
    ("role", "rhythm", "told"),
    [
        (Role.OFFICIAL, Rhythm.FEW, ["-1", "0", "+1"]),
        (Role.OFFICIAL, Rhythm.NONE, []),
        (Role.LEAD, Rhythm.NONE, ["-1", "0", "+1"]),
    ],
)
def test_people_choose_how_often_but_a_lead_always_hears_of_what_is_mandatory(
    alarm: Alarm, role: Role, rhythm: Rhythm, told: list[str]
) -> None:
    alarm.town.now = wib("2026-11-15", "09:00")
    alarm.only("bp-delegasi")
    siti = alarm.town.member(role, stage.TEBING_TINGGI, "Siti")
    clock = alarm.town.session.get(DigestClock, siti.person.id)
    assert clock is not None
    clock.rhythm = rhythm
    alarm.runs("2026-11-16", "2026-11-27")
    assert _occasions(alarm.told(siti, "bp-delegasi")) == told


def test_a_region_that_rests_hears_nothing_and_once_what_was_missed_when_it_goes_on(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    work = alarm.town.work()
    row = RegionPause(
        edition_id=work.edition_id,
        region_code=stage.TEBING_TINGGI,
        first_day=date(2026, 11, 20),
        last_day=date(2026, 11, 24),
        reason="Banjir",
        created_by_id=siti.person.id,
        created_at=alarm.town.now,
    )
    alarm.town.session.add(row)
    alarm.runs("2026-11-20", "2026-11-24")
    assert alarm.told(siti, "bp-delegasi") == []
    alarm.runs("2026-11-25", "2026-11-25")
    assert alarm.told(siti, "bp-delegasi") == [("+1", wib("2026-11-25"))]


def test_snoozed_means_not_before_that_day_and_then_once(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    item = alarm.item("bp-delegasi")
    snooze = Snooze(person_id=siti.person.id, item_id=item.id, until=date(2026, 11, 23))
    alarm.town.session.add(snooze)
    alarm.runs("2026-11-20", "2026-11-24")
    assert _occasions(alarm.told(siti, "bp-delegasi")) == ["snooze:2026-11-23", "+1"]
    assert alarm.town.session.scalar(select(Snooze.item_id)) is None


def test_what_was_declared_done_is_silent(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    stage.put(alarm.town.work(), alarm.item("bp-delegasi"), ItemState.UNTOUCHED, declared_at=alarm.town.now)
    alarm.runs("2026-11-20", "2026-11-20")
    assert alarm.told(siti, "bp-delegasi") == []


# --- AC 14: late


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


def test_whoever_has_no_seat_any_more_hears_nothing(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-19", "12:00")
    siti = _official(alarm)
    seat = stage.visit_of(alarm.town.work(), siti.person).seat
    assert seat is not None
    seat.ended_at = alarm.town.now
    alarm.town.session.flush()
    alarm.runs("2026-11-20", "2026-11-24")
    assert alarm.digests(siti) == []
    assert alarm.town.session.scalar(select(OutboxMessage.id).where(OutboxMessage.chat_id == siti.account)) is None


def test_the_countdown_reaches_whoever_works_towards_the_closing(alarm: Alarm) -> None:
    alarm.town.now = wib("2026-11-23", "12:00")
    alarm.only()
    people = [
        alarm.town.member(role, region, role.value)
        for role, region in [
            (Role.OFFICIAL, stage.TEBING_TINGGI),
            (Role.LEAD, stage.TEBING_TINGGI),
            (Role.MENTOR, None),
            (Role.COORDINATOR, None),
            (Role.OBSERVER, None),
        ]
    ]
    alarm.runs("2026-11-24", "2026-11-24")
    assert [len(alarm.digests(phone)) for phone in people] == [1, 1, 1, 1, 0]
    assert "7 days</b> to the closing" in alarm.words(people[0])


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


def test_people_who_hear_the_same_do_not_read_what_was_worded_for_another_seat(alarm: Alarm) -> None:
    alarm.only("bp-delegasi")
    alarm.town.now = wib("2026-11-16", "12:00")
    siti = _official(alarm)
    lina = alarm.town.member(Role.LEAD, stage.TEBING_TINGGI, "Lina")
    koko = alarm.town.member(Role.COORDINATOR, None, "Koko")
    alarm.runs("2026-11-17", "2026-11-17")
    assert "To prepare for it: Konfirmasi delegasi." in alarm.words(lina)
    assert "To prepare for it" not in alarm.words(siti)
    assert "To prepare for it" not in alarm.words(koko)


def test_a_region_whose_province_changed_its_zone_is_reminded_at_its_new_hour(session: Session) -> None:
    moved = [
        replace(one, timezone="Asia/Makassar") if one.code == stage.TEBING_TINGGI else one for one in stage.regions()
    ]

    class Moved(Town):
        def work(self, cause: str = "update 0") -> Work:
            return stage.open_work(self.session, now=self.now, cause=cause, regions=Regions(moved))

    town = Moved(session, now=wib("2026-11-19", "12:00"))
    stage.region(town.work())
    alarm = Alarm(town)
    alarm.only("bp-delegasi")
    siti = _official(alarm)
    alarm.runs("2026-11-20", "2026-11-20")
    assert [at for _name, at in alarm.told(siti, "bp-delegasi")] == [wib("2026-11-20", "08:00")]
