"""Runs the loops of one process and closes them in the order of the way in."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

DRAIN_SECONDS = 10


class Loop(Protocol):
    """Something that runs until told to stop."""

    async def run(self, stop: asyncio.Event) -> None: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Loops that stop together, after those of the group before are done."""

    loops: Sequence[Loop]


async def keep_what_is_loaded(ready: asyncio.Event) -> None:
    """Once it is ready, spare the garbage collector what lives as long as the process: code, content, words.

    Walking through it again and again took a fifth of the time of many digests. Only for a process that ends with it.
    """
    await ready.wait()
    gc.collect()
    gc.freeze()


async def run_until(stop: asyncio.Event, groups: Sequence[Group], on_stop: Callable[[], None]) -> None:
    """Run everything until `stop` is set or a loop fails; then drain group after group, ten seconds each at most.

    Nothing is cancelled that may hold a transaction: a loop is told to stop and finishes what it has in hand.
    Raises what a loop raised.
    """
    closing = [asyncio.Event() for _group in groups]
    tasks = [
        [asyncio.create_task(loop.run(end)) for loop in group.loops] for group, end in zip(groups, closing, strict=True)
    ]
    everything = [task for group in tasks for task in group]
    stopped = asyncio.create_task(_until(stop))
    await asyncio.wait([*everything, stopped], return_when=asyncio.FIRST_COMPLETED)
    on_stop()
    for end, group in zip(closing, tasks, strict=True):
        end.set()
        if group:
            await asyncio.wait(group, timeout=DRAIN_SECONDS)
    stopped.cancel()
    _raise_first([task for task in everything if task.done() and not task.cancelled()])


async def _until(stop: asyncio.Event) -> None:
    await stop.wait()


def _raise_first(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        error = task.exception()
        if error is not None:
            raise error
