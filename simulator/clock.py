"""The simulated time: the machine's own, moved by an offset that the demo and the tests set."""

import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate

WIB = timezone(timedelta(hours=7), "WIB")
SATURDAY = 5


class Clock:
    """Runs at the pace of real time; `offset` seconds away from it."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset
        self._http_second = 0
        self._http_date = ""

    def time(self) -> float:
        """Seconds since 1970, simulated."""
        return time.time() + self.offset

    def unix(self) -> int:
        return int(time.time() + self.offset)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def iso(self) -> str:
        return self.now().isoformat(timespec="seconds").replace("+00:00", "Z")

    def advance(self, seconds: float) -> None:
        self.offset += seconds

    def move_to(self, moment: datetime) -> None:
        """A naive moment is read as UTC."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self.offset = aware.timestamp() - time.time()

    def move_to_next_working_morning(self) -> None:
        self.move_to(next_working_morning(self.now()))

    def http_date(self) -> str:
        """The `Date` header; made once a second."""
        second = self.unix()
        if second != self._http_second:
            self._http_second, self._http_date = second, formatdate(second, usegmt=True)
        return self._http_date


def next_working_morning(now: datetime) -> datetime:
    """The next Monday to Friday, 09.00 WIB, after `now`; feast days are not known here."""
    local = now.astimezone(WIB)
    morning = local.replace(hour=9, minute=0, second=0, microsecond=0)
    while morning <= local or morning.weekday() >= SATURDAY:
        morning += timedelta(days=1)
    return morning
