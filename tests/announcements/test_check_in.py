"""Check-in at a session: by scanning or typing its code, within its hours, once, and by whom it concerns."""

from datetime import timedelta
from io import BytesIO

import pytest
import segno
from PIL import Image
from sqlalchemy import select

from bot.services import check_ins, letters
from bot.services.invite_codes import ALPHABET
from db.models import AuditEntry, CheckIn, Paper, Person
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.announcements.test_attendance import at, invites
from tests.papers.sheets import printed, sheets


def opens(newsroom: Newsroom) -> str:
    """The coordinator opens the check-in of the newest invitation; the code."""
    newsroom.coordinator.sends_data(f"s:announcement:{newsroom.newest().id}").presses("Attendance")
    newsroom.coordinator.presses("Open check-in")
    code = newsroom.newest().check_in_code
    assert code is not None
    return code


def half_an_hour_before(newsroom: Newsroom) -> str:
    """The check-in of an invitation was opened, and half an hour is left to its session; the code."""
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, 8, 30)
    return code


def here(newsroom: Newsroom) -> list[str]:
    rows = select(Person.name).join(CheckIn, CheckIn.person_id == Person.id).order_by(Person.name)
    return list(newsroom.town.session.scalars(rows))


def test_the_picture_carries_a_link_and_a_code_that_can_be_typed(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    code = opens(newsroom)

    letter = newsroom.coordinator.letters[-1]
    assert letter.method == "sendPhoto"
    assert letter.paper is not None
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    picture = Image.open(BytesIO(letter.paper.content)).convert("L")
    assert picture.width == 1080
    link = f"https://t.me/{newsroom.town.work().programme.bot_username}?start=c_{code}"
    assert _drawn(picture, len(segno.make_qr(link, error="m").matrix) + 8) == _expected(link)
    assert f"{code[:3]} {code[3:]}" in newsroom.coordinator.text


def _expected(link: str) -> list[list[bool]]:
    return [[bool(module) for module in row] for row in segno.make_qr(link, error="m").matrix]


def _drawn(picture: Image.Image, modules: int) -> list[list[bool]]:
    """The modules of the code as they were drawn below the heading: dark or light at the middle of each."""
    size, pixels = 760, picture.tobytes()

    def is_dark(x: int, y: int) -> bool:
        return pixels[y * picture.width + x] < 100

    left = (picture.width - size) // 2
    edge = left + round(size * 4.5 / modules)
    corner = next(y for y in range(200, picture.height) if all(is_dark(edge, y + down) for down in range(60)))
    top = corner - round(size * 4 / modules)
    middles = [round(size * (place + 0.5) / modules) for place in range(4, modules - 4)]
    return [[is_dark(left + x, top + y) for x in middles] for y in middles]


def test_the_bytes_of_the_picture_stay_only_until_it_has_left(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    opens(newsroom)
    session, later = newsroom.town.session, newsroom.town.now + timedelta(hours=2)
    row = newsroom.town.posted(newsroom.coordinator.letters[-1])

    for still in (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD):
        row.state = still
        session.flush()
        assert letters.forget_papers(session, later) == 0
    newsroom.town.delivered(newsroom.coordinator.letters[-1], newsroom.coordinator.account)

    assert letters.forget_papers(session, newsroom.town.now) == 0
    assert letters.forget_papers(session, later) == 1
    assert session.scalars(select(Paper)).all() == []
    newsroom.coordinator.presses("Check-in picture")
    assert newsroom.coordinator.letters[-1].paper is not None


def test_whoever_scans_or_types_the_code_is_checked_in_with_the_time_of_the_message(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    code = half_an_hour_before(newsroom)

    siti.starts(f"c_{code}")
    assert "✅ You are checked in to “Undangan bimtek.”: 08:30 WIB" in siti.text
    ratna.writes(f" {code[:3].lower()}-{code[3:].lower()} ")
    assert "You are checked in" in ratna.text

    assert here(newsroom) == ["Ratna Dewi", "Siti Rahma"]
    moments = set(newsroom.town.session.scalars(select(CheckIn.at)))
    assert moments == {newsroom.town.now}


def test_twice_is_once(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, 9, 5)
    siti.starts(f"c_{code}")
    at(newsroom, 17, 13)

    siti.starts(f"c_{code}")

    assert "checked in already, since 09:05 WIB" in siti.text
    assert here(newsroom) == ["Siti Rahma"]
    acts = newsroom.town.session.scalars(select(AuditEntry.act)).all()
    assert acts.count("check_in") == 1


@pytest.mark.parametrize(
    ("hour", "minute", "says"),
    [
        (7, 59, "Check-in opens on Tuesday, 17 November 2026 at 08:00 WIB"),
        (8, 0, "You are checked in"),
        (12, 0, "You are checked in"),
        (12, 1, "Check-in closed on Tuesday, 17 November 2026 at 12:00 WIB"),
    ],
)
def test_it_is_open_from_an_hour_before_to_the_end(newsroom: Newsroom, hour: int, minute: int, says: str) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, hour, minute)

    siti.writes(code)

    assert says in siti.text
    assert bool(here(newsroom)) == ("You are" in says)


def test_after_the_session_no_check_in_is_offered(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    at(newsroom, 17, 12, 1)

    newsroom.coordinator.sends_data(f"s:ann-attendance:{newsroom.newest().id}")

    assert "no answer yet: 1" in newsroom.coordinator.text
    assert "🎟 Open check-in" not in newsroom.coordinator.buttons


def test_a_member_who_was_not_invited_is_checked_in_and_listed_as_such(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    guest = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, 9)

    guest.starts(f"c_{code}")

    assert "on the list as not invited" in guest.text
    newsroom.coordinator.presses("Refresh")
    assert "checked in: 1" in newsroom.coordinator.text
    assert "without an invitation: 1" in newsroom.coordinator.text
    newsroom.coordinator.presses("Names")
    assert "Bambang Wijaya · the whole programme\nwithout an invitation\n🎟 checked in on" in newsroom.coordinator.text


def test_a_session_for_other_regions_has_a_kind_word_and_no_check_in(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    other = newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes("17 November 09.00-12.00")
    newsroom.chooses("WIB", "official of the region")
    found = newsroom.newest()
    found.audience = {"regions": [stage.TEBING_TINGGI]}
    newsroom.town.session.flush()
    newsroom.sends()
    newsroom.arrive()
    code = opens(newsroom)
    at(newsroom, 17, 9)

    other.starts(f"c_{code}")

    assert "is for other regions" in other.text
    assert here(newsroom) == []


def test_a_stranger_is_asked_to_come_in_first(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, 9)

    for phone in (newsroom.town.newcomer().starts(f"c_{code}"), newsroom.town.newcomer().writes(code)):
        assert "come in with your invitation first" in phone.text
        assert "Undangan bimtek" not in phone.text
    assert here(newsroom) == []


def test_another_code_takes_the_place_of_the_first(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    first = opens(newsroom)
    anew = next(data for label, data in newsroom.coordinator.buttons.items() if "Another code" in label)
    newsroom.coordinator.presses("Another code")
    second = newsroom.newest().check_in_code
    assert second != first
    newsroom.coordinator.sends_data(anew)
    assert newsroom.newest().check_in_code == second
    newsroom.coordinator.presses("Check-in picture")
    assert newsroom.newest().check_in_code == second
    at(newsroom, 17, 9)

    assert "not valid" in siti.starts(f"c_{first}").text
    assert "You are checked in" in siti.starts(f"c_{second}").text


def test_guessing_ends_after_five_wrong_codes(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    code = opens(newsroom)
    at(newsroom, 17, 9)
    wrong = [guess for guess in ("AAA222", "BBB333", "CCC444", "DDD555", "EEE666", "FFF777") if guess != code][:5]
    for guess in wrong:
        assert "not valid" in siti.writes(guess).text

    siti.writes(code)

    assert "Too many attempts" in siti.text
    assert here(newsroom) == []


def test_six_letters_and_digits_are_words_like_others_while_no_session_has_a_code(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")

    siti.writes("BUKU22")

    assert "not valid" not in siti.text


@pytest.mark.parametrize("payload", ["c_", "c_x", "c_%00", "c_" + "A" * 60, "c_abc_def"])
def test_a_forged_link_checks_nobody_in(newsroom: Newsroom, payload: str) -> None:
    siti = newsroom.reader("Siti Rahma")
    invites(newsroom)
    opens(newsroom)
    at(newsroom, 17, 9)

    siti.starts(payload)

    assert siti.buttons
    assert here(newsroom) == []


def test_only_a_coordinator_opens_check_in_and_only_of_an_invitation_that_was_sent(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts("Undangan bimtek.")
    number = newsroom.newest().id
    newsroom.coordinator.sends_data(f"a:check-in:announcement-{number}:0")
    assert "Only an invitation that was sent" in newsroom.coordinator.toast

    invites(newsroom)
    for deed in ("check-in", "check-in-anew"):
        siti.sends_data(f"a:{deed}:announcement-{newsroom.newest().id}:0")
    siti.sends_data(f"s:ann-attendance:{newsroom.newest().id}").sends_data(f"s:ann-attendants:{newsroom.newest().id}")

    assert newsroom.newest().check_in_code is None
    assert "Attendance of" not in siti.text
    assert newsroom.town.session.scalars(select(Paper.sha256)).all() == []


def test_whoever_is_there_is_not_reminded_to_answer(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts("Undangan bimtek.")
    newsroom.coordinator.presses("I have read it").presses("Session time").writes("17 November 10.00-12.00")
    newsroom.coordinator.presses("No reminder")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    code = opens(newsroom)
    at(newsroom, 17, 9, 1)
    siti.writes(code)

    newsroom.follows_up()

    assert newsroom.arrive() == 0
    assert len(siti.told()) == 1


def test_the_coordinator_sees_by_region_who_comes(newsroom: Newsroom) -> None:
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.reader("Rudi Hartono")
    invites(newsroom)
    siti.presses_letter("I will attend")
    ratna.presses_letter("I cannot attend")

    newsroom.coordinator.presses("Refresh").presses("Attendance")

    shown = newsroom.coordinator.text
    assert "will attend: 1\n🙅 cannot attend: 1\n🔕 no answer yet: 1" in shown
    assert "Kota Tebing Tinggi: 🙋 1 · 🙅 0 · 🔕 1" in shown
    assert "Kabupaten Katingan: 🙋 0 · 🙅 1 · 🔕 0" in shown


def test_the_code_of_a_check_in_is_written_as_it_is_read() -> None:
    assert check_ins.printed("K7Q3M9") == "K7Q 3M9"


def test_the_list_is_a_workbook_with_everybody_and_counts_by_region(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.reader("Ratna Dewi", stage.KATINGAN)
    guest = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya", position="=Dosen()")
    invites(newsroom)
    siti.presses_letter("I will attend")
    code = opens(newsroom)
    at(newsroom, 17, 9)
    for phone in (siti, guest):
        phone.starts(f"c_{code}")

    newsroom.coordinator.presses("List (Excel)")
    paper = printed(newsroom.coordinator)

    assert paper.name == "pengumuman-1-daftar-hadir.xlsx"
    book = sheets(paper.content)
    assert list(book) == ["Attendance list", "By region"]
    people = {row[0]: row[1:] for row in book["Attendance list"][1:]}
    assert people["Siti Rahma"][2:5] == ["Kota Tebing Tinggi", "Sumatera Utara", "will attend"]
    assert all(float(moment) > 40000 for moment in people["Siti Rahma"][5:7])
    assert people["Ratna Dewi"][2:] == ["Kabupaten Katingan", "Kalimantan Tengah", "no answer"]
    assert people["Bambang Wijaya"][0] == "=Dosen()"
    assert people["Bambang Wijaya"][4:6] == ["without an invitation", ""]
    assert people["Bambang Wijaya"][7] == "yes"
    assert book["By region"][1:] == [
        ["Kota Tebing Tinggi", "1", "0", "0", "1", "0"],
        ["Kabupaten Katingan", "0", "0", "1", "0", "0"],
        ["the whole programme", "0", "0", "0", "1", "1"],
        ["All", "1", "0", "1", "2", "1"],
    ]


def test_only_a_coordinator_gets_the_list_and_only_of_an_invitation(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.sends()
    newsroom.coordinator.sends_data(f"a:export:attendance-{newsroom.newest().id}:0")
    assert "Only an invitation that was sent" in newsroom.coordinator.toast

    siti.sends_data(f"a:export:attendance-{newsroom.newest().id}:0")
    assert "could not be found" in siti.toast + siti.text
