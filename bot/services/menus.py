"""The command menu of each role. Rights are checked again on the server: the menu is only for finding things."""

import zlib
from typing import Any

from bot.texts import Texts
from bot.words import Words, _p
from db.models import Person, Seat
from db.outbox import Outgoing
from db.vocabulary import Lane, Policy, Role

Menu = tuple[tuple[str, Words], ...]

# What the menu shows, per role: eight at most, most used first (conversation rules, "Command menu per role").
_TEAM: Menu = (
    ("menu", _p("command", "Home")),
    ("tugas", _p("command", "My tasks")),
    ("tanya", _p("command", "Ask the mentors")),
    ("tahapan", _p("command", "Milestones and checklist")),
    ("pengumuman", _p("command", "Announcements")),
    ("kemajuan", _p("command", "Progress of the region")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
# The numbers of a region are not for every agency that helps in it.
_CONTRIBUTORS: Menu = tuple(entry for entry in _TEAM if entry[0] != "kemajuan")
_MENTORS: Menu = (
    ("menu", _p("command", "Home")),
    ("antrean", _p("command", "Questions that wait")),
    ("jawabansaya", _p("command", "My answers")),
    ("tinjau", _p("command", "Evidence to review")),
    ("jawabancepat", _p("command", "Ready answers")),
    ("cuti", _p("command", "Absence and substitute")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_OBSERVERS: Menu = (
    ("menu", _p("command", "Home")),
    ("antrean", _p("command", "Questions that wait")),
    ("daerah", _p("command", "Regions")),
    ("kemajuan", _p("command", "Progress of the regions")),
    ("profil", _p("command", "Profile and seats")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_COORDINATORS: Menu = (
    ("menu", _p("command", "Home")),
    ("daerah", _p("command", "Regions")),
    ("antrean", _p("command", "Questions that wait")),
    ("tinjau", _p("command", "Evidence to review")),
    ("undang", _p("command", "Invite somebody")),
    ("siarkan", _p("command", "Announcements")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_ADMINS: Menu = (
    ("menu", _p("command", "Home")),
    ("daerah", _p("command", "Regions")),
    ("antrean", _p("command", "Questions that wait")),
    ("undang", _p("command", "Invite somebody")),
    ("hentikansemua", _p("command", "Stop everything that goes out")),
    ("lanjutkansemua", _p("command", "Let everything go out again")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
STRANGERS: Menu = (
    ("mulai", _p("command", "Begin")),
    ("bantuan", _p("command", "Help and contact")),
    ("privasi", _p("command", "Privacy notice")),
)


def menu_for(role: Role | None) -> Menu:
    """The command menu of a role; None for somebody without a seat."""
    match role:
        case None:
            return STRANGERS
        case Role.MENTOR:
            return _MENTORS
        case Role.OBSERVER:
            return _OBSERVERS
        case Role.COORDINATOR:
            return _COORDINATORS
        case Role.ADMIN:
            return _ADMINS
        case Role.CONTRIBUTOR:
            return _CONTRIBUTORS
        case _:
            return _TEAM


def commands(menu: Menu, texts: Texts, language: str) -> list[dict[str, Any]]:
    """The menu as Telegram's `BotCommand` objects."""
    return [{"command": name, "description": texts.plain(words, language)} for name, words in menu]


def refreshed(person: Person, seat: Seat | None, texts: Texts, cause: str) -> Outgoing | None:
    """The call that gives a person the menu of their present role and language; None if they have it already.

    A menu that a release has changed is another menu.
    """
    menu = menu_for(seat.role if seat else None)
    wanted = f"{seat.role if seat else 'none'}:{person.language}:{_mark(menu)}"
    if person.menu == wanted or person.telegram_id is None:
        return None
    person.menu = wanted
    return Outgoing(
        unique_key=f"menu:{person.telegram_id}:{cause}",
        chat_id=person.telegram_id,
        method="setMyCommands",
        body={
            "commands": commands(menu, texts, person.language),
            "scope": {"type": "chat", "chat_id": person.telegram_id},
        },
        lane=Lane.NOTICE,
        policy=Policy.REPEATABLE,
    )


def _mark(menu: Menu) -> str:
    """Tells one list of commands from another, in eight letters."""
    return f"{zlib.crc32(' '.join(name for name, _words in menu).encode()):08x}"
