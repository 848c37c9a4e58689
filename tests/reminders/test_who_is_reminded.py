"""Who is reminded, who hears of it next, and who is left in peace."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from bot.services import items
from db.models import DigestClock, OutboxMessage, Person, RegionPause, Snooze
from db.vocabulary import ItemState, ReminderState, Rhythm, Role
from tests import stage
from tests.people.phone import Phone
from tests.reminders.alarm import Alarm, wib

BOOK = "df-buku1"


def _official(alarm: Alarm, name: str = "Siti", region: str = stage.TEBING_TINGGI) -> Phone:
    return alarm.town.member(Role.OFFICIAL, region, name)


def _occasions(told: list[tuple[str, datetime]]) -> list[str]:
    return [occasion for occasion, _at in told]


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
