"""Commands with their aliases: discovery for those who type, everything is reachable by buttons too."""

from collections.abc import Callable, Mapping

from bot.handlers.desk import Desk
from bot.services import asking, check_ins, joining
from bot.services.conversations import Reply
from bot.services.visits import Visit
from bot.words import Refusal, _

Command = Callable[[Desk, Visit, str], Reply]


def _screen(key: str) -> Command:
    return lambda _desk, _visit, _argument: Reply(then=key)


def _deed(name: str) -> Command:
    """A deed done by its command, without a page before it."""
    return lambda desk, visit, _argument: _aloud(desk.act(visit, name, "0", 0))


def _aloud(reply: Reply) -> Reply:
    """What a press would say in passing stands above the page."""
    return Reply(note=reply.note or reply.toast, then=reply.then or "home")


def start(desk: Desk, visit: Visit, argument: str) -> Reply:
    """`/start`, alone or with the payload of a deep link: `i_` an invitation, `t_` an item, `q_` a question, `a_` an
    announcement, `c_` the check-in of a session."""
    kind, _underscore, value = argument.partition("_")
    match kind:
        case "i" if value:
            return joining.with_code(desk.conversations, visit, value)
        case "c" if value:
            return check_ins.with_code(visit, value)
        case "t" if value and visit.person:
            return Reply(then=f"item:{value}")
        case "q" if value and visit.person:
            return Reply(then=f"question-no:{value}")
        case "a" if value and visit.person:
            return Reply(then=f"my-announcement:{value}")
        case _ if visit.person is None:
            return joining.welcome(desk.conversations, visit)
        case _:
            return Reply(then="home")


def cancel(desk: Desk, visit: Visit, _argument: str) -> Reply:
    """`/batal` works anywhere and says what was kept."""
    return desk.conversations.cancel(visit) or Reply(note=_("Nothing was open, so nothing was cancelled."), then="home")


def ask(desk: Desk, visit: Visit, argument: str) -> Reply:
    """`/tanya`: ask the mentors from where the person stands, perhaps with the question written behind it."""
    if visit.person is None:
        return joining.welcome(desk.conversations, visit)
    try:
        return desk.conversations.begin(visit, asking.command(visit, argument))
    except Refusal as refusal:
        return Reply(note=refusal.words, then="home")


COMMANDS: Mapping[str, Command] = {
    "start": start,
    "mulai": start,
    "menu": _screen("home"),
    "beranda": _screen("home"),
    "tugas": _screen("tasks"),
    "tahapan": _screen("stages"),
    "tanya": ask,
    "pertanyaan": _screen("questions"),
    "kemajuan": _screen("progress"),
    "draf": _screen("drafts"),
    "profil": _screen("profile"),
    "bantuan": _screen("help"),
    "help": _screen("help"),
    "batal": cancel,
    "pengaturan": _screen("settings"),
    "settings": _screen("settings"),
    "pengingat": _screen("reminders"),
    "privasi": _screen("privacy"),
    "tinjau": _screen("reviews"),
    "daerah": _screen("regions"),
    "undang": _screen("invite"),
    "libur": _screen("calendar"),
    "agenda": _screen("agenda"),
    "perpanjangan": _screen("extensions"),
    "istilah": _screen("terms"),
    "cuti": _screen("absences"),
    "antrean": _screen("queue"),
    "jawabansaya": _screen("my-answers"),
    "jawabancepat": _screen("canned"),
    "statistik": _screen("statistics"),
    "siarkan": _screen("announcements"),
    "pengumuman": _screen("my-announcements"),
    "hentikansemua": _deed("stop-all"),
    "lanjutkansemua": _deed("go-on"),
}


def on_command(desk: Desk, visit: Visit, text: str) -> Reply:
    """Run the command; an unknown one gets the list of what there is."""
    word, _space, argument = text[1:].partition(" ")
    name = word.partition("@")[0].casefold()
    command = COMMANDS.get(name)
    if command is None:
        return Reply(note=_("There is no such command. Here is what can be done."), then="help")
    return command(desk, visit, argument.strip())
