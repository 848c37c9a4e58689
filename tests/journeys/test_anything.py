"""Two hundred things that people send, through Telegram's stand-in: as many answers, and the question still stands."""

import asyncio
import random

from db.models import Conversation, Item
from db.vocabulary import ItemState
from simulator import acts
from simulator.person import Person
from tests.files.samples import picture
from tests.handlers.anything import COMMANDS, WORDS
from tests.journeys import people
from tests.journeys.town import Town

# An album is answered two seconds after its last part, so it comes more rarely.
KINDS = {
    "text": 20, "long": 20, "sticker": 20, "voice": 20, "contact": 20, "location": 20, "poll": 20, "forwarded": 20,
    "edited": 20, "command": 20, "album": 4,
}  # fmt: skip
# "Batal" is the first letters of the button [Batalkan] under this question, and so it presses it.
SAID = [word for word in WORDS if word.strip("\u0000\u200b\ufeff ") and word != "Batal"]
UNKNOWN = [command for command in COMMANDS if not command.startswith("/start")]


async def sends_one(person: Person, chance: random.Random) -> None:
    """One thing of any kind; an album counts as one."""
    (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
    match kind:
        case "text":
            await person.says(chance.choice(SAID))
        case "long":
            await person.says("panjang " * 512)
        case "command":
            await person.says(chance.choice(UNKNOWN))
        case "album":
            await person.sends_album([picture("JPEG", (30 + number, 20)) for number in range(3)])
        case "forwarded":
            await person.forwards(chance.choice(person.replies))
        case "edited":
            await person.edits(chance.choice([one for one in person.chat if _is_own_text(one)]), "Diperbaiki")
        case "voice":
            acts.sends(person.sim.x, person._now(), {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 2}})
        case _:
            await person.sends(kind)


def _is_own_text(message: dict[str, object]) -> bool:
    return "text" in message and not message["from"]["is_bot"]  # type: ignore[index]


def answered(person: Person) -> int:
    """Answers that reached the chat, also those that would have changed nothing."""
    methods = ("sendMessage", "editMessageText")
    refused = person.sim.x.ledger.refusals
    same = [one for one in refused if one["method"] in methods and one["chat_id"] == person.user_id]
    return people.answers(person) + len(same)


async def reaches(person: Person, count: int) -> None:
    """Return as soon as so many answers are there. Raises `TimeoutError`."""
    async with asyncio.timeout(10):
        while answered(person) < count:  # noqa: ASYNC110 - a refused edit tells no event
            await asyncio.sleep(0.01)


async def test_as_many_answers_as_things_sent_and_the_question_still_stands(town: Town) -> None:
    official = await people.lead(town)
    await people.opens(official)
    await official.presses("Tidak berlaku")
    await official.sees("Mengapa butir ini tidak berlaku")
    await official.presses("Batalkan")
    await official.presses_data("a:rename:0:0", official.replies[-1])
    await official.sees("nama")
    await official.says("/batal")
    await town.quiet()
    await official.presses_data("a:declare:0:0", official.replies[-1])
    await official.sees("Sampai tahap mana")
    await town.quiet()
    before, chance = answered(official), random.Random(10)

    for count in range(1, 201):
        await sends_one(official, chance)
        await reaches(official, before + count)
        assert answered(official) == before + count, official.play()[-2000:]
        assert people.buttons(official)
    await town.quiet()
    assert answered(official) == before + 200

    standing = await town.read(lambda session: session.get(Conversation, official.user_id))
    assert standing.flow["state"]["step"] == "choosing"
    states = await town.read(lambda session: {row.state for row in session.query(Item)})
    assert states == {ItemState.UNTOUCHED}
    assert not [text for text in people.plays(official) if "gangguan" in text]
