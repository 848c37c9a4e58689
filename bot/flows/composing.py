"""What somebody says in one go, in as many messages as it takes: text, photo, document, album, voice."""

from collections.abc import Sequence
from datetime import datetime

from bot.flows.turns import Event, Other, Sent, State, Wrote
from db.vocabulary import EvidenceKind


class File(State):
    """A file by Telegram's own numbers; `size` in bytes."""

    kind: EvidenceKind
    file_id: str
    unique_id: str
    name: str = ""
    size: int | None = None


class Part(State):
    """One message of it. `key` names the message, `album` joins the files that were sent as one."""

    key: str
    at: datetime
    text: str = ""
    file: File | None = None
    album: str | None = None


Parts = tuple[Part, ...]


def part_of(event: Event) -> Part | None:
    """A message as a part; None for what says nothing in words, pictures or voice."""
    match event:
        case Wrote(text, key, at):
            return Part(key=key, at=at, text=text)
        case Sent() as sent:
            return _with_file(sent)
        case Other(sent=Sent() as sent):
            return _with_file(sent)
        case _:
            return None


def _with_file(sent: Sent) -> Part:
    file = File(kind=sent.kind, file_id=sent.file_id, unique_id=sent.unique_id, name=sent.name, size=sent.size)
    return Part(key=sent.key, at=sent.at, text=sent.caption, file=file, album=sent.album)


def joined(parts: Sequence[Part]) -> str:
    """The text of all parts, as it was written."""
    return "\n".join(part.text for part in parts if part.text.strip()).strip()


def files(parts: Sequence[Part]) -> tuple[File, ...]:
    """The files of all parts, each once."""
    found = {part.file.unique_id: part.file for part in parts if part.file}
    return tuple(found.values())


def says_something(parts: Sequence[Part]) -> bool:
    """Whether there is anything to answer: a file, or at least one letter or digit."""
    return any(part.file for part in parts) or any(map(str.isalnum, joined(parts)))
