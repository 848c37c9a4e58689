"""Days and hours as people type them: "28 November 09.00-12.00 WITA", "2 jam"."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates import read_date
from bot.texts.formats import ZONE_LABELS
from bot.words import Refusal, _

ZONES = {label.lower(): ZoneInfo(zone) for zone, label in ZONE_LABELS.items()}
LONGEST = timedelta(days=14)

_CLOCK = r"(?:pukul |jam |at )?(\d{1,2})[.:](\d{2})"
_ZONE = r"(?:\s*(wib|wita|wit))?"
_TO = r"\s*(?:-|–|—|sampai|hingga|s\.?/?d\.?|until|to)\s*"
_SPAN = re.compile(
    rf"\b{_CLOCK}{_ZONE}(?:{_TO}{_CLOCK}{_ZONE})?\s*((?:waktu )?setempat|local time)?\s*$", re.IGNORECASE
)
_HOUR = re.compile(rf"\b{_CLOCK}{_ZONE}\s*$", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{1,3})(?:[.,](\d))? ?(jam|menit|hours?|minutes?)", re.IGNORECASE)


def read_day(text: str, today: date, *, ahead: bool = False) -> date:
    """A day as it is typed, the last one of that name or with `ahead` the next. Raises `Refusal`."""
    day = read_date(text, today, past=not ahead)
    if day is None:
        raise Refusal(_("This date could not be read. Example: 28 November."))
    return day


def read_clock(hour: str, minute: str) -> time:
    """A time of day. Raises `Refusal` for one that does not exist."""
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise Refusal(_("This hour does not exist. Example: 09.00.")) from None


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning, and the end where it was named too. `named_zone`: the person said WIB, WITA or WIT; `local`: that
    everybody's own clock is meant."""

    starts_at: datetime
    ends_at: datetime | None
    zone: str
    named_zone: bool
    local: bool


def read_start(text: str, zone: str, now: datetime) -> Start:
    """Day and hour as typed, in this zone unless another is named. Raises `Refusal` with an example."""
    found = _SPAN.search(text)
    if found is None:
        raise Refusal(_("The hour could not be read. Please write day and hour: 28 November 09.00."))
    named = (found[3] or found[6] or "").lower()
    meant = str(ZONES[named]) if named else zone
    day = read_day(text[: found.start()], _today(now, meant), ahead=True)
    starts_at = _at(day, found[1], found[2], meant)
    ends_at = _at(day, found[4], found[5], meant) if found[4] else None
    if ends_at is not None:
        require_order(starts_at, ends_at)
    return Start(starts_at, ends_at, meant, bool(named), bool(found[7]))


def read_end(text: str, starts_at: datetime, zone: str) -> datetime:
    """A time of the same day, a length, or another day with its hour. Raises `Refusal`."""
    ends_at = _ending(text.strip(), starts_at, zone)
    require_order(starts_at, ends_at)
    return ends_at


def _ending(text: str, starts_at: datetime, zone: str) -> datetime:
    if length := _LENGTH.fullmatch(text):
        return starts_at + _length(length)
    found = _HOUR.search(text)
    if found is None:
        raise Refusal(_("The end could not be read. Please write an hour or a length: 12.00, or 2 jam."))
    begins = starts_at.astimezone(ZoneInfo(zone)).date()
    before = re.sub(r"^(?:sampai|hingga|s\.?/?d\.?|until)\s*", "", text[: found.start()].strip(), flags=re.IGNORECASE)
    day = read_day(before, begins, ahead=True) if before else begins
    return _at(day, found[1], found[2], str(ZONES[found[3].lower()]) if found[3] else zone)


def _length(match: re.Match[str]) -> timedelta:
    amount = float(f"{match[1]}.{match[2] or 0}")
    return timedelta(minutes=amount) if match[3].lower().startswith("m") else timedelta(hours=amount)


def _at(day: date, hour: str, minute: str, zone: str) -> datetime:
    return datetime.combine(day, read_clock(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def _today(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def same_hour(at: datetime, zone: str, there: str) -> datetime:
    """What the clock shows at this moment in one zone, in another zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo(there)).astimezone(UTC)


def require_order(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `Refusal` for an end that is not after the beginning, or far from it."""
    if ends_at <= starts_at:
        raise Refusal(_("The end must come after the beginning. Please name a later hour."))
    if ends_at - starts_at > LONGEST:
        raise Refusal(_("It would last longer than {count} days. Please name an earlier end.", count=LONGEST.days))
