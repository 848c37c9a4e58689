"""One file, several editions: an entry may be worded otherwise for an edition, or belong to it alone.

    - key: kapan-tutup
      answer: Pada {closing}.
      editions:
        "2022":
          answer: Kamis, 1 Desember 2022.

`only_edition: "2022"` in an entry leaves it out of every other edition.
"""

from typing import Any

from bot.program.sources import Rows, Table

EDITIONS = "editions"
ONLY = "only_edition"


def for_edition(data: Any, key: str) -> Any:
    """The data as one edition sees it; lines are kept."""
    if isinstance(data, Table):
        return _table(data, key)
    if isinstance(data, Rows):
        return _rows(data, key)
    return data


def editions_named(data: Any) -> set[str]:
    """Every edition that some entry has a wording of its own for."""
    named: set[str] = set()
    if isinstance(data, Table):
        if isinstance(own := data.get(EDITIONS), Table):
            named.update(own)
        if isinstance(only := data.get(ONLY), str):
            named.add(only)
    children = data.values() if isinstance(data, Table) else data if isinstance(data, Rows) else ()
    return named.union(*(editions_named(child) for child in children))


def _table(data: Table, key: str) -> Table:
    own = data.get(EDITIONS)
    if not isinstance(own, Table):
        return _merged(data, Table(data.line), key)
    chosen = own.get(key)
    if not isinstance(chosen, Table):
        return _merged(data, Table(data.line), key, without=EDITIONS)
    table = _merged(data, Table(data.line), key, without=EDITIONS)
    table.put(ONLY, key, own.lines[key])
    return _merged(chosen, table, key)


def _merged(data: Table, into: Table, key: str, without: str = "") -> Table:
    for name, value in data.items():
        if name != without:
            into.put(name, for_edition(value, key), data.lines[name])
    return into


def _rows(data: Rows, key: str) -> Rows:
    kept = Rows(data.line)
    for value, line in zip(data, data.lines, strict=True):
        if not isinstance(value, Table) or value.get(ONLY) in (None, key):
            kept.put(for_edition(value, key), line)
    return kept
