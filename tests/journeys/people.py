"""What people of a town do again and again, in a few words."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from db.models import AuditEntry, Evidence, Item, Submission
from db.vocabulary import Role
from simulator import acts
from simulator.person import Person, shown
from tests import stage
from tests.files.samples import pdf
from tests.journeys.town import Town

ITEM = "kl-sk-dewan"
DRAFT_BUTTON = "Periksa dan ajukan"


async def lead(town: Town, name: str = "Siti Rahma") -> Person:
    return await town.moves_in(name, Role.LEAD, stage.TEBING_TINGGI)


async def mentor(town: Town, name: str = "Wayan Sudarma") -> Person:
    return await town.moves_in(name, Role.MENTOR)


async def opens(person: Person, key: str = ITEM) -> dict[str, Any]:
    before = last_id(person)
    await person.start(f"t_{key}")
    return await person.sees_next(before, "Bukti yang diperlukan")


async def works(person: Person, key: str = ITEM) -> None:
    await opens(person, key)
    await person.presses("Kerjakan")
    await person.sees("Draf")


async def submits(person: Person, key: str = ITEM, name: str = "SK Dewan.pdf", content: bytes = b"") -> None:
    """Attach a document and submit it."""
    await works(person, key)
    await person.sends_document(name, content or pdf())
    await person.sees("Tersimpan", name)
    await person.presses(DRAFT_BUTTON)
    await person.sees("Mohon periksa")
    await person.presses("Ajukan")
    await person.sees("diajukan", "Riwayat")


def last_id(person: Person) -> int:
    return person.chat[-1]["message_id"] if person.chat else 0


def newest(person: Person) -> str:
    """The newest message of the bot as it stands now."""
    return shown(person.replies[-1])


def sends_large(person: Person, name: str = "Buku 1.pdf", size: int = 25 * 1024 * 1024, album: str = "") -> None:
    """A document that only says how large it is: Telegram gives bots no larger ones to fetch."""
    about = {"file_id": f"big-{name}", "file_unique_id": f"big-{name}", "file_name": name, "file_size": size}
    part_of(person, album, {"document": about})


def part_of(person: Person, album: str, content: dict[str, Any]) -> None:
    """A message that Telegram sends as one part of an album; of none if that is empty."""
    joined = {"media_group_id": album} if album else {}
    acts.sends(person.sim.x, acts.person(person.sim.x, person.user_id), {**content, **joined})


async def item(town: Town, key: str = ITEM) -> Item:
    return await town.read(lambda session: session.scalars(select(Item).where(Item.key == key)).one())


async def audit(town: Town, key: str = ITEM) -> list[str]:
    """What the record says was done to an item, oldest first."""
    found = await item(town, key)
    chosen = select(AuditEntry.act).where(AuditEntry.subject == "item", AuditEntry.subject_id == found.id)
    return await town.read(lambda session: list(session.scalars(chosen.order_by(AuditEntry.id))))


async def evidence(town: Town) -> Sequence[Evidence]:
    return await town.read(lambda session: session.scalars(select(Evidence).order_by(Evidence.id)).all())


async def submissions(town: Town) -> Sequence[Submission]:
    return await town.read(lambda session: session.scalars(select(Submission).order_by(Submission.id)).all())


def answers(person: Person) -> int:
    """How many answers have gone to a person's chat, new messages and edited ones."""
    return len(person.sim.x.ledger.of("sendMessage", "editMessageText", chat_id=person.user_id))


def buttons(person: Person) -> list[str]:
    """The labels under the newest message."""
    keyboard = person.replies[-1].get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in keyboard for button in row]


def plays(*persons: Person) -> list[str]:
    """Everything the bot has said to these people."""
    return [shown(message) for person in persons for message in person.replies]
