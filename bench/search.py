"""The search over thousands of entries while people ask: how fast, and whether the right answer is offered.

    .venv/bin/python -m bench.search

Prints, for each database, the times of a search with twenty asking at once, and how the gold set fared: pairs of a
stored question and the same question in other words, and sentences that have nothing to do with any of them.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bench.bots import bench_settings
from bench.run import Databases
from bot.app import programme_of
from bot.program.loading import load_edition, shipped_edition
from bot.program.model import Edition
from bot.services import search_index
from bot.services.editions import Opened
from bot.services.search import similar
from bot.services.work import Programme, Work
from db import search
from db.engine import Database

HERE = Path(__file__).parent
ENTRIES = 5_000
ASKING = 20
ROUNDS = 15
NOW = datetime(2026, 11, 14, 2, 0, tzinfo=UTC)
TOP = 3


@dataclass(frozen=True)
class Pair:
    """A stored question by its key, and the same asked otherwise. `kind`: i inflected, a abbreviated, t mistyped."""

    key: str
    kind: str
    asked: str


@dataclass(frozen=True)
class Stored:
    key: str
    pillar: str | None
    question: str
    answer: str


def gold() -> tuple[list[Stored], list[Pair]]:
    """The gold set: what is stored beside the edition's own questions, and the pairs."""
    stored: dict[str, Stored] = {}
    pairs: list[Pair] = []
    for line in (HERE / "gold_questions.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        pillar, question, answer, kind, asked = line.split("\t")
        if pillar.startswith("faq:"):
            pairs.append(Pair(pillar, kind, asked))
            continue
        known = stored.setdefault(
            question, Stored(f"question:{len(stored) + 1}", pillar.strip("-") or None, question, answer)
        )
        pairs.append(Pair(known.key, kind, asked))
    return list(stored.values()), pairs


def filler(edition: Edition, count: int) -> Iterator[Stored]:
    """Questions of other regions about every item and pillar, as a busy season leaves them."""
    dice = random.Random(20)
    openings = ("Bagaimana mengisi", "Contoh untuk", "Siapa yang mengerjakan", "Kapan paling lambat", "Bukti apa untuk")
    details = [
        text for pillar in edition.pillars for text in (*pillar.challenges, *pillar.potentials, *pillar.measures)
    ]
    for number in range(count):
        item, pillar = dice.choice(edition.items), dice.choice(edition.pillars)
        question = f"{dice.choice(openings)} {item.title.lower()} pada {pillar.title}: {dice.choice(details)}"
        yield Stored(f"question:{10_000 + number}", pillar.key, question, f"{item.how} {item.evidence}")


def fill(session: Session, programme: Programme) -> float:
    """Index everything; returns the seconds it took."""
    began = time.perf_counter()
    work = work_in(session, programme)
    known, _pairs = gold()
    entries = list(search_index.everything(work))
    rest = filler(programme.edition, ENTRIES - len(known) - len(entries))
    search.put(session, [*entries, *(_entry(work, one) for one in (*known, *rest))])
    search.note_build(session, "bench")
    return time.perf_counter() - began


def _entry(work: Work, one: Stored) -> search.Entry:
    return search_index.entry(work, one.key, one.question, one.answer, pillar=one.pillar)


def work_in(session: Session, programme: Programme) -> Work:
    return Work(session, NOW, programme, 1, "bench")


def look(programme: Programme, text: str, session: Session) -> list[str]:
    """The keys of what an official would be offered."""
    return [hit.key for hit in similar(work_in(session, programme), text, None, TOP)]


async def timed(database: Database, programme: Programme, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each search, twenty people asking one after the other's answer, all at once."""
    found: list[float] = []

    async def asks(person: int) -> None:
        dice = random.Random(person)
        for _ in range(ROUNDS):
            text = dice.choice(texts)
            began = time.perf_counter()
            await database.write(partial(look, programme, text))
            found.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(asks(person) for person in range(ASKING)))
    return found


def judged(find: Callable[[str], list[str]]) -> Mapping[str, Any]:
    """How the gold set fares."""
    _known, pairs = gold()
    unrelated = (HERE / "gold_unrelated.txt").read_text(encoding="utf-8").splitlines()
    right = [pair for pair in pairs if pair.key in find(pair.asked)]
    silent = [text for text in unrelated if not find(text)]
    missed = [f"{pair.key}: {pair.asked}" for pair in pairs if pair not in right]
    return {
        "pairs": len(pairs),
        "right in the top three": round(len(right) / len(pairs), 3),
        "by kind": {
            kind: f"{sum(one.kind == kind for one in right)}/{sum(one.kind == kind for one in pairs)}" for kind in "iat"
        },
        "unrelated": len(unrelated),
        "nothing shown": round(len(silent) / len(unrelated), 3),
        "missed": missed,
        "shown": {text: find(text) for text in unrelated if text not in silent},
    }


async def measure(url: str, programme: Programme) -> Mapping[str, Any]:
    database = Database(url)
    try:
        seconds = await database.write(lambda session: fill(session, programme))
        _known, pairs = gold()
        times = sorted(await timed(database, programme, [pair.asked for pair in pairs]))
        found = await database.write(lambda session: judged(lambda text: look(programme, text, session)))
        return {
            "entries": ENTRIES,
            "indexed in s": round(seconds, 1),
            "searches": len(times),
            "median ms": round(statistics.median(times), 1),
            "p95 ms": round(times[int(len(times) * 0.95)], 1),
            **found,
        }
    finally:
        await database.close()


def main() -> None:
    content = load_edition(shipped_edition(), NOW.date())
    opened = Opened(1, content, (), is_new=False, has_changed=False)
    programme = programme_of(bench_settings("http://127.0.0.1", "sqlite+aiosqlite:///none.db"), opened, "")
    with Databases(1) as databases:
        for kind in sys.argv[1:] or ["sqlite", "postgresql"]:
            result = asyncio.run(measure(databases.fresh(kind), programme))
            print(json.dumps({kind: result}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
