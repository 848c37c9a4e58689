"""What is wrong in a content file, told so that its author can put it right."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong: where, what, and what to do. Lines count from 1."""

    file: Path
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what} — {self.remedy}"


class ContentError(Exception):
    """The content cannot be used; `faults` holds every one found, by file and line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))
