"""Every button of every screen, for everybody: it leads on, and to nobody else's data."""

from collections.abc import Mapping

import pytest

from db.vocabulary import Role
from tests.handlers.crawler import Crawler, faults
from tests.people.phone import Phone
from tests.stage import KATINGAN

Phones = Mapping[Role, Phone]


@pytest.mark.parametrize("role", list(Role))
def test_every_button_that_is_offered_leads_on(phones: Phones, role: Role) -> None:
    pages = Crawler(phones[role]).walk()

    assert len(pages) > 8
    assert list(faults(pages)) == []


@pytest.mark.parametrize("role", list(Role))
def test_every_button_leads_on_also_with_a_question_open(phones: Phones, role: Role) -> None:
    phone = phones[role]
    phone.sends_data("a:rename:0:0")

    pages = Crawler(phone).walk()

    assert list(faults(pages)) == []
    assert all(
        "▶ Continue" in "".join(page.buttons)
        for key, page in pages.items()
        if key.startswith("s:") and key != "s:resume"
    )


def test_whoever_has_no_seat_finds_a_way_on_too(phones: Phones) -> None:
    pages = Crawler(phones[Role.LEAD].town.newcomer().writes("halo")).walk()

    assert list(faults(pages)) == []
    assert not [page for page in pages.values() if "Tebing Tinggi" in page.text]


@pytest.mark.parametrize("seeing", [Role.LEAD, Role.MENTOR, Role.CONTRIBUTOR])
def test_what_is_not_yours_is_answered_like_what_does_not_exist(phones: Phones, seeing: Role) -> None:
    pages = Crawler(phones[seeing]).walk()
    stranger = Crawler(phones[seeing].town.member(Role.LEAD, KATINGAN, "Yansen Garu"))
    missing = {"s": stranger.press("s:item-id:999999"), "a": stranger.press("a:accept:999999:1")}

    told = {data: stranger.press(data) for data in pages if _names_a_row(data)}

    assert len(told) > 2
    different = {
        data: (page.toast, page.text)
        for data, page in told.items()
        if (page.toast, page.text, page.alert)
        != (missing[data[0]].toast, missing[data[0]].text, missing[data[0]].alert)
    }
    assert different == {}


_SCREENS = (
    "item-id",
    "history",
    "submissions",
    "assign",
    "review",
    "member",
    "removing",
    "region",
    "meeting",
    "extension",
)
_DEEDS = ("work", "waive", "accept", "return", "undo", "files", "assign", "reopen", "extend", "ext-withdraw")


def _names_a_row(data: str) -> bool:
    """Buttons about one item, submission or member of the region."""
    kind, name, *rest = (*data.split(":"), "", "")[:4]
    if kind == "s":
        return name in _SCREENS
    return name in _DEEDS and bool(rest)


@pytest.mark.parametrize("role", list(Role))
def test_every_button_of_every_message_leads_on(phones: Phones, role: Role) -> None:
    phone = phones[role]
    crawler = Crawler(phone)
    offered = {button.data for letter in phone.letters for row in letter.rows for button in row if button.data}

    pages = {data: crawler.press(data, "a message") for data in sorted(offered)}

    assert list(faults(pages)) == []
