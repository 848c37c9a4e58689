"""Reminders for many: a tick with nothing due, a morning on which everybody has five things due, and another look at
everybody after a day off was decreed. Run on the tables themselves, without a bot; every batch is a commit.

`python -m bench.remind DATABASE_URL PEOPLE` does it on an empty, migrated database and tells what it took as JSON.
"""

import argparse
import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from bench.bots import bench_settings
from bench.run import Databases, resident
from bench.telegram import FIRST_CHAT
from bot.app import programme_of
from bot.flows.notice import NOTICE_VERSION
from bot.services import clocks, editions, items, reminders
from bot.services.deadlines import due_of
from bot.services.letters import post_letters
from bot.services.occasions import occasions
from bot.services.timing import timing_of
from bot.services.work import Programme, Work
from bot.texts import Texts
from db.engine import Database
from db.models import DigestClock, Holiday, Item, OutboxMessage, Person, Scope, Seat
from db.vocabulary import HolidayKind, ItemState, Role

DUE = ("df-buku1", "df-buku2", "df-buku3", "df-profil-qw", "df-setuju-ahli")
KINDS = ("sqlite", "postgresql")
SIZES = (1_000, 10_000, 100_000)
TICKS = 20
# Beyond the numbers of whoever is there already.
FIRST = 1_000_000


@dataclass(frozen=True)
class Morning:
    """Seconds: of one tick with nothing due (its median), until all digests stood in the outbox, of the longest batch,
    until everybody was looked at again after a day off was decreed, and to work out anew every occasion of every item
    in every region; megabytes that the process grew by while the digests were written."""

    people: int
    idle_tick: float
    digests: int
    seconds: float
    longest_batch: float
    again: float
    plans: float
    megabytes: float


@dataclass
class Bench:
    """One database with so many people in all regions of Indonesia, at nine in the west on the day that is fourteen
    days before the final documents are due."""

    database: Database
    programme: Programme
    edition_id: int
    now: datetime
    texts: Texts

    def do(self, deed: Callable[[Work], int]) -> int:
        """One commit, letters included."""

        def whole(session: Session) -> int:
            work = Work(session, self.now, self.programme, self.edition_id, "bench")
            count = deed(work)
            post_letters(session, work.letters, self.texts, self.now)
            return count

        return self.database.write_now(whole)


def prepare(url: str, people: int) -> Bench:
    """Everybody in a seat, everything done but five items of each region, and nobody's hour come yet."""
    database = Database(url)

    def whole(session: Session) -> Bench:
        opened = editions.open_edition(session, editions.load_for(editions.present(session), None, _today()), _now())
        programme = programme_of(bench_settings("http://127.0.0.1", url), opened, "pandu_demo_bot")
        due = opened.content.default_deadline(DUE[0])
        day = opened.content.calendar.previous_working(due - timedelta(days=14))
        now = datetime.combine(day, time(9), ZoneInfo("Asia/Jakarta")).astimezone(UTC)
        work = Work(session, now - timedelta(days=60), programme, opened.row_id, "bench")
        codes = sorted(programme.regions.by_code)
        for code in codes:
            items.enrol(work, code)
        session.execute(update(Item).where(Item.key.not_in(DUE)).values(state=ItemState.ACCEPTED))
        _people(work, people, codes)
        return Bench(database, programme, opened.row_id, now, Texts.load())

    return database.write_now(whole)


def _now() -> datetime:
    return datetime.now(UTC)


def _today() -> date:
    return _now().date()


def _people(work: Work, people: int, codes: list[str]) -> None:
    """Officials, shared out among the regions."""
    numbers = range(FIRST, FIRST + people)
    told = {"notice_version": NOTICE_VERSION, "consented_at": work.now, "registered_at": work.now}
    persons = [
        {"id": n, "telegram_id": FIRST_CHAT + n, "name": f"Sri {n}", "active_seat_id": n} | told for n in numbers
    ]
    seat = {"edition_id": work.edition_id, "role": Role.OFFICIAL, "created_at": work.now}
    tomorrow = work.now + timedelta(days=61)
    places = [(n, codes[n % len(codes)]) for n in numbers]
    session = work.session
    session.execute(delete(DigestClock))
    session.execute(insert(Person), persons)
    session.execute(insert(Seat), [seat | {"id": n, "holder_id": n} for n in numbers])
    session.execute(insert(Scope), [{"id": n, "seat_id": n, "region_code": code} for n, code in places])
    rows = [{"person_id": n, "region_code": code, "next_at": tomorrow} for n, code in places]
    session.execute(insert(DigestClock), rows)


def morning(url: str, people: int) -> Morning:
    """The whole story on one database."""
    bench = prepare(url, people)
    bench.do(_known)
    # As `pandu run` does once it is ready.
    gc.collect()
    gc.freeze()
    idle = statistics.median(_timed(lambda: bench.do(_tick)) for _ in range(TICKS))
    before = resident()
    bench.do(_everybodys_hour)
    took = _until_done(bench)
    grown = resident() - before
    digests = bench.do(_count)
    again = _timed(lambda: bench.do(_decree)) + sum(_until_done(bench))
    plans = _timed(lambda: bench.do(_every_plan))
    bench.database.writer.dispose()
    return Morning(people, idle, digests, sum(took), max(took), again, plans, grown)


def _known(work: Work) -> int:
    work.session.execute(text("ANALYZE"))
    return 0


def _count(work: Work) -> int:
    return work.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def _tick(work: Work) -> int:
    return reminders.run(work) if reminders.is_due(work.session, work.now) else 0


def _everybodys_hour(work: Work) -> int:
    work.session.execute(update(DigestClock).values(next_at=work.now))
    return 0


def _decree(work: Work) -> int:
    day = (work.now + timedelta(days=4)).date()
    row = Holiday(edition_id=work.edition_id, day=day, name="Cuti bersama", kind=HolidayKind.JOINT_LEAVE)
    work.session.add(row)
    work.session.flush()
    clocks.look_again(work)
    return 1


def _every_plan(work: Work) -> int:
    edition, offsets = work.programme.edition, timing_of(work).reminders.offsets
    plans = [
        occasions(due_of(work, region.code, item.key).day, offsets, work.calendar_for(region.code))
        for region in work.programme.regions
        for item in edition.items
    ]
    return len(plans)


def _until_done(bench: Bench) -> list[float]:
    """The seconds of each batch until nobody's time has come any more."""
    took: list[float] = []
    while True:
        began = perf_counter()
        count = bench.do(_tick)
        took.append(perf_counter() - began)
        if not count:
            return took


def _timed(deed: Callable[[], object]) -> float:
    began = perf_counter()
    deed()
    return perf_counter() - began


# --- Beside each other


def remind(databases: Databases, options: argparse.Namespace) -> None:
    """Each size on both databases, each in a process of its own."""
    print(f"\nReminders: {len(DUE)} items due for everybody, in all regions of Indonesia")
    names = ("people", "idle ms", "digests", "seconds", "ms each", "batch s", "again s", "plans s", "MB")
    print(" " * 12 + "".join(f"{name:>9}" for name in names))
    for kind in KINDS:
        for people in SIZES:
            one = _apart(databases.fresh(kind), people)
            print(
                f"{kind:<12}{one.people:>9}{one.idle_tick * 1000:>9.1f}{one.digests:>9}{one.seconds:>9.1f}"
                f"{one.seconds * 1000 / people:>9.2f}{one.longest_batch:>9.2f}{one.again:>9.1f}{one.plans:>9.2f}"
                f"{one.megabytes:>9.0f}"
            )


def _apart(url: str, people: int) -> Morning:
    words = [sys.executable, "-m", "bench.remind", url, str(people)]
    said = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout
    return Morning(**json.loads(said))


def main() -> None:
    url, people = sys.argv[1:3]
    print(json.dumps(asdict(morning(url, int(people)))))


if __name__ == "__main__":
    main()
