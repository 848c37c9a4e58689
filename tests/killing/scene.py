"""What every scene begins with: an edition that closes late enough, regions, a coordinator, mentors with regions."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.program.loading import load_edition, shipped_edition
from bot.services import editions
from bot.services.items import enrol
from bot.services.work import Work
from db.audit import OPERATOR
from db.engine import Database
from db.models import Person, Scope, Seat
from db.vocabulary import Role
from tests import stage

# Chosen so that an invitation that is made now never meets a closing.
UNTIL_CLOSING = timedelta(days=30)
REGIONS = (
    "12.76", "62.06", "72.01", "82.04", "35.76", "35.16", "11.71", "12.71", "13.71", "14.71", "16.71", "18.71",
    "31.71", "32.73", "33.74", "34.71", "51.71", "61.71", "64.71", "73.71",
)  # fmt: skip
FIRST_OFFICIAL, FIRST_MENTOR, FIRST_TALKER, COORDINATOR = 501, 801, 901, 990
T = TypeVar("T")


def set_scene(url: str, fill: Callable[[Work], T]) -> T:
    """Fill a migrated, empty database. The same scene gives the same rows, but for times and codes."""
    database = Database(url)
    try:
        return database.write_now(lambda session: fill(_opened(session)))
    finally:
        database.writer.dispose()


def _opened(session: Session) -> Work:
    now = datetime.now(UTC)
    content = load_edition(shipped_edition(), (now + UNTIL_CLOSING).date())
    opened = editions.open_edition(session, content, now)
    return Work(session, now, stage.programme(edition=content), opened.row_id, "scene", OPERATOR)


def mandatory(work: Work) -> list[tuple[str, str]]:
    """Key and title of what every region must prove."""
    return [(item.key, item.title) for item in work.programme.edition.items if item.mandatory]


def take_part(work: Work, codes: Sequence[str]) -> None:
    """Regions with their checklists, and a coordinator over all."""
    for code in codes:
        enrol(work, code)
    stage.member(work, Role.COORDINATOR, name="Koordinator", telegram_id=COORDINATOR)


def mentor(work: Work, number: int, codes: Sequence[str]) -> Person:
    """A mentor who looks after these regions."""
    person = stage.person(work, f"Mentor {number}", telegram_id=FIRST_MENTOR + number)
    row = Seat(
        edition_id=work.edition_id,
        role=Role.MENTOR,
        holder_id=person.id,
        created_at=work.now,
        scopes=[Scope(region_code=code) for code in codes],
    )
    work.session.add(row)
    work.session.flush()
    return person
