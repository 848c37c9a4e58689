"""The command line: which commands there are, and how a fault is told."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import SettingsError

Execute = Callable[[argparse.Namespace], int]
if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 a fault, 2 a wrong setting or file, 3 already running, 4 wrong tables."""
    options = _parser().parse_args(arguments)
    # Databases, evidence and backups hold personal data: for Pandu's own account only.
    os.umask(0o077)
    # A command's libraries are loaded when it is run: `pandu health` is asked every few seconds. As they stay, looking
    # for garbage among them would only cost a fifth of the time.
    gc.disable()
    execute: Execute = import_module(f"bot.commandline.{options.command}").execute
    gc.enable()
    try:
        return execute(options)
    except KeyboardInterrupt:
        return 130
    except SettingsError as error:
        return _tell([str(error)], 2)
    except Exception as error:
        from bot.commandline.faults import told

        known = told(error)
        if known is None:
            raise
        return _tell(known.lines, known.code)


def _tell(lines: Sequence[str], code: int) -> int:
    for line in lines:
        print(f"pandu: {line}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pandu", description="The Telegram assistant of Gerakan Menuju Smart City.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "run", "work until told to stop (Ctrl-C or SIGTERM)")
    _demo(commands)
    _add(commands, "migrate", "bring the tables to this release's version")
    _add(commands, "check", "look at everything that must be right, and say what to do about each fault")
    _add(commands, "health", "exit 0 if the heartbeat is fresh (for containers)")
    _invite(commands)
    program = commands.add_parser("program", help="the programme's content").add_subparsers(required=True)
    content = _add(program, "check", "name file, line and remedy for every fault", "program")
    content.add_argument("file", type=Path)
    _copies(commands)
    _search(commands)
    _announcement(commands)
    _extension(commands)
    _reminders(commands)
    return parser


def _demo(commands: "Commands") -> None:
    demo = _add(commands, "demo", "try everything in a browser, without Telegram")
    demo.add_argument("--reset", action="store_true", help="begin anew")
    demo.add_argument("--port", type=int, default=8081, help="of the chat page (default 8081; 0 takes a free one)")
    demo.add_argument("--database", metavar="URL", help="another database than the demo's own SQLite file")


def _invite(commands: "Commands") -> None:
    invite = _add(commands, "invite", "make an invitation, also for coordinators and admins")
    invite.add_argument("--role", required=True)
    invite.add_argument("--region", help="code of the region, for roles in a region")
    invite.add_argument("--item", help="key of the checklist item, for contributors")
    invite.add_argument("--name", default="", help="whom the invitation is meant for")


def _search(commands: "Commands") -> None:
    search = _add(commands, "search", "what an official would be offered for a question; nothing where nothing fits")
    search.add_argument("text", metavar="TEXT", help="the question, as an official would write it")
    search.add_argument("--pillar", metavar="KEY", help="asked from within this pillar: its answers come first")
    search.add_argument("--json", action="store_true", help="key, title and score as JSON")


def _announcement(commands: "Commands") -> None:
    announcement = _add(commands, "announcement", "who an announcement was for, and what became of each copy")
    announcement.add_argument("number", type=int, metavar="N", help="its number, as coordinators see it")
    announcement.add_argument("--json", action="store_true", help="one row a reader, times in UTC")
    announcement.add_argument("--approve", action="store_true", help="the second word, where there is one coordinator")


def _extension(commands: "Commands") -> None:
    extension = _add(commands, "extension", "deadlines of all regions that wait for a second person's word")
    extension.add_argument("number", type=int, nargs="?", metavar="N", help="the number in this list")
    extension.add_argument("--approve", action="store_true", help="the second word, where there is one coordinator")


def _reminders(commands: "Commands") -> None:
    reminders = _add(commands, "reminders", "who will receive which reminders, as things stand now")
    reminders.add_argument("--region", metavar="CODE", help="of this region alone, as 12.76")
    reminders.add_argument(
        "--from", dest="from_day", metavar="DATE", help="from this day on, as 2026-11-16; else today"
    )
    reminders.add_argument("--days", type=int, default=7, metavar="N", help="for so many days (default 7)")
    reminders.add_argument("--json", action="store_true", help="one row a person and item, moments with their zone")


def _copies(commands: "Commands") -> None:
    backup = _add(commands, "backup", "write everything into one file")
    restore = _add(commands, "restore", "put a backup back; nothing is sent until a person says so")
    for parser in (backup, restore):
        parser.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace what is there")


def _add(commands: "Commands", name: str, help_text: str, module: str | None = None) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=module or name)
    return parser


if __name__ == "__main__":
    sys.exit(main())
