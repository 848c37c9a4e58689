"""The day of a region's own bimtek is the deadline of its stage there: below an extension, above everything else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.services.deadlines import default_day, due_of, moved_of, stage_due
from bot.services.stages import of_region
from db.models import DigestClock, Extension
from db.vocabulary import ExtensionState, MeetingKind, Role
from tests.meetings.office import Office
from tests.meetings.test_calendar_file import saved
from tests.people.phone import Phone
from tests.stage import BANGGAI, TEBING_TINGGI

ITEM, STAGE = "b4-komitmen", "bimtek-4"


def session(office: Office, region: str | None = TEBING_TINGGI, day: int = 20, **more: object) -> None:
    begins = datetime(2026, 11, day, 2, 0, tzinfo=UTC)
    usual = {
        "kind": MeetingKind.BIMTEK,
        "milestone_key": STAGE,
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=3),
    }
    office.exists(region, **(usual | more))


def due(office: Office, region: str = TEBING_TINGGI, person_id: int | None = None) -> date:
    return due_of(office.town.work(), region, ITEM, person_id).day


def granted(office: Office, day: date, region: str | None, person_id: int | None = None, subject: str = STAGE) -> None:
    work = office.town.work()
    row = Extension(
        edition_id=work.edition_id, subject=subject, region_code=region, person_id=person_id, day=day, proposed_day=day,
        state=ExtensionState.GRANTED, asked_by_id=office.siti.person.id, asked_at=work.now,
    )  # fmt: skip
    office.town.session.add(row)
    office.town.session.flush()


@pytest.fixture(autouse=True)
def forgetful(office: Office) -> None:
    """What one transaction has read is not kept for the whole test."""
    office.town.session.info.clear()


def reread(office: Office) -> None:
    office.town.session.info.pop("extensions", None)


def test_the_last_day_of_the_regions_own_session_is_the_deadline_there_and_nowhere_else(office: Office) -> None:
    session(office, ends_at=datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    assert due(office) == date(2026, 11, 21)
    assert stage_due(office.town.work(), TEBING_TINGGI, STAGE).day == date(2026, 11, 21)
    assert due(office, BANGGAI) == default_day(office.town.work(), BANGGAI, ITEM)
    moved = moved_of(office.town.work(), TEBING_TINGGI, ITEM)
    assert moved is not None
    assert moved.extension_id is None


def test_the_day_is_the_one_where_the_region_is(office: Office) -> None:
    session(office, BANGGAI, ends_at=datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
    assert due(office, BANGGAI) == date(2026, 11, 21)


def test_of_several_sessions_the_latest_counts_and_a_cancelled_one_does_not(office: Office) -> None:
    session(office, day=22)
    session(office, day=20)
    session(office, day=24, cancelled_at=office.town.now)
    assert due(office) == date(2026, 11, 22)


@pytest.mark.parametrize("more", [{"region": None}, {"kind": MeetingKind.VISIT}, {"milestone_key": None}])
def test_what_is_no_session_of_the_region_moves_nothing(office: Office, more: dict[str, object]) -> None:
    session(office, **more)  # type: ignore[arg-type]
    assert due(office) == default_day(office.town.work(), TEBING_TINGGI, ITEM)


def test_extensions_of_region_and_person_are_stronger_and_one_for_all_is_weaker(office: Office) -> None:
    session(office)
    granted(office, date(2026, 11, 27), None)
    assert due(office) == date(2026, 11, 20)
    assert due(office, BANGGAI) == date(2026, 11, 27)

    granted(office, date(2026, 11, 25), TEBING_TINGGI)
    reread(office)
    assert due(office) == date(2026, 11, 25)

    granted(office, date(2026, 11, 26), TEBING_TINGGI, office.siti.person.id)
    reread(office)
    assert due(office, person_id=office.siti.person.id) == date(2026, 11, 26)


def test_agenda_and_calendar_file_know_the_days_of_whoever_looks(office: Office) -> None:
    rudi = office.town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")
    session(office)
    granted(office, date(2026, 11, 26), TEBING_TINGGI, office.siti.person.id)
    for phone, day, week in ((office.siti, date(2026, 11, 26), 2), (rudi, date(2026, 11, 20), 1)):
        assert f"{day:%A, %-d %B %Y}: Bimtek tahap IV" in phone.sends_data(f"s:agenda:{week}").text
        assert "Bimtek tahap IV" not in phone.sends_data(f"s:agenda:{3 - week}").text.partition("Deadlines")[2]
        phone.sends_data("a:calendar:all:0")
        paper = next(letter.paper for letter in reversed(phone.letters) if letter.paper)
        assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in paper.content.decode().partition("Deadline: Bimtek tahap IV")[2]


def test_the_card_says_that_the_day_is_that_of_the_bimtek(office: Office) -> None:
    session(office)
    for screen in (f"s:item:{ITEM}", f"s:stage:{STAGE}:0:{TEBING_TINGGI}"):
        office.siti.sends_data(screen)
        assert "Friday, 20 November 2026" in office.siti.text
        assert "the day of the region's own bimtek; usual: Wednesday, 30 September 2026" in office.siti.text


def test_scheduling_moving_and_cancelling_are_seen_at_once(office: Office) -> None:
    usual = due(office)
    made = office.schedules()
    assert due(office) == date(2026, 11, 20)
    office.coordinator.presses("Move").writes("23 November 09.00")
    assert due(office) == date(2026, 11, 23)
    stages = {one.milestone.key: one.due.day for one in of_region(office.town.work(), TEBING_TINGGI)}
    assert stages[STAGE] == date(2026, 11, 23)
    office.coordinator.presses("Change").presses("Cancel the meeting").writes("Ditunda.")
    assert due(office) == usual
    assert made.cancelled_at is not None


def test_whoever_follows_the_region_is_looked_at_again_and_nobody_else(office: Office) -> None:
    work = office.town.work()
    later = work.now + timedelta(days=3)
    for phone, region in ((office.siti, TEBING_TINGGI), (office.andi, BANGGAI)):
        row = office.town.session.get(DigestClock, phone.person.id)
        if row is None:
            row = DigestClock(person_id=phone.person.id, region_code=region, next_at=later)
            office.town.session.add(row)
        row.next_at = later
    office.town.session.flush()

    office.schedules()

    office.town.session.expire_all()
    looked = {phone.name: _next(office, phone) for phone in (office.siti, office.andi)}
    assert looked == {"Siti Rahma": work.now, "Andi Baso": later}


def _next(office: Office, phone: Phone) -> datetime | None:
    return office.town.session.scalar(select(DigestClock.next_at).where(DigestClock.person_id == phone.person.id))


def test_items_with_an_extension_of_their_own_stand_below_their_stage_and_at_their_own_day(office: Office) -> None:
    session(office, day=20)
    ratna = office.town.member(Role.OFFICIAL, TEBING_TINGGI, "Ratna Dewi")
    title = office.town.work().programme.edition.item(ITEM).title
    granted(office, date(2026, 11, 26), TEBING_TINGGI, office.siti.person.id, subject=ITEM)

    week, next_week = (office.siti.sends_data(f"s:agenda:{number}").text for number in (1, 2))
    assert f"⏳ Friday, 20 November 2026: Bimtek tahap IV\n↳ {title}: until 26 Nov" in week
    assert f"⏳ Thursday, 26 November 2026: {title}" in next_week
    assert not any(title in ratna.sends_data(f"s:agenda:{number}").text for number in (1, 2))
    for phone, told in ((office.siti, f"↳ {title}: until 26 Nov"), (ratna, "")):
        phone.sends_data("a:calendar:all:0")
        fourth = next(one for one in saved(phone)[1] if "Deadline: Bimtek tahap IV" in str(one["summary"]))
        assert str(fourth.get("description", "")) == told
