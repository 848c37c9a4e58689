"""Methods about chats and who is in them."""

from typing import Any

from simulator.errors import bad_request
from simulator.exchange import Exchange
from simulator.state import Chat

Json = dict[str, Any]


def get_me(x: Exchange, _params: Json) -> Json:
    return {
        **x.bot_user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(x: Exchange, params: Json) -> Json:
    chat = x.known_chat(params["chat_id"])
    full = {**x.world.chat_view(chat), "accent_color_id": 0, "max_reaction_count": 11}
    if chat.pinned in chat.messages:
        full["pinned_message"] = chat.messages[chat.pinned]
    return full


def get_chat_member(x: Exchange, params: Json) -> Json:
    chat = x.known_chat(params["chat_id"])
    if params["user_id"] == x.bot_user["id"]:
        return {"user": x.bot_user, "status": "member" if chat.bot_in else "kicked"}
    person = x.world.people.get(params["user_id"])
    if person is None:
        raise bad_request("user not found")
    return {"user": person.user(), "status": "member" if person.id in chat.members else "left"}


def leave_chat(x: Exchange, params: Json) -> bool:
    chat = x.reachable_chat(params["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    set_membership(x, chat, by=x.bot_user, old="member", new="left")
    return True


def set_membership(x: Exchange, chat: Chat, *, by: Json, old: str, new: str) -> None:
    """The bot's standing in the chat changes; the bot is told (`my_chat_member`)."""
    if chat.type != "private":
        chat.bot_in = new in ("member", "administrator")
    change = {
        "chat": x.world.chat_view(chat),
        "from": by,
        "date": x.clock.unix(),
        "old_chat_member": member(x, old),
        "new_chat_member": member(x, new),
    }
    x.updates.add("my_chat_member", change, f"member:{chat.id}")
    x.changed()


def member(x: Exchange, status: str) -> Json:
    gone: Json = {"until_date": 0} if status == "kicked" else {}
    return {"user": x.bot_user, "status": status, **gone}
