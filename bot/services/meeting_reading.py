"""What is typed while a meeting is scheduled: for which regions and where; and which times it cannot have."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.program.regions import Region
from bot.services import region_reading
from bot.services.links import read_link
from bot.services.rights import Act
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.words import Refusal, _

MOST_REGIONS = 100
PLACE_LIMIT = 200
# So long after the closing nothing of this edition takes place.
AFTERWARDS = timedelta(days=180)


# --- For which regions


def read_regions(visit: Visit, act: Act, text: str) -> list[Region]:
    """The regions that were named, each once. Raises `Refusal` for one that is not known, or could be two."""
    within = region_reading.reachable(visit, act)
    known = visit.work.programme.regions
    read = [(name, region_reading.read(known, name, within).regions) for name in region_reading.names_in(text)]
    if strange := next((name for name, regions in read if not regions), None):
        raise Refusal(
            _("No region of yours that takes part is called “{text}”. As in: Kota Tebing Tinggi.", text=strange)
        )
    found = list(dict.fromkeys(region for _name, regions in read for region in regions))
    if not 0 < len(found) <= MOST_REGIONS:
        raise Refusal(_("Please name at least one region, and at most {count} at once.", count=MOST_REGIONS))
    return found


# --- When


def require_ahead(work: Work, starts_at: datetime, ends_at: datetime, zone: str, *, is_session: bool) -> None:
    """Raises `Refusal` for what has begun, and for what comes too late in this edition: a bimtek after the closing."""
    if starts_at <= work.now:
        raise Refusal(_("This moment has passed. Please name a later one."))
    closing = work.programme.edition.closing
    last = ends_at.astimezone(ZoneInfo(zone)).date()
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
    words, link = read_link(text)
    place = clean_name(words.replace("\n", ", "), PLACE_LIMIT).strip(" ,;")
    if not place and not link:
        raise Refusal(_("Please write the place, the link, or both."))
    return place, link
