"""What is typed while a meeting is scheduled: for which regions and where; and which times it cannot have."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.program.regions import Region
from bot.services import progress
from bot.services.links import read_link
from bot.services.rights import Act, Place
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.words import Plain, Refusal, _, listed

MOST_REGIONS = 100
PLACE_LIMIT = 200
# So long after the closing nothing of this edition takes place.
AFTERWARDS = timedelta(days=180)


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
