"""Methods that send, change and delete messages, and that answer a press."""

from typing import Any

from simulator import entities, keyboards
from simulator.errors import bad_request
from simulator.exchange import Exchange
from simulator.state import Chat

Json = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_ANSWER = 200
DELETABLE_SECONDS = 48 * 3600
QUERY_LIFETIME = 60
"""Seconds (simulated) in which a press can be answered; Telegram publishes no number."""

MOST_DELETED_AT_ONCE = 100
TYPING_SECONDS = 5
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def send_message(x: Exchange, params: Json) -> Json:
    chat = x.reachable_chat(params["chat_id"])
    content = text_content(params)
    return send(x, chat, params, content)


def send(x: Exchange, chat: Chat, params: Json, content: Json, count: int = 1) -> Json:
    """A message of the bot with this content; checks keyboard and reply, and counts against the pace."""
    markup = keyboards.inline(params.get("reply_markup"))
    reply = replied_to(x, chat, params.get("reply_parameters"))
    if count:
        take_place(x, chat, count)
    message = {"from": x.bot_user, "chat": x.world.chat_view(chat), "date": 0, **content}
    if params.get("protect_content"):
        message["has_protected_content"] = True
    if reply is not None:
        message["reply_to_message"] = reply
    if markup is not None:
        message["reply_markup"] = markup
    return x.post(chat, message)


def take_place(x: Exchange, chat: Chat, count: int = 1) -> None:
    """Count against Telegram's pace; raises 429."""
    if x.plan.faults.limits:
        x.limiter.pass_or_refuse(chat.id, count)


def text_content(params: Json, too_long: str = "message is too long") -> Json:
    """Text and entities of a request; raises Telegram's words for empty, too long, wrong markup."""
    text, found = marked_text(params["text"], params.get("parse_mode"), params.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if entities.units(text) > LONGEST_TEXT:
        raise bad_request(too_long)
    return {"text": text, "entities": found} if found else {"text": text}


def caption_content(params: Json) -> Json:
    text, found = marked_text(params.get("caption") or "", params.get("parse_mode"), params.get("caption_entities"))
    if entities.units(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": text} if text else {}
    return {**content, "caption_entities": found} if found else content


def marked_text(text: str, parse_mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        return entities.parse_html(text)
    return entities.finished(text, given) if given else entities.plain(text)


def replied_to(x: Exchange, chat: Chat, reply: Json | None) -> Json | None:
    """The message replied to, without its own reply."""
    if not reply:
        return None
    message = chat.messages.get(reply.get("message_id", 0))
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")
    return without_reply(message)


def without_reply(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "reply_to_message"}


# Changing


def edit_message_text(x: Exchange, params: Json) -> Json:
    params.setdefault("text", "")
    # The one limit, in other words: sending is checked by the Bot API, editing by the server behind it.
    content = text_content(params, too_long="MESSAGE_TOO_LONG")
    chat, message = own_message(x, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return change(x, chat, message, params, {"text": None, "entities": None, **content})


def edit_message_caption(x: Exchange, params: Json) -> Json:
    content = caption_content(params)
    chat, message = own_message(x, params)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return change(x, chat, message, params, {"caption": None, "caption_entities": None, **content})


def edit_message_reply_markup(x: Exchange, params: Json) -> Json:
    chat, message = own_message(x, params)
    return change(x, chat, message, params, {})


def own_message(x: Exchange, params: Json) -> tuple[Chat, Json]:
    """The bot's own message that is to be edited."""
    if "chat_id" not in params:
        raise bad_request("chat_id is empty" if "message_id" in params else "message identifier is not specified")
    chat = x.reachable_chat(params["chat_id"])
    if not params.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != x.bot_user["id"]:
        raise bad_request("message can't be edited")
    return chat, message


def change(x: Exchange, chat: Chat, message: Json, params: Json, content: Json) -> Json:
    """Replace content and keyboard; a keyboard that is not named is taken away."""
    wanted = {**content, "reply_markup": keyboards.inline(params.get("reply_markup"))}
    if all(message.get(key) == value for key, value in wanted.items()):
        raise bad_request(NOT_MODIFIED)
    take_place(x, chat)
    changed = {**message, **wanted}
    return x.replace(chat, {key: value for key, value in changed.items() if value is not None})


# Copying and deleting


def copy_message(x: Exchange, params: Json) -> Json:
    chat = x.reachable_chat(params["chat_id"])
    original = x.known_chat(params["from_chat_id"]).messages.get(params["message_id"])
    if original is None:
        raise bad_request("message to copy not found")
    content = {key: original[key] for key in CONTENT if key in original}
    if not content:
        raise bad_request("message can't be copied")
    if "caption" in params and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= caption_content(params)
    return {"message_id": send(x, chat, params, content)["message_id"]}


CONTENT = [
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "video",
    "voice",
    "audio",
    "sticker",
    "contact",
    "location",
    "poll",
]


def delete_message(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not _deletable(x, chat, message):
        raise bad_request("message can't be deleted for everyone")
    x.remove(chat, [message["message_id"]])
    return True


def delete_messages(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    wanted = params["message_ids"]
    if len(wanted) > MOST_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[one] for one in wanted if one in chat.messages]
    x.remove(chat, [one["message_id"] for one in found if _deletable(x, chat, one)])
    return True


def _deletable(x: Exchange, chat: Chat, message: Json) -> bool:
    young = x.clock.time() - message["date"] < DELETABLE_SECONDS
    return young and (chat.type == "private" or message["from"]["id"] == x.bot_user["id"])


# Small signs


def send_chat_action(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing, chat.typing_until = params["action"], x.clock.time() + TYPING_SECONDS
    x.feed.tell("typing", chat_id=chat.id, action=params["action"], seconds=TYPING_SECONDS)
    return True


def answer_callback_query(x: Exchange, params: Json) -> bool:
    query = x.world.queries.get(params["callback_query_id"])
    if entities.units(params.get("text", "")) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if query is None or query.answered or x.clock.time() - query.asked > QUERY_LIFETIME:
        raise bad_request(TOO_OLD)
    query.answered = True
    x.feed.tell(
        "callback_answer",
        chat_id=query.chat_id,
        user_id=query.user_id,
        callback_query_id=query.id,
        text=params.get("text", ""),
        show_alert=params.get("show_alert", False),
        url=params.get("url"),
    )
    return True


def pin_chat_message(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    if params["message_id"] not in chat.messages:
        raise bad_request("message to pin not found")
    chat.pinned = params["message_id"]
    x.changed()
    return True


def unpin_chat_message(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    if chat.pinned is None or params.get("message_id", chat.pinned) != chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned = None
    x.changed()
    return True
