"""A small programme on a real database: an edition, its people in their seats, and visits to act in.

Nothing here decides anything; it only sets the scene that a test then plays on.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.flows.notice import NOTICE_VERSION
from bot.program.loading import load_edition, shipped_edition
from bot.program.model import Edition as Content
from bot.program.regions import Regions, load_regions
from bot.services import clocks
from bot.services.deadlines import Due, due_of
from bot.services.items import enrol
from bot.services.visits import Chat, Visit
from bot.services.work import Programme, Work
from db.models import Absence, AuditEntry, Edition, Item, Person, Scope, Seat
from db.vocabulary import ItemState, Role

# H-17 of the shipped edition, 09.00 WIB.
NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)
TEBING_TINGGI, KATINGAN, BANGGAI = "12.76", "62.06", "72.01"
HALMAHERA_SELATAN, KOTA_MOJOKERTO, KABUPATEN_MOJOKERTO = "82.04", "35.76", "35.16"
_accounts: Iterator[int] = count(7_000_000_001)


@lru_cache(maxsize=1)
def content() -> Content:
    """The shipped edition, closing on 1 December 2026."""
    return load_edition(shipped_edition(), NOW.date())


@lru_cache(maxsize=1)
def content_of_2022() -> Content:
    """The edition of 2022, closing on Thursday, 1 December 2022."""
    return load_edition(shipped_edition().with_name("2022.yaml"), date(2022, 10, 1))


@lru_cache(maxsize=1)
def regions() -> Regions:
    return load_regions()


def programme(**changes: Any) -> Programme:
    """What is fixed while the process runs."""
    usual = Programme(
        edition=content(),
        regions=regions(),
        bot_username="pandu_test_bot",
        help_contact="Ibu Sari, 021-5550101",
        privacy_contact="privasi@contoh.go.id",
        evidence_hosts=("*.go.id", "drive.google.com"),
        upload_bytes_a_day=500 * 1024 * 1024,
        bulk_rate=25,
    )
    return replace(usual, **changes)


def open_work(session: Session, *, now: datetime = NOW, cause: str = "update 1", **changes: Any) -> Work:
    """The work of one transaction in the edition, the shipped one by default; its row is made when first asked for."""
    given = programme(**changes)
    row = session.scalar(select(Edition).where(Edition.key == given.edition.key))
    if row is None:
        row = Edition(
            key=given.edition.key,
            closing=given.edition.closing,
            fingerprint=given.edition.fingerprint,
            opened_at=NOW,
            ended_at=None,
        )
        session.add(row)
        session.flush()
    return Work(session, now, given, row.id, cause)


def person(work: Work, name: str = "Siti Rahma", **columns: Any) -> Person:
    """A registered person who has consented. Another Telegram account each time."""
    usual: dict[str, Any] = {
        "telegram_id": next(_accounts),
        "position": "Kepala Dinas Kominfo",
        "language": "id",
        "data_saver": False,
        "notice_version": NOTICE_VERSION,
        "consented_at": work.now,
        "registered_at": work.now,
    }
    row = Person(name=name, **(usual | columns))
    work.session.add(row)
    work.session.flush()
    return row


def seat(
    work: Work,
    holder: Person,
    role: Role,
    region_code: str | None = None,
    *,
    pillar: str | None = None,
    province: str | None = None,
    **columns: Any,
) -> Seat:
    """A seat with one scope. Without a region, pillar or province it reaches the whole edition."""
    scope = Scope(region_code=region_code, pillar=pillar, province=province)
    row = Seat(
        edition_id=work.edition_id, role=role, holder_id=holder.id, created_at=work.now, scopes=[scope], **columns
    )
    work.session.add(row)
    work.session.flush()
    clocks.begin(work, holder.id, region_code)
    return row


def member(
    work: Work,
    role: Role,
    region_code: str | None = None,
    name: str = "Siti Rahma",
    *,
    pillar: str | None = None,
    province: str | None = None,
    **columns: Any,
) -> Person:
    """A person in one seat."""
    row = person(work, name, **columns)
    seat(work, row, role, region_code, pillar=pillar, province=province)
    return row


def region(work: Work, region_code: str = TEBING_TINGGI) -> dict[str, Item]:
    """A region that takes part, with its items by key."""
    enrol(work, region_code)
    rows = work.session.scalars(
        select(Item).where(Item.edition_id == work.edition_id, Item.region_code == region_code).order_by(Item.id)
    )
    return {item.key: item for item in rows}


def put(work: Work, item: Item, state: ItemState, **columns: Any) -> Item:
    """An item as if it had come to this state."""
    for name, value in {"state": state, "version": item.version + 1, "changed_at": work.now, **columns}.items():
        setattr(item, name, value)
    work.session.flush()
    return item


def visit_of(work: Work, person: Person, chat: Chat | None = None) -> Visit:
    """This person at their chat, in the seats they hold now."""
    seats = work.session.scalars(
        select(Seat)
        .where(Seat.holder_id == person.id, Seat.ended_at.is_(None))
        .options(selectinload(Seat.scopes))
        .order_by(Seat.id)
        .execution_options(populate_existing=True)
    )
    return Visit(
        work=work,
        chat=chat or Chat(person.telegram_id or 0),
        telegram_id=person.telegram_id or 0,
        telegram_name=person.name,
        language=person.language,
        at=work.now,
        person=person,
        seats=tuple(seats),
    )


def stranger(work: Work, name: str = "Budi Santoso", telegram_id: int | None = None, chat: Chat | None = None) -> Visit:
    """Somebody Pandu does not know."""
    account = telegram_id or next(_accounts)
    return Visit(
        work=work, chat=chat or Chat(account), telegram_id=account, telegram_name=name, language="id", at=work.now
    )


def due(work: Work, key: str, region_code: str = TEBING_TINGGI) -> Due:
    """When an item is due in a region."""
    return due_of(work, region_code, key)


def known(session: Session, telegram_id: int) -> int:
    """The number of the person with this account."""
    return session.scalars(select(Person.id).where(Person.telegram_id == telegram_id)).one()


def actors(session: Session) -> dict[int, int]:
    """How many changes of items the record names for each account."""
    rows = session.execute(
        select(Person.telegram_id, func.count())
        .join(AuditEntry, AuditEntry.actor_id == Person.id)
        .where(AuditEntry.subject == "item")
        .group_by(Person.telegram_id)
    )
    return {row[0]: row[1] for row in rows if row[0]}


def away(work: Work, person: Person, substitute: Person | None, first_day: date, last_day: date) -> Absence:
    """A mentor who is away from one day to another, both included."""
    row = Absence(
        person_id=person.id,
        substitute_id=substitute.id if substitute else None,
        first_day=first_day,
        last_day=last_day,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return row
