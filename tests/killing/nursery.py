"""Bears processes of Pandu: everything is imported once, the catalogs too, each life is a fork that goes through the
command line.

Orders come as JSON lines on stdin, one answer follows each. A life takes its settings from its environment, as
`python -m bot run` does; so tests can afford hundreds of them. `clock` is a file that says by how many seconds their
clock is ahead, which is how a test lets leases run out without waiting; `fatal` is a point at which a life ends itself.
"""

import gc
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bot.commandline.run as run
from bot.__main__ import main
from bot.clock import SystemClock
from bot.texts import Texts
from tests.killing import points


def moved_clock(ahead: Path) -> type[SystemClock]:
    """The machine's clock, as many seconds ahead as this file says."""

    class Moved(SystemClock):
        def now(self) -> datetime:
            return super().now() + timedelta(seconds=float(ahead.read_text()))

    return Moved


LIVING: set[int] = set()


def bear(order: Mapping[str, Any]) -> int:
    """Fork a life; returns its process id."""
    child = os.fork()
    if child == 0:
        os._exit(_live(order))
    LIVING.add(child)
    return child


def _live(order: Mapping[str, Any]) -> int:
    _redirect(Path(order["log"]))
    os.chdir(order["directory"])
    os.environ.update(order["environment"])
    # What would differ between processes must not be inherited from the one they were forked from.
    random.seed()
    run.SystemClock = moved_clock(Path(order["clock"]))  # type: ignore[attr-defined]
    if order["fatal"]:
        points.arm(points.Point(**order["fatal"]))
    try:
        code = main(["run"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 (the last line of a process)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(source, target)


def end_of(order: Mapping[str, Any]) -> int | None:
    """How a life ended: its exit code, or minus the signal. None if it still lives."""
    found, status = os.waitpid(order["pid"], 0 if order["wait"] else os.WNOHANG)
    LIVING.discard(found)
    return os.waitstatus_to_exitcode(status) if found else None


ORDERS: Mapping[str, Callable[[Mapping[str, Any]], int | None]] = {"bear": bear, "end": end_of}


def serve() -> None:
    """Obey until stdin ends, which it also does when the test is killed; nobody outlives that."""
    Texts.load()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(ORDERS[order["order"]](order)) + "\n")
        sys.stdout.flush()
    for child in LIVING:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    serve()
