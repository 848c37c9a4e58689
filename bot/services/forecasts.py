"""Who will receive which reminders in the days to come, as things stand: the clock's own rounds, made in thought."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.program.calendar import WorkingCalendar
from bot.services import boards, reminding, rounds
from bot.services.boards import Board
from bot.services.holders import holders
from bot.services.reminding import Entry, Why
from bot.services.rounds import Attended, Round
from bot.services.work import Work
from db.models import DigestClock, Person, Seat
from db.vocabulary import REGION_ROLES, Role

WEEK = 7


@dataclass(frozen=True, slots=True)
class Coming:
    """One digest that will be sent at this moment, in the person's zone, unless something changes before."""

    person_id: int
    name: str
    at: datetime
    zone: str
    day: date
    entries: tuple[Entry, ...]


def coming(
    work: Work, persons: Collection[int], days: int = WEEK, *, only: Collection[str] | None = None
) -> list[Coming]:
    """The digests of these persons from now on for so many days, today included, in the order of time.

    `only` narrows them to what concerns these regions.
    """
    board = boards.open_board(work, persons, only)
    people = _attended(work, board, persons)
    until = {one.clock.person_id: one.today(work.now) + timedelta(days=days - 1) for one in people}
    subjects = reminding.subjects(board, max(until.values(), default=date.min))
    boards.read_told(board, persons, subjects)
    thought = _thinking(board)
    names = {number: places[0].name for number, places in board.places.items()}
    found = [
        Coming(one.clock.person_id, names[one.clock.person_id], at, one.zone, said.today, said.entries)
        for one in people
        if one.clock.person_id in names
        for at, said in _rounds(thought, one, work.now, until[one.clock.person_id])
    ]
    return sorted(found, key=lambda one: (one.at, one.name, one.person_id))


def _attended(work: Work, board: Board, persons: Collection[int]) -> list[Attended]:
    rows = work.session.execute(
        select(DigestClock, Person.timezone)
        .join(Person, Person.id == DigestClock.person_id)
        .where(DigestClock.person_id.in_(persons))
        .order_by(DigestClock.person_id)
        .execution_options(populate_existing=True)
    )
    return [rounds.attended(board, _copy(clock), zone) for clock, zone in rows]


def _copy(clock: DigestClock) -> DigestClock:
    """A clock that belongs to no transaction, so that it can be moved in thought."""
    return DigestClock(
        person_id=clock.person_id,
        region_code=clock.region_code,
        next_at=clock.next_at,
        hour=clock.hour,
        rhythm=clock.rhythm,
        last_day=clock.last_day,
        extra=clock.extra,
    )


@dataclass(frozen=True, slots=True)
class Thought:
    """A board whose memory of what was told, and what was put off, can be carried on."""

    board: Board
    told: dict[tuple[int, str, date], set[str]]
    snoozes: dict[tuple[int, int], date]


def _thinking(board: Board) -> Thought:
    told = {key: set(names) for key, names in board.told.items()}
    snoozes = dict(board.snoozes)
    board.told, board.snoozes = told, snoozes
    return Thought(board, told, snoozes)


def _rounds(thought: Thought, one: Attended, now: datetime, last: date) -> Iterable[tuple[datetime, Round]]:
    """What is said to a person at which moment, up to the end of a day."""
    moment = max(one.clock.next_at, now)
    while one.today(moment) <= last:
        later = rounds.wait(thought.board, one, moment)
        if later is None:
            said = rounds.speak(thought.board, one, moment)
            _remember(thought, one.clock.person_id, said)
            if said.entries:
                one.clock.last_day, one.clock.extra = said.today, said.second
                yield moment, said
            later = said.next_at
        moment = later


def _remember(thought: Thought, person: int, said: Round) -> None:
    spoken = [(one.subject, one.due.day, one.occasion) for one in said.entries]
    for subject, day, occasion in [*spoken, *((one.subject, one.due_day, one.occasion) for one in said.passed)]:
        thought.told.setdefault((person, subject, day), set()).add(occasion)
    for entry in said.entries:
        if entry.why is Why.SNOOZED and entry.task:
            thought.snoozes.pop((person, entry.task.item_id), None)


def of_regions(work: Work, codes: Sequence[str], days: int = WEEK) -> Mapping[str, list[Coming]]:
    """The digests of each region: its team's, and what coordinators hear of it."""
    teams = {code: {one.id for one in holders(work, REGION_ROLES, code)} for code in codes}
    persons = {person for team in teams.values() for person in team} | _coordinators(work)
    found = coming(work, persons, days, only=codes)
    return {code: [one for kept in found if (one := _about(kept, code, teams[code])) is not None] for code in codes}


def _about(one: Coming, code: str, team: Collection[int]) -> Coming | None:
    """What of a digest is about a region; to its own team also the closing is."""
    mine = one.person_id in team
    entries = tuple(
        entry for entry in one.entries if (entry.task.region_code == code if entry.task is not None else mine)
    )
    return replace(one, entries=entries) if entries else None


def _coordinators(work: Work) -> set[int]:
    rows = select(Seat.holder_id).where(
        Seat.edition_id == work.edition_id, Seat.role == Role.COORDINATOR, Seat.ended_at.is_(None)
    )
    return {person for person in work.session.scalars(rows) if person}


def regions_of(entries: Sequence[Entry]) -> set[str]:
    """The regions that these entries are about; the closing is about none."""
    return {one.task.region_code for one in entries if one.task}


def calendar_of(work: Work, entry: Entry) -> WorkingCalendar:
    """On which days people work where an entry counts."""
    return work.calendar_for(entry.task.region_code) if entry.task else work.calendar
