"""The place of a broadcast: a busy hour, and beside it an announcement on its way to many who never ask anything."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from bot.services import announcement_letters, audiences, readers
from bot.services.work import Work
from db.models import Announcement, Person
from db.vocabulary import AnnouncementState, Role
from tests import stage
from tests.killing import hour_scene
from tests.killing.hour_scene import HourScene, Rush
from tests.killing.scene import COORDINATOR, REGIONS, take_part

FIRST_READER = 100_001
REGION = REGIONS[-1]
WORDS = "Rapat koordinasi penyusunan Buku 2 pada Senin pukul 09.00 WIB secara daring."


@dataclass(frozen=True, slots=True)
class Reach:
    """How many are written to; so many of them have blocked Pandu, and so many confirm that they have read it."""

    readers: int = 200
    blocked: int = 5
    confirming: int = 5


@dataclass(frozen=True, slots=True)
class BroadcastScene(HourScene):
    """Readers by their accounts and names; every one of `blocked` and `confirming` is a reader."""

    announcement_id: int = 0
    readers: dict[int, str] = field(default_factory=dict)
    blocked: tuple[int, ...] = ()
    confirming: tuple[int, ...] = ()


def fill(work: Work, rush: Rush, reach: Reach) -> BroadcastScene:
    """Everybody of a broadcast of this reach; it is confirmed, and begins when Pandu does."""
    hour = _hour(work, rush)
    accounts = range(FIRST_READER, FIRST_READER + reach.readers)
    stage.region(work, REGION)
    names = {
        account: stage.member(work, Role.OFFICIAL, REGION, f"Pembaca {account}", telegram_id=account).name
        for account in accounts
    }
    # Spread over the list, so that there is one in every wave.
    blocked = tuple(accounts[:: reach.readers // reach.blocked][: reach.blocked]) if reach.blocked else ()
    confirming = tuple(one for one in accounts if one not in blocked)[: reach.confirming]
    return BroadcastScene(hour.askers, hour.mentors, _announced(work).id, names, blocked, confirming)


def _hour(work: Work, rush: Rush) -> HourScene:
    if rush.askers:
        return hour_scene.fill(work, rush)
    take_part(work, ())
    return HourScene((), ())


def _announced(work: Work) -> Announcement:
    rule = audiences.Audience(roles=(Role.OFFICIAL,), regions=(REGION,))
    coordinator = work.session.scalars(select(Person.id).where(Person.telegram_id == COORDINATOR)).one()
    row = Announcement(
        edition_id=work.edition_id,
        author_id=coordinator,
        created_at=work.now,
        subject="Rapat koordinasi",
        text=WORDS,
        audience=rule.model_dump(mode="json", exclude_defaults=True),
    )
    work.session.add(row)
    work.session.flush()
    readers.freeze(work, row)
    row.state, row.number, row.parts = AnnouncementState.SCHEDULED, 1, announcement_letters.parts(row)
    row.starts_at = work.now - timedelta(seconds=1)
    work.session.flush()
    return row
