"""What Telegram's update says, as an event of our own."""

from typing import Any

from telegram import Message, Update

from bot.flows.turns import Event, Other, Sent, Wrote
from bot.services.visits import Visit
from db.vocabulary import EvidenceKind

_SILENT = frozenset({"pinned_message", "message_auto_delete_timer_changed", "new_chat_title", "new_chat_photo"})


def read_update(document: dict[str, Any]) -> Update:
    """An update as Telegram sent it. Where the library cannot read a part, because Telegram knows more kinds of
    content by now, the rest is read without it: the person still gets an answer."""
    try:
        return Update.de_json(_lean(document), None)
    except (TypeError, ValueError, LookupError, AttributeError):
        return Update.de_json({name: _bare(value) for name, value in document.items()}, None)


def _lean(document: dict[str, Any]) -> dict[str, Any]:
    """A press without what its message says: that is ours, and to read it takes longer than to answer it."""
    query = document.get("callback_query")
    if not isinstance(query, dict) or not isinstance(message := query.get("message"), dict):
        return document
    place = {name: message[name] for name in _PLACE if name in message}
    return document | {"callback_query": query | {"message": place}}


def _bare(value: Any) -> Any:
    """What every message and press has; the message of a press is made bare as well."""
    if not isinstance(value, dict):
        return value
    kept = {name: value[name] for name in _ALWAYS if name in value}
    return kept | {name: _bare(value[name]) for name in ("message", "reply_to_message") if name in value}


_PLACE = ("message_id", "date", "chat")
_ALWAYS = ("message_id", "date", "chat", "from", "id", "data", "chat_instance", "text", "media_group_id", "edit_date")


def event_of(message: Message, visit: Visit) -> Event:
    """A private message as an event; what no question can use is `Other` with its kind."""
    if message.text is not None:
        html = message.text_html if message.entities else ""
        return Wrote(message.text, _key(message), message.date, visit.local(message.date), html)
    return _file(message) or Other(_kind(message), _spoken(message), _own_number(message))


def _own_number(message: Message) -> str:
    """The number of a contact that is the sender's own account; of anybody else's it is not even looked at."""
    contact, sender = message.contact, message.from_user
    return contact.phone_number if contact and sender and contact.user_id == sender.id else ""


def is_service(message: Message) -> bool:
    """Telegram's own remarks in a chat, which nobody expects an answer to."""
    return any(getattr(message, name, None) for name in _SILENT)


def _file(message: Message) -> Sent | None:
    if message.photo:
        photo = message.photo[-1]
        return _sent(
            message, EvidenceKind.PHOTO, photo.file_id, photo.file_unique_id, "", "image/jpeg", photo.file_size
        )
    if message.document:
        file = message.document
        kind = EvidenceKind.DOCUMENT
        return _sent(message, kind, file.file_id, file.file_unique_id, file.file_name, file.mime_type, file.file_size)
    if message.video:
        video = message.video
        kind = EvidenceKind.VIDEO
        return _sent(
            message, kind, video.file_id, video.file_unique_id, video.file_name, video.mime_type, video.file_size
        )
    return None


def _spoken(message: Message) -> Sent | None:
    """A voice or audio message: no evidence, but a question or an answer may be spoken."""
    kind = EvidenceKind.VOICE
    if message.voice:
        voice = message.voice
        return _sent(message, kind, voice.file_id, voice.file_unique_id, "", voice.mime_type, voice.file_size)
    if message.audio:
        audio = message.audio
        # Telegram sends a file on only as what it was; the name tells audio from voice later.
        name = audio.file_name or "audio"
        return _sent(message, kind, audio.file_id, audio.file_unique_id, name, audio.mime_type, audio.file_size)
    return None


def _sent(
    message: Message,
    kind: EvidenceKind,
    file_id: str,
    unique_id: str,
    name: str | None,
    mime: str | None,
    size: int | None,
) -> Sent:
    return Sent(
        kind=kind,
        file_id=file_id,
        unique_id=unique_id,
        name=name or "",
        mime=(mime or "")[:127],
        size=size,
        caption=message.caption or "",
        album=message.media_group_id,
        key=_key(message),
        at=message.date,
        html=message.caption_html if message.caption_entities else "",
    )


def _key(message: Message) -> str:
    return f"{message.chat_id}:{message.message_id}"


def _kind(message: Message) -> str:
    for kind in (
        "sticker",
        "voice",
        "audio",
        "contact",
        "location",
        "poll",
        "video_note",
        "animation",
        "venue",
        "dice",
    ):
        if getattr(message, kind, None):
            return kind
    return "message"
