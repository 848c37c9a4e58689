"""The last days before the closing: the extra notice in the afternoon of the closing day, and what leads prepare."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.buttons import Row, look
from bot.services import clocks, digests
from bot.services.boards import Board, Task
from bot.services.reminding import LAST, Entry, Why
from bot.words import Plain, Say, _, _n, _p, listed
from db.models import DigestClock
from db.vocabulary import REGION_ROLES, Role

# Where the person is; kept within the hours in which anything may be sent.
AFTERNOON = time(15)
# Stages due within so many days before the closing prepare it: the delegation and the presentation material.
PREPARES = timedelta(days=14)
_NAMED = 3


def afternoon(board: Board, zone: str) -> datetime:
    """When the extra notice of the closing day comes, in this zone."""
    return clocks.digest_time(board.work.programme.edition.closing, AFTERNOON, zone, board.timing.hours)


def is_ahead(board: Board, zone: str, now: datetime) -> bool:
    """Whether it is the closing day there, and the notice is still to come."""
    at = afternoon(board, zone)
    return now < at and now.astimezone(ZoneInfo(zone)).date() == at.date()


def entries(board: Board, clock: DigestClock, zone: str, now: datetime, said: Sequence[Entry]) -> tuple[Entry, ...]:
    """What is mandatory, due today and still open: of one's regions, or of those one watches. Nothing that is said
    in the same message anyhow."""
    at = afternoon(board, zone)
    if not at <= now or now.astimezone(ZoneInfo(zone)).date() != at.date():
        return ()
    known = {entry.subject for entry in said}
    found = [*_own(board, clock.person_id), *_watched(board, clock.person_id)]
    return tuple(one for one in found if one.subject not in known and not _rests(board, clock.person_id, one, at))


def _own(board: Board, person: int) -> list[Entry]:
    places = [one for one in board.places.get(person, ()) if one.role in REGION_ROLES and one.region_code]
    seats = {one.seat_id for one in places if one.role is Role.CONTRIBUTOR}
    whole = {one.region_code for one in places if one.role is not Role.CONTRIBUTOR}
    regions = sorted({one.region_code for one in places if one.region_code})
    tasks = [task for code in regions for task in board.closing_today(code, person)]
    return [
        _entry(board, Why.LAST, task, person)
        for task in tasks
        if task.region_code in whole or task.assignee_id in seats
    ]


def _watched(board: Board, person: int) -> list[Entry]:
    seats = [one for one in board.places.get(person, ()) if one.role is Role.COORDINATOR]
    regions = [code for code in board.tasks if any(one.reaches(code) for one in seats)]
    return [_entry(board, Why.MISSING, task, person) for code in regions for task in board.closing_today(code, person)]


def _entry(board: Board, why: Why, task: Task, person: int) -> Entry:
    due = board.due(task, person)
    return Entry(why, digests.subject(task.item_id), LAST, due, due.day, task)


def _rests(board: Board, person: int, entry: Entry, at: datetime) -> bool:
    """Whether it was told already, or the region's reminders rest."""
    told = LAST in board.told.get((person, entry.subject, entry.due.day), ())
    return told or (entry.task is not None and board.is_paused(entry.task.region_code, at.date()))


# --- What the countdown points leads to


def preparing(board: Board, person: int, said: Sequence[Entry]) -> list[Task]:
    """What is still open for the closing itself in the regions that this person leads, mandatory first; without what
    is said in the same message anyhow."""
    known = {entry.task.item_id for entry in said if entry.task}
    codes = [one.region_code for one in board.places.get(person, ()) if one.role is Role.LEAD]
    found = [task for code in codes for task in board.tasks.get(code or "", ()) if task.item_id not in known]
    found = [task for task in found if _prepares(board, task)]
    return sorted(found, key=lambda task: (not task.mandatory, task.item_id))


def _prepares(board: Board, task: Task) -> bool:
    edition = board.work.programme.edition
    day: date = edition.milestone_deadline(edition.item(task.key).milestone, board.work.calendar_for(task.region_code))
    return edition.closing - PREPARES <= day <= edition.closing


def preparing_words(board: Board, person: int, said: Sequence[Entry]) -> Say | None:
    found = preparing(board, person, said)
    if not found:
        return None
    names: list[Say] = [Plain(board.work.programme.edition.item(task.key).title) for task in found[:_NAMED]]
    more = len(found) - _NAMED
    others = [_n("{count} more", "{count} more", more)] if more > 0 else []
    return _("To prepare for it: {items}.", items=listed([*names, *others]))


def preparing_rows(board: Board, person: int, said: Sequence[Entry]) -> tuple[Row, ...]:
    """To the stage of the first of them."""
    found = preparing(board, person, said)
    if not found:
        return ()
    stage = board.work.programme.edition.item(found[0].key).milestone
    return ((look(_p("button", "🏁 For the closing"), "stage", stage, 0, found[0].region_code),),)
