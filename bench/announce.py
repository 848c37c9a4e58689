"""An announcement to many: how long confirming takes, and how it is paced, counted by the stand-in's own clock."""

import asyncio
import json
import os
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.bots import bench_settings
from bench.run import Databases, _process, resident
from bot.app import programme_of
from bot.services import editions, exports, readers
from bot.services.work import Work
from db.audit import OPERATOR
from db.engine import Database
from db.models import Announcement, Export, Person, Scope, Seat
from db.vocabulary import AnnouncementState, Role

TEXT = "Rapat koordinasi penyusunan Buku 2 pada Senin pukul 09.00 WIB secara daring."


@dataclass(frozen=True)
class Paced:
    """What the stand-in saw: messages, seconds from the first to the last, and the most in any one second."""

    messages: int
    seconds: float
    most_in_a_second: int
    pace: float
    megabytes: float


def _work(session: Session, url: str) -> Work:
    now = datetime.now(UTC)
    content = editions.load_for(editions.present(session), None, now.date())
    opened = editions.open_edition(session, content, now)
    programme = programme_of(bench_settings("http://127.0.0.1", url), opened, "bench")
    return Work(session, now, programme, opened.row_id, "bench", OPERATOR)


def confirm(url: str) -> tuple[int, float]:
    """Freeze everybody into the list of readers. Returns how many, and the seconds that took."""
    database = Database(url)
    began = time.perf_counter()
    count = database.write_now(lambda session: _confirmed(session, url))
    taken = time.perf_counter() - began
    asyncio.run(database.close())
    return count, taken


def _confirmed(session: Session, url: str) -> int:
    work = _work(session, url)
    row = Announcement(edition_id=work.edition_id, author_id=1, created_at=work.now, text=TEXT, parts=1)
    session.add(row)
    session.flush()
    row.state, row.number, row.starts_at = AnnouncementState.SCHEDULED, 1, work.now - timedelta(seconds=1)
    return readers.freeze(work, row)


async def pace(url: str, count: int, total_rate: int, bulk_rate: int) -> Paced:
    """Send it at this pace and look at when each message arrived."""
    async with (
        _process("bench.telegram") as (_, api),
        _process("bench.bots", "paced", api, url, str(total_rate), str(bulk_rate)) as (pid, _word),
    ):
        before = resident(pid)
        times: list[float] = []
        while len(times) < count:
            await asyncio.sleep(1)
            times = await asyncio.to_thread(_sent, api)
        return _judged(sorted(times)[:count], resident(pid) - before)


def _sent(api: str) -> list[float]:
    request = urllib.request.Request(f"{api}/sent", b"{}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return [float(at) for at in json.load(answer)["result"]]


def _judged(times: list[float], megabytes: float) -> Paced:
    seconds = times[-1] - times[0]
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return Paced(len(times), seconds, most, (len(times) - 1) / seconds if seconds else 0.0, megabytes)


@dataclass(frozen=True)
class Written:
    """A delivery report: seconds, what it grew the process by, and the longest that others waited meanwhile."""

    seconds: float
    megabytes: float
    size: int
    writer_waited: float
    loop_waited: float


async def written(url: str) -> Written:
    """Ask for the report of what `confirm` has frozen, and write to the database all the while."""
    database = Database(url)
    await database.write(lambda session: _asked(session, url))
    before, began = resident(os.getpid()), time.perf_counter()
    making = asyncio.create_task(database.study(lambda session: exports.make(_work(session, url))))
    waited = [0.0], [0.0]
    while not making.done():
        for kept, wait in zip(waited, (database.write(_touch), asyncio.sleep(0.005)), strict=True):
            since = time.perf_counter()
            await wait
            kept[0] = max(kept[0], time.perf_counter() - since)
    made = await making
    seconds, grown = time.perf_counter() - began, resident(os.getpid()) - before
    await database.close()
    size = len(made.paper.content) if made and made.paper else 0
    return Written(seconds, grown, size, waited[0][0], waited[1][0] - 0.005)


def _asked(session: Session, url: str) -> None:
    """The first reader becomes a coordinator and asks for the report."""
    work = _work(session, url)
    seat = Seat(
        id=10**6,
        edition_id=work.edition_id,
        role=Role.COORDINATOR,
        holder_id=1,
        created_at=work.now,
        scopes=[Scope(id=10**6)],
    )
    session.add(seat)
    session.flush()
    session.execute(update(Person).where(Person.id == 1).values(active_seat_id=seat.id))
    session.add(Export(person_id=1, book="announcement", subject="1", cause="bench"))


def _touch(session: Session) -> None:
    session.execute(update(Person).where(Person.id == 2).values(data_saver=True))


def report(databases: Databases, large: Databases) -> None:
    """Confirming for a hundred thousand, and four thousand at Telegram's pace."""
    print("\nAn announcement")
    for kind in ("sqlite", "postgresql"):
        many = large.fresh(kind)
        count, taken = confirm(many)
        print(f"{kind:<12}confirmed for {count} readers in {taken:.2f} s")
        paper = asyncio.run(written(many))
        print(
            f"{kind:<12}their delivery report: {paper.seconds:.1f} s, {paper.size / 1e6:.1f} MB, "
            f"{paper.megabytes:+.0f} MB of memory; meanwhile a writer waited at most "
            f"{paper.writer_waited * 1000:.0f} ms, the loop {paper.loop_waited * 1000:.0f} ms"
        )
        url = databases.fresh(kind)
        count, _taken = confirm(url)
        paced = asyncio.run(pace(url, count, 29, 25))
        share = 100 * paced.pace / 25
        print(
            f"{kind:<12}{paced.messages} messages at {paced.pace:.1f} a second ({share:.0f} % of 25), "
            f"at most {paced.most_in_a_second} in any second, {paced.megabytes:+.0f} MB"
        )
