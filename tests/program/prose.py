"""Every sentence an edition can say, wherever it stands."""

from collections.abc import Iterator

from pydantic import BaseModel

from bot.program.model import Edition

# Not prose: keys, codes of sources, places on the map.
SILENT = {"key", "only_edition", "basis", "milestone", "pillars", "group", "items", "region_code", "participants"}


def sentences(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name, held in value:
            if name not in SILENT or isinstance(value, Edition):
                yield from sentences(held)
    elif isinstance(value, tuple):
        for held in value:
            yield from sentences(held)
