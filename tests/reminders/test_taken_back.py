"""A digest that has not left when a day moves is made anew by the days as they are. It is Saturday, 14 November."""

from datetime import date

import pytest
from sqlalchemy import event

from db.models import OutboxMessage
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.extensions.hall import REASON, Hall
from tests.people.phone import Phone, Town
from tests.reminders.alarm import Alarm, wib
from tests.stage import KATINGAN, TEBING_TINGGI

# Due on Monday, 23 November.
SLIDE = "bp-slide"
BOOK = "df-buku1"


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


@pytest.fixture
def rudi(town: Town, alarm: Alarm) -> Phone:
    """An official whose only task is a week away on Monday."""
    alarm.only(SLIDE)
    return town.member(Role.OFFICIAL, TEBING_TINGGI, "Rudi Hartono")


def about(alarm: Alarm, phone: Phone, key: str = SLIDE) -> int:
    """How many digests in the outbox name this item."""
    title = alarm.town.work().programme.edition.item(key).title
    return sum(title in row.body for row in alarm.digests(phone))


def adds(phone: Phone, text: str) -> None:
    phone.writes("/libur").presses("Own days").presses("Add days").writes(text).presses("Save")


def test_an_extension_takes_back_what_has_not_left_and_reminds_by_the_new_day(alarm_of_2022: Alarm) -> None:
    alarm, town = alarm_of_2022, alarm_of_2022.town
    town.now = wib("2022-10-01", "12:00")
    stage.region(town.work(), KATINGAN)
    for code in (TEBING_TINGGI, KATINGAN):
        alarm.only(BOOK, region=code)
    hall = Hall.open(town)
    budi = town.member(Role.OFFICIAL, KATINGAN, "Budi Santoso")
    alarm.rings(wib("2022-10-17"))
    assert about(alarm, budi, BOOK) == about(alarm, hall.official, BOOK) == 1

    hall.begins(hall.official, BOOK).writes("15 November").writes(REASON).presses("Send the request")
    hall.grants()
    alarm.runs("2022-10-18", "2022-10-31")

    assert about(alarm, hall.official, BOOK) == 0
    assert about(alarm, budi, BOOK) > 0
    alarm.runs("2022-11-01", "2022-11-01")
    assert [occasion for occasion, _at in alarm.told(hall.official, BOOK)] == ["-14"]


def test_a_day_off_for_today_takes_back_what_has_not_left(alarm: Alarm, rudi: Phone, sari: Phone) -> None:
    alarm.rings(wib("2026-11-16"))
    assert about(alarm, rudi) == 1

    adds(sari, "16 November Libur daerah")
    assert alarm.rings(wib("2026-11-16", "10:00")) == 0
    assert about(alarm, rudi) == 0

    alarm.rings(wib("2026-11-17"))
    assert about(alarm, rudi) == 1


def test_a_pause_takes_back_what_has_not_left(alarm: Alarm, rudi: Phone, sari: Phone) -> None:
    alarm.rings(wib("2026-11-16"))

    sari.sends_data(f"s:region:{TEBING_TINGGI}").presses("Hold back").writes("16 - 18 November").writes("Banjir besar.")
    sari.presses("Hold them back")
    alarm.runs("2026-11-16", "2026-11-18")
    assert about(alarm, rudi) == 0

    alarm.rings(wib("2026-11-19"))
    assert about(alarm, rudi) == 1


def test_what_has_left_is_neither_taken_back_nor_said_twice(alarm: Alarm, rudi: Phone, sari: Phone) -> None:
    alarm.rings(wib("2026-11-16"))
    alarm.leaves()

    adds(sari, "25 Desember Natal")
    alarm.rings(wib("2026-11-16", "10:00"))

    assert about(alarm, rudi) == 1


def test_what_somebody_asked_to_hear_of_again_is_said_in_the_new_one_too(
    alarm: Alarm, rudi: Phone, sari: Phone
) -> None:
    item = alarm.item(SLIDE)
    rudi.sends_data(f"s:item-id:{item.id}").presses("Remind me again").presses("Monday")
    alarm.rings(wib("2026-11-16"))

    adds(sari, "25 Desember Natal")
    alarm.rings(wib("2026-11-16", "10:00"))

    assert about(alarm, rudi) == 1
    assert alarm.told(rudi, SLIDE) == [(f"snooze:{date(2026, 11, 16)}", wib("2026-11-16", "10:00"))]


def test_both_messages_of_a_day_are_taken_back_together(alarm: Alarm, rudi: Phone, sari: Phone) -> None:
    alarm.rings(wib("2026-11-16"))
    first = alarm.digests(rudi)[-1]
    later = OutboxMessage(
        **{
            column.key: getattr(first, column.key)
            for column in OutboxMessage.__table__.columns
            if column.key not in ("id", "unique_key")
        },
        unique_key=first.unique_key[:-1] + "2",
    )
    alarm.town.session.add(later)
    alarm.town.session.flush()

    adds(sari, "25 Desember Natal")
    alarm.rings(wib("2026-11-16", "10:00"))

    assert [row.unique_key for row in alarm.digests(rudi)] == [first.unique_key]


def test_for_many_it_takes_as_many_statements_as_for_one(alarm: Alarm, rudi: Phone, sari: Phone) -> None:
    def counted(moment: str) -> int:
        alarm.rings(wib(moment))
        statements: list[str] = []
        bind = alarm.town.session.get_bind()
        listener = lambda *args: statements.append(args[2])  # noqa: E731
        event.listen(bind, "before_cursor_execute", listener)
        adds(sari, f"{25 + len(taken)} Desember Natal")
        event.remove(bind, "before_cursor_execute", listener)
        taken.append(len(alarm.digests()))
        return len(statements)

    taken: list[int] = []
    for_few = counted("2026-11-16")
    for number in range(40):
        alarm.town.member(Role.OFFICIAL, TEBING_TINGGI, f"Pejabat {number}")
    for_many = counted("2026-11-17")

    assert for_many <= for_few + 3
    assert not [row for row in alarm.digests() if row.state is not OutboxState.WAITING]
