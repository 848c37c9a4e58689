"""Commands with their aliases: discovery for those who type, everything is reachable by buttons too."""

from collections.abc import Callable, Mapping

from bot.handlers.desk import Desk
from bot.services import joining
from bot.services.conversations import Reply
from bot.services.visits import Visit
from bot.words import _, _p
from db.vocabulary import Role

Command = Callable[[Desk, Visit, str], Reply]


def _screen(key: str) -> Command:
    return lambda _desk, _visit, _argument: Reply(then=key)


def start(desk: Desk, visit: Visit, argument: str) -> Reply:
    """`/start`, alone or with the payload of a deep link: `i_` invitation, `t_` item."""
    kind, _underscore, value = argument.partition("_")
    match kind:
        case "i" if value:
            return joining.with_code(desk.conversations, visit, value)
        case "t" if value and visit.person:
            return Reply(then=f"item:{value}")
        case _ if visit.person is None:
            return joining.welcome(desk.conversations, visit)
        case _:
            return Reply(then="home")


def cancel(desk: Desk, visit: Visit, _argument: str) -> Reply:
    """`/batal` works anywhere and says what was kept."""
    return desk.conversations.cancel(visit) or Reply(note=_("Nothing was open, so nothing was cancelled."), then="home")


COMMANDS: Mapping[str, Command] = {
    "start": start,
    "mulai": start,
    "menu": _screen("home"),
    "beranda": _screen("home"),
    "tugas": _screen("tasks"),
    "tahapan": _screen("stages"),
    "kemajuan": _screen("progress"),
    "draf": _screen("drafts"),
    "profil": _screen("profile"),
    "bantuan": _screen("help"),
    "help": _screen("help"),
    "batal": cancel,
    "pengaturan": _screen("settings"),
    "settings": _screen("settings"),
    "privasi": _screen("privacy"),
    "tinjau": _screen("reviews"),
    "daerah": _screen("regions"),
    "undang": _screen("invite"),
    "libur": _screen("calendar"),
}

# What the menu shows, per role: eight at most, most used first (conversation rules, "Command menu per role").
_EVERYBODY = (
    ("menu", _p("command", "Home")),
    ("tugas", _p("command", "My tasks")),
    ("tahapan", _p("command", "Milestones and checklist")),
    ("kemajuan", _p("command", "Progress of the region")),
    ("draf", _p("command", "Drafts not yet submitted")),
    ("profil", _p("command", "Profile and seats")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_REVIEWERS = (
    ("menu", _p("command", "Home")),
    ("tinjau", _p("command", "Evidence to review")),
    ("daerah", _p("command", "Regions")),
    ("kemajuan", _p("command", "Progress of the regions")),
    ("profil", _p("command", "Profile and seats")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_COORDINATORS = (
    ("menu", _p("command", "Home")),
    ("daerah", _p("command", "Regions")),
    ("tinjau", _p("command", "Evidence to review")),
    ("undang", _p("command", "Invite somebody")),
    ("libur", _p("command", "Working calendar")),
    ("profil", _p("command", "Profile and seats")),
    ("bantuan", _p("command", "Help and contact")),
    ("batal", _p("command", "Leave the open question")),
)
_STRANGERS = (
    ("mulai", _p("command", "Begin")),
    ("bantuan", _p("command", "Help and contact")),
    ("privasi", _p("command", "Privacy notice")),
)


def menu_for(role: Role | None) -> tuple[tuple[str, object], ...]:
    """The command menu of a role; None for somebody without a seat."""
    match role:
        case None:
            return _STRANGERS
        case Role.MENTOR | Role.OBSERVER:
            return _REVIEWERS
        case Role.COORDINATOR | Role.ADMIN:
            return _COORDINATORS
        case _:
            return _EVERYBODY


def on_command(desk: Desk, visit: Visit, text: str) -> Reply:
    """Run the command; an unknown one gets the list of what there is."""
    word, _space, argument = text[1:].partition(" ")
    name = word.partition("@")[0].casefold()
    command = COMMANDS.get(name)
    if command is None:
        return Reply(note=_("There is no such command. Here is what can be done."), then="help")
    return command(desk, visit, argument.strip())
