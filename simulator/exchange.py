"""The stand-in's inner place: what all methods and all people's deeds work on."""

from dataclasses import dataclass
from typing import Any

from simulator.clock import Clock
from simulator.errors import bad_request, forbidden
from simulator.faults import FaultPlan
from simulator.ledger import Ledger
from simulator.limits import Limiter
from simulator.live import Feed
from simulator.state import Chat, Person, Store, World
from simulator.updates import UpdateLine

Json = dict[str, Any]


@dataclass(slots=True)
class Exchange:
    """One bot, its people and chats, and everything that passes between them."""

    bot_user: Json
    token: str
    strict: bool
    world: World
    store: Store
    clock: Clock
    ledger: Ledger
    plan: FaultPlan
    limiter: Limiter
    feed: Feed
    updates: UpdateLine

    def changed(self) -> None:
        self.store.touch(self.world)

    # Chats, seen by the bot

    def reachable_chat(self, chat_id: Any) -> Chat:
        """The chat, if the bot may write there now; otherwise Telegram's refusal."""
        chat = self.known_chat(chat_id)
        person = self.world.people.get(chat.id)
        if chat.type != "private":
            if not chat.bot_in:
                raise forbidden(f"bot was kicked from the {_kind(chat)} chat")
        elif person is None:
            raise bad_request("chat not found")
        else:
            _refuse_silent(person)
        return chat

    def known_chat(self, chat_id: Any) -> Chat:
        """The chat, reachable or not. A group that moved says where to."""
        chat = self.world.chats.get(chat_id) if isinstance(chat_id, int) else self._by_name(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            error = bad_request("group chat was upgraded to a supergroup chat")
            error.parameters["migrate_to_chat_id"] = chat.migrated_to
            raise error
        return chat

    def _by_name(self, name: str) -> Chat | None:
        wanted = name.removeprefix("@").lower()
        found = (p for p in self.world.people.values() if (p.username or "").lower() == wanted)
        person = next(found, None)
        return self.world.chats.get(person.id) if person is not None else None

    # Messages, as they come to stand in a chat

    def post(self, chat: Chat, message: Json) -> Json:
        """Give the message its id and date, keep it and show it."""
        message = {"message_id": self.world.next_message_id(chat), **message, "date": self.clock.unix()}
        chat.messages[message["message_id"]] = message
        if message["from"]["id"] == self.bot_user["id"]:
            chat.unread += 1
            chat.typing_until = 0.0
            self.feed.tell("unread", chat_id=chat.id, unread=chat.unread)
        self.show(chat, message, edited=False)
        self.changed()
        return message

    def replace(self, chat: Chat, message: Json) -> Json:
        """Put the changed message in the old one's place."""
        message["edit_date"] = self.clock.unix()
        chat.messages[message["message_id"]] = message
        self.show(chat, message, edited=True)
        self.changed()
        return message

    def remove(self, chat: Chat, message_ids: list[int]) -> None:
        for message_id in message_ids:
            chat.messages.pop(message_id, None)
        self.feed.tell("deleted", chat_id=chat.id, message_ids=message_ids)
        self.changed()

    def show(self, chat: Chat, message: Json, *, edited: bool) -> None:
        if self.feed.heard:
            self.feed.tell("message", chat_id=chat.id, message=self.seen(message), edited=edited)

    def seen(self, message: Json) -> Json:
        """The message as the page gets it."""
        return {**message, "outgoing": message["from"]["id"] != self.bot_user["id"]}


def _kind(chat: Chat) -> str:
    return "supergroup" if chat.type == "supergroup" else "group"


def _refuse_silent(person: Person) -> None:
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")
