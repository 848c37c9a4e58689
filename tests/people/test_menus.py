"""The menu of a role offers only what its people may do."""

import pytest

from bot.services.menus import menu_for
from db.vocabulary import Role
from tests.items.sample import sample
from tests.people.phone import Town

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


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_else_is_offered_the_emergency_stop(town: Town, role: Role) -> None:
    phone = town.member(role, "12.76" if role in (Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR) else None)
    phone.writes("/menu")
    assert not any("Emergency stop" in label for label in phone.buttons)
    assert "hentikansemua" not in dict(menu_for(role))
