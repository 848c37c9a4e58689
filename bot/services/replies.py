"""A native Reply to a message of ours carries what that message was about."""

import json

from sqlalchemy import Select, func, select

from bot.buttons import row_number
from bot.flows.composing import part_of
from bot.flows.turns import Event, Wrote
from bot.services import announcement_letters, announcement_reading, answering, asking, items, replying
from bot.services.conversations import Begin, Reply
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts.markup import seen
from bot.words import Say, _
from db.models import Announcement, OutboxMessage
from db.vocabulary import OutboxState


def to_question(visit: Visit, message_id: int, event: Event) -> Reply | Begin | None:
    """What a Reply to a letter about a question means; None when the message was about something else.

    It goes before the question that stands open: whoever answers this very message means this very thread.
    """
    match _sent(visit, message_id) or _under_way(visit, message_id):
        case ["question", question_id, *_rest] if question_id.isdecimal():
            return replying.native(visit, int(question_id), event) or answering.native(visit, int(question_id), event)
        case _:
            return None


def to_letter(visit: Visit, message_id: int, event: Event, words: str = "") -> Reply | Begin | None:
    """What a Reply to this message with these words means; None when the message was not about anything a word can be
    added to."""
    match _sent(visit, message_id) or _uncertain(visit, message_id, words) or _under_way(visit, message_id):
        case ["item", item_id, *_rest] if item_id.isdecimal() and isinstance(event, Wrote):
            return _to_item(visit, item_id, event)
        case ["announcement" | "announcement-recalled", *which]:
            part = part_of(event)
            about = ":".join(["announcement", *which])[:64]
            return asking.begin(visit, about=about, parts=(part,), note=_named(visit, which)) if part else None
        case _:
            return None


def _named(visit: Visit, which: list[str]) -> Say | None:
    """What the announcement is called, so that whoever asks sees that the question is about it."""
    found = visit.work.session.get(Announcement, row_number(which[0])) if which else None
    return _("About “{subject}”:", subject=announcement_letters.title(found)) if found else None


def _to_item(visit: Visit, item_id: str, event: Wrote) -> Reply | Begin:
    """A word on an item is kept as a note; a question is put to the mentors, once its sender agrees."""
    if not event.text.rstrip().endswith("?"):
        return items.add_note(visit, int(item_id), event.text)
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    part = part_of(event)
    note = _("This looks like a question, so it can go to the mentors.")
    return asking.begin(visit, item=item, parts=(part,) if part else (), note=note)


def _sent(visit: Visit, message_id: int) -> list[str]:
    """The key of a letter in its parts; empty for a message whose number we do not know."""
    return _parts(visit, select(OutboxMessage.unique_key).where(OutboxMessage.message_id == message_id))


def _parts(visit: Visit, keys: Select[str]) -> list[str]:
    key = visit.work.session.scalar(keys.where(OutboxMessage.chat_id == visit.chat.chat_id).limit(1))
    return key.split(":") if key else []


def _uncertain(visit: Visit, message_id: int, words: str) -> list[str]:
    """The key of a copy of which Telegram told us no number, known again by its words; empty where it is none."""
    numberless = OutboxMessage.message_id.is_(None), OutboxMessage.state == OutboxState.IN_DOUBT
    here = select(OutboxMessage.unique_key, OutboxMessage.body).where(OutboxMessage.chat_id == visit.chat.chat_id)
    for row in visit.work.session.execute(here.where(*numberless).order_by(OutboxMessage.id)) if words else ():
        said = json.loads(row.body)
        if seen(said.get("text") or said.get("caption") or "").split() == words.split():
            announcement_reading.shown(visit, row.unique_key, message_id)
            return str(row.unique_key).split(":")
    return []


def _under_way(visit: Visit, message_id: int) -> list[str]:
    """The key of the message that a quick person has answered before we wrote down that it was sent.

    Of each chat one message at most is under way; only one newer than all that we know can be it.
    """
    known = select(func.coalesce(func.max(OutboxMessage.message_id), 0)).where(
        OutboxMessage.chat_id == visit.chat.chat_id
    )
    sending = OutboxMessage.state == OutboxState.SENDING
    return _parts(visit, select(OutboxMessage.unique_key).where(sending, known.scalar_subquery() < message_id))
