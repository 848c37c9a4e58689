"""Nine where the region is, days off and moved deadlines: reminders that have not been sent follow, others stay."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from bot.program.regions import Regions
from bot.services import clocks
from bot.services.work import Work
from db.models import Extension, Holiday, TimeSettings
from db.vocabulary import ExtensionState, HolidayKind, Role
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
