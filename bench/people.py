"""The people of the measurements, in the real tables: officials of one region, each with a panel on the screen."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.telegram import FIRST_CHAT
from bot.app import programme_of
from bot.flows.notice import NOTICE_VERSION
from bot.services import editions, items
from bot.services.work import Work
from bot.settings import Settings
from db.audit import OPERATOR
from db.models import Conversation, Person, Scope, Seat
from db.vocabulary import Role

REGION = "12.76"


def settle(session: Session, how_many: int, settings: Settings) -> None:
    """The shipped edition with one region, and so many officials there."""
    now = datetime.now(UTC)
    content = editions.load_for(None, None, now.date())
    opened = editions.open_edition(session, content, now)
    work = Work(session, now, programme_of(settings, opened, "pandu_demo_bot"), opened.row_id, "bench", OPERATOR)
    items.enrol(work, REGION)
    _officials(session, how_many, opened.row_id, now)


def _officials(session: Session, how_many: int, edition_id: int, now: datetime) -> None:
    numbers = range(1, how_many + 1)
    persons = [
        {"id": n, "telegram_id": FIRST_CHAT + n - 1, "name": f"Sri {n}", "registered_at": now, "active_seat_id": n}
        | {"notice_version": NOTICE_VERSION, "consented_at": now}
        for n in numbers
    ]
    session.execute(insert(Person), persons)
    seats = [
        {"id": n, "edition_id": edition_id, "role": Role.OFFICIAL, "holder_id": n, "created_at": now} for n in numbers
    ]
    session.execute(insert(Seat), seats)
    session.execute(insert(Scope), [{"id": n, "seat_id": n, "region_code": REGION} for n in numbers])
    chats = [
        {"chat_id": FIRST_CHAT + n - 1, "panel_message_id": 10, "last_message_id": 9, "changed_at": now, "stack": []}
        for n in numbers
    ]
    session.execute(insert(Conversation), chats)
