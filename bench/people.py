"""The people of the measurements, in the real tables."""

from datetime import UTC, date, datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.telegram import FIRST_CHAT
from db.models import Conversation, Edition, Person, Scope, Seat
from db.vocabulary import Role

REGION = "12.74"


def settle(session: Session, how_many: int) -> None:
    """So many officials with a seat in one region and a conversation with a panel."""
    now = datetime.now(UTC)
    session.execute(
        insert(Edition).values(id=1, key="bench", closing=date(2026, 12, 1), fingerprint="-", opened_at=now)
    )
    numbers = range(1, how_many + 1)
    persons = [
        {"id": n, "telegram_id": FIRST_CHAT + n - 1, "name": f"Sri {n}", "registered_at": now, "active_seat_id": n}
        | {"notice_version": 1, "consented_at": now}
        for n in numbers
    ]
    session.execute(insert(Person), persons)
    seats = [{"id": n, "edition_id": 1, "role": Role.OFFICIAL, "holder_id": n, "created_at": now} for n in numbers]
    session.execute(insert(Seat), seats)
    session.execute(insert(Scope), [{"id": n, "seat_id": n, "region_code": REGION} for n in numbers])
    chats = [
        {"chat_id": FIRST_CHAT + n - 1, "panel_message_id": 10, "last_message_id": 9, "changed_at": now, "stack": []}
        for n in numbers
    ]
    session.execute(insert(Conversation), chats)
