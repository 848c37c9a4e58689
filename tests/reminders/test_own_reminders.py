"""What a person sees of their own reminders and sets of them; and that the look ahead is what then comes.

It is Saturday, 14 November 2026, 09.00 WIB; the shipped edition closes on 1 December.
"""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import insert, select

from bot.services import forecasts, own_reminders
from db.models import DigestClock, Participant, RegionPause, Reminder
from db.vocabulary import ReminderState, Rhythm, Role
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import TEBING_TINGGI

SLIDE = "bp-slide"


@pytest.fixture
def rudi(town: Town) -> Phone:
    return town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")


def clock(phone: Phone) -> DigestClock:
    found = phone.town.session.get(DigestClock, phone.person.id, populate_existing=True)
    assert found is not None
    return found


def opens(phone: Phone) -> Phone:
    return phone.sends_data("s:reminders")


def looks_ahead(alarm: Alarm, *phones: Phone, days: int = 7) -> list[tuple[int, object, list[tuple[str, str]]]]:
    alarm.town.session.info.clear()
    found = forecasts.coming(alarm.town.work(), [phone.person.id for phone in phones], days)
    return [(one.person_id, one.at, sorted((e.subject, e.occasion) for e in one.entries)) for one in found]


def was_told(alarm: Alarm, *phones: Phone) -> list[tuple[int, object, list[tuple[str, str]]]]:
    people = [phone.person.id for phone in phones]
    rows = alarm.town.session.scalars(
        select(Reminder).where(Reminder.person_id.in_(people), Reminder.state == ReminderState.SENT)
    )
    found: dict[tuple[int, object], list[tuple[str, str]]] = {}
    for row in rows:
        found.setdefault((row.person_id, row.at), []).append((row.subject, row.occasion))
    return sorted((person, at, sorted(told)) for (person, at), told in found.items())


def test_the_page_names_the_next_days_with_what_comes(alarm: Alarm, rudi: Phone) -> None:
    alarm.only(SLIDE)
    opens(rudi)

    assert "Hour: 09.00 WIB, as usual in the programme" in rudi.text
    assert "Monday, 16 November 2026 at 09:00 WIB" in rudi.text
    assert "(H-7)" in rudi.text


def test_it_opens_from_home_from_settings_and_by_its_command(rudi: Phone) -> None:
    assert "My reminders" in rudi.sends_data("s:home").presses("My reminders").text
    assert "My reminders" in rudi.sends_data("s:settings").presses("My reminders").text
    assert "My reminders" in rudi.writes("/pengingat").text


def test_where_nothing_comes_the_page_says_so(alarm: Alarm) -> None:
    assert "No reminder is due" in opens(alarm.town.member(Role.OBSERVER, None, "Kartika")).text


def test_a_coordinator_of_many_regions_is_led_to_them_instead_of_waiting(alarm: Alarm) -> None:
    sari = alarm.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    alarm.town.now = wib("2026-11-16", "08:00")
    assert "(H+3)" in opens(sari).text
    work = alarm.town.work()
    codes = [one.code for one in work.programme.regions][: own_reminders.REGIONS + 1]
    row = {"edition_id": work.edition_id, "joined_at": work.now}
    rows = [row | {"region_code": code} for code in codes if code != TEBING_TINGGI]
    work.session.execute(insert(Participant), rows)

    opens(sari)
    assert "(H+3)" not in sari.text
    assert "The closing of the programme (H-14)" in sari.text
    assert "🔭 Week ahead in the calendar shows it" in sari.text


@pytest.mark.parametrize("start", ["2026-11-14", "2026-11-20", "2026-11-27"])
def test_what_is_foreseen_is_what_comes(alarm: Alarm, rudi: Phone, start: str) -> None:
    lead = alarm.town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma")
    sari = alarm.town.member(Role.COORDINATOR, None, "Sari Wulandari")
    alarm.rings(wib("2026-11-14", "10:00"))
    alarm.town.now = wib(start, "00:00")
    before = was_told(alarm, rudi, lead, sari)
    foreseen = looks_ahead(alarm, rudi, lead, sari)
    last = date.fromisoformat(start) + timedelta(days=6)

    alarm.runs(start, last.isoformat())

    assert foreseen
    assert sorted(foreseen) == [one for one in was_told(alarm, rudi, lead, sari) if one not in before]


def test_a_look_ahead_changes_nothing(alarm: Alarm, rudi: Phone) -> None:
    before = (clock(rudi).next_at, clock(rudi).last_day, clock(rudi).extra)
    looks_ahead(alarm, rudi, days=20)

    assert not alarm.town.session.dirty
    assert (clock(rudi).next_at, clock(rudi).last_day, clock(rudi).extra) == before
    assert was_told(alarm, rudi) == []


def test_a_pause_of_the_region_is_foreseen(alarm: Alarm, rudi: Phone) -> None:
    work = alarm.town.work()
    work.session.add(
        RegionPause(
            edition_id=work.edition_id,
            region_code=TEBING_TINGGI,
            first_day=date(2026, 11, 14),
            last_day=date(2026, 11, 30),
            reason="Banjir",
            created_by_id=rudi.person.id,
            created_at=work.now,
        )
    )
    work.session.flush()
    told = [one for _person, _at, entries in looks_ahead(alarm, rudi) for one in entries]
    assert told
    assert {subject for subject, _occasion in told} == {"closing"}


def test_another_hour_moves_the_next_reminder(alarm: Alarm, rudi: Phone) -> None:
    opens(rudi).presses("Another hour").presses("14.30")

    assert clock(rudi).hour == time(14, 30)
    assert "Hour: 14.30 WIB, chosen by you" in rudi.text
    assert "Monday, 16 November 2026 at 14:30 WIB" in rudi.text
    alarm.runs("2026-11-15", "2026-11-16")
    assert [one.created_at for one in alarm.digests(rudi)] == [wib("2026-11-16", "14:30")]


def test_as_usual_goes_by_the_programme_again(rudi: Phone) -> None:
    opens(rudi).presses("Another hour").presses("14.30").presses("Another hour").presses("As usual")
    assert clock(rudi).hour is None


def test_an_earlier_hour_is_kept_at_once(alarm: Alarm, rudi: Phone) -> None:
    opens(rudi).presses("Another hour").presses("15.00")
    alarm.rings(wib("2026-11-16", "07:30"))
    opens(rudi).presses("Another hour").presses("08.00")
    alarm.runs("2026-11-16", "2026-11-16")

    assert [one.created_at for one in alarm.digests(rudi)] == [wib("2026-11-16", "08:00")]


def test_a_change_after_the_digest_of_the_day_makes_no_second_one(alarm: Alarm, rudi: Phone) -> None:
    alarm.rings(wib("2026-11-16", "09:00"))
    assert len(alarm.digests(rudi)) == 1

    opens(rudi).presses("Another hour").presses("16.00")
    alarm.runs("2026-11-16", "2026-11-16")
    assert len(alarm.digests(rudi)) == 1
    alarm.runs("2026-11-17", "2026-11-30")

    days = [one.created_at.date() for one in alarm.digests(rudi)]
    assert len(days) == len(set(days))


def test_another_zone_moves_the_next_reminder_too(alarm: Alarm, rudi: Phone) -> None:
    alarm.rings(wib("2026-11-14", "12:00"))
    rudi.sends_data(rudi.sends_data("s:settings").buttons["⚪ WIT"])
    alarm.runs("2026-11-15", "2026-11-16")
    assert [one.created_at for one in alarm.digests(rudi)] == [wib("2026-11-16", "07:00")]


@pytest.mark.parametrize("chosen", ["Asia/Jakarta", "Asia/Jayapura"])
def test_whoever_has_just_come_in_and_confirms_their_zone_has_their_first_hour_in_peace(
    alarm: Alarm, chosen: str
) -> None:
    alarm.town.now = wib("2026-11-16", "10:00")
    ratna = alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, "Ratna Dewi")
    ratna.sends_data(f"a:zone:{chosen}:0")
    alarm.rings(wib("2026-11-16", "10:30"))
    assert alarm.digests(ratna) == []
    alarm.rings(wib("2026-11-16", "11:00"))
    assert len(alarm.digests(ratna)) == 1


@pytest.mark.parametrize("hour", ["0730", "1630", "0915", "2400", "", "x", "-1"])
def test_an_hour_that_is_not_offered_is_refused(rudi: Phone, hour: str) -> None:
    rudi.sends_data(f"a:remind-hour:{hour}:0")
    assert clock(rudi).hour is None
    assert "cannot come at this hour" in rudi.toast


@pytest.mark.parametrize("typed", ["10.00", "10:00", "pukul 10.00", "jam 10 pagi"])
def test_an_hour_may_be_typed_on_the_page_itself(rudi: Phone, typed: str) -> None:
    opens(rudi).writes(typed)
    assert clock(rudi).hour == time(10)
    assert "Hour: 10.00 WIB, chosen by you" in rudi.text
    assert "Saved." in rudi.text
    rudi.presses("Another hour").writes("09.30")
    assert clock(rudi).hour == time(9, 30)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("20.00", "Reminders cannot come at this hour."),
        ("10.07", "Reminders cannot come at this hour."),
        ("25.00", "This hour does not exist."),
        ("jam 3", "can be in the morning or in the afternoon"),
    ],
)
def test_a_typed_hour_at_which_nothing_comes_is_refused_with_the_reason(rudi: Phone, typed: str, says: str) -> None:
    assert says in opens(rudi).writes(typed).text
    assert clock(rudi).hour is None


@pytest.mark.parametrize(
    "typed", ["Apakah rapat besok jam 3?", "Bagaimana mengisi dokumen 12.76", "Kapan hari ini pukul 25"]
)
def test_a_question_that_ends_with_an_hour_or_a_number_is_no_hour(rudi: Phone, typed: str) -> None:
    elsewhere = rudi.sends_data("s:home").writes(typed).text
    assert rudi.sends_data("s:reminders").writes(typed).text == elsewhere


def test_elsewhere_a_typed_hour_changes_nothing(rudi: Phone) -> None:
    rudi.sends_data("s:home").writes("10.00")
    opens(rudi).writes("besok 10.00")
    assert clock(rudi).hour is None


def test_few_and_none_are_kept_and_pressed_twice_change_nothing_more(rudi: Phone) -> None:
    data = opens(rudi).buttons["⚪ Few"]
    rudi.sends_data(data).sends_data(data)
    assert clock(rudi).rhythm is Rhythm.FEW
    assert "Days: H-1, H and H+1" in rudi.text
    rudi.presses("None")
    assert clock(rudi).rhythm is Rhythm.NONE
    assert "put off yourself" in rudi.text


def test_a_lead_who_wants_none_reads_that_mandatory_items_come_and_they_do(alarm: Alarm) -> None:
    lead = alarm.town.member(Role.LEAD, TEBING_TINGGI, "Siti Rahma")
    alarm.only(SLIDE)
    opens(lead).presses("None")

    assert "still reminded of mandatory items" in lead.text
    alarm.runs("2026-11-15", "2026-11-24")
    assert [occasion for occasion, _at in alarm.told(lead, SLIDE)] == ["-1", "0", "+1"]


@pytest.mark.parametrize("rhythm", ["never", "", "ALL"])
def test_a_forged_rhythm_changes_nothing(rudi: Phone, rhythm: str) -> None:
    rudi.sends_data(f"a:remind-rhythm:{rhythm}:0")
    assert clock(rudi).rhythm is Rhythm.ALL


def test_whoever_has_no_seat_has_no_reminders(town: Town) -> None:
    stranger = town.newcomer()
    stranger.writes("halo").sends_data("s:reminders")
    assert "could not be found" in stranger.text
    stranger.sends_data("a:remind-hour:0900:0")
    assert "could not be found" in stranger.toast
