"""The line of updates: kept as long as Telegram keeps them, fetched by long poll or carried by webhook."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from simulator.clock import Clock
from simulator.errors import conflict
from simulator.faults import FaultPlan
from simulator.state import World

Json = dict[str, Any]

KEPT_SECONDS = {"callback_query": 150}
KEPT_ELSE = 24 * 3600
LONGEST_POLL = 50
MOST_AT_ONCE = 100
CONFLICT_PAUSE = 3.0

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(slots=True)
class UpdateLine:
    """All updates not yet confirmed, in the order of their ids.

    `again` holds what is delivered once more (or out of order) whatever the offset; it needs no confirmation.
    """

    world: World
    clock: Clock
    plan: FaultPlan
    again: list[Json] = field(default_factory=list)
    carrier: Callable[[Json], None] | None = None
    """The webhook, when one is set: takes each record as it comes."""
    _poll: "asyncio.Future[str | None] | None" = None
    _next_conflict: float = 0.0
    _late: dict[asyncio.TimerHandle, Json] = field(default_factory=dict)

    def add(self, kind: str, content: Json, lane: str, *, born: float | None = None) -> None:
        """Tell the bot. `lane` is the queue it would have with a webhook; `born` starts its retention."""
        if self.world.allowed_updates and kind not in self.world.allowed_updates:
            return
        kept = KEPT_SECONDS.get(kind, KEPT_ELSE)
        record = {"update": {kind: content}, "expires": (born or self.clock.time()) + kept, "lane": lane}
        lateness = self.plan.lateness()
        if lateness:
            self._later(lateness, record)
        else:
            self._append(record)

    def inject(self, update: Json) -> int:
        """Any update as it is; one without an id gets the next. A lower id than the last is delivered, too."""
        known = update.get("update_id")
        if not isinstance(known, int):
            update = {"update_id": self._next_id(), **{k: v for k, v in update.items() if k != "update_id"}}
        record = {"update": update, "expires": self.clock.time() + KEPT_ELSE, "lane": f"raw:{update['update_id']}"}
        if update["update_id"] >= self.world.last_update_id:
            self.world.last_update_id = update["update_id"]
            self._file(record)
        else:
            self.again.append(record)
            self._announce(record)
        return int(update["update_id"])

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """What waits from `offset` on; waits for the first if there is nothing.

        A poll that begins to wait ends the one that waited before it with a 409, as Telegram does.
        """
        self._confirm(offset)
        end = asyncio.get_running_loop().time() + min(max(seconds, 0), LONGEST_POLL)
        while not (batch := self._batch(limit)) and await self._news(end):
            pass
        return batch

    def interrupt(self, why: str) -> None:
        """End the waiting poll, if there is one, with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)

    def take_away(self, record: Json) -> None:
        """The webhook delivered it, or it is too old."""
        update_id = record["update"]["update_id"]
        if self.world.updates.get(update_id) is record:
            del self.world.updates[update_id]

    def drop_expired(self) -> None:
        now = self.clock.time()
        for update_id in [key for key, record in self.world.updates.items() if record["expires"] <= now]:
            del self.world.updates[update_id]

    def waiting(self) -> int:
        self.drop_expired()
        return len(self.world.updates)

    def hurry(self) -> None:
        """Bring in now what was to come late."""
        for handle, record in list(self._late.items()):
            handle.cancel()
            self._append(record)
        self._late.clear()

    def clear(self) -> None:
        for handle in self._late:
            handle.cancel()
        self._late.clear()
        self.again.clear()
        self.world.updates.clear()

    def _append(self, record: Json) -> None:
        record["update"] = {"update_id": self._next_id(), **record["update"]}
        self._file(record)
        if self.plan.duplicates_update():
            self._later(self.plan.faults.slow_seconds, {**record, "lane": f"again:{record['lane']}"})

    def _file(self, record: Json) -> None:
        self.world.updates[record["update"]["update_id"]] = record
        self._announce(record)

    def _announce(self, record: Json) -> None:
        if self.carrier is not None:
            self.carrier(record)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _later(self, seconds: float, record: Json) -> None:
        def now() -> None:
            del self._late[handle]
            if "update_id" in record["update"]:
                self.again.append(record)
                self._announce(record)
            else:
                self._append(record)

        handle = asyncio.get_running_loop().call_later(seconds, now)
        self._late[handle] = record

    def _next_id(self) -> int:
        self.world.last_update_id += 1
        return self.world.last_update_id

    def _confirm(self, offset: int) -> None:
        updates = self.world.updates
        if offset < 0:
            for update_id in list(islice(updates, max(len(updates) + offset, 0))):
                del updates[update_id]
        while updates and (first := next(iter(updates))) < offset:
            del updates[first]

    def _batch(self, limit: int) -> list[Json]:
        self._forget_the_old()
        repeated, self.again = self.again[:limit], self.again[limit:]
        fresh = islice(self.world.updates.values(), limit - len(repeated))
        return [record["update"] for record in (*repeated, *fresh)]

    def _forget_the_old(self) -> None:
        # Presses live for 150 s and messages for a day: whatever is old stands in front.
        updates, now = self.world.updates, self.clock.time()
        if any(record["expires"] <= now for record in islice(updates.values(), MOST_AT_ONCE)):
            self.drop_expired()

    async def _news(self, end: float) -> bool:
        """Wait until something came; False when the time is over."""
        loop = asyncio.get_running_loop()
        if loop.time() >= end:
            return False
        self.interrupt(OTHER_POLLER)
        mine: asyncio.Future[str | None] = loop.create_future()
        self._poll = mine
        timer = loop.call_at(end, _end_waiting, mine)
        try:
            why = await mine
        except TimeoutError:
            return False
        finally:
            timer.cancel()
            if self._poll is mine:
                self._poll = None
        if why is not None:
            await self._hold_conflict(loop.time())
            raise conflict(why)
        return True

    async def _hold_conflict(self, now: float) -> None:
        """The first conflict is told at once, others within three seconds are held back as long."""
        if now < self._next_conflict:
            await asyncio.sleep(CONFLICT_PAUSE)
        else:
            self._next_conflict = now + CONFLICT_PAUSE


def _end_waiting(poll: "asyncio.Future[str | None]") -> None:
    if not poll.done():
        poll.set_exception(TimeoutError())
