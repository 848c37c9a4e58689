"""The place in which people live through the main journey: regions, seats and invitations, ready in a database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.program.loading import load_edition, shipped_edition
from bot.services import editions, invites, seats
from bot.services.items import enrol
from bot.services.work import Work
from db.audit import OPERATOR
from db.engine import Database
from db.models import Scope, Seat
from db.vocabulary import Role
from tests import stage

# Chosen so that an invitation that is made now never meets a closing.
UNTIL_CLOSING = timedelta(days=30)
REGIONS = (
    "12.76", "62.06", "72.01", "82.04", "35.76", "35.16", "11.71", "12.71", "13.71", "14.71", "16.71", "18.71",
    "31.71", "32.73", "33.74", "34.71", "51.71", "61.71", "64.71", "73.71",
)  # fmt: skip
FIRST_OFFICIAL, FIRST_MENTOR, FIRST_TALKER, COORDINATOR = 501, 801, 901, 990


@dataclass(frozen=True, slots=True)
class Task:
    """An item of the checklist, and its title on the screen."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who will come in by an invitation and prove these items of their region."""

    telegram_id: int
    name: str
    region_code: str
    code: str
    items: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody with a seat who sends one link after the other as evidence, and looks around."""

    telegram_id: int
    name: str
    items: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Mentor:
    telegram_id: int
    name: str
    verdicts: int


@dataclass(frozen=True, slots=True)
class Scene:
    officials: tuple[Official, ...]
    mentors: tuple[Mentor, ...]
    talkers: tuple[Talker, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How many take part: `items` for each official."""

    officials: int = 8
    items: int = 2
    mentors: int = 2
    talkers: int = 4


def set_scene(url: str, size: Size) -> Scene:
    """Fill a migrated, empty database. The same size gives the same rows, but for times and codes."""
    database = Database(url)
    try:
        return database.write_now(lambda session: _fill(session, size))
    finally:
        database.writer.dispose()


def _fill(session: Session, size: Size) -> Scene:
    now = datetime.now(UTC)
    content = load_edition(shipped_edition(), (now + UNTIL_CLOSING).date())
    opened = editions.open_edition(session, content, now)
    work = Work(session, now, stage.programme(edition=content), opened.row_id, "scene", OPERATOR)
    codes = REGIONS[: size.officials + size.talkers]
    for code in codes:
        enrol(work, code)
    tasks = tuple(Task(item.key, item.title) for item in content.items if item.mandatory)
    mentors = tuple(_mentor(work, n, size) for n in range(size.mentors))
    stage.member(work, Role.COORDINATOR, name="Koordinator", telegram_id=COORDINATOR)
    talkers = tuple(_talker(work, n, codes[size.officials + n], tasks) for n in range(size.talkers))
    officials = tuple(_official(work, n, codes[n], tasks[: size.items]) for n in range(size.officials))
    return Scene(officials, mentors, talkers)


def _mentor(work: Work, number: int, size: Size) -> Mentor:
    mine = REGIONS[number : size.officials : size.mentors]
    person = stage.person(work, f"Mentor {number}", telegram_id=FIRST_MENTOR + number)
    row = Seat(
        edition_id=work.edition_id,
        role=Role.MENTOR,
        holder_id=person.id,
        created_at=work.now,
        scopes=[Scope(region_code=code) for code in mine],
    )
    work.session.add(row)
    work.session.flush()
    return Mentor(FIRST_MENTOR + number, person.name, 2 * size.items * len(mine))


def _talker(work: Work, number: int, region_code: str, tasks: tuple[Task, ...]) -> Talker:
    person = stage.member(work, Role.OFFICIAL, region_code, f"Pegawai {number}", telegram_id=FIRST_TALKER + number)
    return Talker(person.telegram_id or 0, person.name, tasks)


def _official(work: Work, number: int, region_code: str, tasks: tuple[Task, ...]) -> Official:
    _row, code = invites.create_as_operator(work, seats.Grantable(Role.LEAD, region_code))
    return Official(FIRST_OFFICIAL + number, f"Siti {number}", region_code, code.replace("-", ""), tasks)
