"""`pandu health`: whether the running Pandu is alive, from its heartbeat; asked by containers every few seconds."""

import argparse
import json
import time

from bot.commandline.tokenless import settings_without_token
from bot.health import BEAT_SECONDS, FILE, Vitals, not_alive


def execute(_options: argparse.Namespace) -> int:
    path = settings_without_token().data_dir / FILE
    try:
        age = time.time() - path.stat().st_mtime
        vitals = Vitals(**json.loads(path.read_text()))
    except FileNotFoundError:
        return _say(f"✗ there is no heartbeat in {path.parent}: Pandu has not started there", 1)
    except (ValueError, TypeError):
        return _say(f"✗ {path} cannot be read: was it written by another release?", 1)
    still = not_alive(vitals)
    if age > BEAT_SECONDS:
        return _say(f"✗ the last heartbeat is {age:.0f} seconds old: Pandu has ended or hangs", 1)
    return _say(f"✗ these stand still: {', '.join(still)}", 1) if still else _say("✓ alive", 0)


def _say(line: str, code: int) -> int:
    print(line)
    return code
