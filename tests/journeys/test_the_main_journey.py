"""From an invitation to an accepted item, as people live it."""

from bot.services import invites, seats
from db.models import Item, Submission
from db.vocabulary import ItemState, Role
from tests import stage
from tests.files.samples import pdf
from tests.journeys.town import Town


async def test_an_official_is_invited_guided_reviewed_and_accepted(town: Town) -> None:
    mentor = await town.moves_in("Dr. Wayan Sudarma", Role.MENTOR)
    code = await town.write(
        lambda work: invites.create_as_operator(work, seats.Grantable(Role.LEAD, stage.TEBING_TINGGI))[1]
    )
    official = town.stranger(501, "Siti Rahma")

    await official.start(f"i_{code.replace('-', '')}")
    await official.sees("Kota Tebing Tinggi")
    for n in range(14):
        print(f"----- {n}\n" + official.screen())
        last = official.screen()
        if "[Kerjakan" in last or "Kerjakan]" in last:
            break
        m = official.replies[-1]
        if not m.get("reply_markup", {}).get("inline_keyboard"):
            await official.says("Kepala Dinas Kominfo")
        else:
            row = m["reply_markup"]["inline_keyboard"][0]
            await official.presses(row[0]["text"])
        import asyncio
        await asyncio.sleep(0.4)
    assert 0
