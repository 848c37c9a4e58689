"""What was announced is found again: by coordinators with its number, by readers with its letter and its files."""

import pytest

from bot.flows.finding import sought
from db.vocabulary import Role
from tests.announcements.newsroom import Newsroom

DOCUMENT = {"file_id": "d1", "file_unique_id": "u1", "file_name": "undangan.pdf", "file_size": 9}


def announces(newsroom: Newsroom, text: str, subject: str) -> None:
    newsroom.drafts(text)
    newsroom.coordinator.presses("Subject").writes(subject)
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()


def finds(newsroom: Newsroom, words: str) -> list[str]:
    newsroom.coordinator.writes("/siarkan").presses("Search").writes(words)
    return [label for label, data in newsroom.coordinator.buttons.items() if data.startswith("s:announcement:")]


def test_an_announcement_is_found_by_its_number_or_by_words_from_it(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    announces(newsroom, "Rapat koordinasi Buku 2.", "Rapat koordinasi")
    announces(newsroom, "Undangan bimbingan teknis.", "Bimtek")
    newsroom.coordinator.presses("Refresh")

    assert finds(newsroom, "2") == ["✅ 2. Bimtek", "✅ 1. Rapat koordinasi"]
    assert finds(newsroom, "BUKU, rapat!") == ["✅ 1. Rapat koordinasi"]
    assert finds(newsroom, "bimbingan") == ["✅ 2. Bimtek"]
    assert finds(newsroom, "tidak ada") == []
    assert "0 announcements" in newsroom.coordinator.text
    newsroom.coordinator.presses("All of them")
    assert "✅ 2. Bimtek" in newsroom.coordinator.buttons


def test_what_was_found_is_paged_with_the_words_kept(newsroom: Newsroom) -> None:
    for number in range(10):
        newsroom.drafts(f"Rapat {number}.")
        newsroom.coordinator.presses("Put the draft away" if number == 9 else "Back")

    assert len(finds(newsroom, "rapat")) == 8
    newsroom.coordinator.presses("▶")
    assert "“rapat”: 9 announcements" in newsroom.coordinator.text
    assert len([label for label in newsroom.coordinator.buttons if "Rapat" in label]) == 1


@pytest.mark.parametrize("typed", ["…", "", "🙂"])
def test_what_has_no_words_is_asked_for_again(newsroom: Newsroom, typed: str) -> None:
    newsroom.drafts()
    newsroom.coordinator.writes("/siarkan").presses("Search").writes(typed)

    assert "a number or words" in newsroom.coordinator.text
    newsroom.coordinator.presses("Cancel")
    assert "Announcements" in newsroom.coordinator.text


def test_long_words_fit_into_a_button() -> None:
    assert len(f"s:announcements:99:{sought('ä' * 200)}".encode()) <= 64
    assert sought("a:b\nc") == "a b c"


def test_nobody_else_searches(newsroom: Newsroom) -> None:
    newsroom.drafts("Rahasia.")
    mentor = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")
    for data in ("a:ann-search:0:0", "s:announcements:0:rahasia"):
        mentor.sends_data(data)
        assert "not open to you" in mentor.toast + mentor.text


def test_a_reader_keeps_number_date_and_files_of_an_official_letter(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.coordinator.writes("/siarkan").presses("New announcement").sends(document=DOCUMENT)
    newsroom.coordinator.writes("Undangan rapat.").presses("Finished")
    newsroom.coordinator.presses("Letter number").writes("B-214/DJAI/11")
    newsroom.coordinator.presses("Letter date").writes("10 November")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()

    siti.writes("/pengumuman").presses("Undangan")
    assert "B-214/DJAI/11" in siti.text
    assert "10 November" in siti.text
    siti.presses("Files (1)")
    letter = siti.letters[-1]
    assert (letter.method, letter.file_id, letter.protect) == ("sendDocument", "d1", False)
    assert "1 file is on its way" in siti.toast


def test_files_go_to_readers_only_and_those_of_a_recalled_one_to_nobody(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.coordinator.writes("/siarkan").presses("New announcement").sends(document=DOCUMENT)
    newsroom.coordinator.writes("Undangan rapat.").presses("Finished")
    newsroom.chooses("official of the region")
    newsroom.sends()
    newsroom.arrive()
    number = newsroom.newest().id
    stranger = newsroom.town.member(Role.MENTOR, None, "Bambang Wijaya")

    stranger.sends_data(f"a:ann-files:{number}:0")
    assert "not open to you" in stranger.toast + stranger.text
    assert stranger.told() == []

    newsroom.coordinator.presses("Refresh").presses("Recall").presses("Recall it").writes("Salah berkas.")
    siti.sends_data(f"a:ann-files:{number}:0")
    assert "nothing needs to be done" in siti.toast
    assert "Files" not in "".join(siti.buttons)
