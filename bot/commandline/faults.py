"""Faults that an operator can mend, as one clear line each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from bot.app import CannotStart
from bot.commandline.archive import BrokenArchive
from bot.lock import EXIT_CODE, LockRefused
from bot.program.faults import ContentError
from bot.services.editions import EditionMismatch

_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is said, and the exit code."""

    lines: Sequence[str]
    code: int


def told(error: Exception) -> Fault | None:
    """The words for a fault of setting, file or database; None for what is a fault of ours."""
    match error:
        case CannotStart():
            return Fault([str(error)], error.code)
        case LockRefused():
            return Fault([str(error)], EXIT_CODE)
        case ContentError():
            return Fault([str(fault) for fault in error.faults], 2)
        case EditionMismatch() | BrokenArchive():
            return Fault([str(error)], 2)
        case DBAPIError():
            return Fault([database_words(error)], 2)
        case OSError():
            return Fault([file_words(error)], 2)
    return None


def database_words(error: DBAPIError) -> str:
    """What the database said, on one line. Drivers never repeat the password."""
    said = _WHITE.sub(" ", str(error.orig)).strip()[:300]
    return f"PANDU_DATABASE_URL: the database cannot be used: {said}"


def file_words(error: OSError) -> str:
    """Which file, and what hinders."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason
