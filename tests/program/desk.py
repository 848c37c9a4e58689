"""A copy of the shipped edition that a test may spoil."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.program.check import check
from bot.program.loading import PROGRAM

TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Desk:
    """An author's folder with `editions/mine.yaml` and all content files."""

    folder: Path

    @property
    def edition(self) -> Path:
        return self.folder / "editions" / "mine.yaml"

    def file(self, name: str) -> Path:
        return self.edition if name == "mine" else self.folder / "content" / f"{name}.yaml"

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace the first such text of a file; returns the line where it stood, counted from 1."""
        path = self.file(name)
        before, found, after = path.read_text(encoding="utf-8").partition(old)
        assert found, f"{old!r} is not in {name}"
        path.write_text(before + new + after, encoding="utf-8")
        return before.count("\n") + 1

    def faults(self) -> list[str]:
        """What the check says, with file names instead of whole paths."""
        return [line.replace(f"{self.folder}/", "") for line in check(self.edition, TODAY)]


def lay_out(folder: Path) -> Desk:
    shutil.copytree(PROGRAM / "content", folder / "content")
    (folder / "editions").mkdir()
    shutil.copy(PROGRAM / "editions" / "current.yaml", folder / "editions" / "mine.yaml")
    return Desk(folder)
