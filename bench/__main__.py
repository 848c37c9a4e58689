"""`python -m bench [step] [latency] [queues] [memory] [start] [announce] [remind]`: all of them without a word.

Every figure stands beside another that was taken in the same run, round after round in turn: compare the ratios,
not the numbers of different machines.
"""

import argparse
import asyncio
import statistics
import sys
from collections.abc import Callable, Sequence

from bench import announce, queues, remind
from bench.run import Contender, Databases, Result, measure
from bench.telegram import Load

PEOPLE = 64
# Presses a second: far more than a programme of some thousand people makes.
EVENING = 20.0
ECHO = Contender("echo")
POLLING = (ECHO, Contender("usual"), Contender("pandu"), Contender("doors"))
POSTGRESQL = tuple(Contender(name, "postgresql") for name in ("usual", "pandu", "doors"))
WEBHOOK = tuple(Contender(name, database, True) for name in ("pandu", "doors") for database in ("sqlite", "postgresql"))


Taken = dict[Contender, list[Result]]


def rounds(databases: Databases, contenders: Sequence[Contender], load: Load, times: int) -> Taken:
    """Each contender once a round, in turn."""
    results: Taken = {contender: [] for contender in contenders}
    for _ in range(times):
        for contender in contenders:
            fresh = databases.fresh(contender.database)
            results[contender].append(asyncio.run(measure(contender, load, fresh)))
    return results


def median(results: Sequence[Result], of: Callable[[Result], float]) -> float:
    return statistics.median(map(of, results))


def _name(contender: Contender) -> str:
    way = "webhook" if contender.webhook else "polling"
    return f"{contender.name:<7}{contender.database if contender.name != 'echo' else '-':<11}{way:<8}"


def step(databases: Databases, options: argparse.Namespace) -> None:
    """Durable steps a second, 64 chats at once, beside the echo and the usual way."""
    load = Load(PEOPLE, options.seconds)
    results = rounds(databases, (*POLLING, *POSTGRESQL, *WEBHOOK), load, options.rounds)
    echo = median(results[ECHO], lambda one: one.figures.per_second)
    print(f"\nDurable steps a second, {PEOPLE} chats at once ({options.rounds} rounds in turn, medians)")
    print(f"{'':26}{'per second':>10}{'x echo':>8}{'x usual':>9}{'CPU ms':>8}{'p99 ms':>8}")
    for contender, taken in results.items():
        rate = median(taken, lambda one: one.figures.per_second)
        usual = median(results[Contender("usual", contender.database)], lambda one: one.figures.per_second)
        cpu, p99 = median(taken, lambda one: one.cpu_ms), median(taken, lambda one: one.figures.p99)
        print(f"{_name(contender)}{rate:>10.0f}{rate / echo:>8.2f}{rate / usual:>9.2f}{cpu:>8.2f}{p99:>8.1f}")


def _percentiles(taken: Sequence[Result]) -> tuple[float, float, float]:
    return (
        median(taken, lambda one: one.figures.p50),
        median(taken, lambda one: one.figures.p95),
        median(taken, lambda one: one.figures.p99),
    )


def latency(databases: Databases, options: argparse.Namespace) -> None:
    """From press to answer at half of what each can do, and on an ordinary evening."""
    print("\nMilliseconds from press to answer at half load, and with some presses a second")
    print(f"{'':26}{'per second':>10}{'p50':>8}{'p95':>8}{'p99':>8}")
    contenders = (*POLLING, *POSTGRESQL)
    full = rounds(databases, contenders, Load(PEOPLE, options.seconds), 1)
    for contender in contenders:
        half = full[contender][0].figures.per_second / 2
        for rate in (max(1.0, half), EVENING):
            taken = rounds(databases, (contender,), Load(PEOPLE, options.seconds, rate=rate), options.rounds)[contender]
            p50, p95, p99 = _percentiles(taken)
            print(f"{_name(contender)}{rate:>10.0f}{p50:>8.1f}{p95:>8.1f}{p99:>8.1f}")


def queue(databases: Databases, _options: argparse.Namespace) -> None:
    """Storing and claiming one row beside none and beside twenty thousand."""
    print(f"\nMilliseconds to store and claim, in an empty queue and beside {queues.MANY} waiting rows")
    for kind in ("sqlite", "postgresql"):
        for what, empty, full in queues.compare(databases, kind):
            print(f"{kind:<12}{what:<18}{empty:>8.2f}{full:>8.2f}   x {full / empty:.2f}")


def memory(databases: Databases, options: argparse.Namespace) -> None:
    """Memory at rest, after a tenth of the updates, and after all of them."""
    print(f"\nMegabytes at rest, and after {options.updates} updates")
    for contender in (ECHO, Contender("pandu"), Contender("pandu", "postgresql")):
        rest, tenth, end = asyncio.run(_sizes(contender, databases.fresh(contender.database), options.updates))
        growth = (end / tenth - 1) * 100
        print(
            f"{_name(contender)} at rest {rest:.0f}, after a tenth {tenth:.0f}, after all {end:.0f} ({growth:+.1f} %)"
        )


async def _sizes(contender: Contender, database: str, updates: int) -> tuple[float, float, float]:
    tenth = Load(PEOPLE, updates=updates // 10)
    rest = Load(PEOPLE, updates=updates - updates // 10)
    result = await measure(contender, tenth, database, rest=2.0, then=rest)
    return result.rss_before, result.rss_between, result.rss_after


def start(databases: Databases, options: argparse.Namespace) -> None:
    """From the start of the process on a prepared database to the first answered press."""
    print("\nSeconds from start to ready, and to the first answer")
    for contender in (ECHO, Contender("usual"), Contender("pandu"), Contender("pandu", "postgresql")):
        taken = rounds(databases, (contender,), Load(1, updates=1, warm_up=0.0), options.rounds)[contender]
        ready = median(taken, lambda one: one.started_in)
        answered = median(taken, lambda one: one.started_in + one.figures.p50 / 1000)
        print(f"{_name(contender)} ready {ready:.2f}, first answer {answered:.2f}")


def announcement(_databases: Databases, options: argparse.Namespace) -> None:
    """How an announcement to many is confirmed and sent."""
    announce.report(options)


FIGURES = {
    "step": step,
    "latency": latency,
    "queues": queue,
    "memory": memory,
    "start": start,
    "announce": announcement,
    "remind": remind.remind,
}


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="which figures; all without a word")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0, help="of one round, after a second to warm up")
    parser.add_argument("--updates", type=int, default=100_000, help="for memory")
    parser.add_argument("--readers", type=int, default=1_500, help="of the announcement that is paced")
    options = parser.parse_args(words)
    with Databases(PEOPLE) as databases:
        for name in options.figures or FIGURES:
            FIGURES[name](databases, options)


if __name__ == "__main__":
    main(sys.argv[1:])
