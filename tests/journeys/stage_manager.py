"""Plays a conversation that is written as a text: what `you:` says is done, what `bot:` says must appear."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db.vocabulary import Role
from simulator.person import NotSeenError, Person, shown
from tests.files.samples import pdf, picture
from tests.journeys import people
from tests.journeys.town import Town

ROLES = {
    "ketua tim": Role.LEAD,
    "pejabat": Role.OFFICIAL,
    "pic": Role.CONTRIBUTOR,
    "tim ahli": Role.MENTOR,
    "koordinator": Role.COORDINATOR,
}
UNITS = {"hari": "days", "jam": "hours", "menit": "minutes"}


@dataclass(frozen=True)
class Line:
    """One line of a play with the lines that belong to it. `number` is where it stands."""

    number: int
    who: str
    parts: tuple[str, ...]


def read(path: Path) -> list[Line]:
    """The lines of a play. Raises `ValueError` for one that means nothing."""
    return list(_lines(path))


def _lines(path: Path) -> Iterator[Line]:
    open_line: Line | None = None
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if text.startswith(" ") and open_line:
            open_line = Line(open_line.number, open_line.who, (*open_line.parts, *_said(text)))
            continue
        if open_line:
            yield open_line
        open_line = _one(path, number, text)
    if open_line:
        yield open_line


def _one(path: Path, number: int, text: str) -> Line | None:
    if not text.strip() or text.startswith("#"):
        return None
    for who in ("Pemeran:", "==", "you:", "bot:", "toast:", "…"):
        if text.startswith(who):
            said = text.removeprefix(who).strip()
            return Line(number, who, tuple(_said(said)) if who == "bot:" else (said,))
    raise ValueError(f"{path.name}, line {number}: {text!r} is no line of a play")


def _said(text: str) -> list[str]:
    """A line of the bot: its words, or its buttons one by one."""
    return re.findall(r"\[[^\]]*\]?", text) if text.strip().startswith("[") else [text.strip()]


@dataclass
class Play:
    """A play on a stage: people by name, who holds the telephone, and what each has seen so far."""

    town: Town
    people: dict[str, Person] = field(default_factory=dict)
    now: str = ""

    @property
    def person(self) -> Person:
        return self.people[self.now]

    async def perform(self, line: Line) -> None:
        (said, *_more) = line.parts
        match line.who:
            case "Pemeran:":
                await self._enter(said)
            case "==":
                self.now = said
            case "you:":
                await self._act(said)
            case "bot:":
                await self.person.sees(*line.parts)
            case "toast:":
                await self.person.sees_toast(said)
            case _:
                await self._pass(said)

    async def _enter(self, said: str) -> None:
        name, role, *region = (part.strip() for part in said.split(","))
        self.people[name] = await self.town.moves_in(name, ROLES[role], *region)

    async def _act(self, said: str) -> None:
        await self.town.files_are_checked()
        pressed = re.match(r"(?:tombol )?\[(.+?)\]?$", said)
        kind = re.match(r"\((.+?)\)\s*(.*)", said)
        if pressed:
            await self._press(pressed[1])
        elif kind:
            await self._send(kind[1], kind[2])
        else:
            await self.person.says(said)
        await self.town.quiet()

    async def _press(self, label: str) -> None:
        """The newest button that begins so, with or without its sign."""
        for message in reversed(self.person.replies):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if label in (button["text"], _bare(button["text"])) or button["text"].startswith(label):
                        await self.person.presses_data(button["callback_data"], message)
                        return
        raise NotSeenError(f"no button [{label}]:\n{self.person.play()}")

    async def _send(self, kind: str, words: str) -> None:
        what, _space, count = kind.partition(" ")
        match what:
            case "balas":
                await self.person.says(words, reply_to=self._newest(count))
            case "ubah":
                await self.person.edits(self._own(count), words)
            case "berkas" if count:
                people.sends_large(self.person, words, int(count.split()[0]) * 1024 * 1024)
            case "berkas":
                await self.person.sends_document(words, pdf() + words.encode())
            case "foto":
                await self.person.sends_photo(picture("JPEG", (40, 30)), caption=words)
            case "album":
                photos = [picture("JPEG", (40 + number, 30)) for number in range(int(count))]
                await self.person.sends_album(photos, caption=words)
            case "stiker":
                await self.person.sends("sticker")
            case _:
                await self._sends_voice()

    def _newest(self, part: str) -> dict[str, Any]:
        """The newest message of the bot with these words."""
        found = [message for message in self.person.replies if part in shown(message)]
        if not found:
            raise NotSeenError(f"no message with {part!r}:\n{self.person.play()}")
        return found[-1]

    def _own(self, part: str) -> dict[str, Any]:
        """The newest message that the person wrote with these words."""
        own = [message for message in self.person.chat if not message["from"]["is_bot"]]
        return next(message for message in reversed(own) if part in message.get("text", ""))

    async def _sends_voice(self) -> None:
        voice: dict[str, Any] = {"file_id": "v", "file_unique_id": "v", "duration": 3}
        await self.person.sends("voice", **voice)

    async def _pass(self, said: str) -> None:
        if said == "mulai ulang":
            await self.town.restart()
            return
        count, unit = said.split()
        self.town.later(**{UNITS[unit]: float(count)})
        await self.town.ticks()
        await self.town.quiet()


def _bare(label: str) -> str:
    return re.sub(r"^[^\w(+-]+", "", label)


async def play(town: Town, path: Path) -> None:
    """Play it to the end. Raises `NotSeenError` with the line at which it went another way."""
    stage = Play(town)
    for line in read(path):
        try:
            await stage.perform(line)
        except NotSeenError as error:
            newest = shown(stage.person.replies[-1])
            raise NotSeenError(f"{path.name}, line {line.number}: {line.parts}\n\n{newest}\n\n{error}") from None
