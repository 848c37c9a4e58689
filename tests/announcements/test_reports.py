"""What became of an announcement, by place and as a workbook for whoever may see it."""

from datetime import timedelta

from sqlalchemy import func, select, update

from bot.services import letters
from db.models import Export, Paper, Seat
from db.vocabulary import OutboxState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.papers.sheets import answered, printed, sheets
from tests.people.phone import TEXTS


def sent_to_two(newsroom: Newsroom, *, lost: bool = True) -> None:
    """Siti in Tebing Tinggi has read it; Ratna in Katingan has blocked Pandu."""
    siti, ratna = newsroom.reader("Siti Rahma"), newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.drafts("Rapat koordinasi Senin.")
    newsroom.coordinator.presses("Subject").writes("=Rapat()")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive(only=[siti])
    newsroom.arrive(OutboxState.DEAD, only=[ratna], error="403: Forbidden: bot was blocked by the user")
    siti.presses_letter("I have read it")
    newsroom.coordinator.writes("/siarkan").presses("1. =Rapat()")


def test_a_report_has_a_row_for_every_reader_and_counts_by_place(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)

    newsroom.coordinator.presses("Report (Excel)")
    assert "being written" in newsroom.coordinator.toast
    paper = printed(newsroom.coordinator)

    assert paper.name == "pengumuman-1-laporan.xlsx"
    book = sheets(paper.content)
    assert list(book) == ["Announcement", "Readers", "By region", "By province"]
    siti, ratna = book["Readers"][1:]
    assert siti[:7] == ["Siti Rahma", "official of the region", "Kota Tebing Tinggi", "Sumatera Utara", "sent", "", "1"]
    assert all(float(moment) > 40000 for moment in siti[7:9])
    assert ratna[:6] == [
        "Ratna Dewi",
        "official of the region",
        "Kabupaten Katingan",
        "Kalimantan Tengah",
        "failed",
        "has blocked Pandu",
    ]
    assert ["Kota Tebing Tinggi", "1", "1", "1", "0", "0", "0", "0"] in book["By region"]
    assert ["Kalimantan Tengah", "1", "0", "0", "0", "1", "0", "0"] in book["By province"]


def test_a_report_says_what_was_announced_to_whom_with_its_corrections(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    newsroom.coordinator.presses("Correct it").writes("Rapat koordinasi Selasa.").presses("Only wording")

    newsroom.coordinator.presses("Report (Excel)")
    facts = {row[0]: row[1] for row in sheets(printed(newsroom.coordinator).content)["Announcement"]}

    assert facts["Subject"] == "=Rapat()"
    assert facts["Written by"] == "Sari Wulandari"
    assert facts["Text"] == "Rapat koordinasi Selasa."
    assert facts["To"].startswith("official of the region")
    assert next(text for label, text in facts.items() if label.startswith("Before correction 1")) == (
        "Rapat koordinasi Senin."
    )


def test_a_report_that_is_asked_for_twice_comes_once_and_its_bytes_are_forgotten(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    session = newsroom.town.session

    newsroom.coordinator.presses("Report (Excel)").presses("Report (Excel)")
    letter = answered(newsroom.coordinator)
    assert session.scalar(select(func.count()).select_from(Export)) == 0
    newsroom.town.delivered(letter, newsroom.coordinator.account)
    assert letters.forget_papers(session, newsroom.town.now) == 0

    assert letters.forget_papers(session, newsroom.town.now + timedelta(hours=2)) == 1
    assert session.scalar(select(func.count()).select_from(Paper)) == 0

    newsroom.coordinator.presses("Report (Excel)")
    assert printed(newsroom.coordinator).content


def test_a_workbook_that_has_not_left_yet_is_kept(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    newsroom.coordinator.presses("Report (Excel)")
    letter = answered(newsroom.coordinator)
    newsroom.town.posted(letter)

    assert letters.forget_papers(newsroom.town.session, newsroom.town.now + timedelta(hours=2)) == 0


def test_whoever_loses_the_seat_before_it_is_written_gets_no_report(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    newsroom.coordinator.presses("Report (Excel)")
    person = newsroom.coordinator.person.id
    newsroom.town.session.execute(update(Seat).where(Seat.holder_id == person).values(ended_at=newsroom.town.now))

    letter = answered(newsroom.coordinator)

    assert letter.paper is None
    assert "not open to you" in TEXTS.plain(letter.say, "en")


def test_nobody_else_gets_a_report_whatever_they_press(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    number = newsroom.newest().id
    stranger = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")

    for data in (f"a:export:announcement-{number}:0", f"s:ann-places:{number}:region"):
        stranger.sends_data(data)
        assert "not open to you" in stranger.toast + stranger.text
    for forged in ("announcement-999", "announcement-", "nothing-1", "announcement-9999999999999999999999", ""):
        newsroom.coordinator.sends_data(f"a:export:{forged}:0")
        assert "not open to you" in newsroom.coordinator.toast + newsroom.coordinator.text
    assert newsroom.town.session.scalar(select(func.count()).select_from(Export)) == 0


def test_a_draft_has_no_report(newsroom: Newsroom) -> None:
    newsroom.drafts()

    newsroom.coordinator.sends_data(f"a:export:announcement-{newsroom.newest().id}:0")

    assert "no report yet" in newsroom.coordinator.toast


def test_results_are_shown_by_region_and_by_province(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)

    newsroom.coordinator.presses("By place")
    assert "Kota Tebing Tinggi\n✅ sent: 1 of 1\n👁 confirmed: 1" in newsroom.coordinator.text
    assert "Kabupaten Katingan\n✅ sent: 0 of 1\n👁 confirmed: 0\n⚠️ failed: 1" in newsroom.coordinator.text

    newsroom.coordinator.presses("By province")
    assert "Kalimantan Tengah\n✅ sent: 0 of 1" in newsroom.coordinator.text
    assert "Sumatera Utara\n✅ sent: 1 of 1" in newsroom.coordinator.text


def test_a_failure_is_explained_in_words(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)

    newsroom.coordinator.presses("Failed (1)")

    assert "Ratna Dewi" in newsroom.coordinator.text
    assert "failed: has blocked Pandu" in newsroom.coordinator.text


def test_a_workbook_that_cannot_be_written_ends_with_a_word_and_stops_nobody(newsroom: Newsroom) -> None:
    sent_to_two(newsroom)
    person = newsroom.coordinator.person.id
    newsroom.town.session.add(Export(person_id=person, book="of an earlier release", subject="1", cause="update 0"))
    newsroom.town.session.flush()
    newsroom.coordinator.presses("Report (Excel)")

    assert "could not be written" in TEXTS.plain(answered(newsroom.coordinator).say, "en")
    assert printed(newsroom.coordinator).name == "pengumuman-1-laporan.xlsx"
