"""A person at their phone, for tests of whole conversations: says, presses, sees."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from simulator import acts, files
from simulator.server import Simulator
from simulator.state import Person as Known

Json = dict[str, Any]

PATIENCE = 10.0
"""Seconds (real) until what was expected counts as not coming."""


class NotSeenError(AssertionError):
    """What was expected did not come; the message shows the screen as it is."""


class Person:
    """Acts on an embedded `Simulator` and waits for what appears, woken by each event instead of sleeping."""

    def __init__(self, sim: Simulator, user_id: int, first_name: str = "", **about: Any) -> None:
        self.sim = sim
        self.user_id = user_id
        names = {"first_name": first_name} if first_name else {}
        self.about = acts.add_person(sim.x, {"id": user_id, **names, **about})
        self.toasts: list[str] = []
        self._stirred = asyncio.Event()
        self._answers: dict[str, Json] = {}
        self._deaf = sim.x.feed.listen(self._hear)

    def leaves(self) -> None:
        """Listen no longer."""
        self._deaf()

    # What is on the screen

    @property
    def chat(self) -> list[Json]:
        """The visible messages, newest last."""
        return list(self.sim.x.world.private_chat(self.user_id).messages.values())

    @property
    def replies(self) -> list[Json]:
        """The bot's visible messages, newest last."""
        return [message for message in self.chat if message["from"]["is_bot"]]

    def screen(self) -> str:
        """The newest message as text, its buttons in [brackets], a row a line."""
        chat = self.chat
        return shown(chat[-1]) if chat else ""

    def play(self) -> str:
        """The whole chat as a play: `bot:` and `you:`, buttons in [brackets]."""
        return "\n".join(_spoken(message) for message in self.chat)

    # What the person does

    async def start(self, payload: str | None = None) -> Json:
        return acts.starts(self.sim.x, self._now(), payload)

    async def says(self, text: str, reply_to: Json | int | None = None) -> Json:
        return acts.says(self.sim.x, self._now(), text, reply_to=_id(reply_to))

    async def presses(self, button: str, message: Json | int | None = None) -> str:
        """Press the newest button with this label (a leading emoji may be left out) or data.

        Waits for the bot's answer to the press and returns its text ("" for a silent one).
        Raises NotSeenError when there is no such button.
        """
        found, pressed = self.button(button, message)
        return await self.presses_data(pressed["callback_data"], found)

    async def presses_data(self, data: str, message: Json | int) -> str:
        """Press with any data, forged or old; waits for the answer."""
        query = acts.presses(self.sim.x, self._now(), _id(message) or 0, data)
        await self._until(lambda: query in self._answers, f"an answer to the press {data!r}")
        return str(self._answers[query]["text"])

    async def sends(self, kind: str = "contact", **content: Any) -> Json:
        """A contact, location, sticker or poll."""
        person = self._now()
        return acts.sends(self.sim.x, person, {kind: {**acts.example(kind, person), **content}})

    async def sends_photo(self, content: bytes, caption: str = "", name: str = "photo.jpg") -> Json:
        return (await self.sends_files({name: content}, kind="photo", caption=caption))[0]

    async def sends_document(self, name: str, content: bytes, caption: str = "") -> Json:
        return (await self.sends_files({name: content}, caption=caption))[0]

    async def sends_album(self, contents: list[bytes], caption: str = "") -> list[Json]:
        """Several photos at once, the caption under the first."""
        named = {f"photo{number}.jpg": content for number, content in enumerate(contents, 1)}
        return await self.sends_files(named, kind="photo", caption=caption)

    async def sends_files(self, contents: dict[str, bytes], kind: str = "document", caption: str = "") -> list[Json]:
        uploads = [files.named(name, None, content) for name, content in contents.items()]
        return acts.sends_files(self.sim.x, self._now(), uploads, kind=kind, caption=caption)

    async def edits(self, message: Json | int, text: str) -> Json:
        return acts.edits(self.sim.x, self._now(), _id(message) or 0, text)

    async def forwards(self, message: Json | int) -> Json:
        return acts.forwards(self.sim.x, self._now(), _id(message) or 0)

    async def blocks(self) -> None:
        acts.blocks(self.sim.x, self._now())

    async def unblocks(self) -> None:
        acts.unblocks(self.sim.x, self._now())

    # What the person waits for

    async def sees(self, *parts: str, within: float | None = None) -> Json:
        """The newest message of the bot that has all these parts in its text, caption or buttons."""
        return await self._find(lambda message: all(part in shown(message) for part in parts), parts, within)

    async def sees_next(self, after: Json | int, *parts: str, within: float | None = None) -> Json:
        """As `sees`, but only what the bot wrote after this message."""
        border = _id(after) or 0

        def fits(message: Json) -> bool:
            return message["message_id"] > border and all(part in shown(message) for part in parts)

        return await self._find(fits, parts, within)

    async def sees_message(self, pattern: re.Pattern[str], within: float | None = None) -> Json:
        """The newest message of the bot that, as `shown`, is wholly as the pattern says."""
        return await self._find(
            lambda message: pattern.fullmatch(shown(message)) is not None, (pattern.pattern,), within
        )

    async def sees_toast(self, part: str, within: float | None = None) -> str:
        """A short note over the screen, from an answer to a press."""
        await self._until(lambda: any(part in toast for toast in self.toasts), f"a toast with {part!r}", within)
        return next(toast for toast in reversed(self.toasts) if part in toast)

    async def sees_file(self, name_part: str = "", within: float | None = None) -> bytes:
        """The content of the newest document of the bot with this in its name."""
        message = await self._find(
            lambda m: name_part in m.get("document", {}).get("file_name", "\0"), (name_part,), within
        )
        stored = self.sim.x.world.files[files.base_id(message["document"]["file_id"])]
        return self.sim.x.store.get(stored.sha256)

    def button(self, wanted: str, message: Json | int | None = None) -> tuple[Json, Json]:
        """The newest message with such a button, and the button."""
        only = _id(message)
        for found, button in acts.visible_buttons(self.sim.x, self.sim.x.world.private_chat(self.user_id)):
            if only in (None, found["message_id"]) and _is_meant(button, wanted):
                return found, button
        raise NotSeenError(f"no button {wanted!r} on the screen:\n{self.play()}")

    async def _find(self, fits: Callable[[Json], bool], parts: tuple[str, ...], within: float | None) -> Json:
        def newest() -> Json | None:
            return next((message for message in reversed(self.replies) if fits(message)), None)

        await self._until(lambda: newest() is not None, f"a message with {parts}", within)
        found = newest()
        assert found is not None  # noqa: S101 - nothing ran in between
        return found

    async def _until(self, happened: Callable[[], bool], what: str, within: float | None = None) -> None:
        try:
            async with asyncio.timeout(PATIENCE if within is None else within):
                while not happened():
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            raise NotSeenError(f"{what} did not come; the chat:\n{self.play()}") from None

    def _hear(self, event: Json) -> None:
        if event.get("chat_id") != self.user_id:
            return
        if event["type"] == "callback_answer":
            self._answers[event["callback_query_id"]] = event
            if event["text"]:
                self.toasts.append(event["text"])
        self._stirred.set()

    def _now(self) -> Known:
        return acts.person(self.sim.x, self.user_id)


def shown(message: Json) -> str:
    """A message as plain text: files by name, text, and a line of [buttons] for each row."""
    lines = [_file_line(message), message.get("text") or message.get("caption") or ""]
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    lines += [" ".join(f"[{button['text']}]" for button in row) for row in keyboard]
    return "\n".join(line for line in lines if line)


def _file_line(message: Json) -> str:
    if "photo" in message:
        return "(photo)"
    for kind in ("document", "video", "voice", "sticker", "contact", "location", "poll"):
        if kind in message:
            return f"({message[kind].get('file_name') or kind})"
    return ""


def _spoken(message: Json) -> str:
    who = "bot:  " if message["from"]["is_bot"] else "you:  "
    return who + shown(message).replace("\n", "\n      ")


def _is_meant(button: Json, wanted: str) -> bool:
    if "callback_data" not in button:
        return False
    label = button["text"]
    return wanted in (label, button["callback_data"], re.sub(r"^[^\w(+-]+", "", label))


def _id(message: Json | int | None) -> int | None:
    return message["message_id"] if isinstance(message, dict) else message
