"""The command line."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.settings import Settings, SettingsError, read_settings

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 a fault, 2 a wrong setting or file, 3 already running, 4 wrong tables."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except SettingsError as error:
        return _tell(f"pandu: {error}", 2)
    except KeyboardInterrupt:
        return 130


def _tell(line: str, code: int) -> int:
    print(line, file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pandu", description="The Telegram assistant of Gerakan Menuju Smart City.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "run", run, "work until told to stop (Ctrl-C or SIGTERM)")
    demo_parser = _add(commands, "demo", demo, "try everything in a browser, without Telegram")
    demo_parser.add_argument("--reset", action="store_true", help="begin anew")
    demo_parser.add_argument("--port", type=int, default=8081, help="of the chat page (default 8081)")
    _add(commands, "migrate", migrate, "bring the tables to this release's version")
    _add(commands, "check", check, "look at everything that must be right, and say what to do about each fault")
    _add(commands, "health", health, "exit 0 if the heartbeat is fresh (for containers)")
    invite_parser = _add(commands, "invite", invite, "make an invitation, also for coordinators and admins")
    invite_parser.add_argument("--role", required=True)
    invite_parser.add_argument("--region", help="code of the region, for roles in a region")
    invite_parser.add_argument("--name", help="whom the invitation is meant for")
    program_parser = commands.add_parser("program", help="the programme's content").add_subparsers(required=True)
    check_parser = _add(program_parser, "check", program_check, "name file, line and remedy for every fault")
    check_parser.add_argument("file", type=Path)
    for name, command, help_text in (
        ("backup", backup, "write everything into one file"),
        ("restore", restore, "put a backup back; nothing is sent until a person says so"),
    ):
        _add(commands, name, command, help_text).add_argument("file", type=Path)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command, help_text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=command)
    return parser


def run(_options: argparse.Namespace) -> int:
    """Work until SIGINT or SIGTERM."""
    from bot import logs
    from bot.clock import SystemClock

    settings = read_settings()
    logs.configure(as_json=settings.log.value == "json", secrets=_secrets(settings))
    return serve(settings, SystemClock())


def _secrets(settings: Settings) -> tuple[str, ...]:
    webhook = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    return (settings.bot_token.get_secret_value(), webhook)


def serve(settings: Settings, clock: "object") -> int:
    """Run the app to its end; what keeps it from starting is told in one line."""
    from bot.app import CannotStart, build
    from bot.lock import EXIT_CODE, LockRefused
    from bot.program.faults import ContentError
    from bot.services.editions import EditionMismatch

    async def work() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await build(settings, clock).run(stop)  # type: ignore[arg-type]

    try:
        _prepare(settings)
        asyncio.run(work())
    except CannotStart as error:
        return _tell(f"pandu: {error}", error.code)
    except LockRefused as error:
        return _tell(f"pandu: {error}", EXIT_CODE)
    except ContentError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    except (EditionMismatch, OSError) as error:
        return _tell(f"pandu: {error}", 2)
    return 0


def _prepare(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)


COMMANDS: Mapping[str, Command] = {}
