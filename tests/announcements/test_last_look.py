"""The last look before an announcement leaves: every name, who cannot be reached, and what to do if nobody is meant."""

from bot.screens.screen import PAGE
from tests import stage
from tests.announcements.newsroom import Newsroom


def last_look(newsroom: Newsroom) -> None:
    newsroom.drafts()
    newsroom.chooses("official of the region")
    newsroom.coordinator.presses("Check and send")


def test_every_name_can_be_read_with_a_mark_on_whoever_cannot_be_reached(newsroom: Newsroom) -> None:
    newsroom.crowd(PAGE + 3)
    newsroom.loses(newsroom.reader("Yohana Pua", stage.BANGGAI))
    last_look(newsroom)
    phone = newsroom.coordinator.presses(f"All names ({PAGE + 4})")

    assert "1 of them cannot be reached" in phone.text
    assert phone.text.index("⚠️ Yohana Pua, official of the region, Kabupaten Banggai") < phone.text.index("Pembaca")
    seen = phone.text
    phone.presses("▶")
    assert all(
        f"Pembaca {number}, official of the region, Kota Tebing Tinggi" in seen + phone.text for number in range(9)
    )
    assert phone.text.count("Pembaca") == 4
    phone.presses("Back").presses("Send to")
    assert len(newsroom.states()) == PAGE + 4


def test_the_names_of_one_that_was_confirmed_meanwhile_are_its_readers(newsroom: Newsroom) -> None:
    newsroom.reader("Siti Rahma")
    last_look(newsroom)
    newsroom.coordinator.presses("Send to").sends_data(f"s:ann-meant:{newsroom.newest().id}")

    assert "Readers of “Rapat koordinasi" in newsroom.coordinator.text
    assert "Siti Rahma" in newsroom.coordinator.text


def test_where_nobody_is_meant_the_page_says_so_and_leads_to_the_audience(newsroom: Newsroom) -> None:
    last_look(newsroom)
    phone = newsroom.coordinator
    assert "Nobody is meant. Please choose the audience." in phone.text
    assert "30 seconds" not in phone.text
    assert "Send to" not in " ".join(phone.buttons)
    assert "All names" not in " ".join(phone.buttons)

    phone.presses("Audience")
    assert "Audience" in phone.text


def test_nobody_but_who_announces_reads_the_names(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    last_look(newsroom)
    siti.sends_data(f"s:ann-meant:{newsroom.newest().id}")
    assert "not open to you" in siti.text
