"""When an item is due: a personal extension, else the region's, else the day of the region's own session, else an
extension for all, else the edition's default; always to the end of a day in the region (design, section 5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.services.work import Work
from db.models import Extension, Meeting
from db.vocabulary import ExtensionState, MeetingKind

# Whose deadline was moved: (stage or item, region, person), None meaning all.
Whose = tuple[str, str | None, int | None]


@dataclass(frozen=True, slots=True)
class Due:
    """`day` is the last day; `at` its end (24.00) in the region's `zone`, in UTC."""

    day: date
    at: datetime
    zone: str

    def passed(self, moment: datetime) -> bool:
        """Whether this moment is after the deadline. Telegram's time of a message decides, not ours."""
        return moment >= self.at


@dataclass(frozen=True, slots=True)
class Moved:
    """A granted extension: the number of its row, and the new last day. Without a number: the day of a session."""

    extension_id: int | None
    day: date


def due_of(work: Work, region_code: str, item_key: str, person_id: int | None = None) -> Due:
    """Deadline of an item for a region, or for one person of it."""
    return _due(_day(work, region_code, item_key, person_id), work.programme.regions.by_code[region_code].timezone)


def stage_due(work: Work, region_code: str, milestone_key: str, person_id: int | None = None) -> Due:
    """Deadline of a whole stage for a region, or for one person of it; single items of it may have their own."""
    moved = stage_moved_of(work, region_code, milestone_key, person_id)
    day = moved.day if moved else default_stage_day(work, region_code, milestone_key)
    return _due(day, work.programme.regions.by_code[region_code].timezone)


def stage_moved_of(work: Work, region_code: str, milestone_key: str, person_id: int | None = None) -> Moved | None:
    """The extension or session that decides about a stage; None where the default stands."""
    return first_moved(extensions(work), _whose([milestone_key], region_code, person_id))


def items_apart(
    work: Work, region_code: str, milestone_key: str, person_id: int | None = None
) -> Sequence[tuple[date, str]]:
    """The items of a stage to which an extension gives another last day than the stage has: that day and the title,
    earliest first."""
    day = stage_due(work, region_code, milestone_key, person_id).day
    moved = (
        (moved_of(work, region_code, item.key, person_id), item.title)
        for item in work.programme.edition.items_of(milestone_key)
    )
    return sorted((found.day, title) for found, title in moved if found and found.day != day)


def default_stage_day(work: Work, region_code: str, milestone_key: str) -> date:
    """The last day of a stage before anything was moved."""
    return work.programme.edition.milestone_deadline(milestone_key, work.calendar_for(region_code))


def default_day(work: Work, region_code: str, item_key: str) -> date:
    """The last day before anything was moved: the edition's, on the region's own working calendar."""
    return work.programme.edition.default_deadline(item_key, work.calendar_for(region_code))


def moved_of(work: Work, region_code: str, item_key: str, person_id: int | None = None) -> Moved | None:
    """The extension or session that decides about an item; None where the default stands.

    A person's is stronger than the region's, the region's than one for all; of two alike, the item's own is stronger
    than its stage's, and what was decided later than what was decided earlier. A bimtek in the region counts as the
    region's word on its stage, where an extension says nothing else.
    """
    return first_moved(extensions(work), _whose(_subjects(work, item_key), region_code, person_id))


def first_moved(known: Mapping[Whose, Moved], strongest_first: Iterable[Whose]) -> Moved | None:
    """The first of these that is known."""
    return next((known[whose] for whose in strongest_first if whose in known), None)


def extensions(work: Work) -> Mapping[Whose, Moved]:
    """All granted extensions and sessions of the edition; read once in a transaction for everybody in it."""
    known: dict[int, Mapping[Whose, Moved]] = work.session.info.setdefault("extensions", {})
    if work.edition_id not in known:
        known[work.edition_id] = _read(work)
    return known[work.edition_id]


def forget(work: Work) -> None:
    """What was read is not true any more: an extension was granted or taken back, a session moved."""
    work.session.info.pop("extensions", None)


def _read(work: Work) -> Mapping[Whose, Moved]:
    rows = work.session.execute(
        select(Extension.subject, Extension.region_code, Extension.person_id, Extension.id, Extension.day)
        .where(Extension.edition_id == work.edition_id, Extension.state == ExtensionState.GRANTED)
        .order_by(Extension.decided_at, Extension.id)
    )
    granted = {(row[0], row[1], row[2]): Moved(row[3], row[4]) for row in rows if row[4]}
    return _sessions(work) | granted


def _sessions(work: Work) -> dict[Whose, Moved]:
    """The last day of each region's bimtek, the latest of several, where the region is."""
    rows = work.session.execute(
        select(Meeting.milestone_key, Meeting.region_code, Meeting.ends_at)
        .where(
            Meeting.edition_id == work.edition_id,
            Meeting.kind == MeetingKind.BIMTEK,
            Meeting.region_code.is_not(None),
            Meeting.cancelled_at.is_(None),
        )
        .order_by(Meeting.ends_at)
    )
    zones = work.programme.regions.by_code
    return {
        (stage, code, None): Moved(None, ends_at.astimezone(ZoneInfo(zones[code].timezone)).date())
        for stage, code, ends_at in rows
        if stage and code and code in zones
    }


def _day(work: Work, region_code: str, item_key: str, person_id: int | None) -> date:
    known = extensions(work)
    moved = first_moved(known, _whose(_subjects(work, item_key), region_code, person_id)) if known else None
    return moved.day if moved else default_day(work, region_code, item_key)


def _subjects(work: Work, item_key: str) -> Sequence[str]:
    """What an extension can be for, strongest first: the item, and its stage where the item is due with it."""
    item = work.programme.edition.item(item_key)
    return (item_key,) if item.deadline else (item_key, item.milestone)


def _whose(subjects: Sequence[str], region_code: str, person_id: int | None) -> Iterable[Whose]:
    if person_id is not None:
        yield from ((subject, region_code, person_id) for subject in subjects)
    yield from ((subject, region_code, None) for subject in subjects)
    yield from ((subject, None, None) for subject in subjects)


@lru_cache(maxsize=4096)
def _due(day: date, zone: str) -> Due:
    return Due(day, end_of(day, zone), zone)


def end_of(day: date, zone: str) -> datetime:
    """24.00 of a day in a zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def days_left(work: Work, region_code: str, due: Due) -> int:
    """Working days after today up to the deadline, on the region's calendar; negative once it has passed."""
    today = work.now.astimezone(ZoneInfo(due.zone)).date()
    calendar = work.calendar_for(region_code)
    if today <= due.day:
        return calendar.working_days_left(today, due.day)
    return -calendar.working_days_left(due.day, today) or -1
