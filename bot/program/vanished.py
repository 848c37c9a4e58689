"""Keys that an edition no longer has, though stored progress hangs on them."""

from collections.abc import Mapping

from bot.program.model import Edition


def vanished(edition: Edition, stored: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """One line for each stored item key that the edition lacks, by key; empty if nothing vanished.

    `stored` tells what hangs on each key: {"df-buku3": {"item states": 12, "pieces of evidence": 30}}.
    Nothing is deleted for it; the line says what would become invisible.
    """
    kept = {item.key for item in edition.items}
    return tuple(_line(key, stored[key]) for key in sorted(stored) if key not in kept)


def _line(key: str, hanging: Mapping[str, int]) -> str:
    counts = ", ".join(f"{count} {noun}" for noun, count in hanging.items() if count)
    return (
        f"item '{key}' is no longer in the edition; what hangs on it: {counts or 'nothing'} — "
        "stored progress stays untouched; put the item back to show it again"
    )
