"""A native Reply to a message of ours carries what that message was about."""

from sqlalchemy import select

from bot.flows.turns import Wrote
from bot.services import items
from bot.services.conversations import Reply
from bot.services.visits import Visit
from db.models import OutboxMessage


def to_letter(visit: Visit, message_id: int, event: Wrote) -> Reply | None:
    """What a Reply to this message means; None when the message was not about anything a word can be added to."""
    key = visit.work.session.scalar(
        select(OutboxMessage.unique_key).where(
            OutboxMessage.chat_id == visit.chat.chat_id, OutboxMessage.message_id == message_id
        )
    )
    match (key or "").split(":"):
        case ["item", item_id, *_rest] if item_id.isdecimal():
            return items.add_note(visit, int(item_id), event.text)
        case _:
            return None
