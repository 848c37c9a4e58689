"""Pandu is away over the closing: what was sent before it counts, what came after it does not; then it is frozen."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from db.models import Snapshot
from db.vocabulary import ItemState
from tests import stage
from tests.files.samples import pdf
from tests.journeys import people
from tests.journeys.town import Town

CLOSED = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
ITEM, OTHER = "pn-hadir", "pn-laporan"


async def states(town: Town) -> list[dict[str, str]]:
    """What was frozen of Kota Tebing Tinggi."""
    frozen = select(Snapshot.states).where(Snapshot.region_code == stage.TEBING_TINGGI)
    return list(await town.read(lambda session: session.scalars(frozen).all()))


async def test_an_outage_over_the_closing_harms_nobody_and_favours_nobody(town: Town) -> None:
    in_time, too_late = await people.lead(town), await people.lead(town, "Rudi Hartono")
    town.sim.clock.move_to(CLOSED - timedelta(minutes=10))
    await people.works(in_time, ITEM)
    await people.works(too_late, OTHER)
    await town.quiet()
    await town.end()
    town.sim.clock.move_to(CLOSED - timedelta(seconds=30))
    await in_time.sends_document("Daftar hadir.pdf", pdf())
    town.sim.clock.move_to(CLOSED + timedelta(seconds=30))
    await too_late.sends_document("Laporan.pdf", pdf())
    town.sim.clock.move_to(CLOSED + timedelta(hours=20))

    await town.begin()
    await in_time.sees("Tersimpan", "tepat waktu")
    await too_late.sees("Program ditutup", "hanya dapat dibaca")
    await town.ticks()
    assert await states(town) == []
    await in_time.presses(people.DRAFT_BUTTON)
    await in_time.sees("Mohon periksa")
    await in_time.presses("Ajukan")
    await in_time.sees("diajukan", "Riwayat")
    await town.files_are_checked()
    await town.quiet()
    town.later(minutes=6)
    await town.ticks()

    (frozen,) = await states(town)
    assert (frozen[ITEM], frozen[OTHER]) == ("submitted", "untouched")
    assert (await people.item(town, ITEM)).state is ItemState.SUBMITTED
    (submission,) = await people.submissions(town)
    assert submission.submitted_at < CLOSED
