"""What another working calendar would move: default deadlines, and reminders that are still to come."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.program.calendar import WorkingCalendar
from bot.services import boards, progress
from bot.services.boards import Board, Task
from bot.services.deadlines import default_day
from bot.services.occasions import occasions
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work

AHEAD = timedelta(days=30)
Move = tuple[date, date, int]


@dataclass(frozen=True, slots=True)
class Shifts:
    """From which day to which, and how many: items whose default deadline moves, reminders, and their people."""

    deadlines: Sequence[Move]
    reminders: Sequence[Move]
    people: int


def shifts(work: Work, calendar: WorkingCalendar, codes: Collection[str]) -> Shifts:
    """What would move in these regions, as far as they take part, if the calendar were this one."""
    imagined = with_calendar(work, calendar)
    regions = [code for code in progress.participants(work) if code in codes]
    board = boards.open_regions(work, regions)
    other = replace(board, work=imagined, _dues={}, _receivers={})
    moved = [one for code in regions for one in _reminders(board, other, code)]
    counted = Counter((before, after) for before, after, _person in moved)
    people = {person for _before, _after, person in moved if person}
    return Shifts(_deadlines(work, imagined, regions), _sorted(counted), len(people))


def with_calendar(work: Work, calendar: WorkingCalendar) -> Work:
    """The same work where days are worked as this calendar says."""
    imagined = replace(work)
    imagined.__dict__["calendar"] = calendar
    return imagined


def _deadlines(work: Work, imagined: Work, regions: Sequence[str]) -> list[Move]:
    """Each item counts once for each day that it moves to, however many regions."""
    keys = [item.key for item in work.programme.edition.items]
    calendars = {(work.calendar_for(code), imagined.calendar_for(code)): code for code in regions}
    pairs = (
        (key, default_day(work, code, key), default_day(imagined, code, key))
        for code in calendars.values()
        for key in keys
    )
    found = {(key, before, after) for key, before, after in pairs if before != after}
    return _sorted(Counter((before, after) for _key, before, after in found))


def _reminders(board: Board, other: Board, code: str) -> Iterable[tuple[date, date, int]]:
    today = board.work.now.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
    for task in board.tasks.get(code, ()):
        for person in board.receivers(task):
            for before, after in _moves(board, other, task, person):
                if before != after and today <= max(before, after) and min(before, after) <= today + AHEAD:
                    yield before, after, person


def _moves(board: Board, other: Board, task: Task, person: int) -> Iterable[tuple[date, date]]:
    return zip(_days(board, task, person), _days(other, task, person), strict=True)


def _days(board: Board, task: Task, person: int) -> list[date]:
    """The days of all occasions, in the order of their offsets."""
    calendar = board.work.calendar_for(task.region_code)
    plan = occasions(board.due(task, person).day, board.timing.reminders.offsets, calendar)
    return [one.day for one in sorted(plan, key=lambda one: one.offset)]


def _sorted(counted: Counter[tuple[date, date]]) -> list[Move]:
    return sorted((before, after, count) for (before, after), count in counted.items())
