"""One broken row stops no other: whoever works on many rows names the one in hand, and what fails is that row's fault.

Nothing of the transaction may be kept then. The clock (`bot.jobs.ticks`) undoes it, sets the row apart for a while and
does the rest at once.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from bot.services.work import Fault, Work
from db.engine import is_databases_own

T = TypeVar("T")


class Numbered(Protocol):
    """A row of a table."""

    @property
    def id(self) -> Any: ...


Row = TypeVar("Row", bound=Numbered)


def attempt(work: Work, row: str, deed: Callable[..., T], *args: Any) -> T:
    """What the deed returns, letters to be blamed on this row. Raises `Fault` for whatever it raises, unless that is
    the database's own."""
    before, work.row = work.row, row
    try:
        return deed(*args)
    except Exception as error:
        if isinstance(error, Fault) or is_databases_own(error):
            raise
        raise Fault(row) from error
    finally:
        work.row = before


def numbers(work: Work, kind: str) -> list[int]:
    """The numbers of the rows of a kind that were set apart, for who takes only some at once."""
    return [int(number) for row in work.apart for name, _colon, number in [row.partition(":")] if name == kind]


def sound(work: Work, kind: str, rows: Iterable[Row]) -> list[Row]:
    """Those rows that were not set apart."""
    return [row for row in rows if f"{kind}:{row.id}" not in work.apart]


def each(work: Work, kind: str, rows: Iterable[Row], deed: Callable[[Work, Row], int]) -> int:
    """Do it for one sound row after the other, each written before the next. Returns the sum. Raises `Fault`."""

    def written(row: Row) -> int:
        count = deed(work, row)
        work.session.flush()
        return count

    return sum(attempt(work, f"{kind}:{row.id}", written, row) for row in sound(work, kind, rows))
