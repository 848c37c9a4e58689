"""`python -m simulator`: the stand-in on its own."""

import argparse
import asyncio
import errno
import signal
import sys
from pathlib import Path

from simulator.server import Simulator

CANNOT_START = 2


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A stand-in for Telegram on loopback.")
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--state", type=Path, help="directory that keeps people, chats and files")
    parser.add_argument("--token", default="1:demo", help="the bot's token: a number, a colon, anything")
    parser.add_argument("--username", default="pandu_demo_bot")
    parser.add_argument("--name", default="Pandu")
    parser.add_argument("--no-limits", action="store_true", help="without Telegram's pace")
    parser.add_argument("--lenient", action="store_true", help="let undocumented parameters pass")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    return parser


async def serve(simulator: Simulator) -> None:
    """Until SIGINT or SIGTERM."""
    await simulator.start()
    enough = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wanted, enough.set)
    sys.stdout.write(f"{simulator.url}\n")
    sys.stdout.flush()
    await enough.wait()
    await simulator.stop()


def main(argv: list[str] | None = None) -> int:
    args = arguments().parse_args(argv)
    simulator = Simulator(
        port=args.port,
        state=args.state,
        token=args.token,
        username=args.username,
        first_name=args.name,
        limits=not args.no_limits,
        strict=not args.lenient,
        seed=args.seed,
    )
    try:
        asyncio.run(serve(simulator))
    except (OSError, ValueError) as why:
        sys.stderr.write(f"The simulator cannot start: {_reason(why, args.port)}\n")
        return CANNOT_START
    return 0


def _reason(why: Exception, port: int) -> str:
    if isinstance(why, OSError) and why.errno == errno.EADDRINUSE:
        return f"port {port} is taken; choose another with --port"
    return str(why)


if __name__ == "__main__":
    sys.exit(main())
