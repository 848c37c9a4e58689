"""What `pandu program check FILE` says."""

from datetime import date
from pathlib import Path

from bot.program.faults import ContentError
from bot.program.loading import load_edition
from bot.program.model import Edition


def check(path: Path, today: date) -> list[str]:
    """One line a fault, "file:line: what — remedy", by file and line; no lines if all is sound."""
    try:
        load_edition(path, today)
    except ContentError as error:
        return [str(fault) for fault in error.faults]
    return []


def summary(edition: Edition) -> str:
    """One line on a sound edition: what it is and how much it holds."""
    mandatory = sum(item.mandatory for item in edition.items)
    return (
        f"{edition.name}, closing {edition.closing}: {len(edition.milestones)} milestones, "
        f"{len(edition.items)} items ({mandatory} mandatory), {len(edition.pillars)} pillars, "
        f"{len(edition.faq)} answers, {len(edition.participants)} participants named"
    )
