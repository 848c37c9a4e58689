"""What is typed while a meeting is scheduled: for which regions, from when until when, where."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.files.links import Link, check_link
from bot.program.regions import Region
from bot.services import progress
from bot.services.rights import Act, Place
from bot.services.schedule import ZONES, read_clock, read_day
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.words import Plain, Refusal, _, listed

MOST_REGIONS = 100
PLACE_LIMIT = 200
LINK_LIMIT = 1000
LONGEST = timedelta(days=14)
# So long after the closing nothing of this edition takes place.
AFTERWARDS = timedelta(days=180)

_CLOCK = r"(?:pukul |jam |at )?(\d{1,2})[.:](\d{2})"
_ZONE = r"(?:\s*(wib|wita|wit))?"
_TO = r"\s*(?:-|–|—|sampai|hingga|s\.?/?d\.?|until|to)\s*"
_SPAN = re.compile(
    rf"\b{_CLOCK}{_ZONE}(?:{_TO}{_CLOCK}{_ZONE})?\s*(?:waktu setempat|setempat|local time)?\s*$", re.IGNORECASE
)
_HOUR = re.compile(rf"\b{_CLOCK}{_ZONE}\s*$", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{1,3})(?:[.,](\d))? ?(jam|menit|hours?|minutes?)", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+://\S*|\bwww\.\S+", re.IGNORECASE)


# --- For which regions


def reachable(visit: Visit, act: Act) -> list[Region]:
    """The participating regions where this person may do it."""
    known = visit.work.programme.regions.by_code
    codes = [code for code in progress.participants(visit.work) if code in known]
    return [known[code] for code in codes if visit.may(act, Place(code))]


def read_regions(visit: Visit, act: Act, text: str) -> list[Region]:
    """The regions that were named, each once. Raises `Refusal` for one that is not known, or could be two."""
    within = reachable(visit, act)
    named = [part for part in (piece.strip() for piece in re.split(r"[,;\n]", text)) if part]
    found = list(dict.fromkeys(region for part in named for region in _read_region(visit, within, part)))
    if not 0 < len(found) <= MOST_REGIONS:
        raise Refusal(_("Please name at least one region, and at most {count} at once.", count=MOST_REGIONS))
    return found


def _read_region(visit: Visit, within: Sequence[Region], text: str) -> list[Region]:
    province = re.sub(r"^prov(?:insi|ince|\.)?\s+", "", text.casefold())
    if province != text.casefold():
        found = [one for one in within if one.province.casefold() == province]
        return found or _unknown(text)
    found = [one for one in visit.work.programme.regions.search(text) if one in within]
    exact = [one for one in found if one.name.casefold() == text.casefold() or one.code == text]
    if len(exact or found) == 1:
        return exact or found
    if found:
        names = listed([Plain(one.name) for one in found])
        raise Refusal(_("“{text}” can mean {names}. Please write the whole name.", text=text, names=names))
    return [one for one in within if one.province.casefold() == text.casefold()] or _unknown(text)


def _unknown(text: str) -> list[Region]:
    raise Refusal(_("No region of yours that takes part is called “{text}”. As in: Kota Tebing Tinggi.", text=text))


# --- When


@dataclass(frozen=True, slots=True)
class Start:
    """A beginning, and the end where it was named too; `named_zone` where the person said WIB, WITA or WIT."""

    starts_at: datetime
    ends_at: datetime | None
    zone: str
    named_zone: bool


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
    return Start(starts_at, ends_at, meant, bool(named))


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


def require_ahead(work: Work, starts_at: datetime, ends_at: datetime, zone: str, *, is_session: bool) -> None:
    """Raises `Refusal` for what has begun, and for what comes too late in this edition: a bimtek after the closing."""
    if starts_at <= work.now:
        raise Refusal(_("This moment has passed. Please name a later one."))
    closing = work.programme.edition.closing
    last = _today(ends_at, zone)
    if is_session and last > closing:
        raise Refusal(_("A bimtek takes place before the closing of the programme. Please name an earlier day."))
    if last > closing + AFTERWARDS:
        raise Refusal(_("This is long after the closing of the programme. Please look at the year."))


def zone_of(work: Work, codes: Sequence[str]) -> str:
    """The zone in which an hour is read: the first region's own; WIB for all of them."""
    return work.programme.regions.by_code[codes[0]].timezone if codes else DEFAULT_ZONE


# --- Where


def read_place(text: str) -> tuple[str, str]:
    """Place and link out of one message; one of them may be missing. Raises `Refusal` for a link nobody can open."""
    found = _ADDRESS.search(text)
    words = f"{text[: found.start()]} {text[found.end() :]}" if found else text
    place = clean_name(words.replace("\n", ", "), PLACE_LIMIT).strip(" ,;")
    if not place and not found:
        raise Refusal(_("Please write the place, the link, or both."))
    return place, _read_link(found[0]) if found else ""


def _read_link(text: str) -> str:
    link = check_link(text.rstrip(".,;)"), ("*",))
    if not isinstance(link, Link) or len(link.url) > LINK_LIMIT:
        raise Refusal(_("This link cannot be opened. It must begin with https://, as in https://zoom.us/j/123."))
    return link.url
