"""The menu of a role offers only what its people may do."""

import pytest

from bot.services.letters import post_letters
from bot.services.menus import menu_for
from bot.words import _
from db import outbox
from db.vocabulary import Role
from tests.items.sample import sample
from tests.people.phone import TEXTS, Town

CLOSED = "not open to you"


@pytest.mark.parametrize("role", list(Role))
def test_every_command_of_a_menu_is_open_to_whoever_has_the_menu(town: Town, role: Role) -> None:
    phone = sample(town)[role]
    for name, _meaning in menu_for(role):
        phone.writes(f"/{name}")
        assert CLOSED not in f"{phone.text} {phone.toast}", name


def test_an_administrator_finds_the_emergency_stop_at_home_and_in_the_menu(town: Town) -> None:
    admin = town.member(Role.ADMIN, None, "Hendra Gunawan")
    admin.writes("/bantuan")
    assert "/hentikansemua: Stop everything that goes out" in admin.text
    assert "/lanjutkansemua: Let everything go out again" in admin.text

    admin.writes("/menu").presses("Emergency stop")
    assert "Everything goes out." in admin.text
    admin.presses("Stop everything")
    assert "Everything is stopped" in admin.text
    admin.writes("/menu")
    assert "Everything is stopped" in admin.text
    assert any("Emergency stop" in label for label in admin.buttons)


def test_after_a_restore_the_emergency_stop_says_what_is_held_and_what_sends_it(town: Town) -> None:
    admin, siti = town.member(Role.ADMIN, None, "Hendra Gunawan"), town.member(Role.LEAD, "12.76", "Siti Rahma")
    work = town.work()
    work.tell(siti.person, _("Accepted."), key="news")
    post_letters(town.session, work.letters, TEXTS, town.now)
    outbox.hold_open(town.session)

    admin.writes("/menu").presses("Emergency stop")
    assert "1 message has been held since a backup was restored." in admin.text
    assert "Everything goes out." not in admin.text

    assert "Everything goes out." in admin.presses("Let all go on").text
    assert "1 message waits." in admin.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_is_offered_the_emergency_stop(town: Town, role: Role) -> None:
    phone = town.member(role, "12.76" if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None)
    phone.writes("/menu")
    assert not any("Emergency stop" in label for label in phone.buttons)
    assert "hentikansemua" not in dict(menu_for(role))
