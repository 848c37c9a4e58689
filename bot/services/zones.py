"""Whose clock counts: a person's own time zone, as far as Pandu knows it."""

from functools import lru_cache

import structlog

from bot.texts.formats import ZONE_LABELS

log = structlog.get_logger(__name__)


def own(person_id: int, zone: str | None) -> str | None:
    """The time zone that a person chose; None without one, and for one that nobody knows: then the clock of their
    region counts, and the operator is told once."""
    return zone if zone and _is_known(person_id, zone) else None


@lru_cache(maxsize=4096)
def _is_known(person_id: int, zone: str) -> bool:
    if zone in ZONE_LABELS:
        return True
    log.error("A person's time zone is unknown; their region's counts instead.", person=person_id, zone=zone)
    return False
