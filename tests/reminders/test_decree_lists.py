"""A decree's list sent as a file: fetched, read, told with its faults, seen ahead and confirmed like a pasted one."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import fetcher
from bot.fetcher import Errand, Taken
from bot.files import LIST_LIMIT, Reason
from bot.services import decree_lists
from db.models import DecreeList
from db.vocabulary import EvidenceState, HolidayKind, Role
from tests.files.samples import EXE, OLE, pdf
from tests.files.test_lists import NATAL, sheet
from tests.people.phone import Phone, Town
from tests.reminders.test_holidays import adds, kept
from tests.stage import TEBING_TINGGI

LIST = sheet(["No", "Tanggal", "Hari", "Keterangan"], NATAL, ["2", "31 Februari", "", "Libur"])


@pytest.fixture
def sari(town: Town) -> Phone:
    return town.member(Role.COORDINATOR, None, "Sari Wulandari")


def document(name: str = "libur.xlsx", size: int = 9000, mime: str = "") -> dict[str, Any]:
    return {"file_id": "f", "file_unique_id": "u", "file_name": name, "mime_type": mime, "file_size": size}


def begun(phone: Phone) -> Phone:
    return phone.writes("/libur").presses("Own days").presses("Add days")


def sends(phone: Phone, content: bytes = LIST, name: str = "libur.xlsx") -> Phone:
    """The file is sent, fetched and settled as the fetcher does it, without the wire."""
    phone.sends(document=document(name, len(content)))
    errand = fetcher.for_lists(lambda _session, row_id, _now: decree_lists.settled(work, row_id))
    work = phone.town.work("list")
    for taken in fetcher.take_up(phone.town.session, DecreeList, phone.town.now, 3):
        settled(phone, errand, taken, content)
    phone.town.letters += work.letters
    return phone


def settled(phone: Phone, errand: Errand, taken: Taken, content: bytes) -> None:
    fetcher.settle(phone.town.session, errand, taken.row_id, errand.look(content, taken), phone.town.now)


def test_a_list_as_a_file_is_read_and_seen_ahead_like_a_pasted_one(sari: Phone) -> None:
    sends(begun(sari))
    assert "libur.xlsx has arrived" in sari.text
    assert "1 day was read in libur.xlsx." in sari.told()[-1]
    assert "Line 3: the calendar has no 31 Februari." in sari.told()[-1]
    assert kept(sari.town) == []

    from_file = sari.presses_letter("See what moves").text
    assert "1 day, everywhere" in from_file
    assert "Friday, 25 December 2026: Hari Raya Natal (day off)" in from_file
    assert "Line 3: the calendar has no 31 Februari." in from_file
    sari.presses("Save")

    assert kept(sari.town) == [("12-25", "Hari Raya Natal", HolidayKind.HOLIDAY, None)]


def test_its_days_join_those_that_were_pasted_and_what_was_chosen_stays(sari: Phone) -> None:
    begun(sari).presses("Joint leave").presses("Elsewhere").writes("Tebing Tinggi").writes("28 Desember Cuti")
    sends(sari).presses_letter("See what moves")
    assert "2 days, Kota Tebing Tinggi" in sari.text
    sari.presses("Save")
    assert [row[2:] for row in kept(sari.town)] == [(HolidayKind.JOINT_LEAVE, TEBING_TINGGI)] * 2


def test_opened_later_it_begins_with_what_was_chosen_when_it_was_sent(sari: Phone) -> None:
    sends(begun(sari).presses("Working days")).presses("Cancel").presses_letter("See what moves")
    assert "(working day)" in sari.text
    look = sari.letters[-1].rows[0][0].data
    sari.presses("Save").sends_data(look).presses("Save")
    assert len(kept(sari.town)) == 1


def test_days_that_have_passed_meanwhile_are_told_so(sari: Phone) -> None:
    sends(begun(sari)).town.later(days=60)
    sari.presses_letter("See what moves")
    assert "Line 2: Friday, 25 December 2026 has passed." in sari.text
    assert "Save" not in str(sari.buttons)


@pytest.mark.parametrize("name", ["libur.csv", "libur.txt"])
def test_a_text_file_is_read_as_well(sari: Phone, name: str) -> None:
    sends(begun(sari), b"Tanggal;Nama\r\n25 Desember;Natal\r\n", name)
    assert "1 day was read" in sari.told()[-1]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b" ", "libur.csv", "There is nothing in it to read."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "libur.xlsx", "It is locked with a password."),
        (OLE + bytes(600), "libur.xls", "It has an old Office format."),
        (LIST[:-40], "libur.xlsx", "This file is not complete or is damaged."),
        (b"25 Desember Natal\n" * 1001, "libur.txt", "It holds far more than a list of days."),
        (pdf(), "libur.pdf", "From a PDF or a picture please copy the lines and paste them here"),
        (EXE, "libur.exe", "A list is read from Excel (xlsx), Word (docx), csv or txt."),
        (b"libur nasional", "libur.txt", "Line 1: no day could be found"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_way_out(sari: Phone, content: bytes, name: str, words: str) -> None:
    sends(begun(sari), content, name)
    assert "could not be read as a list of days off" in sari.told()[-1]
    assert words in sari.told()[-1]
    assert sari.letters[-1].rows == ()
    sari.writes("25 Desember Natal")
    assert "1 day, everywhere" in sari.text


def test_a_list_is_read_too_for_whoever_has_a_time_zone_that_nobody_knows(sari: Phone) -> None:
    sari.person.timezone = "Mars/Olympus"
    assert "1 day was read" in sends(begun(sari)).told()[-1]


def test_two_weeks_after_it_came_a_list_is_forgotten_but_for_one_that_is_still_to_be_read(sari: Phone) -> None:
    session = sends(begun(sari)).town.session
    sends(sari, EXE, "libur.exe")
    sari.sends(document=document("masih-dibaca.xlsx"))
    assert decree_lists.forget(session, sari.town.now + timedelta(days=14)) == 0

    sari.town.later(days=14, seconds=1)
    assert decree_lists.forget(session, sari.town.now) == 2

    assert session.scalars(select(DecreeList.name)).all() == ["masih-dibaca.xlsx"]
    assert "could not be found" in sari.presses_letter("See what moves").toast


def test_what_is_too_large_or_no_document_is_said_at_once(sari: Phone) -> None:
    begun(sari).sends(document=document(size=LIST_LIMIT + 1))
    assert "A list may have up to 2 MB" in sari.text
    photo = {"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90, "file_size": 900}
    sari.sends(photo=[photo])
    assert "A list is read from Excel (xlsx), Word (docx), csv or txt." in sari.text
    assert sari.town.session.scalars(select(DecreeList)).all() == []


def test_a_file_that_telegram_has_lost_is_told(sari: Phone) -> None:
    begun(sari).sends(document=document())
    row = sari.town.session.scalars(select(DecreeList)).one()
    row.state, row.refusal = EvidenceState.REFUSED, Reason.LOST
    decree_lists.settled(work := sari.town.work("list"), row.id)
    sari.town.letters += work.letters
    assert "Telegram no longer has this file." in sari.told()[-1]


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEAD, Role.MENTOR, Role.COORDINATOR])
def test_nobody_opens_the_list_of_another(sari: Phone, role: Role) -> None:
    sends(begun(sari))
    look = sari.letters[-1].rows[0][0].data
    other = town_member(sari.town, role).sends_data(look)
    assert "could not be found" in other.toast
    for forged in ("a:holiday-list:999999:0", "a:holiday-list:x:0", "a:holiday-list::0"):
        assert "could not be found" in sari.sends_data(forged).toast


def town_member(town: Town, role: Role) -> Phone:
    return town.member(role, TEBING_TINGGI if role in (Role.OFFICIAL, Role.LEAD) else None, "Warga")


def test_whoever_may_not_decide_any_more_sees_nothing_ahead(sari: Phone) -> None:
    other = sari.town.member(Role.COORDINATOR, None, "Kartika Dewanti", province="12")
    sends(begun(other))
    row = sari.town.session.scalars(select(DecreeList)).one()
    assert row.place == "12"
    row.place = "62"
    assert "could not be found" in other.presses_letter("See what moves").toast


def test_a_pasted_list_after_a_file_is_still_taken(sari: Phone) -> None:
    sends(adds(sari, "24 Desember Cuti bersama Natal"))
    assert "1 day, everywhere" in sari.text
    sari.presses("Save")
    assert [row[0] for row in kept(sari.town)] == ["12-24"]
