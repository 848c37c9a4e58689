"""A telephone number is given by its owner alone, seen by few, and there for whom Telegram no longer reaches."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import reach
from bot.services.people import read_phone
from bot.words import Refusal
from db.models import AuditEntry
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.papers.sheets import printed, sheets
from tests.people.phone import Phone, Town

NUMBER = "+6281234567890"
KALIMANTAN_TENGAH = "62"


def gives(phone: Phone, number: str = "0812 3456 7890") -> Phone:
    return phone.writes("/profil").presses("Telephone").writes(number)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812 3456 7890", NUMBER),
        ("+62 812-3456-7890", NUMBER),
        ("62812.3456.7890", NUMBER),
        ("0062 81234567890", NUMBER),
        ("81234567890", NUMBER),
        ("(0621) 123456", "+62621123456"),
        ("+65 6123 4567", "+6561234567"),
    ],
)
def test_a_number_is_kept_as_it_is_dialled_from_anywhere(typed: str, kept: str) -> None:
    assert read_phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tidak punya",
        "0812",
        "3276011234560001",
        "+62 0",
        "+62999999999999999",
        "0812 3456 7890 atau 0813 3456 7890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "+0812345678",
        "=0812345678",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_phone(typed)


@given(st.text(max_size=24))
def test_whatever_is_typed_ends_as_a_number_or_is_refused(typed: str) -> None:
    try:
        number = read_phone(typed)
    except Refusal:
        return
    assert number.startswith("+")
    assert number[1:].isdecimal()
    assert 9 <= len(number) <= 16
    assert read_phone(number) == number


def test_its_owner_gives_changes_and_removes_it_and_the_audit_never_has_it(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI)
    gives(siti)
    assert NUMBER in siti.text
    assert siti.person.phone == NUMBER

    gives(siti, "belum punya")
    assert "could not be read" in siti.text
    siti.writes("0813 1111 2222")
    assert siti.person.phone == "+6281311112222"

    siti.presses("Telephone").presses("Remove it")
    assert siti.person.phone is None
    audit = [str(line.after) for line in town.session.query(AuditEntry).filter_by(act="change")]
    assert any("phone" in line for line in audit)
    assert not [line for line in audit if "81" in line]


def test_only_ones_own_contact_can_be_shared(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI)
    siti.writes("/profil").presses("Telephone")
    for stranger in ({"user_id": 4242}, {}):
        siti.sends(contact={"first_name": "Budi", "phone_number": "6281399998888"} | stranger)
        assert "not your own contact" in siti.text
        assert siti.person.phone is None

    siti.sends(contact={"first_name": "Siti", "phone_number": "6281234567890", "user_id": siti.account})
    assert siti.person.phone == NUMBER


def test_a_contact_is_nothing_where_no_number_is_asked_for(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI)
    siti.sends(contact={"first_name": "Siti", "phone_number": "6281234567890", "user_id": siti.account})

    assert siti.person.phone is None
    assert "81234567890" not in siti.text


def test_the_lead_and_coordinators_see_it_and_other_members_do_not(town: Town) -> None:
    siti = gives(town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Siti Rahma"))
    seat = stage.visit_of(town.work(), siti.person, siti.chat).seats[0].id
    seeing = {
        Role.LEAD: town.member(Role.LEAD, stage.TEBING_TINGGI, "Ratna Dewi"),
        Role.COORDINATOR: town.member(Role.COORDINATOR, None, "Sari Wulandari"),
        Role.ADMIN: town.member(Role.ADMIN, None, "Agus Salim"),
    }
    for phone in seeing.values():
        assert NUMBER in phone.sends_data(f"s:member:{seat}").text
    others = (
        town.member(Role.OFFICIAL, stage.TEBING_TINGGI, "Budi Santoso"),
        town.member(Role.MENTOR, None, "Bambang Wijaya"),
        town.member(Role.LEAD, stage.KATINGAN, "Yansen Garu"),
        town.member(Role.OBSERVER, None, "Rina Kartika"),
    )
    for phone in others:
        assert NUMBER not in phone.sends_data(f"s:member:{seat}").text
        assert NUMBER not in phone.sends_data("s:unreachable").text
        assert NUMBER not in phone.sends_data(f"s:unreachable:{seat}").text


def test_the_notice_says_what_the_number_is_for(town: Town) -> None:
    siti = town.member(Role.OFFICIAL, stage.TEBING_TINGGI)

    assert "your telephone number, only to call you" in siti.sends_data("s:privacy").text


def test_whoever_blocks_pandu_is_on_the_list_at_once_with_the_number_and_leaves_it_on_return(
    newsroom: Newsroom,
) -> None:
    siti = gives(newsroom.reader("Siti Rahma"))
    coordinator = newsroom.coordinator
    assert "Everybody can be reached" in coordinator.writes("/menu").presses("Unreachable").text

    reach.lost(newsroom.town.session, siti.account, "403: Forbidden: bot was blocked by the user", newsroom.town.now)
    newsroom.town.session.flush()
    coordinator.writes("/menu").presses("Unreachable")
    assert "1 person cannot be reached" in coordinator.text
    assert "Siti Rahma, official of the region, Kota Tebing Tinggi" in coordinator.text
    assert "has blocked Pandu" in coordinator.text
    assert NUMBER in coordinator.text

    siti.writes("/menu")
    assert "Everybody can be reached" in coordinator.writes("/menu").presses("Unreachable").text


def test_the_list_comes_as_a_workbook_to_call_from(newsroom: Newsroom) -> None:
    newsroom.loses(gives(newsroom.reader("Siti Rahma")))
    newsroom.coordinator.writes("/menu").presses("Unreachable").presses("List (Excel)")

    paper = printed(newsroom.coordinator)

    assert paper.name == "tidak-terjangkau.xlsx"
    heading, row = sheets(paper.content)["Unreachable"]
    assert heading[-1] == "Telephone"
    assert (row[0], row[2], row[-1]) == ("Siti Rahma", "Kota Tebing Tinggi", NUMBER)


def test_an_announcement_names_only_its_own_readers_whom_it_cannot_reach(newsroom: Newsroom) -> None:
    newsroom.loses(newsroom.reader("Bambang Wijaya", role=Role.MENTOR))
    siti = gives(newsroom.reader("Siti Rahma"))
    newsroom.announces()
    newsroom.arrive(OutboxState.DEAD, error="403: Forbidden: bot was blocked by the user")
    newsroom.loses(siti)

    newsroom.coordinator.presses("Refresh").presses("Unreachable (1)")
    assert "Siti Rahma" in newsroom.coordinator.text
    assert "Bambang Wijaya" not in newsroom.coordinator.text
    newsroom.coordinator.presses("List (Excel)")
    paper = printed(newsroom.coordinator)
    assert paper.name == "pengumuman-1-tidak-terjangkau.xlsx"
    assert [row[0] for row in sheets(paper.content)["Unreachable"][1:]] == ["Siti Rahma"]


def test_a_coordinator_of_a_province_sees_nobody_elsewhere(newsroom: Newsroom) -> None:
    newsroom.loses(gives(newsroom.reader("Siti Rahma")))
    newsroom.loses(gives(newsroom.reader("Ratna Dewi", stage.KATINGAN), "0811 2222 3333"))
    person = stage.person(newsroom.town.work(), "Yohanes Lelang", language="en")
    stage.seat(newsroom.town.work(), person, Role.COORDINATOR, province=KALIMANTAN_TENGAH)
    provincial = newsroom.town.newcomer("Yohanes Lelang", person.telegram_id)

    provincial.sends_data("s:unreachable")

    assert "+6281122223333" in provincial.text
    assert "Siti Rahma" not in provincial.text


def test_many_are_paged_and_a_forged_subject_is_a_closed_door(newsroom: Newsroom) -> None:
    for number in range(10):
        newsroom.loses(newsroom.reader(f"Pembaca {number}"))
        newsroom.town.now += timedelta(minutes=1)
    newsroom.coordinator.sends_data("s:unreachable")
    assert "Pembaca 0" in newsroom.coordinator.text
    assert "Pembaca 9" not in newsroom.coordinator.text
    assert "Pembaca 9" in newsroom.coordinator.presses("▶").text

    for forged in ("999", "x", "-1"):
        assert "not open to you" in newsroom.coordinator.sends_data(f"s:unreachable:{forged}").text
        newsroom.coordinator.sends_data(f"a:export:unreachable-{forged}:0")
        assert "not open to you" in newsroom.coordinator.toast + newsroom.coordinator.text
