"""Days and hours as people type them: "28 November 09.00-12.00 WITA", "besok jam 3 sore", "2 jam"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dates import names_hour, read_date
from bot.texts.formats import ZONE_LABELS
from bot.words import Refusal, _

ZONES = {label.lower(): ZoneInfo(zone) for zone, label in ZONE_LABELS.items()}
LONGEST = timedelta(days=14)

# What is said beside an hour, and when it begins and ends.
_PARTS: Mapping[str, range] = {
    "pagi": range(12),
    "siang": range(10, 16),
    "sore": range(14, 20),
    "malam": range(18, 24),
    "am": range(12),
    "pm": range(12, 24),
}
# Without minutes and without a part of the day, these could as well be in the afternoon.
_EITHER = range(1, 7)

_PART = "|".join(_PARTS)
_TO = r"\s*(?:-|–|—|sampai(?: dengan)?|hingga|s\.?/?d\.?|until|to)\s*"


def _clock(place: int) -> str:
    return (
        rf"(?:(?P<early{place}>{_PART})[ ,]+)?(?P<word{place}>(?:pukul|pkl\.?|jam|at)\s*)?"
        rf"(?P<hour{place}>\d{{1,2}})(?:[.:](?P<minute{place}>\d{{2}}))?"
        rf"(?:\s*(?P<late{place}>{_PART}))?(?:\s*(?P<zone{place}>wib|wita|wit))?"
    )


_LOCAL = r"(?P<local>(?:waktu )?setempat|local time)"
_HOURS = re.compile(
    rf"(?<![\w./:-]){_clock(1)}(?:{_TO}{_clock(2)})?\s*{_LOCAL}?[ .,!?]*$",
    re.IGNORECASE,
)
# A number by itself is no hour: one of these must be said too.
_SIGNS = [f"{name}{place}" for place in (1, 2) for name in ("early", "word", "minute", "late", "zone")] + ["local"]
_LENGTH = re.compile(r"(\d{1,3})(?:[.,](\d))? ?(jam|menit|hours?|minutes?)", re.IGNORECASE)


def read_day(text: str, today: date, *, ahead: bool = False) -> date:
    """A day as it is typed, the last one of that name or with `ahead` the next. Raises `Refusal`."""
    day = read_date(text, today, past=not ahead)
    if day is None:
        raise Refusal(_("This date could not be read. Example: 28 November."))
    return day


@dataclass(frozen=True, slots=True)
class Hours:
    """One or two times of day, and the words `before` them. `zone`: the person said WIB, WITA or WIT; `local`: that
    everybody's own clock is meant."""

    before: str
    first: time
    last: time | None = None
    zone: ZoneInfo | None = None
    local: bool = False


def is_hours(text: str) -> bool:
    """Whether an hour, or two, is all that was typed; it may be one that cannot be told."""
    return _HOURS.fullmatch(text.strip()) is not None


def read_hours(text: str) -> Hours | None:
    """The hours at the end of what was typed; None where none can be told.

    Raises `Refusal` for one that does not exist, and for one that could be two.
    """
    found = _HOURS.search(text)
    if found is None or not any(found[sign] for sign in _SIGNS) or names_hour(text[: found.start()]):
        return None
    zone = found["zone1"] or found["zone2"]
    return Hours(
        text[: found.start()],
        _time(found, 1, found["late2"]),
        _time(found, 2, None) if found["hour2"] else None,
        ZONES[zone.lower()] if zone else None,
        bool(found["local"]),
    )


def _time(found: re.Match[str], place: int, otherwise: str | None) -> time:
    hour, minute = int(found[f"hour{place}"]), found[f"minute{place}"]
    part = found[f"early{place}"] or found[f"late{place}"] or (None if minute else otherwise)
    if part:
        hour = next((one for one in (hour, hour + 12) if one in _PARTS[part.lower()]), 24)
    elif not minute and hour in _EITHER:
        raise Refusal(
            _(
                "“{hour}” can be in the morning or in the afternoon. Please write {early} or {late}.",
                hour=str(hour),
                early=f"{hour:02}.00",
                late=f"{hour + 12}.00",
            )
        )
    try:
        return time(hour, int(minute or 0))
    except ValueError:
        raise Refusal(_("This hour does not exist. Example: 09.00.")) from None


def read_hour(text: str, otherwise: time) -> Hours:
    """One hour; `otherwise` where only a day was typed. Raises `Refusal` where an hour is meant that cannot be told."""
    said = read_hours(text)
    if said is None and not names_hour(text):
        return Hours(text, otherwise)
    if said is None or said.last:
        raise _unread()
    return said


def _unread() -> Refusal:
    return Refusal(_("The hour could not be read. Please write day and hour: 28 November 09.00."))


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
    said = read_hours(text)
    if said is None:
        raise _unread()
    meant = said.zone or ZoneInfo(zone)
    day = read_day(said.before, now.astimezone(meant).date(), ahead=True)
    starts_at = _at(day, said.first, meant)
    ends_at = _at(day, said.last, meant) if said.last else None
    if ends_at is not None:
        require_order(starts_at, ends_at)
    return Start(starts_at, ends_at, str(meant), said.zone is not None, said.local)


def read_end(text: str, starts_at: datetime, zone: str) -> datetime:
    """A time of the same day, a length, or another day with its hour. Raises `Refusal`."""
    ends_at = _ending(text.strip(), starts_at, zone)
    require_order(starts_at, ends_at)
    return ends_at


def _ending(text: str, starts_at: datetime, zone: str) -> datetime:
    if length := _LENGTH.fullmatch(text):
        return starts_at + _length(length)
    said = read_hours(text)
    if said is None or said.last:
        raise Refusal(_("The end could not be read. Please write an hour or a length: 12.00, or 2 jam."))
    begins = starts_at.astimezone(ZoneInfo(zone)).date()
    before = re.sub(r"^(?:sampai|hingga|s\.?/?d\.?|until)\s*", "", said.before.strip(), flags=re.IGNORECASE)
    day = read_day(before, begins, ahead=True) if before else begins
    return _at(day, said.first, said.zone or ZoneInfo(zone))


def _length(match: re.Match[str]) -> timedelta:
    amount = float(f"{match[1]}.{match[2] or 0}")
    return timedelta(minutes=amount) if match[3].lower().startswith("m") else timedelta(hours=amount)


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)


def same_hour(at: datetime, zone: str, there: str) -> datetime:
    """What the clock shows at this moment in one zone, in another zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo(there)).astimezone(UTC)


def require_order(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `Refusal` for an end that is not after the beginning, or far from it."""
    if ends_at <= starts_at:
        raise Refusal(_("The end must come after the beginning. Please name a later hour."))
    if ends_at - starts_at > LONGEST:
        raise Refusal(_("It would last longer than {count} days. Please name an earlier end.", count=LONGEST.days))
