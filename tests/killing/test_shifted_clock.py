"""The reminders' instants with a really shifted clock: `pandu run` on a machine that believes it is November 2022."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.program.loading import shipped_edition
from bot.services.items import of_region
from db.engine import Database
from db.models import DigestClock, Item, Reminder, TimeSettings
from db.vocabulary import ReminderState, Role
from simulator.person import Person
from simulator.server import Simulator
from tests import stage
from tests.killing.lives import CommandLine, House, Life, settings_for
from tests.stage import BANGGAI, HALMAHERA_SELATAN, TEBING_TINGGI

# H-4 of Thursday, 1 December 2022, is a Sunday: it comes on Friday, 25 November, at 09.00 where each region is.
INSTANTS = {
    HALMAHERA_SELATAN: datetime(2022, 11, 25, 0, 0, tzinfo=UTC),
    BANGGAI: datetime(2022, 11, 25, 1, 0, tzinfo=UTC),
    TEBING_TINGGI: datetime(2022, 11, 25, 2, 0, tzinfo=UTC),
}
THURSDAY = datetime(2022, 11, 24, 3, 0, tzinfo=UTC)
ITEM = "pn-hadir"
# Thursday 13.00 WIB, 15.00 WIT: everywhere within the hours of reminders.
EVE = datetime(2022, 11, 24, 6, 0, tzinfo=UTC)
BEFORE = timedelta(seconds=25)
# A turn of the clock each five seconds, on a machine that has other things to do.
PROMPT = timedelta(minutes=5)


def shim(directory: Path) -> Path:
    """What shifts the wall clock of a process, compiled with the machine's C compiler."""
    built = directory / "shift.so"
    source = Path(__file__).with_name("shift.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", built, source, "-ldl"], check=True)
    return built


def _people(session: Session) -> int:
    """A lead in each region who has heard everything up to Thursday, in an edition that reminds at H-4 too. Returns the
    telephone of their coordinator."""
    work = stage.open_work(session, now=THURSDAY, edition=stage.content_of_2022())
    offsets = [-14, -7, -4, -3, -1, 0, 1, 3]
    session.add(TimeSettings(edition_id=work.edition_id, changed={"offsets": offsets}))
    for code in INSTANTS:
        stage.region(work, code)
        stage.member(work, Role.LEAD, code, "Siti Rahma")
        for key, item in of_region(work, code).items():
            if key != ITEM:
                session.delete(item)
    sari = stage.member(work, Role.COORDINATOR, None, "Sari Wulandari")
    session.execute(update(DigestClock).values(next_at=THURSDAY + timedelta(hours=12), last_day=THURSDAY.date()))
    return sari.telegram_id or 0


def _told(session: Session) -> Mapping[str, Sequence[tuple[str, datetime]]]:
    """What each region was told of the item: on which occasion, at which moment."""
    rows = session.execute(
        select(Item.region_code, Reminder.occasion, Reminder.at)
        .join(Reminder, Reminder.subject == "item:" + Item.id.cast(Reminder.subject.type))
        .where(Reminder.state == ReminderState.SENT)
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for code, occasion, at in rows:
        found.setdefault(code, []).append((occasion, at))
    return found


async def _once_told(database: Database, codes: Iterable[str]) -> Mapping[str, Sequence[tuple[str, datetime]]]:
    """What every region was told, as soon as these were."""
    told: Mapping[str, Sequence[tuple[str, datetime]]] = {}
    while not set(codes) <= set(told):
        await asyncio.sleep(0.5)
        told = await database.read(_told)
    return told


@asynccontextmanager
async def machine(sim: Simulator, database_url: str, directory: Path, moment: datetime) -> AsyncIterator[Life]:
    """A running Pandu on a machine that believes it is this moment."""
    shift = round((moment - datetime.now(UTC)).total_seconds())
    settings = {
        **settings_for(sim.url, database_url, directory),
        "PANDU_EDITION": str(shipped_edition().with_name("2022.yaml")),
        "LD_PRELOAD": str(shim(directory)),
        "SHIFT_SECONDS": str(shift),
    }
    house = House(CommandLine(), directory, settings)
    try:
        life = await house.begin()
        assert await life.ready(), life.said
        yield life
    finally:
        await house.clear()


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_each_zone_is_reminded_at_nine_by_a_really_shifted_clock(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    await database.write(_people)
    async with Simulator(limits=False) as sim:
        for code, nine in INSTANTS.items():
            sim.clock.move_to(nine - BEFORE)
            async with machine(sim, database_url, tmp_path, nine - BEFORE):
                told = await _once_told(database, [code])
                ((occasion, at),) = told[code]
                assert occasion == "-4"
                assert nine <= at < nine + PROMPT
                assert set(told) == {one for one in INSTANTS if INSTANTS[one] <= nine}
    await database.close()


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_joint_leave_decreed_on_the_eve_brings_the_reminder_forward_within_a_minute(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    coordinator = await database.write(_people)
    async with Simulator(limits=False) as sim:
        sari = Person(sim, coordinator, "Sari Wulandari")
        sim.clock.move_to(EVE)
        async with machine(sim, database_url, tmp_path, EVE):
            await sari.says("/libur")
            await sari.sees("Hari program")
            await sari.presses("Hari program")
            await sari.sees("Tambah hari")
            await sari.presses("Tambah hari")
            await sari.sees("Jenis: hari libur")
            await sari.says("25 November Cuti bersama")
            await sari.sees("Kamis, 24 November 2022", "3 pengingat")
            assert await database.read(_told) == {}
            await sari.presses("✅ Simpan")
            await sari.sees("1 hari disimpan")
            kept = sim.clock.now()
            told = await _once_told(database, INSTANTS)
        for ((occasion, at),) in told.values():
            assert occasion == "-4"
            assert EVE < at < kept + timedelta(minutes=1)
    await database.close()


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_a_machine_whose_clock_is_a_day_ahead_of_telegrams_says_nothing(
    database_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    await database.write(_people)
    nine = INSTANTS[TEBING_TINGGI]
    async with Simulator(limits=False) as sim:
        sim.clock.move_to(nine - timedelta(days=1, hours=2))
        async with machine(sim, database_url, tmp_path, nine + PROMPT) as life:
            while "is held until it is right" not in life.said:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
            await asyncio.sleep(12)
            assert await database.read(_told) == {}
    await database.close()
