"""What one person is reminded of on one day: decided from a board, without touching anything."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.program.calendar import WorkingCalendar
from bot.services import closing, digests
from bot.services.boards import Board, Task
from bot.services.deadlines import Due, end_of
from bot.services.occasions import Choice, Occasion, choose, fewer, occasions
from bot.services.visits import DEFAULT_ZONE
from db.models import DigestClock
from db.vocabulary import Rhythm, Role

CLOSING = "closing"
# Who counts the days to the closing with Pandu.
_COUNTING = (Role.OFFICIAL, Role.LEAD, Role.MENTOR, Role.COORDINATOR)
LAST = "last"
THANKS = "thanks"
_THANKED = (*_COUNTING, Role.CONTRIBUTOR)
# Whoever comes in later than this is not thanked for it.
THANKED_WITHIN = timedelta(days=14)


class Why(StrEnum):
    """Why somebody hears of something."""

    OWN = "own"  # it is theirs to do
    LEAD = "lead"  # it is late, and theirs is the team
    COORDINATOR = "coordinator"  # it is late, and theirs are the regions
    NOBODY = "nobody"  # it is due, and nobody of the region can be reached
    CLOSING = "closing"  # the closing comes nearer
    LAST = "last"  # the closing is today, and it is still open
    MISSING = "missing"  # the same, in the regions of a coordinator
    THANKS = "thanks"  # the closing is over
    SNOOZED = "snoozed"  # they asked for it


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to say. `occasion` names it in the record; `raw` is the day it was meant for; `task` is None for the
    closing."""

    why: Why
    subject: str
    occasion: str
    due: Due
    raw: date
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """An occasion that was passed over: a later one spoke, or the deadline was over."""

    subject: str
    occasion: str
    due_day: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What to say, the most urgent first, and what was passed over."""

    entries: tuple[Entry, ...] = ()
    passed: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A reason for which somebody may hear of a task, with the offsets at which they do."""

    why: Why
    task: Task
    offsets: tuple[int, ...]


def subjects(board: Board, today: date) -> set[str]:
    """Everything anybody might be told of today, to look up what was told already."""
    found = {
        digests.subject(task.item_id)
        for tasks in board.tasks.values()
        for task in tasks
        if _has_come(board, task, today)
    }
    return found | {CLOSING}


def _has_come(board: Board, task: Task, today: date) -> bool:
    """Whether any occasion of the task has come for anybody."""
    reminders = board.timing.reminders
    every = (*reminders.offsets, reminders.lead_after, reminders.coordinator_after)
    return board.has_personal or occasions(board.due(task, 0).day, every, _calendar(board, task))[0].day <= today


def decide(board: Board, clock: DigestClock, now: datetime, today: date) -> Decision:
    """What this person hears at this moment of their day."""
    entries: list[Entry] = []
    passed: list[Passed] = []
    for claim in _claims(board, clock):
        if not board.is_paused(claim.task.region_code, today) and _is_going_on(board, claim.task, clock, now):
            entry = _of_claim(board, claim, clock.person_id, now, today, passed)
            entries += [entry] if entry else []
    ending = _closing(board, clock, now, today, passed)
    return Decision((*sorted(entries, key=lambda entry: urgency(entry, now)), *ending), tuple(passed))


def _is_going_on(board: Board, task: Task, clock: DigestClock, now: datetime) -> bool:
    """Of what the closing has ended nobody is reminded."""
    return closing.is_open(board.work, task.region_code, task.key, now, clock.person_id)


_ORDER = (
    Why.LAST,
    Why.MISSING,
    Why.OWN,
    Why.LEAD,
    Why.NOBODY,
    Why.COORDINATOR,
    Why.CLOSING,
    Why.THANKS,
)


def urgency(entry: Entry, now: datetime) -> tuple[int, bool, float, str]:
    """One's own before others'; then what comes first, and after it what is late, the latest lateness first."""
    why = Why.OWN if entry.why is Why.SNOOZED else entry.why
    late, at = entry.due.passed(now), entry.due.at.timestamp()
    region = entry.task.region_code if entry.task and why in (Why.NOBODY, Why.COORDINATOR) else ""
    return _ORDER.index(why), late and not region, 0.0 if region else -at if late else at, region or entry.subject


# --- Who hears of what


def _claims(board: Board, clock: DigestClock) -> Iterable[Claim]:
    person, wanted = clock.person_id, _offsets(board, clock)
    for region in board.regions(person):
        received = board.received(region)
        leads = any(one.role is Role.LEAD and one.region_code == region for one in board.places[person])
        mine = received.get(person, ())
        yield from (Claim(Why.OWN, task, wanted(task, leads)) for task in mine)
        if leads:
            yield from _escalated(board, Why.LEAD, region, mine)
    yield from _watched(board, person)


def _watched(board: Board, person: int) -> Iterable[Claim]:
    """What a coordinator hears: what is late for long, and what is due where nobody can be reached."""
    seats = [one for one in board.places.get(person, ()) if one.role is Role.COORDINATOR]
    every = board.timing.reminders.offsets
    for region in board.tasks if seats else ():
        if any(one.reaches(region) for one in seats):
            nobody = board.received(region).get(0, ())
            yield from (Claim(Why.NOBODY, task, every) for task in nobody)
            yield from _escalated(board, Why.COORDINATOR, region, nobody)


def _escalated(board: Board, why: Why, region: str, known: Sequence[Task]) -> Iterable[Claim]:
    reminders = board.timing.reminders
    after = reminders.lead_after if why is Why.LEAD else reminders.coordinator_after
    seen = {task.item_id for task in known}
    for task in board.tasks.get(region, ()):
        if task.mandatory and task.item_id not in seen:
            yield Claim(why, task, (after,))


def _offsets(board: Board, clock: DigestClock) -> "Wanted":
    return Wanted(board.timing.reminders.offsets, clock.rhythm)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The offsets a person wants to hear at. A lead always hears of what is mandatory."""

    every: tuple[int, ...]
    rhythm: Rhythm

    def __call__(self, task: Task, leads: bool) -> tuple[int, ...]:
        if self.rhythm is Rhythm.ALL:
            return self.every
        if self.rhythm is Rhythm.NONE and not (leads and task.mandatory):
            return ()
        return fewer(self.every)


# --- What is said now


def _plan(board: Board, claim: Claim, person: int) -> tuple[Occasion, ...]:
    return occasions(board.due(claim.task, person).day, claim.offsets, _calendar(board, claim.task))


def _calendar(board: Board, task: Task) -> WorkingCalendar:
    return board.work.calendar_for(task.region_code)


def _of_claim(
    board: Board, claim: Claim, person: int, now: datetime, today: date, passed: list[Passed]
) -> Entry | None:
    due, subject = board.due(claim.task, person), digests.subject(claim.task.item_id)
    until = board.snoozes.get((person, claim.task.item_id)) if claim.why is Why.OWN else None
    if until is not None and _again(board, claim.task, until, due) > today:
        return None
    told = _own_names(claim.why, board.told.get((person, subject, due.day), ()))
    choice = choose(_plan(board, claim, person), today, told, expired=due.passed(now))
    entry = _kept(choice, claim.why, subject, due, passed, claim.task)
    return _woken(subject, due, until, claim.task, entry, passed) if until is not None else entry


def _again(board: Board, task: Task, until: date, due: Due) -> date:
    """When somebody hears of a task again: earlier where that day is not worked, or the deadline has come nearer."""
    return board.work.calendar_for(task.region_code).previous_working(min(until, due.day))


def _woken(subject: str, due: Due, until: date, task: Task, entry: Entry | None, passed: list[Passed]) -> Entry:
    """What somebody asked to hear of today; an occasion that comes on this day is told with it."""
    passed += [Passed(subject, entry.occasion, due.day)] if entry else []
    return Entry(Why.SNOOZED, subject, f"snooze:{until}", due, until, task)


def _own_names(why: Why, told: Collection[str]) -> Collection[str]:
    """The plain names of the occasions that were told for this reason."""
    prefix = _PREFIX.get(why, "")
    return {name.removeprefix(prefix) for name in told if name.startswith(prefix)} if prefix else told


_PREFIX = {Why.LEAD: "lead", Why.COORDINATOR: "coordinator"}


def _kept(
    choice: Choice, why: Why, subject: str, due: Due, passed: list[Passed], task: Task | None = None
) -> Entry | None:
    prefix = _PREFIX.get(why, "")
    passed += [Passed(subject, f"{prefix}{one.name}", due.day) for one in choice.passed]
    if choice.now is None:
        return None
    return Entry(why, subject, f"{prefix}{choice.now.name}", due, choice.now.raw, task)


def _closing(board: Board, clock: DigestClock, now: datetime, today: date, passed: list[Passed]) -> tuple[Entry, ...]:
    """The countdown to the closing, for whoever works towards it; after it one word of thanks to everybody."""
    if board.frozen:
        return _thanks(board, clock, today)
    if not any(one.role in _COUNTING for one in board.places.get(clock.person_id, ())):
        return ()
    day = board.work.programme.edition.closing
    due = Due(day, end_of(day, DEFAULT_ZONE), DEFAULT_ZONE)
    offsets = (*board.timing.reminders.closing_countdown, 0)
    told = board.told.get((clock.person_id, CLOSING, day), ())
    choice = choose(
        occasions(day, offsets, _own_calendar(board, clock.person_id)), today, told, expired=due.passed(now)
    )
    entry = _kept(choice, Why.CLOSING, CLOSING, due, passed)
    return (entry,) if entry else ()


def _thanks(board: Board, clock: DigestClock, today: date) -> tuple[Entry, ...]:
    day = board.work.programme.edition.closing
    told = board.told.get((clock.person_id, CLOSING, day), ())
    is_asked = any(one.role in _THANKED for one in board.places.get(clock.person_id, ()))
    if not is_asked or THANKS in told or today - day > THANKED_WITHIN:
        return ()
    due = Due(day, end_of(day, DEFAULT_ZONE), DEFAULT_ZONE)
    return (Entry(Why.THANKS, CLOSING, THANKS, due, day),)


def _own_calendar(board: Board, person: int) -> WorkingCalendar:
    regions = board.regions(person)
    return board.work.calendar_for(regions[0]) if regions else board.work.calendar
