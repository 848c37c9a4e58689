"""The place in which people live through the main journey: regions, seats and invitations, ready in a database."""

from dataclasses import dataclass

from bot.services import invites, seats
from bot.services.work import Work
from db.vocabulary import Role
from tests import stage
from tests.killing.scene import FIRST_MENTOR, FIRST_OFFICIAL, FIRST_TALKER, REGIONS, mandatory, mentor, take_part


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


def fill(work: Work, size: Size) -> Scene:
    """Everybody of a main journey of this size."""
    codes = REGIONS[: size.officials + size.talkers]
    mentors = tuple(_mentor(work, n, size) for n in range(size.mentors))
    take_part(work, codes)
    tasks = tuple(Task(*one) for one in mandatory(work))
    talkers = tuple(_talker(work, n, codes[size.officials + n], tasks) for n in range(size.talkers))
    officials = tuple(_official(work, n, codes[n], tasks[: size.items]) for n in range(size.officials))
    return Scene(officials, mentors, talkers)


def _mentor(work: Work, number: int, size: Size) -> Mentor:
    mine = REGIONS[number : size.officials : size.mentors]
    person = mentor(work, number, mine)
    return Mentor(FIRST_MENTOR + number, person.name, 2 * size.items * len(mine))


def _talker(work: Work, number: int, region_code: str, tasks: tuple[Task, ...]) -> Talker:
    person = stage.member(work, Role.OFFICIAL, region_code, f"Pegawai {number}", telegram_id=FIRST_TALKER + number)
    return Talker(person.telegram_id or 0, person.name, tasks)


def _official(work: Work, number: int, region_code: str, tasks: tuple[Task, ...]) -> Official:
    _row, code = invites.create_as_operator(work, seats.Grantable(Role.LEAD, region_code))
    return Official(FIRST_OFFICIAL + number, f"Siti {number}", region_code, code.replace("-", ""), tasks)
