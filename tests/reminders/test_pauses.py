"""Reminders of a region rest, for a reason that everybody there can read. It is Saturday, 14 November 2026."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.flows.pausing import read_span
from db.models import AuditEntry, RegionPause
from db.vocabulary import Role
from tests import stage
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import KATINGAN, TEBING_TINGGI

SLIDE = "bp-slide"
REASON = "Banjir besar, kantor tutup."


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


def kept(town: Town) -> list[RegionPause]:
    rows = select(RegionPause).order_by(RegionPause.id).execution_options(populate_existing=True)
    return list(town.session.scalars(rows))


def opens(phone: Phone) -> Phone:
    return phone.sends_data(f"s:region:{TEBING_TINGGI}")


def pauses(phone: Phone, days: str = "16 November - 20 November", reason: str = REASON) -> Phone:
    return opens(phone).presses("Hold back").writes(days).writes(reason).presses("Hold them back")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("16 November - 20 November", 16, 20),
        ("16-20 November", 16, 20),
        ("16 - 20 November", 16, 20),
        ("besok sampai Jumat", 15, 20),
        ("besok s.d. 20 November", 15, 20),
        ("16/11 – 20/11", 16, 20),
        ("sampai 20 November", 14, 20),
        ("16 November", 16, 16),
        ("Senin hingga Rabu", 16, 18),
    ],
)
def test_days_are_read_as_people_write_them(text: str, first: int, last: int) -> None:
    assert read_span(text, date(2026, 11, 14)) == (date(2026, 11, first), date(2026, 11, last))


@pytest.mark.parametrize("text", ["", "nanti", "31 Februari", "16 November - 31 Februari", "x - 20 November", "-"])
def test_days_that_cannot_be_read_are_said(sari: Phone, text: str) -> None:
    assert read_span(text, date(2026, 11, 14)) is None
    if text:
        assert "could not be read" in opens(sari).presses("Hold back").writes(text).text


def test_nothing_is_reminded_of_during_the_pause_and_what_matters_after_it(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only(SLIDE)
    opens(sari).presses("Hold back").writes("16 November - 20 November").writes(REASON)
    assert "holds back reminders for 1 person of the team" in sari.text
    assert kept(alarm.town) == []
    sari.presses("Hold them back")
    alarm.runs("2026-11-15", "2026-11-24")

    assert [at for _occasion, at in alarm.told(rudi, SLIDE)] == [wib("2026-11-23"), wib("2026-11-24")]


def test_the_page_of_the_region_says_from_when_until_when_and_why(sari: Phone) -> None:
    pauses(sari)
    assert "from Monday, 16 November 2026 to Friday, 20 November 2026 by Sari Wulandari: Banjir besar" in sari.text
    rudi = sari.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    assert REASON in opens(rudi).text
    assert "⏸ Hold back" not in rudi.buttons
    shown = sari.writes("/libur").presses("Held back")
    assert "Kota Tebing Tinggi" in shown.text
    assert REASON in shown.text


def test_ended_early_it_is_reminded_at_once(alarm: Alarm, sari: Phone) -> None:
    rudi = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.only(SLIDE)
    pauses(sari)
    alarm.runs("2026-11-16", "2026-11-17")
    assert alarm.told(rudi, SLIDE) == []
    alarm.rings(wib("2026-11-18", "13:00"))
    end = opens(sari).buttons["▶️ Remind again"]
    sari.sends_data(end).sends_data(end)

    assert "go on already" in sari.toast
    alarm.rings(wib("2026-11-18", "13:01"))
    assert [at for _occasion, at in alarm.told(rudi, SLIDE)] == [wib("2026-11-18", "13:01")]
    acts = select(AuditEntry.act).where(AuditEntry.subject == "pause").order_by(AuditEntry.id)
    assert alarm.town.session.scalars(acts).all() == ["pause_region", "end_pause"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("20 November - 16 November", "The last day lies before the first one."),
        ("kemarin sampai besok", "has passed"),
        ("besok sampai 1 Mei 2027", "90 days at most"),
    ],
)
def test_days_that_cannot_be_are_refused_with_the_rule(sari: Phone, days: str, words: str) -> None:
    opens(sari).presses("Hold back").writes(days)
    assert words in sari.text
    assert kept(sari.town) == []


def test_a_pause_within_another_one_is_refused(sari: Phone) -> None:
    pauses(sari)
    opens(sari).presses("Hold back").writes("18 November")
    assert "rest from Monday, 16 November 2026 to Friday, 20 November 2026 already" in sari.text
    assert len(kept(sari.town)) == 1


@pytest.mark.parametrize("reason", ["ok", "?", "x" * 1001])
def test_a_reason_is_needed(sari: Phone, reason: str) -> None:
    opens(sari).presses("Hold back").writes("besok").writes(reason)
    assert "Please give the reason" in sari.text
    assert kept(sari.town) == []


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR, Role.MENTOR, Role.OBSERVER])
def test_nobody_else_holds_back_or_lets_go_on(sari: Phone, role: Role) -> None:
    pauses(sari)
    number = kept(sari.town)[0].id
    region = TEBING_TINGGI if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None
    other = sari.town.member(role, region, "Warga")
    for data in (f"a:pause:{TEBING_TINGGI}:0", f"a:pause-end:{number}:0"):
        other.sends_data(data)
        assert "could not be found" in other.toast
    assert "could not be found" in other.sends_data("s:pauses").text
    assert kept(sari.town)[0].ended_at is None


def test_a_coordinator_of_another_province_does_not_either(sari: Phone) -> None:
    stage.region(sari.town.work(), KATINGAN)
    other = sari.town.member(Role.COORDINATOR, None, "Kartika Dewanti", province="62")
    other.sends_data(f"a:pause:{TEBING_TINGGI}:0")
    assert "could not be found" in other.toast
    pauses(sari)
    assert "None." in other.writes("/libur").presses("Held back").text


@pytest.mark.parametrize(
    "data", ["a:pause:99.99:0", "a:pause::0", "a:pause-end:999999:0", "a:pause-end:x:0", "a:pause:72.01:0"]
)
def test_what_is_forged_changes_nothing(sari: Phone, data: str) -> None:
    sari.sends_data(data)
    assert kept(sari.town) == []
    assert sari.toast
