"""What coordinators decide in their chats changes when whom is reminded, in the edition of 2022."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from db.vocabulary import Role
from tests import stage
from tests.extensions.hall import REASON, Hall
from tests.reminders.alarm import Alarm, TownOf2022, wib
from tests.stage import KATINGAN

# Of the stage dokumen-final, due on Monday, 31 October 2022: the third day and the last before it are one Friday.
BOOK = "df-buku1"


@pytest.fixture
def alarm(session: Session) -> Alarm:
    """Two regions on 1 October 2022, in each of which one book is still to be written."""
    town = TownOf2022(session)
    town.now = wib("2022-10-01", "12:00")
    alarm = Alarm(town)
    for code in (stage.TEBING_TINGGI, KATINGAN):
        stage.region(town.work(), code)
        alarm.only(BOOK, region=code)
    return alarm


def days(alarm: Alarm, hall: Hall) -> list[tuple[str, date]]:
    return [(occasion, at.date()) for occasion, at in alarm.told(hall.official, BOOK)]


def test_an_extension_granted_by_a_press_moves_what_was_not_sent_and_taking_it_back_restores_it(alarm: Alarm) -> None:
    hall = Hall.open(alarm.town)
    budi = alarm.town.member(Role.OFFICIAL, KATINGAN, "Budi Santoso")
    alarm.runs("2022-10-17", "2022-10-19")
    before = days(alarm, hall)
    assert [occasion for occasion, _day in before] == ["-14"]

    alarm.town.now = wib("2022-10-20", "10:00")
    hall.begins(hall.official, BOOK).writes("15 November").writes(REASON).presses("Send the request")
    hall.grants()
    card = hall.opens(hall.official, BOOK).text
    assert "Deadline: Tuesday, 15 November 2022" in card
    assert "Extended; at first Monday, 31 October 2022." in card
    alarm.runs("2022-10-20", "2022-11-08")
    assert days(alarm, hall) == [*before, ("-14", date(2022, 11, 1)), ("-7", date(2022, 11, 8))]
    assert [occasion for occasion, _at in alarm.told(budi, BOOK, KATINGAN)][:4] == ["-14", "-7", "-1", "0"]
    assert not [words for words in budi.told() if "extended" in words]

    hall.coordinator.sends_data(f"s:extension:{hall.newest().id}").presses("Take it back").writes("Banjir sudah surut.")
    alarm.runs("2022-11-09", "2022-11-14")

    assert not {"-3", "-1"} & {occasion for occasion, _day in days(alarm, hall)}
    assert "Extended" not in hall.opens(hall.official, BOOK).text


def test_a_personal_extension_is_reminded_of_on_its_own_days(alarm: Alarm) -> None:
    hall = Hall.open(alarm.town)
    maya = alarm.town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Maya Sari")
    alarm.runs("2022-10-17", "2022-10-19")
    alarm.town.now = wib("2022-10-20", "10:00")
    hall.begins(hall.official, BOOK).writes("15 November").writes(REASON).presses("Only for me")
    hall.official.presses("Send the request")
    hall.grants()
    alarm.runs("2022-10-20", "2022-11-01")

    assert [occasion for occasion, _day in days(alarm, hall)] == ["-14", "-14"]
    assert [occasion for occasion, _at in alarm.told(maya, BOOK)][:4] == ["-14", "-7", "-1", "0"]
