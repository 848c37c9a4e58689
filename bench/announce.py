"""An announcement to many: how long confirming takes, how it is paced, how fast it can be, and whether people who press
meanwhile wait longer. All times of sending are the stand-in's own.

`python -m bench.announce DATABASE_URL` confirms one for everybody there, as it is done at a press, and tells what it
took as JSON.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.bots import bench_settings
from bench.run import Databases, act, process, resident
from bench.telegram import Load
from bot.app import programme_of
from bot.screens.announcements import check
from bot.services import announcement_letters, editions, exports, readers, seats
from bot.services.visits import Chat, Visit
from bot.services.work import Work
from db.audit import OPERATOR
from db.engine import Database
from db.models import Announcement, Export, Person, Scope, Seat
from db.vocabulary import AnnouncementState, Role

TEXT = "Rapat koordinasi penyusunan Buku 2 pada Senin pukul 09.00 WIB secara daring."
# Beyond the numbers of everybody else.
AUTHOR = 1_000_000
# Telegram takes 30 a second (its FAQ); these are Pandu's own settings for it.
ALLOWED, TOTAL, BULK = 30, 29, 25
# A server of one's own that takes a thousand, and Pandu set as far below it as below Telegram's thirty.
FAST, FAST_TOTAL, FAST_BULK = 1000, 966, 900
PRESSES = Load(chats=20, rate=2.0, warm_up=6.0)
KINDS = ("sqlite", "postgresql")
# Tasks of python-telegram-bot that send at once: the faster of both is its figure.
WIDTHS = (1, 8)


@dataclass(frozen=True)
class Confirmed:
    """How many readers, the seconds to draw the page before and to freeze them, and the memory that took."""

    readers: int
    page_seconds: float
    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Paced:
    """What the stand-in saw: messages a second from the first to the last, the most in any one second, its 429s; and
    how much the bot's memory grew."""

    messages: int
    pace: float
    most_in_a_second: int
    refused: int
    megabytes: float


# --- Confirming


def confirm(url: str) -> Confirmed:
    """Draw the page, freeze everybody into the list of readers, and let it begin."""
    database = Database(url)
    number = database.write_now(lambda session: _drafted(session, url))
    before = resident()
    began = time.perf_counter()
    database.write_now(lambda session: check(_visit(session, url), str(number)))
    drawn = time.perf_counter()
    count = database.write_now(lambda session: _confirmed(_work(session, url), number))
    taken = Confirmed(count, drawn - began, time.perf_counter() - drawn, resident() - before)
    asyncio.run(database.close())
    return taken


def _work(session: Session, url: str) -> Work:
    now = datetime.now(UTC)
    content = editions.load_for(editions.present(session), None, now.date())
    opened = editions.open_edition(session, content, now)
    programme = programme_of(bench_settings("http://127.0.0.1", url), opened, "bench")
    return Work(session, now, programme, opened.row_id, "bench", OPERATOR)


def _drafted(session: Session, url: str) -> int:
    """A draft of a coordinator, who has an account of their own."""
    work = _work(session, url)
    session.add(Person(id=AUTHOR, name="Koordinator", telegram_id=AUTHOR, registered_at=work.now))
    session.flush()
    seat = Seat(id=AUTHOR, edition_id=work.edition_id, role=Role.COORDINATOR, holder_id=AUTHOR, created_at=work.now)
    seat.scopes = [Scope(id=AUTHOR)]
    row = Announcement(edition_id=work.edition_id, author_id=AUTHOR, created_at=work.now, text=TEXT)
    row.audience = {"roles": [Role.OFFICIAL.value]}
    session.add_all([seat, row])
    session.flush()
    return row.id


def _visit(session: Session, url: str) -> Visit:
    work = _work(session, url)
    person = work.person(AUTHOR)
    held = tuple(seats.of_person(work, AUTHOR))
    return Visit(work, Chat(AUTHOR), AUTHOR, person.name, person.language, work.now, person, held)


def _confirmed(work: Work, number: int) -> int:
    row = work.session.get_one(Announcement, number)
    row.state, row.number, row.starts_at = AnnouncementState.SCHEDULED, 1, work.now - timedelta(seconds=1)
    row.parts = announcement_letters.parts(row)
    return readers.freeze(work, row)


async def _confirmed_apart(url: str) -> Confirmed:
    """The same in a process of its own, so that its memory is its own."""
    async with process("bench.announce", url) as (_pid, told):
        return Confirmed(**json.loads(told))


# --- Sending


@asynccontextmanager
async def _bot(url: str, allowed: int, total: int, bulk: int) -> AsyncIterator[tuple[int, str]]:
    """Pandu at this pace on a Telegram that allows so many a second (0: any number): its process and the address."""
    async with (
        process("bench.telegram", "0", str(allowed)) as (_, api),
        process("bench.bots", "paced", api, url, str(total), str(bulk)) as (pid, _word),
    ):
        yield pid, api


async def pace(url: str, count: int, allowed: int, total: int, bulk: int) -> Paced:
    """Send to so many, and look at when each message arrived."""
    async with _bot(url, allowed, total, bulk) as (pid, api):
        before = resident(pid)
        return _judged(*await _arrived(api, count), resident(pid) - before)


async def bare(count: int, tasks: int) -> float:
    """Messages a second of python-telegram-bot's client when it does nothing but send."""
    async with (
        process("bench.telegram") as (_, api),
        process("bench.baselines", "send", api, TEXT, str(count), str(tasks)),
    ):
        return _judged(*await _arrived(api, count), 0.0).pace


async def _arrived(api: str, count: int) -> tuple[list[float], int]:
    times: list[float] = []
    refused = 0
    while len(times) < count:
        await asyncio.sleep(0.5)
        times, refused = await asyncio.to_thread(_sent, api)
    return sorted(times)[:count], refused


def _sent(api: str) -> tuple[list[float], int]:
    request = urllib.request.Request(f"{api}/sent", b"{}")
    with urllib.request.urlopen(request, timeout=60) as answer:
        told = json.load(answer)["result"]
    return told["times"], told["refused"]


def _judged(times: list[float], refused: int, megabytes: float) -> Paced:
    seconds = times[-1] - times[0]
    most, first = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return Paced(len(times), (len(times) - 1) / seconds if seconds else 0.0, most, refused, megabytes)


async def pressed(url: str, seconds: float) -> float:
    """The p99 of people who press, in milliseconds, while Pandu sends what is there to be sent."""
    load = {**asdict(PRESSES), "seconds": seconds}
    async with _bot(url, 0, TOTAL, BULK) as (_pid, api):
        return (await asyncio.to_thread(act, api, Load(**load))).p99


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
    before, began = resident(), time.perf_counter()
    making = asyncio.create_task(database.study(lambda session: exports.make(_work(session, url))))
    waited = [0.0], [0.0]
    while not making.done():
        for kept, wait in zip(waited, (database.write(_touch), asyncio.sleep(0.005)), strict=True):
            since = time.perf_counter()
            await wait
            kept[0] = max(kept[0], time.perf_counter() - since)
    made = await making
    seconds, grown = time.perf_counter() - began, resident() - before
    await database.close()
    size = len(made.paper.content) if made and made.paper else 0
    return Written(seconds, grown, size, waited[0][0], waited[1][0] - 0.005)


def _asked(session: Session, url: str) -> None:
    _work(session, url)
    session.execute(update(Person).where(Person.id == AUTHOR).values(active_seat_id=AUTHOR))
    session.add(Export(person_id=AUTHOR, book="announcement", subject="1", cause="bench"))


def _touch(session: Session) -> None:
    session.execute(update(Person).where(Person.id == 2).values(data_saver=True))


# --- Told


def confirming(large: Databases) -> None:
    """A hundred thousand readers: the page, the press, and the first waves."""
    for kind in KINDS:
        url = large.fresh(kind)
        taken = asyncio.run(_confirmed_apart(url))
        paper = asyncio.run(written(url))
        first = asyncio.run(pace(url, 10 * BULK, ALLOWED, TOTAL, BULK))
        print(
            f"{kind:<12}{taken.readers} readers: the page in {taken.page_seconds:.2f} s, confirmed in "
            f"{taken.seconds:.2f} s, {taken.megabytes:+.0f} MB; the first {first.messages} messages "
            f"{first.megabytes:+.0f} MB"
        )
        print(
            f"{kind:<12}their delivery report: {paper.seconds:.1f} s, {paper.size / 1e6:.1f} MB, "
            f"{paper.megabytes:+.0f} MB of memory; meanwhile a writer waited at most "
            f"{paper.writer_waited * 1000:.0f} ms, the loop {paper.loop_waited * 1000:.0f} ms"
        )


def paced(databases: Databases) -> None:
    """At Telegram's pace: how much of the set one is used, and whether Telegram would complain."""
    for kind in KINDS:
        url = databases.fresh(kind)
        count = confirm(url).readers
        taken = asyncio.run(pace(url, count, ALLOWED, TOTAL, BULK))
        share = 100 * taken.pace / BULK
        print(
            f"{kind:<12}{taken.messages} messages at {taken.pace:.1f} a second ({share:.1f} % of {BULK}), "
            f"at most {taken.most_in_a_second} in any second, {taken.refused} refused, {taken.megabytes:+.0f} MB"
        )


def fast(databases: Databases, rounds: int) -> None:
    """At an allowed thousand a second, beside a client that only sends; in turn."""
    taken: dict[str, list[float]] = {name: [] for name in (*KINDS, *map(str, WIDTHS))}
    refused = dict.fromkeys(KINDS, 0)
    for _ in range(rounds):
        for tasks in WIDTHS:
            taken[str(tasks)].append(asyncio.run(bare(databases.people, tasks)))
        for kind in KINDS:
            url = databases.fresh(kind)
            confirm(url)
            sent = asyncio.run(pace(url, databases.people, FAST, FAST_TOTAL, FAST_BULK))
            taken[kind].append(sent.pace)
            refused[kind] += sent.refused
    middle = {name: statistics.median(figures) for name, figures in taken.items()}
    best = max(middle[str(tasks)] for tasks in WIDTHS)
    alone = ", ".join(f"{middle[str(tasks)]:.0f} with {tasks} at once" for tasks in WIDTHS)
    print(f"{'only sending':<12}{alone} (python-telegram-bot)")
    for kind in KINDS:
        print(
            f"{kind:<12}{middle[kind]:.0f} a second at an allowed {FAST} ({FAST_BULK} set), {refused[kind]} refused: "
            f"x {middle[kind] / best:.2f}"
        )


def meanwhile(databases: Databases, rounds: int, seconds: float) -> None:
    """People who press while an announcement goes out, beside the same people without one; in turn."""
    for kind in KINDS:
        idle, busy = [], []
        for _ in range(rounds):
            idle.append(asyncio.run(pressed(databases.fresh(kind), seconds)))
            url = databases.fresh(kind)
            confirm(url)
            busy.append(asyncio.run(pressed(url, seconds)))
        before, during = statistics.median(idle), statistics.median(busy)
        print(f"{kind:<12}p99 {during:.1f} ms, {before:.1f} without it: x {during / before:.2f}")


def report(options: argparse.Namespace) -> None:
    """All figures of announcements. Pressing is watched for as long as the announcement to so many readers takes."""
    with Databases(100_000) as large:
        print("\nAn announcement to a hundred thousand")
        confirming(large)
    with Databases(options.readers) as databases:
        print(f"\nIts pace, {TOTAL} a second set over all and {BULK} in bulk")
        paced(databases)
        print(f"\nHow fast it can be, medians of {options.rounds} rounds in turn")
        fast(databases, options.rounds)
        print(f"\nMilliseconds from press to answer meanwhile, {PRESSES.rate:.0f} presses a second")
        meanwhile(databases, options.rounds, options.readers / BULK - PRESSES.warm_up - 5)


if __name__ == "__main__":
    print(json.dumps(asdict(confirm(sys.argv[1]))), flush=True)
