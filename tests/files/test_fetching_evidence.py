"""Evidence is fetched, looked into, kept and settled once, whatever Telegram and the machine do in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot import fetcher as desk
from bot.fetcher import Fetcher, Later, for_evidence, pause_after, take_up, where_it_is
from bot.files import EvidenceStore, Reason
from bot.transport import Accepted, Answer, NotSent, Refused, Transport, Unknown
from db.engine import Database
from db.models import AuditEntry, Edition, Evidence, Item, Person
from db.vocabulary import ActorKind, EvidenceKind, EvidenceState
from simulator import files
from simulator.server import Simulator
from simulator.validation import Upload
from tests.files import samples as made

START = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)
TOKEN = "123456:a-secret-that-nobody-may-see"


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Stage:
    """A fetcher between a stand-in for Telegram and a database."""

    def __init__(self, telegram: Simulator, database: Database, data_dir: Path) -> None:
        self.telegram = telegram
        self.database = database
        self.clock = Hands()
        self.store = EvidenceStore(data_dir)
        self.transport = Transport(telegram.url, TOKEN, self.clock)
        self.fetcher = Fetcher(self.transport, database, self.clock, for_evidence(self.store, note))
        self.stop = asyncio.Event()

    async def given(self, content: bytes, name: str = "surat.pdf", kind: str = "document", **columns: object) -> int:
        """A file that a person sent, as its row waits to be looked into."""
        stored = files.keep(self.telegram.x, kind, Upload(name, "application/octet-stream", content))
        shown = "" if kind == "photo" else name
        return await self.row(file_id=stored.file_id, size=len(content), name=shown, **columns)

    async def row(self, **columns: object) -> int:
        usual: dict[str, object] = {"next_try_at": START, "name": "surat.pdf"}
        number = await self.database.write(lambda session: add(session, **(usual | columns)))
        self.fetcher.wake()
        return number

    async def evidence(self, number: int) -> Evidence:
        row = await self.database.read(lambda session: session.get(Evidence, number))
        assert row is not None
        return row

    async def told(self) -> list[int | None]:
        """Of which evidence the hook was told, in order."""
        return await self.database.read(
            lambda s: list(s.scalars(select(AuditEntry.subject_id).order_by(AuditEntry.id)))
        )

    async def until(self, number: int, *, attempts: int | None = None) -> Evidence:
        """Wait until the row is settled, or until it was tried so often and waits again.

        An attempt is counted in the commit that takes it up, a moment before it is in hand: so it waits only if
        nobody has had it in hand for some looks.
        """
        idle = 0
        async with asyncio.timeout(20):
            while True:
                row = await self.evidence(number)
                waits = row.attempts == attempts and not self.fetcher._in_hand
                idle = idle + 1 if waits else 0
                if row.state is not EvidenceState.CHECKING or idle > 10:
                    return row
                await asyncio.sleep(0.01)

    async def tried_four_times(self, number: int) -> Evidence:
        """Tried and put back three times, ten minutes apart, and then once more."""
        for attempts in range(1, 4):
            assert (await self.until(number, attempts=attempts)).state is EvidenceState.CHECKING
            self.clock.at += timedelta(minutes=10)
            self.fetcher.wake()
        return await self.until(number)

    async def until_taken_up(self, number: int) -> None:
        async with asyncio.timeout(20):
            while True:
                if (await self.evidence(number)).attempts:
                    return
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.stop = asyncio.Event()
        loop = asyncio.create_task(self.fetcher.run(self.stop))
        try:
            yield
        finally:
            self.stop.set()
            await loop


def note(session: Session, evidence_id: int, now: datetime) -> None:
    session.add(
        AuditEntry(
            at=now,
            actor_kind=ActorKind.SYSTEM,
            act="settled",
            subject="evidence",
            subject_id=evidence_id,
            cause="fetch",
        )
    )


def add(session: Session, **columns: object) -> int:
    item = session.scalar(select(Item)) or _first_item(session)
    uploader = session.scalars(select(Person)).one()
    row = Evidence(
        item_id=item.id,
        kind=EvidenceKind.DOCUMENT,
        state=EvidenceState.CHECKING,
        message_key=f"1:{session.query(Evidence).count()}",
        uploaded_by_id=uploader.id,
        uploaded_at=START,
        **columns,
    )
    session.add(row)
    session.flush()
    return row.id


def _first_item(session: Session) -> Item:
    edition = Edition(key="2026", closing=START.date(), fingerprint="x", opened_at=START)
    session.add_all([edition, Person(name="Siti Rahma", registered_at=START, telegram_id=7)])
    session.flush()
    item = Item(edition_id=edition.id, region_code="12.76", key="kl-sk-dewan")
    session.add(item)
    session.flush()
    return item


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Simulator]:
    async with Simulator(token=TOKEN) as simulator:
        yield simulator


@pytest_asyncio.fixture
async def stage(telegram: Simulator, database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    made_up = Stage(telegram, database, tmp_path / "data")
    yield made_up
    await made_up.transport.close()


async def test_a_good_file_is_stored_with_its_own_type_size_and_fingerprint(stage: Stage) -> None:
    content = made.pdf()
    number = await stage.given(content)
    async with stage.running():
        row = await stage.until(number)

    assert (row.state, row.mime, row.size, row.refusal) == (EvidenceState.STORED, "application/pdf", len(content), None)
    assert row.next_try_at is None
    assert stage.store.read(row.sha256 or "") == content
    assert await stage.told() == [number]


async def test_a_photo_needs_no_name(stage: Stage) -> None:
    number = await stage.given(made.picture("JPEG"), "photo.jpg", "photo")
    async with stage.running():
        row = await stage.until(number)

    assert (row.state, row.mime) == (EvidenceState.STORED, "image/jpeg")


async def test_a_wrong_file_is_refused_with_its_reason_and_leaves_no_copy(stage: Stage, tmp_path: Path) -> None:
    number = await stage.given(made.EXE)
    async with stage.running():
        row = await stage.until(number)

    assert (row.state, row.refusal, row.sha256) == (EvidenceState.REFUSED, Reason.PROGRAM, None)
    assert not (tmp_path / "data").exists()
    assert await stage.told() == [number]


async def test_what_arrives_while_the_fetcher_sleeps_is_taken_up_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "LOOK_SECONDS", 3600.0)
    async with stage.running():
        await asyncio.sleep(0.05)
        numbers = [await stage.given(made.pdf_of([*made.PAGES, b"%d" % turn])) for turn in range(8)]
        rows = [await stage.until(number) for number in numbers]

    assert {row.state for row in rows} == {EvidenceState.STORED}
    assert sorted(number for number in await stage.told() if number) == numbers


async def test_a_file_too_big_for_bots_is_refused_without_asking_telegram(stage: Stage) -> None:
    number = await stage.row(file_id="any", size=25_000_000)
    async with stage.running():
        row = await stage.until(number)

    assert (row.state, row.refusal) == (EvidenceState.REFUSED, Reason.TOO_BIG)
    assert stage.telegram.ledger.of("getFile") == []


async def test_a_file_whose_size_was_not_told_is_refused_when_telegram_says_it_is_too_big(stage: Stage) -> None:
    number = await stage.given(b"\0" * (20 * 1024 * 1024 + 1))
    await stage.database.write(lambda session: setattr(session.get(Evidence, number), "size", None))
    async with stage.running():
        row = await stage.until(number)

    assert (row.state, row.refusal) == (EvidenceState.REFUSED, Reason.TOO_BIG)


async def test_while_telegram_is_away_a_file_waits_longer_each_time_and_arrives_in_the_end(stage: Stage) -> None:
    number = await stage.given(made.pdf())
    await stage.telegram.hang_up()
    async with stage.running():
        for attempts, seconds in enumerate((5, 30, 120, 600, 600), start=1):
            row = await stage.until(number, attempts=attempts)
            assert row.state is EvidenceState.CHECKING
            assert row.next_try_at == stage.clock.at + timedelta(seconds=seconds)
            if attempts < 5:
                stage.clock.at = row.next_try_at
                stage.fetcher.wake()
        await stage.telegram.listen()
        stage.clock.at += timedelta(seconds=600)
        stage.fetcher.wake()
        assert (await stage.until(number)).state is EvidenceState.STORED

    assert await stage.told() == [number]


async def test_a_download_that_breaks_is_begun_anew(stage: Stage) -> None:
    stage.telegram.plan.set({"drop_before": 1.0, "methods": ["download"]})
    number = await stage.given(made.pdf())
    async with stage.running():
        await stage.until(number, attempts=1)
        stage.telegram.plan.set({"preset": "normal"})
        stage.clock.at += timedelta(seconds=5)
        stage.fetcher.wake()
        row = await stage.until(number)

    assert (row.state, row.attempts) == (EvidenceState.STORED, 2)


async def test_a_file_telegram_no_longer_has_is_asked_for_again_after_four_refusals(stage: Stage) -> None:
    number = await stage.row(file_id="BQACAgUAAx-gone", size=10)
    async with stage.running():
        row = await stage.tried_four_times(number)

    assert (row.state, row.refusal, row.attempts) == (EvidenceState.REFUSED, Reason.LOST, 4)


async def test_a_disk_that_cannot_be_written_delays_a_file_and_loses_nothing(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the directory should be")
    number = await stage.given(made.pdf())
    async with stage.running():
        assert (await stage.until(number, attempts=1)).state is EvidenceState.CHECKING
        (tmp_path / "data").unlink()
        stage.clock.at += timedelta(seconds=5)
        stage.fetcher.wake()
        assert (await stage.until(number)).state is EvidenceState.STORED


async def test_stopped_in_the_middle_of_a_download_it_goes_on_after_the_next_start(stage: Stage) -> None:
    stage.telegram.plan.set({"slow": 1.0, "slow_seconds": 30.0, "methods": ["getFile"]})
    number = await stage.given(made.pdf())
    async with stage.running():
        await stage.until_taken_up(number)
    assert (await stage.evidence(number)).state is EvidenceState.CHECKING

    stage.telegram.plan.set({"preset": "normal"})
    stage.clock.at += timedelta(seconds=5)
    async with stage.running():
        assert (await stage.until(number)).state is EvidenceState.STORED
    assert await stage.told() == [number]


async def test_a_file_is_taken_up_by_one_process_at_a_time(stage: Stage) -> None:
    numbers = [await stage.row(file_id=str(turn), size=1) for turn in range(4)]
    first = await stage.database.write(lambda session: take_up(session, Evidence, START, 3))
    second = await stage.database.write(lambda session: take_up(session, Evidence, START, 3))

    assert [taken.row_id for taken in [*first, *second]] == numbers


async def test_a_second_verdict_on_the_same_file_changes_and_tells_nothing(stage: Stage) -> None:
    number = await stage.row(file_id="x")
    await stage.database.write(
        lambda session: desk.settle(session, for_evidence(stage.store, note), number, Reason.PROGRAM, START)
    )
    await stage.database.write(
        lambda session: desk.settle(session, for_evidence(stage.store, note), number, Reason.LOST, START)
    )

    assert (await stage.evidence(number)).refusal == Reason.PROGRAM
    assert await stage.told() == [number]


async def test_a_hook_that_fails_undoes_the_verdict_and_stops_no_other_file(stage: Stage) -> None:
    poison = await stage.given(made.EXE)
    other = await stage.given(made.pdf())

    def breaks_once(session: Session, evidence_id: int, now: datetime) -> None:
        if evidence_id == poison:
            raise RuntimeError("a bug")
        note(session, evidence_id, now)

    stage.fetcher = Fetcher(stage.transport, stage.database, stage.clock, for_evidence(stage.store, breaks_once))
    with capture_logs() as logs:
        async with stage.running():
            assert (await stage.until(other)).state is EvidenceState.STORED
            assert (await stage.until(poison, attempts=1)).state is EvidenceState.CHECKING

    assert [line["row"] for line in logs if line["log_level"] == "error"] == [poison]


@pytest.mark.parametrize("breaks", ["looking", "telling"])
async def test_a_file_that_a_bug_meets_each_time_is_refused_after_four_tries_and_costs_no_more(
    stage: Stage, breaks: str
) -> None:
    def bug(*_args: object) -> NoReturn:
        raise RuntimeError("a bug")

    errand = for_evidence(stage.store, note)
    errand = replace(errand, look=bug) if breaks == "looking" else replace(errand, settled=bug)
    stage.fetcher = Fetcher(stage.transport, stage.database, stage.clock, errand)
    number = await stage.given(made.pdf())
    async with stage.running():
        row = await stage.tried_four_times(number)

    assert (row.state, row.refusal, row.attempts) == (EvidenceState.REFUSED, Reason.BROKEN, 4)
    assert await stage.told() == ([number] if breaks == "looking" else [])


async def test_neither_token_nor_path_is_logged_or_stored(stage: Stage) -> None:
    stage.telegram.plan.set({"drop_before": 1.0, "methods": ["download"]})
    number = await stage.given(made.pdf())
    with capture_logs() as logs:
        async with stage.running():
            row = await stage.until(number, attempts=1)

    path = next(iter(stage.telegram.x.world.file_paths))
    seen = f"{logs} {[getattr(row, column.key) for column in Evidence.__table__.columns]}"
    assert logs
    assert TOKEN not in seen
    assert path not in seen


@pytest.mark.parametrize(
    ("answer", "attempts", "meaning"),
    [
        (Accepted({"file_id": "a", "file_path": "documents/file_1.pdf"}), 1, "documents/file_1.pdf"),
        (Accepted({"file_path": "a", "file_size": 20 * 1024 * 1024 + 1}), 1, Reason.TOO_BIG),
        (Accepted({"file_id": "a"}), 1, Later("no path in the answer")),
        (Accepted({"file_id": "a"}), 4, Reason.LOST),
        (Accepted(True), 1, Later("no path in the answer")),
        (Refused(400, "Bad Request: file is too big"), 1, Reason.TOO_BIG),
        (Refused(400, "Bad Request: invalid file_id"), 3, Later("refused with 400")),
        (Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), 4, Reason.LOST),
        (Refused(401, "Unauthorized"), 99, Later("refused with 401")),
        (Refused(404, "Not Found"), 99, Later("refused with 404")),
        (Refused(429, "Too Many Requests: retry after 40", 40), 9, Later("refused with 429", 40)),
        (NotSent("ClientConnectorError"), 99, Later("ClientConnectorError")),
        (Unknown("server error 502"), 99, Later("server error 502")),
    ],
)
def test_an_answer_of_get_file_means_one_thing(answer: Answer, attempts: int, meaning: str | Reason | Later) -> None:
    assert where_it_is(answer, attempts) == meaning


def test_the_pause_grows_to_ten_minutes_and_no_further() -> None:
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 999)] == [5, 30, 120, 600, 600, 600]
