"""What is needed to decide about many people's reminders at once, read in a few statements for all of them."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, select

from bot.services import progress, snapshots
from bot.services.deadlines import Due, due_of, extensions
from bot.services.holders import in_office
from bot.services.item_words import is_declared
from bot.services.items import OPEN_STATES
from bot.services.timing import Timing, timing_of
from bot.services.work import Work
from db.bulk import among
from db.models import Item, Person, RegionPause, Reminder, Scope, Seat, Snapshot, Snooze
from db.vocabulary import REGION_ROLES, ItemState, Role

_FRESH = (ItemState.UNTOUCHED, ItemState.STARTED)
Key = TypeVar("Key")
Value = TypeVar("Value")
# What was told: by person and subject, the occasions of each deadline.
Told = Mapping[tuple[int, str, date], Collection[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """An item that is still to be done, and that nobody has declared done."""

    item_id: int
    key: str
    region_code: str
    assignee_id: int | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """One seat of a person over one scope; `active` while the person can be reached."""

    seat_id: int
    person_id: int
    name: str
    role: Role
    region_code: str | None
    province: str | None
    active: bool

    def reaches(self, region_code: str) -> bool:
        if self.region_code:
            return self.region_code == region_code
        return self.province is None or region_code.startswith(f"{self.province}.")


@dataclass
class Board:
    """Tasks and teams of some regions, and what some persons have been told. Days are in each region's calendar.

    `heard` is `told` by person: equal for two who were told the same.
    """

    work: Work
    timing: Timing
    places: Mapping[int, Sequence[Holding]]
    tasks: Mapping[str, Sequence[Task]]
    teams: Mapping[str, Sequence[Holding]]
    snoozes: Mapping[tuple[int, int], date]
    pauses: Mapping[str, Sequence[tuple[date, date]]]
    told: Told = field(default_factory=dict)
    heard: Mapping[int, Hashable] = field(default_factory=dict)
    _dues: dict[tuple[str, str], Due] = field(default_factory=dict)
    _receivers: dict[str, Mapping[int, Sequence[Task]]] = field(default_factory=dict)

    def due(self, task: Task, person_id: int) -> Due:
        """When the task is due for this person."""
        if self.has_personal:
            return due_of(self.work, task.region_code, task.key, person_id)
        at = (task.region_code, task.key)
        if at not in self._dues:
            self._dues[at] = due_of(self.work, task.region_code, task.key)
        return self._dues[at]

    @cached_property
    def frozen(self) -> Mapping[str, Snapshot]:
        """How the regions stood at the closing, once that has been written down."""
        return snapshots.of_edition(self.work)

    @cached_property
    def snoozing(self) -> Collection[int]:
        """Whoever wants to hear of something later."""
        return {person for person, _item in self.snoozes}

    @cached_property
    def has_personal(self) -> bool:
        """Whether anybody has a deadline of their own."""
        return any(person is not None for _subject, _region, person in extensions(self.work))

    def closing_today(self, region_code: str, person_id: int) -> list[Task]:
        """What is mandatory, open, and due on the closing day itself."""
        day = self.work.programme.edition.closing
        found = (task for task in self.tasks.get(region_code, ()) if task.mandatory)
        return [task for task in found if self.due(task, person_id).day == day]

    def seats(self, person_id: int) -> Hashable:
        """The seats of a person as others may hold the same ones."""
        return tuple((one.role, one.region_code, one.province) for one in self.places.get(person_id, ()))

    def regions(self, person_id: int) -> list[str]:
        """The regions in whose team the person is."""
        found = (one.region_code for one in self.places.get(person_id, ()) if one.role in REGION_ROLES)
        return sorted({code for code in found if code})

    def is_paused(self, region_code: str, day: date) -> bool:
        """Whether reminders about the region rest on this day."""
        return any(first <= day <= last for first, last in self.pauses.get(region_code, ()))

    def received(self, region_code: str) -> Mapping[int, Sequence[Task]]:
        """Whose each task of a region is: its delegate's, else the officials', else the leads'; 0 stands for nobody."""
        if region_code not in self._receivers:
            found: dict[int, list[Task]] = defaultdict(list)
            for task in self.tasks.get(region_code, ()):
                for person in self.receivers(task):
                    found[person].append(task)
            self._receivers[region_code] = found
        return self._receivers[region_code]

    def receivers(self, task: Task) -> Sequence[int]:
        """Who is reminded of a task."""
        return receivers(task, self.teams.get(task.region_code, ()))

    def names(self, task: Task) -> list[str]:
        """Who should be at work on a task, by name."""
        expected = set(self.receivers(task))
        return list(
            dict.fromkeys(one.name for one in self.teams.get(task.region_code, ()) if one.person_id in expected)
        )


def open_board(work: Work, persons: Collection[int], only: Collection[str] | None = None) -> Board:
    """Everything about these persons and the regions that matter to them, a coordinator's regions included.

    `only` narrows what there is to do to these regions.
    """
    places = _places(work, among(Person.id, persons))
    regions = [code for code in _regions(work, places) if only is None or code in only]
    return _board(work, regions, places, persons)


def open_regions(work: Work, regions: Sequence[str]) -> Board:
    """What is to be done in these regions, and by whom."""
    return _board(work, regions, (), ())


def _board(work: Work, regions: Sequence[str], places: Sequence[Holding], persons: Collection[int]) -> Board:
    teams = _places(work, Seat.role.in_(REGION_ROLES) & Scope.region_code.in_(regions))
    return Board(
        work=work,
        timing=timing_of(work),
        places=_grouped((one.person_id, one) for one in places),
        tasks=_tasks(work, regions),
        teams=_grouped((one.region_code or "", one) for one in teams),
        snoozes=_snoozes(work, persons),
        pauses=_pauses(work, regions),
    )


def receivers_of(work: Work, item: Item) -> Sequence[int]:
    """Who is reminded of this one item; nobody where nothing is to be done of it any more."""
    known = {one.key: one.mandatory for one in work.programme.edition.items}
    if item.key not in known or item.state not in OPEN_STATES or is_declared(item):
        return ()
    team = _places(work, Seat.role.in_(REGION_ROLES) & (Scope.region_code == item.region_code))
    task = Task(item.id, item.key, item.region_code, item.assignee_id, known[item.key])
    return receivers(task, team)


def receivers(task: Task, team: Sequence[Holding]) -> Sequence[int]:
    """Whose a task is, of this team: its delegate's, else the officials', else the leads'; 0 stands for nobody.

    Nobody is reminded of what is only recommended, unless it was entrusted to somebody.
    """
    present = [one for one in team if one.active]
    if task.assignee_id:
        delegate = [one.person_id for one in present if one.seat_id == task.assignee_id]
        if delegate:
            return delegate
    if not task.mandatory:
        return ()
    officials = [one.person_id for one in present if one.role is Role.OFFICIAL]
    leads = [one.person_id for one in present if one.role is Role.LEAD]
    return list(dict.fromkeys(officials or leads)) or (0,)


def _places(work: Work, which: ColumnElement[bool]) -> list[Holding]:
    active = and_(Person.unreachable_at.is_(None), Person.telegram_id.is_not(None))
    rows = work.session.execute(
        select(Seat.id, Person.id, Person.name, Seat.role, Scope.region_code, Scope.province, active)
        .join(Scope, Scope.seat_id == Seat.id)
        .join(Person, Person.id == Seat.holder_id)
        .where(
            in_office(work),
            which,
        )
        .order_by(Seat.id)
    )
    return [Holding(*row[:6], active=bool(row[6])) for row in rows]


def _regions(work: Work, places: Iterable[Holding]) -> list[str]:
    """The regions of teams, and of the coordinators' seats."""
    own = {one.region_code for one in places if one.role in REGION_ROLES and one.region_code}
    watched = [one for one in places if one.role is Role.COORDINATOR]
    if watched:
        every = progress.participants(work)
        own |= {code for code in every if any(one.reaches(code) for one in watched)}
    return sorted(own)


def _tasks(work: Work, regions: Sequence[str]) -> Mapping[str, Sequence[Task]]:
    known = {item.key: item.mandatory for item in work.programme.edition.items}
    declared = and_(Item.declared_at.is_not(None), Item.state.in_(_FRESH))
    rows = work.session.execute(
        select(Item.id, Item.key, Item.region_code, Item.assignee_id)
        .where(
            Item.edition_id == work.edition_id,
            Item.region_code.in_(regions),
            Item.state.in_(OPEN_STATES),
            ~declared,
        )
        .order_by(Item.id)
    )
    return _grouped((row[2], Task(*row, mandatory=known[row[1]])) for row in rows if row[1] in known)


def _snoozes(work: Work, persons: Collection[int]) -> Mapping[tuple[int, int], date]:
    rows = work.session.execute(
        select(Snooze.person_id, Snooze.item_id, Snooze.until).where(among(Snooze.person_id, persons))
    )
    return {(person, item): until for person, item, until in rows}


def _pauses(work: Work, regions: Sequence[str]) -> Mapping[str, Sequence[tuple[date, date]]]:
    rows = work.session.execute(
        select(RegionPause.region_code, RegionPause.first_day, RegionPause.last_day).where(
            RegionPause.edition_id == work.edition_id,
            RegionPause.region_code.in_(regions),
            RegionPause.ended_at.is_(None),
        )
    )
    return _grouped((code, (first, last)) for code, first, last in rows)


def read_told(board: Board, persons: Collection[int], subjects: Collection[str]) -> None:
    """Read what these persons have been told of these subjects."""
    rows = board.work.session.execute(
        select(Reminder.person_id, Reminder.subject, Reminder.due_day, Reminder.occasion).where(
            among(Reminder.person_id, persons), Reminder.subject.in_(subjects)
        )
    )
    found = [(person, subject, day, occasion) for person, subject, day, occasion in rows]
    board.told = _grouped(((person, subject, day), occasion) for person, subject, day, occasion in found)
    by_person = _grouped((person, (subject, day, occasion)) for person, subject, day, occasion in found)
    board.heard = {person: frozenset(more) for person, more in by_person.items()}


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    found: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found
