"""What the stand-in knows: people, chats, messages, files, commands; and how it is kept on disk."""

import asyncio
import dataclasses
import json
import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FORMAT = 1
SKIPPED_AFTER_A_CRASH = 1000
"""Ids jump by so many when the last writing may be missing, so that none is ever given out twice."""


@dataclass(slots=True)
class Person:
    """Somebody with a phone. `label` is the role shown above it; `started` once they pressed Start."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "id"
    label: str = ""
    note: str = ""
    accent: str = ""
    order: int = 0
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def user(self) -> Json:
        """The Bot API's User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        user["language_code"] = self.language_code
        return user

    def view(self) -> Json:
        return dataclasses.asdict(self)


@dataclass(slots=True)
class Chat:
    """A private chat (id of the person) or a group. Messages by their id, oldest first."""

    id: int
    type: str = "private"
    title: str = ""
    members: list[int] = field(default_factory=list)
    messages: dict[int, Json] = field(default_factory=dict)
    unread: int = 0
    menu_button: Json | None = None
    pinned: int | None = None
    bot_in: bool = True
    migrated_to: int | None = None
    last_message_id: int = 0
    typing: str = ""
    typing_until: float = 0.0


@dataclass(slots=True)
class StoredFile:
    """A file by the id the bot may use; the content lies beside the state, named by its SHA-256."""

    file_id: str
    unique_id: str
    kind: str
    sha256: str
    size: int
    name: str
    mime_type: str
    path: str
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Query:
    """A callback query that was asked; `answered` can become true once."""

    id: str
    user_id: int
    chat_id: int
    message_id: int
    asked: float
    answered: bool = False


@dataclass(slots=True)
class World:
    """Everything that lasts."""

    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    file_paths: dict[str, str] = field(default_factory=dict)
    menu_button: Json | None = None
    last_message_id: int = 0
    last_update_id: int = 100_000
    last_query_id: int = 4_000_000_000
    last_album_id: int = 13_000_000_000
    clock_offset: float = 0.0
    updates: OrderedDict[int, Json] = field(default_factory=OrderedDict)
    webhook: Json = field(default_factory=dict)
    allowed_updates: list[str] = field(default_factory=list)

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups count for themselves; all other chats share one line, as with Telegram."""
        if chat.type == "supergroup":
            chat.last_message_id += 1
            return chat.last_message_id
        self.last_message_id += 1
        return self.last_message_id

    def next_query_id(self) -> str:
        self.last_query_id += 1
        return str(self.last_query_id)

    def next_album_id(self) -> str:
        self.last_album_id += 1
        return str(self.last_album_id)

    def private_chat(self, person_id: int) -> Chat:
        return self.chats.setdefault(person_id, Chat(person_id, members=[person_id]))

    def chat_view(self, chat: Chat) -> Json:
        """The Bot API's Chat, as it stands inside a message."""
        if chat.type != "private":
            return {"id": chat.id, "type": chat.type, "title": chat.title}
        user = self.people[chat.id].user()
        return {**{key: user[key] for key in NAMES if key in user}, "id": chat.id, "type": "private"}

    def dump(self) -> Json:
        # Message ids are numbers, names in JSON are not: chats keep their messages as a list.
        chats = [_flat(chat) for chat in self.chats.values()]
        return {
            **{name: getattr(self, name) for name in PLAIN},
            "updates": list(self.updates.values()),
            "people": [person.view() for person in self.people.values()],
            "chats": chats,
            "files": [dataclasses.asdict(file) for file in self.files.values()],
            "queries": [dataclasses.asdict(query) for query in self.queries.values()],
        }

    @classmethod
    def load(cls, data: Json) -> "World":
        world = cls(**{name: data[name] for name in PLAIN})
        world.people = {one["id"]: Person(**one) for one in data["people"]}
        world.chats = {one["id"]: _chat(one) for one in data["chats"]}
        world.files = {one["file_id"]: StoredFile(**one) for one in data["files"]}
        world.queries = {one["id"]: Query(**one) for one in data["queries"]}
        world.updates = OrderedDict((one["update"]["update_id"], one) for one in data["updates"])
        return world


NAMES = ("first_name", "last_name", "username")
GROUPED = ("people", "chats", "files", "queries", "updates")
PLAIN = tuple(f.name for f in dataclasses.fields(World) if f.name not in GROUPED)


def _flat(chat: Chat) -> Json:
    plain = {f.name: getattr(chat, f.name) for f in dataclasses.fields(chat)}
    return {**plain, "messages": list(chat.messages.values())}


def _chat(data: Json) -> Chat:
    return Chat(**{**data, "messages": {one["message_id"]: one for one in data["messages"]}})


class Store:
    """Keeps the world in DIR/state.json and file contents in DIR/files; without a directory, in memory."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._blobs: dict[str, bytes] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._rest = 0.5

    def load(self) -> World:
        """The kept world, or a new one. Raises ValueError where the file cannot be read."""
        path = self._state_path()
        if path is None or not path.exists():
            return World()
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"{path} was not written by this version of the simulator")
        world = World.load(data)
        if not data["clean"]:
            _skip_ids(world)
        return world

    def save(self, world: World, *, clean: bool) -> None:
        """Write now: a new file beside the old one, then in its place."""
        path = self._state_path()
        if path is None:
            return
        began = time.monotonic()
        text = json.dumps({"format": FORMAT, "clean": clean, **world.dump()}, ensure_ascii=False)
        beside = path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        # A big world is written more rarely: at most a twentieth of the time goes into it.
        self._rest = max(0.5, 20 * (time.monotonic() - began))

    def touch(self, world: World) -> None:
        """Something changed: write soon, once for all that changes until then."""
        if self.directory is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._rest, self._save_later, world)

    def close(self, world: World) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.save(world, clean=True)

    def put(self, sha256: str, content: bytes) -> None:
        if self.directory is None:
            self._blobs[sha256] = content
            return
        path = self.directory / "files" / sha256
        if not path.exists():
            beside = path.with_suffix(".new")
            beside.write_bytes(content)
            beside.replace(path)

    def get(self, sha256: str) -> bytes:
        if self.directory is None:
            return self._blobs[sha256]
        return (self.directory / "files" / sha256).read_bytes()

    def forget(self) -> None:
        """Drop all file contents."""
        self._blobs.clear()
        if self.directory is not None:
            for path in (self.directory / "files").iterdir():
                path.unlink()

    def prepare(self) -> None:
        """Make the directories; raises OSError where that is not allowed."""
        if self.directory is not None:
            (self.directory / "files").mkdir(parents=True, exist_ok=True)

    def _state_path(self) -> Path | None:
        return None if self.directory is None else self.directory / "state.json"

    def _save_later(self, world: World) -> None:
        self._timer = None
        self.save(world, clean=False)


def _skip_ids(world: World) -> None:
    world.last_message_id += SKIPPED_AFTER_A_CRASH
    world.last_update_id += SKIPPED_AFTER_A_CRASH
    world.last_query_id += SKIPPED_AFTER_A_CRASH
    for chat in world.chats.values():
        chat.last_message_id += SKIPPED_AFTER_A_CRASH if chat.type == "supergroup" else 0
