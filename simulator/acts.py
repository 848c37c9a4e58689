"""What people do with their phones; each deed ends as an update for the bot."""

from typing import Any

from simulator import chats, entities, files, keyboards, messages, pictures
from simulator.errors import RefusedError
from simulator.exchange import Exchange
from simulator.state import Chat, Person, Query
from simulator.validation import Upload

Json = dict[str, Any]

QUERIES_REMEMBERED = 10_000
FIRST_PERSON = 700_001


def person(x: Exchange, person_id: int) -> Person:
    found = x.world.people.get(person_id)
    if found is None:
        raise RefusedError(f"nobody here has the id {person_id}")
    return found


def add_person(x: Exchange, data: Json) -> Person:
    """A new person, or one that is known with these fields changed."""
    person_id = data.get("id") or max([FIRST_PERSON - 1, *x.world.people]) + 1
    known = x.world.people.get(person_id)
    if known is None:
        known = x.world.people[person_id] = Person(person_id, data.get("first_name") or f"Person {person_id}")
        x.world.private_chat(person_id)
    for name, value in data.items():
        if name in CHANGEABLE:
            setattr(known, name, value)
    _tell_person(x, known)
    return known


CHANGEABLE = frozenset(
    [
        "first_name",
        "last_name",
        "username",
        "language_code",
        "label",
        "note",
        "accent",
        "order",
        "started",
        "blocked",
        "deactivated",
    ]
)


def says(x: Exchange, by: Person, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> Json:
    """A text message; 1 to 4096 UTF-16 units, as the apps allow (longer ones they cut into several)."""
    if not text.strip() or entities.units(text) > messages.LONGEST_TEXT:
        raise RefusedError("a message has 1 to 4096 characters")
    clean, found = entities.plain(text)
    return sends(x, by, {"text": clean, **({"entities": found} if found else {})}, chat_id, reply_to)


def sends(x: Exchange, by: Person, content: Json, chat_id: int | None = None, reply_to: int | None = None) -> Json:
    """A message with any content, told to the bot."""
    chat = chat_of(x, by, chat_id)
    message = {"from": by.user(), "chat": x.world.chat_view(chat), "date": 0, **content}
    if reply_to in chat.messages:
        message["reply_to_message"] = messages.without_reply(chat.messages[reply_to])
    message = x.post(chat, message)
    x.updates.add("message", message, f"chat:{chat.id}")
    return message


def chat_of(x: Exchange, by: Person, chat_id: int | None = None) -> Chat:
    """The chat a person can write in: their own with the bot, or a group they are in."""
    chat = x.world.private_chat(by.id) if chat_id in (None, by.id) else x.world.chats.get(chat_id or 0)
    if chat is None or by.id not in chat.members:
        raise RefusedError("this person is not in that chat")
    if chat.type == "private":
        _refuse_unable(by)
    return chat


def _refuse_unable(by: Person) -> None:
    if by.blocked:
        raise RefusedError("this person has blocked the bot")
    if by.deactivated:
        raise RefusedError("this account is deleted")
    by.started = True


def starts(x: Exchange, by: Person, payload: str | None = None) -> Json:
    """Press Start, perhaps from a link; unblocks as the apps do."""
    unblocks(x, by)
    if not by.started:
        by.started = True
        _tell_person(x, by)
    return says(x, by, f"/start {payload}" if payload else "/start")


def presses(x: Exchange, by: Person, message_id: int, data: str, chat_id: int | None = None) -> str:
    """Press a button; returns the query's id. Forged data and deleted messages are possible, as in life."""
    chat = chat_of(x, by, chat_id)
    query = Query(x.world.next_query_id(), by.id, chat.id, message_id, x.clock.time())
    remember(x, query)
    message = chat.messages.get(message_id)
    gone = {"chat": x.world.chat_view(chat), "message_id": message_id, "date": 0}
    asked = {
        "id": query.id,
        "from": by.user(),
        "message": message or gone,
        "chat_instance": str(chat.id * 7919),
        "data": data,
    }
    x.updates.add("callback_query", asked, f"user:{by.id}")
    x.changed()
    return query.id


def remember(x: Exchange, query: Query) -> None:
    queries = x.world.queries
    queries[query.id] = query
    if len(queries) > QUERIES_REMEMBERED:
        x.world.queries = dict(list(queries.items())[-QUERIES_REMEMBERED // 2 :])


def sends_files(
    x: Exchange,
    by: Person,
    uploads: list[Upload],
    *,
    kind: str = "document",
    caption: str = "",
    chat_id: int | None = None,
    reply_to: int | None = None,
) -> list[Json]:
    """One file, or several as an album; the caption stands under the first."""
    if kind not in files.PREFIX or not 1 <= len(uploads) <= files.LARGEST_ALBUM:
        raise RefusedError("1 to 10 files, as photo, document, video or voice")
    album = {"media_group_id": x.world.next_album_id()} if len(uploads) > 1 else {}
    sent: list[Json] = []
    for upload in uploads:
        content = files.content_of(files.keep(x, _kind(kind, upload), upload))
        text, found = entities.plain(caption if not sent else "")
        content |= {"caption": text} if text else {}
        content |= {"caption_entities": found} if found else {}
        sent.append(sends(x, by, {**album, **content}, chat_id, reply_to))
    return sent


def _kind(kind: str, upload: Upload) -> str:
    """What is no picture goes as a document, as the apps do it."""
    return "document" if kind == "photo" and pictures.dimensions(upload.content) is None else kind


def edits(x: Exchange, by: Person, message_id: int, text: str, chat_id: int | None = None) -> Json:
    chat = chat_of(x, by, chat_id)
    old = own_message(chat, by, message_id)
    part = "text" if "text" in old else "caption"
    clean, found = entities.plain(text)
    changed = {key: value for key, value in old.items() if key not in ("entities", "caption_entities")}
    changed |= {part: clean}
    if found:
        changed["entities" if part == "text" else "caption_entities"] = found
    changed = x.replace(chat, changed)
    x.updates.add("edited_message", changed, f"chat:{chat.id}")
    return changed


def own_message(chat: Chat, by: Person, message_id: int) -> Json:
    message = chat.messages.get(message_id)
    if message is None or message["from"]["id"] != by.id:
        raise RefusedError("only one's own messages can be edited")
    return message


def forwards(x: Exchange, by: Person, message_id: int, from_chat_id: int | None = None) -> Json:
    """Send on a message of any of the person's chats."""
    source = x.world.chats.get(from_chat_id or by.id)
    original = source.messages.get(message_id) if source is not None else None
    if original is None:
        raise RefusedError("there is no such message")
    content = {key: original[key] for key in messages.CONTENT if key in original}
    origin = {"type": "user", "sender_user": original["from"], "date": original["date"]}
    return sends(x, by, {"forward_origin": origin, **content})


def blocks(x: Exchange, by: Person) -> None:
    if not by.blocked:
        by.blocked = True
        _standing(x, by, old="member", new="kicked")


def unblocks(x: Exchange, by: Person) -> None:
    if by.blocked:
        by.blocked = False
        _standing(x, by, old="kicked", new="member")


def _standing(x: Exchange, by: Person, *, old: str, new: str) -> None:
    chats.set_membership(x, x.world.private_chat(by.id), by=by.user(), old=old, new=new)
    _tell_person(x, by)


def reads(x: Exchange, by: Person) -> None:
    chat = x.world.private_chat(by.id)
    chat.unread = 0
    x.feed.tell("unread", chat_id=chat.id, unread=0)
    x.changed()


def _tell_person(x: Exchange, by: Person) -> None:
    x.feed.tell("person", **by.view())
    x.changed()


# Groups


def add_group(x: Exchange, title: str, members: list[int], kind: str = "group") -> Chat:
    """A group with these people and the bot."""
    base = -1_000_000_000_000 if kind == "supergroup" else 0
    number = 5_000_000 + len(x.world.chats)
    chat = x.world.chats[base - number] = Chat(base - number, kind, title, list(members), bot_in=False)
    by = x.world.people[members[0]].user() if members and members[0] in x.world.people else x.bot_user
    chats.set_membership(x, chat, by=by, old="left", new="member")
    return chat


def group(x: Exchange, chat_id: int) -> Chat:
    chat = x.world.chats.get(chat_id)
    if chat is None or chat.type == "private":
        raise RefusedError("there is no such group")
    return chat


def migrate(x: Exchange, chat: Chat) -> Chat:
    """A group becomes a supergroup with a new id; the old one only says where to."""
    number = 1_000_000_000_000 - chat.id
    moved = x.world.chats[-number] = Chat(-number, "supergroup", chat.title, list(chat.members))
    by = x.world.people[chat.members[0]].user() if chat.members else x.bot_user
    for where, note in ((chat, {"migrate_to_chat_id": moved.id}), (moved, {"migrate_from_chat_id": chat.id})):
        message = x.post(where, {"from": by, "chat": x.world.chat_view(where), "date": 0, **note})
        x.updates.add("message", message, f"chat:{where.id}")
    chat.migrated_to = moved.id
    x.changed()
    return moved


def kicks(x: Exchange, chat: Chat) -> None:
    by = x.world.people[chat.members[0]].user() if chat.members else x.bot_user
    chats.set_membership(x, chat, by=by, old="member", new="kicked")


def visible_buttons(x: Exchange, chat: Chat) -> list[tuple[Json, Json]]:
    """Every inline button on the screen with its message, newest message first."""
    return [(message, button) for message in reversed(chat.messages.values()) for button in keyboards.buttons(message)]


def example(kind: str, by: Person) -> Json:
    """What stands in a contact, location, sticker or poll where nothing else is said."""
    match kind:
        case "contact":
            return {"phone_number": "+6281200000000", "first_name": by.first_name, "user_id": by.id}
        case "location":
            return {"latitude": 3.3274, "longitude": 99.1626}
        case "sticker":
            size = {"width": 512, "height": 512, "is_animated": False, "is_video": False}
            return {"file_id": "CAACAgUAAxsticker", "file_unique_id": "AgADsticker", "type": "regular", **size}
    options = [{"text": "Ya", "voter_count": 0}, {"text": "Tidak", "voter_count": 0}]
    poll = {"id": "1", "question": "?", "options": options, "total_voter_count": 0, "type": "regular"}
    return {**poll, "is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
