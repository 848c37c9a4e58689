"""Pandu's command line as an operator uses it: words typed, what is printed, the exit code."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from bot.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "123456789:CANARY-token-that-nobody-may-see"
PATIENCE = 60


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return (self.out + self.err).splitlines()


@dataclass(frozen=True)
class Console:
    """A terminal in a directory, with these variables."""

    directory: Path
    variables: Mapping[str, str]

    def run(self, *words: str, **variables: str) -> Said:
        """Run a command to its end, in this process. The token is never in what it says."""
        out, err = io.StringIO(), io.StringIO()
        with self._set_up(variables), redirect_stdout(out), redirect_stderr(err):
            code = main(words)
        said = Said(code, out.getvalue(), err.getvalue())
        assert "CANARY" not in said.out + said.err
        return said

    def run_apart(self, *words: str, **variables: str) -> Said:
        """The same in a process of its own: for a `pandu run` that begins, which takes signals and logs as its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.directory,
            env=self.environment(variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert "CANARY" not in done.stdout + done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
        return {**kept, "PYTHONPATH": str(ROOT), **self.variables, **variables}

    @contextmanager
    def _set_up(self, variables: Mapping[str, str]) -> Iterator[None]:
        before, here, mask = dict(os.environ), Path.cwd(), os.umask(0o022)
        os.environ.clear()
        os.environ.update(self.environment(variables))
        os.chdir(self.directory)
        try:
            yield
        finally:
            os.chdir(here)
            os.umask(mask)
            os.environ.clear()
            os.environ.update(before)
