"""What fails of all that is done by the clock: the operator is told once when an episode begins, and once when it is
over. A row that failed rests for a while, so that the others of its kind go on."""

from collections import defaultdict
from datetime import datetime, timedelta

import structlog

log = structlog.get_logger(__name__)

# So long a broken row is left alone before it is tried again.
REST = timedelta(minutes=10)
# A failure that is no single row's.
WHOLE = ""


class Episodes:
    """By the name of a tick: what failed and has not worked since, each with when its rest ends."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, datetime]] = defaultdict(dict)

    def apart(self, tick: str, now: datetime) -> frozenset[str]:
        """The rows that rest."""
        return frozenset(row for row, until in self._open[tick].copy().items() if row and until > now)

    def failed(self, tick: str, now: datetime, error: Exception, row: str = WHOLE) -> None:
        """Write a failure down."""
        said = log.warning if row in self._open[tick] else log.error
        self._open[tick][row] = now + REST
        said("What the clock does failed; it is tried again.", action="tick", tick=tick, row=row, exc_info=error)

    def worked(self, tick: str, apart: frozenset[str]) -> None:
        """It went through without the rows set apart: all else that had failed has worked."""
        for row in self._open[tick].keys() - apart:
            del self._open[tick][row]
            log.warning("What the clock does works again.", action="tick", tick=tick, row=row, alert=True)
