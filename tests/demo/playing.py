"""`pandu demo` as a person starts it: a process, its lines, and the chat page's paths."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def process(directory: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """`pandu demo` in this directory, on a free port unless the arguments name one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    port = () if "--port" in arguments else ("--port", "0")
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *port, *arguments],
        cwd=directory,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass
class Playing:
    """A running demo. `line` is what it said when it was ready, `before` what it said until then, `seconds` how long
    that took."""

    process: "subprocess.Popen[str]"
    line: str
    before: tuple[str, ...]
    seconds: float

    @property
    def url(self) -> str:
        return next(word for word in self.line.split() if word.startswith("http")).rstrip("/")

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def page(self) -> str:
        with urllib.request.urlopen(self.url + "/") as answer:
            return str(answer.read().decode())

    def post(self, path: str, **said: Any) -> Any:
        request = urllib.request.Request(self.url + path, json.dumps(said).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def messages(self, person_id: int) -> list[dict[str, Any]]:
        said = self.get(f"/sim/people/{person_id}/messages?limit=50")
        return list(said["messages"] if isinstance(said, dict) else said)

    def press(self, person_id: int, label: str) -> None:
        """Wait for a button with this word in its label and press the newest one."""
        ends = time.monotonic() + PATIENCE
        while (found := self._button(person_id, label)) is None:
            assert time.monotonic() < ends, f"no button {label!r} on this phone"
            time.sleep(0.05)
        self.post(f"/sim/people/{person_id}/press", **found)

    def _button(self, person_id: int, label: str) -> dict[str, Any] | None:
        for message in reversed(self.messages(person_id)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        return {"message_id": message["message_id"], "data": button["callback_data"]}
        return None

    def sees(self, person_id: int, text: str) -> str:
        """Wait until a message of the bot holds this text; returns the whole message."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            for message in reversed(self.messages(person_id)):
                if text in message.get("text", ""):
                    return str(message["text"])
            time.sleep(0.05)
        raise AssertionError(f"{text!r} was not seen; the last: {self.messages(person_id)[-1].get('text')!r}")

    def receives(self, person_id: int, *kinds: str) -> None:
        """Wait until a message of one of these kinds (document, photo) has come from the bot."""
        ends = time.monotonic() + PATIENCE
        while not any(kind in message for message in self.messages(person_id) for kind in kinds):
            assert time.monotonic() < ends, f"no {kinds} came"
            time.sleep(0.05)

    def person(self, label: str) -> int:
        """The first person on the page under this label."""
        return next(int(one["id"]) for one in self.get("/sim/people") if label in one["label"])

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it; returns the exit code. What it wrote besides its line is a fault."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE)
        assert (out, err) == ("", ""), (out, err)
        return self.process.returncode

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def began(directory: Path, *arguments: str) -> Playing:
    """Start a demo and wait for its line."""
    started = time.monotonic()
    running = process(directory, *arguments)
    assert running.stdout is not None
    before: list[str] = []
    while "http" not in (line := running.stdout.readline()):
        if not line:
            raise AssertionError(f"the demo did not start: {running.communicate()[1]}")
        before.append(line.strip())
    return Playing(running, line.strip(), tuple(before), time.monotonic() - started)


def refused(directory: Path, *arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Start a demo that cannot start: its exit code and the lines it wrote."""
    running = process(directory, *arguments, **environment)
    out, err = running.communicate(timeout=PATIENCE)
    return running.returncode, (out + err).splitlines()
