"""Methods about the bot itself: its commands per scope and language, menu button, descriptions."""

import json
import re
from typing import Any

from simulator.errors import bad_request
from simulator.exchange import Exchange
from simulator.state import Chat, Person

Json = dict[str, Any]

MOST_COMMANDS = 100
SCOPES = frozenset(
    [
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ]
)
SCOPES_OF_A_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})


def set_my_commands(x: Exchange, params: Json) -> bool:
    key = _key(x, params)
    wanted = params.get("commands") or []
    if len(wanted) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    x.world.commands[key] = [_command(one) for one in wanted]
    return _told(x)


def get_my_commands(x: Exchange, params: Json) -> list[Json]:
    return x.world.commands.get(_key(x, params), [])


def delete_my_commands(x: Exchange, params: Json) -> bool:
    x.world.commands.pop(_key(x, params), None)
    return _told(x)


def set_chat_menu_button(x: Exchange, params: Json) -> bool:
    button = params.get("menu_button") or {"type": "default"}
    if "chat_id" in params:
        x.reachable_chat(params["chat_id"]).menu_button = button
    else:
        x.world.menu_button = button
    return _told(x)


def get_chat_menu_button(x: Exchange, params: Json) -> Json:
    chat = x.known_chat(params["chat_id"]) if "chat_id" in params else None
    return menu_button(x, chat)


def set_my_description(x: Exchange, params: Json) -> bool:
    return _describe(x, "description", params, longest=512)


def set_my_short_description(x: Exchange, params: Json) -> bool:
    return _describe(x, "short_description", params, longest=120)


def commands_for(x: Exchange, chat: Chat) -> list[Json]:
    """What stands in the command menu of this private chat: the narrowest scope, the person's language first."""
    person = x.world.people.get(chat.id)
    languages = (person.language_code, "") if person else ("",)
    scopes: tuple[Json, ...] = (
        {"type": "chat", "chat_id": chat.id},
        {"type": "all_private_chats"},
        {"type": "default"},
    )
    for scope in scopes:
        for language in languages:
            found = x.world.commands.get(_scope_key(scope, language))
            if found:
                return found
    return []


def menu_button(x: Exchange, chat: Chat | None) -> Json:
    own = chat.menu_button if chat is not None else None
    return own or x.world.menu_button or {"type": "commands"}


def tell_commands(x: Exchange, person: Person) -> None:
    chat = x.world.private_chat(person.id)
    x.feed.tell("commands", chat_id=chat.id, commands=commands_for(x, chat), menu_button=menu_button(x, chat))


def _told(x: Exchange) -> bool:
    if x.feed.heard:
        for person in x.world.people.values():
            tell_commands(x, person)
    x.changed()
    return True


def _command(one: Json) -> Json:
    name = one["command"].removeprefix("/")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(one["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": one["description"]}


def _key(x: Exchange, params: Json) -> str:
    scope = params.get("scope") or {"type": "default"}
    language = params.get("language_code", "")
    if scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if scope["type"] in SCOPES_OF_A_CHAT:
        x.known_chat(scope.get("chat_id", 0))
    return _scope_key(scope, language)


def _scope_key(scope: Json, language: str) -> str:
    return json.dumps([scope["type"], scope.get("chat_id"), scope.get("user_id"), language])


def _describe(x: Exchange, what: str, params: Json, longest: int) -> bool:
    text = params.get(what, "")
    if len(text) > longest:
        raise bad_request(f"{what} is too long")
    x.world.descriptions[f"{what}:{params.get('language_code', '')}"] = text
    x.changed()
    return True
