"""Headings of workbooks, in the language and zone of whoever reads them."""

from collections.abc import Sequence

from bot.services.visits import Visit
from bot.texts import zone_label
from bot.words import Say, _


def headed(visit: Visit, columns: Sequence[tuple[Say, int]]) -> Sequence[tuple[str, int]]:
    """Columns with their headings in the person's language."""
    return [(visit.plain(heading), width) for heading, width in columns]


def timed(visit: Visit, label: Say) -> Say:
    """What is a time in the person's zone."""
    return _("{label} ({zone})", label=label, zone=zone_label(visit.zone))
