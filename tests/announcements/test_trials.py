"""A draft tried out in one pilot region: its people see it, and it counts nowhere."""

import pytest

from db.vocabulary import AnnouncementState, Role
from tests import stage
from tests.announcements.newsroom import Newsroom
from tests.handlers.counter import Answer, Counter
from tests.handlers.test_anything_sent import user
from tests.people.phone import Phone


@pytest.fixture
def piloted(newsroom: Newsroom) -> Newsroom:
    """A draft, two people in the pilot region, one elsewhere, and a mentor of the pilot region."""
    work = newsroom.town.work()
    for code in (stage.TEBING_TINGGI, stage.KATINGAN):
        stage.region(work, code)
    newsroom.reader("Siti Rahma")
    newsroom.reader("Bapak Lurah", role=Role.LEAD)
    newsroom.reader("Ratna Dewi", stage.KATINGAN)
    newsroom.reader("Bambang Wijaya", role=Role.MENTOR)
    newsroom.drafts()
    return newsroom


def phone(newsroom: Newsroom, name: str) -> Phone:
    return next(one for one in newsroom.town.phones.values() if one.name == name)


def tries(newsroom: Newsroom, region: str = "Kota Tebing Tinggi") -> Phone:
    found = newsroom.coordinator.presses("In a pilot region").presses(region)
    newsroom.posts()
    return found


def test_a_trial_goes_to_the_people_of_one_region_and_counts_nowhere(piloted: Newsroom) -> None:
    tries(piloted)

    assert "The trial goes to 2 persons" in piloted.coordinator.toast
    assert "A trial in Kota Tebing Tinggi" in phone(piloted, "Siti Rahma").told()[-1]
    assert phone(piloted, "Bapak Lurah").told() != []
    assert phone(piloted, "Ratna Dewi").told() == []
    assert phone(piloted, "Bambang Wijaya").told() == []
    assert piloted.newest().state is AnnouncementState.DRAFT
    assert piloted.states() == {}


def test_its_buttons_note_nothing(piloted: Newsroom) -> None:
    tries(piloted)
    siti = phone(piloted, "Siti Rahma").presses_letter("I have read it")

    assert "nothing is noted" in siti.toast
    assert piloted.states() == {}
    assert "Rapat" not in siti.writes("/pengumuman").text


def pressed(newsroom: Newsroom, phone: Phone, data: str) -> Answer:
    """What leaves for a chat that presses this."""
    message = {"message_id": 7, "date": 0, "chat": {"id": phone.account, "type": "private"}}
    query = {"id": "1", "from": user(phone), "chat_instance": "1", "data": data, "message": message}
    return Counter(newsroom.town.session).hand_in(phone.account, "callback_query", query)


def test_a_press_below_a_trial_leaves_the_chat_as_it_is(piloted: Newsroom) -> None:
    siti = phone(piloted, "Siti Rahma")

    answer = pressed(piloted, siti, "a:ann-tried:0:0")

    assert answer.panels == []
    assert answer.calls[0].body["text"] == "This was a trial: nothing is noted."


def test_the_draft_moves_below_the_trial_to_oneself(piloted: Newsroom) -> None:
    found = piloted.newest()

    answer = pressed(piloted, piloted.coordinator, f"a:ann-trial:{found.id}:{found.version}")

    trial, panel = [one for one in answer.sent if "text" in one.body]
    assert "only you see it" in trial.body["text"]
    assert panel.panel


def test_pressing_twice_tries_it_once_and_other_words_may_be_tried_anew(piloted: Newsroom) -> None:
    siti = phone(piloted, "Siti Rahma")
    tries(piloted)
    piloted.arrive()
    assert "tried in Kota Tebing Tinggi already" in tries(piloted).toast
    assert piloted.arrive() == 0
    assert len(siti.told()) == 1

    piloted.coordinator.presses("Subject").writes("Rapat koordinasi")
    tries(piloted)
    assert piloted.arrive() == 2


def test_a_real_one_still_reaches_those_who_saw_the_trial(piloted: Newsroom) -> None:
    tries(piloted)
    piloted.arrive()
    piloted.chooses("official of the region")
    piloted.coordinator.presses("Check and send")
    assert "very same text" not in piloted.coordinator.text
    piloted.coordinator.presses("Not yet")
    piloted.sends()

    assert piloted.arrive() == 2


def test_a_region_without_reachable_people_is_said(piloted: Newsroom) -> None:
    for name in ("Siti Rahma", "Bapak Lurah"):
        piloted.loses(phone(piloted, name))

    assert "Nobody of Kota Tebing Tinggi can be reached" in tries(piloted).toast


def test_nobody_tries_what_is_not_theirs_or_where_they_may_not(piloted: Newsroom) -> None:
    found = piloted.newest()
    person = stage.person(piloted.town.work(), "Yohanes Lelang", language="en")
    stage.seat(piloted.town.work(), person, Role.COORDINATOR, province="62")
    provincial = Newsroom(piloted.town, piloted.town.newcomer("Yohanes Lelang", person.telegram_id))
    provincial.drafts()
    own = provincial.newest()
    pages = provincial.coordinator.presses("In a pilot region")
    assert "Kota Tebing Tinggi" not in "".join(pages.buttons)

    stranger = phone(piloted, "Siti Rahma")
    for who, data in (
        (stranger, f"a:ann-pilot:{found.id}-{stage.TEBING_TINGGI}:{found.version}"),
        (stranger, f"s:ann-pilots:{found.id}"),
        (provincial.coordinator, f"a:ann-pilot:{own.id}-{stage.TEBING_TINGGI}:{own.version}"),
        (piloted.coordinator, f"a:ann-pilot:{found.id}-99.99:{found.version}"),
    ):
        who.sends_data(data)
    assert piloted.arrive() == 0


def test_a_trial_reaches_only_its_author_and_counts_nowhere(newsroom: Newsroom) -> None:
    siti = newsroom.reader("Siti Rahma")
    newsroom.drafts()
    newsroom.coordinator.presses("Try it on me")

    assert "only you see it" in newsroom.coordinator.told()[-1]
    assert siti.told() == []
    newsroom.coordinator.presses_letter("I have read it")
    assert "nothing is noted" in newsroom.coordinator.toast
    assert newsroom.states() == {}
