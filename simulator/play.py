"""Conversations kept as text, performed by people at their phones.

    # How an item is proved                       a remark
    — Siti —                                      from here on at Siti's phone
    you:  /start t_kl-sk-dewan                    Siti writes
    bot:  SK Dewan Smart City …                   Siti must see this; … stands for anything
          [📎 Kerjakan] …
    you:  [Kerjakan]                              Siti presses
    you:  (sk.pdf) Ini buktinya                   Siti sends a file, with a caption
    time: +3 days                                 the clock moves: minutes, hours or days

Lines that begin with a space belong to the line above.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.person import NotSeenError, Person

SPEAKERS = ("you", "bot", "time")
SECONDS = {"minute": 60, "hour": 3600, "day": 86400}
PICTURES = (".jpg", ".jpeg", ".png", ".webp")


class PlayError(AssertionError):
    """The play is not as written: in which line, what was expected, and what stands in the chat."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a play: who speaks (`phone` for a change of phones), and what."""

    number: int
    speaker: str
    words: str


def read(text: str) -> list[Line]:
    """The lines of a play. Raises PlayError for a line that is none of the known kinds."""
    lines: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        if raw.startswith(" ") and lines:
            last = lines.pop()
            lines.append(Line(last.number, last.speaker, f"{last.words}\n{raw.strip()}"))
        else:
            lines.append(_line(number, raw))
    return lines


def _line(number: int, raw: str) -> Line:
    phone = re.fullmatch(r"[—–-]+ (.+?) [—–-]+", raw.strip())
    if phone:
        return Line(number, "phone", phone[1])
    speaker, colon, words = raw.partition(":")
    if not colon or speaker not in SPEAKERS:
        raise PlayError(f"line {number}: expected you:, bot:, time: or — a name —, found {raw!r}")
    return Line(number, speaker, words.strip())


async def perform(text: str, phones: Mapping[str, Person], files: Mapping[str, bytes] | None = None) -> None:
    """Play it to the end; raises PlayError at the first line that does not come true.

    `phones` by the names in the play; with only one, no name is needed. `files` by their names.
    """
    at = next(iter(phones.values()))
    for line in read(text):
        if line.speaker == "phone":
            at = _phone(line, phones)
            continue
        try:
            await _act(at, line, files or {})
        except NotSeenError as missing:
            raise PlayError(f"line {line.number}: {line.speaker}: {line.words}\n{missing}") from None


def _phone(line: Line, phones: Mapping[str, Person]) -> Person:
    if line.words not in phones:
        raise PlayError(f"line {line.number}: nobody here is called {line.words!r}")
    return phones[line.words]


async def _act(at: Person, line: Line, files: Mapping[str, bytes]) -> None:
    match line.speaker:
        case "bot":
            await at.sees_message(pattern(line.words))
        case "time":
            at.sim.clock.advance(_seconds(line))
        case _:
            await _speak(at, line, files)


async def _speak(at: Person, line: Line, files: Mapping[str, bytes]) -> None:
    button = re.fullmatch(r"\[(.+)\]", line.words)
    file = re.fullmatch(r"\(([^)]+\.\w+)\)\s*(.*)", line.words, re.DOTALL)
    if button:
        await at.presses(button[1])
    elif file:
        kind = "photo" if file[1].lower().endswith(PICTURES) else "document"
        await at.sends_files({file[1]: _content(line, file[1], files)}, kind=kind, caption=file[2])
    elif line.words == "/start" or line.words.startswith("/start "):
        await at.start(line.words.removeprefix("/start").strip() or None)
    else:
        await at.says(line.words)


def _content(line: Line, name: str, files: Mapping[str, bytes]) -> bytes:
    if name not in files:
        raise PlayError(f"line {line.number}: no file {name!r} was given to the play")
    return files[name]


def _seconds(line: Line) -> int:
    found = re.fullmatch(r"\+(\d+) (minute|hour|day)s?", line.words)
    if not found:
        raise PlayError(f"line {line.number}: expected like +3 days, found {line.words!r}")
    return int(found[1]) * SECONDS[found[2]]


def pattern(words: str) -> re.Pattern[str]:
    """What the bot must say: any white space is one space, … is anything."""
    parts = (r"\s+".join(map(re.escape, part.split())) for part in words.split("…"))
    return re.compile(r"\s*" + r".*?".join(rf"\s*{part}\s*" for part in parts) + r"\s*", re.DOTALL)
