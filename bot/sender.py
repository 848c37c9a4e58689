"""The door out: what is committed in the outbox leaves for Telegram, replies first, and its fate is written down."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.limiter import Limiter
from bot.settling import DeadChat, Results, Turn
from bot.transport import Accepted, Answer, DirectCall, NotSent, Transport, Upload
from bot.verdicts import Outcome, verdict
from db import outbox
from db.engine import Database
from db.models import Paper
from db.outbox import Claimed, Settled
from db.vocabulary import Lane, OutboxState, Policy

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.7
DRAIN_SECONDS = 10.0
# Results that come within this time are written down together; sooner if a next message waits for them.
GATHER_SECONDS = 0.03
HURRIED_SECONDS = 0.003
BREAKER = 5
LONGEST_PROBE_SECONDS = 30.0
FEWEST_IN_FLIGHT = 4
MOST_IN_FLIGHT = 256
_FILE_FIELD = {"sendDocument": "document", "sendPhoto": "photo", "sendVideo": "video"}
_EVENTS = (Lane.NOTICE, Lane.BULK)
# So many bulk messages in a row of which nobody knows: the lane rests, so that whoever announces can decide.
BLIND = 5
REST_SECONDS = 10.0


def _never(_session: Session) -> bool:
    return False


def _nobody(_session: Session, _chat_id: int, _reason: str) -> None:
    return


def _silent(_text: str) -> None:
    return


class Sender:
    """Claims, paces, calls, settles. `leads` says whether this process may send notices and bulk at this moment.

    While `stopped(session)` no notice and no bulk message leaves. `on_dead_chat(session, chat_id, reason)` runs in the
    commit that closes a chat; `alarm(text)` is told of our own faults. `halted` is set while Telegram refuses the
    token, `broken` while it cannot be reached.
    """

    def __init__(
        self,
        transport: Transport,
        database: Database,
        clock: Clock,
        owner: str,
        *,
        total_rate: int,
        bulk_rate: int,
        repeat_note: str = "",
        leads: Callable[[], bool] = lambda: True,
        stopped: Callable[[Session], bool] = _never,
        on_dead_chat: DeadChat = _nobody,
        alarm: Callable[[str], None] = _silent,
    ) -> None:
        self._transport = transport
        self._database = database
        self._clock = clock
        self._owner = owner
        self._repeat_note = repeat_note
        self._leads = leads
        self._stopped = stopped
        self._alarm = alarm
        self._rate = total_rate
        self._limiter = Limiter(total_rate, bulk_rate)
        self._round_trip = 0.05
        self._flying: set[asyncio.Task[None]] = set()
        self._talking: set[asyncio.Task[None]] = set()
        self._results = Results(owner, on_dead_chat)
        self._settling: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._streak = 0
        self._blind = 0
        self._rests_until = 0.0
        self._probing: asyncio.Task[None] | None = None
        self._ending = False
        self._more = False
        self.last_beat = time.monotonic()
        self.halted = False
        self.sent = 0
        self.floods = 0

    @property
    def broken(self) -> bool:
        """Telegram cannot be reached, or refuses the token: nothing is claimed."""
        return self._probing is not None

    @property
    def in_flight(self) -> int:
        return len(self._flying)

    def wake(self) -> None:
        """Something was committed that may leave."""
        self._woken.set()

    def begin(self, *, plain: bool = True) -> Turn:
        """Take part in a transaction: write results down in it and take replies along, as many as may leave now."""
        return Turn(
            self._results,
            self._limiter,
            self._room_for_replies(),
            self._results.take(plain=plain),
            self._leave,
            self._settled,
            self._woken.set,
        )

    def expect(self, chats: Iterable[int]) -> None:
        """These chats have more to be sent: now, or as soon as what is under way there has been settled."""
        if self._results.expect(chats):
            self._woken.set()

    def _room_for_replies(self) -> int:
        return 0 if self.broken or self._ending else self._limiter.room(Lane.REPLY, time.monotonic())

    def _leave(self, claimed: Sequence[Claimed]) -> None:
        """Let claimed messages leave; their fate is written down by itself."""
        for row in claimed:
            self._results.busy.add(row.chat_id)
            task = asyncio.create_task(self._deliver(row))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    def say(self, calls: Sequence[DirectCall]) -> None:
        """Call directly and forget: a late callback answer harms nobody."""
        for call in calls:
            task = asyncio.create_task(self._say(call))
            self._talking.add(task)
            task.add_done_callback(self._talking.discard)

    async def _say(self, call: DirectCall) -> None:
        answer = await self._transport.call(call.method, call.body)
        if not isinstance(answer, Accepted):
            log.info("A direct call had no effect.", action="say", method=call.method, answer=_short(answer))

    # One message.

    async def _deliver(self, row: Claimed) -> None:
        try:
            outcome = await self._attempt(row)
        except Exception as error:
            log.exception("A message could not be handed to the wire.", action="send", row=row.id)
            outcome = Outcome(Settled(row, OutboxState.DEAD, error=type(error).__name__), alarm="a message is broken")
        self._note(outcome)
        self._results.outcomes.append(outcome)
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle())

    async def _attempt(self, row: Claimed) -> Outcome:
        now = time.monotonic()
        opens = self._limiter.chat_opens_at(row.lane, row.chat_id, now)
        if opens > now:
            due = self._clock.now() + timedelta(seconds=opens - now)
            return Outcome(Settled(row, OutboxState.WAITING, due_at=due, attempted=False))
        outcome = await self._call(row)
        if outcome.anew:
            outcome = await self._call(replace(row, panel_id=None))
        return outcome

    async def _call(self, row: Claimed) -> Outcome:
        upload = await self._upload(row)
        method, body = wording(row, self._repeat_note)
        began = time.monotonic()
        self._limiter.left(row.lane, row.chat_id, began)
        answer = await self._transport.call(method, body, upload=upload)
        self._round_trip += 0.1 * (time.monotonic() - began - self._round_trip)
        # The longer waiting is the breaker's: what waits leaves at once when Telegram is back.
        streak, chance = min(self._streak, 1), random.random()  # noqa: S311
        return verdict(answer, row, self._clock.now(), streak=streak, chance=chance)

    async def _upload(self, row: Claimed) -> Upload | None:
        if row.paper is None:
            return None
        paper = await self._database.read(lambda session: session.get(Paper, row.paper))
        if paper is None:
            raise LookupError("the paper of this message is gone")
        return Upload(_FILE_FIELD.get(row.method, "document"), paper.name, paper.mime, paper.content)

    def _note(self, outcome: Outcome) -> None:
        """What one result teaches about all: too fast, away, or the token refused."""
        row = outcome.settled.claimed
        if outcome.alarm is not None:
            log.error("A message needs attention.", action="send", row=row.id, method=row.method, why=outcome.alarm)
            self._alarm(f"outbox {row.id}: {outcome.alarm}")
        if outcome.retry_after is not None:
            self.floods += 1
            self._limiter.refused(row.chat_id, outcome.retry_after, time.monotonic())
        self.sent += outcome.settled.state is OutboxState.SENT
        self._see(row.lane, outcome.settled.state)
        self._streak = self._streak + 1 if outcome.not_sent else 0
        self.halted = self.halted or outcome.halted
        if (self._streak >= BREAKER or outcome.halted) and self._probing is None:
            self._probing = asyncio.create_task(self._probe())

    def _see(self, lane: Lane, state: OutboxState) -> None:
        if lane is not Lane.BULK:
            return
        self._blind = self._blind + 1 if state is OutboxState.IN_DOUBT else 0
        if self._blind >= BLIND:
            self._blind, self._rests_until = 0, time.monotonic() + REST_SECONDS

    async def _probe(self) -> None:
        """Ask `getMe` until Telegram answers; nothing is claimed meanwhile."""
        log.error("Telegram takes no messages; they wait.", action="send", halted=self.halted)
        wait = 1.0
        while not self._ending:
            await asyncio.sleep(wait)
            if isinstance(await self._transport.call("getMe"), Accepted):
                break
            wait = min(LONGEST_PROBE_SECONDS, wait * 2)
        self._streak, self.halted, self._probing = 0, False, None
        self._woken.set()

    # The fate of many, in one commit.

    async def _settle(self) -> None:
        """Write results down in a commit of their own, if nobody else's has taken them along meanwhile."""
        while self._results.outcomes:
            await asyncio.sleep(0 if self._ending else HURRIED_SECONDS if self._results.hurried else GATHER_SECONDS)
            if self._results.outcomes:
                await self._settle_now()
        self._settling = None

    async def _settle_now(self) -> None:
        turn = self.begin(plain=False)
        try:
            following = await self._database.write(lambda session: self._write_down(session, turn))
        except Exception:  # whatever it is: a result that is not written down is a message in doubt
            log.exception("Results could not be written down; they are kept and tried again.", action="settle")
            turn.undone()
            await asyncio.sleep(1)
        else:
            turn.committed(following)

    def _write_down(self, session: Session, turn: Turn) -> list[Claimed]:
        now = self._clock.now()
        turn.write(session, now)
        return turn.claim(session, now)

    def _settled(self, outcomes: Sequence[Outcome]) -> None:
        """Places are free again; and where a panel was sent anew, the old one must not be pressed any more."""
        if self._more:
            self._woken.set()
        rows = [outcome.settled.claimed for outcome in outcomes if outcome.settled.new_message]
        self.say([_without_keyboard(row) for row in rows if row.panel and row.stale_panel_id is not None])

    # What waits.

    async def run(self, stop: asyncio.Event) -> None:
        """Claim what waits until told to stop; then finish what is in flight, for ten seconds at most."""
        stopping = asyncio.create_task(self._wake_at(stop))
        try:
            while not stop.is_set():
                self.last_beat = time.monotonic()
                await self._one_round()
        finally:
            stopping.cancel()
        await self._drain()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._woken.set()

    async def _one_round(self) -> None:
        woken = self._woken.is_set()
        self._woken.clear()
        try:
            self._more = await self._claim_what_waits(woken=woken)
        except Exception:
            log.exception("The outbox could not be read.", action="claim")
            self._more = False
        await self._nap(self._until_next())

    async def _claim_what_waits(self, *, woken: bool) -> bool:
        """Send what may leave now. True if more may wait for a place."""
        lanes = tuple(Lane) if self._leads() else (Lane.REPLY,)
        # Looking first spares an idle process a write transaction at every look.
        if not woken and not self._more and not await self._anything(lanes):
            return False
        replies = self._room(Lane.REPLY)
        events = min(self._room(Lane.BULK), replies) if Lane.BULK in lanes else 0
        if not replies:
            return True
        claimed = await self._claim(replies, events)
        of_events = sum(row.lane is not Lane.REPLY for row in claimed)
        return len(claimed) - of_events >= replies or (of_events >= events and Lane.BULK in lanes)

    async def _anything(self, lanes: Sequence[Lane]) -> bool:
        now = self._clock.now()
        return await self._database.read(lambda session: outbox.anything_due(session, now, lanes))

    def _room(self, lane: Lane) -> int:
        if self.broken or self._ending:
            return 0
        places = self._limiter.room(lane, time.monotonic())
        return max(0, min(places, self._room_in_the_air(), outbox.GROUP))

    def _room_in_the_air(self) -> int:
        return most_in_flight(self._rate, self._round_trip) - len(self._flying)

    async def _claim(self, replies: int, events: int) -> list[Claimed]:
        self._limiter.promise(replies)
        try:
            claimed = await self._database.write(lambda session: self._wanted(session, replies, events))
        finally:
            self._limiter.promise(-replies)
        self._leave(claimed)
        return claimed

    def _wanted(self, session: Session, replies: int, events: int) -> list[Claimed]:
        now = self._clock.now()
        claimed = outbox.claim(session, self._owner, now, (Lane.REPLY,), replies)
        events = min(events, replies - len(claimed))
        if events <= 0 or self._stopped(session):
            return claimed
        lanes = _EVENTS if time.monotonic() > self._rests_until else (Lane.NOTICE,)
        return claimed + outbox.claim(session, self._owner, now, lanes, events)

    def _until_next(self) -> float:
        """A place that a settled message frees wakes us; a place that time frees does not."""
        now = time.monotonic()
        if not self._more or self.broken or self._room_in_the_air() <= 0:
            return LOOK_SECONDS
        lane = Lane.BULK if self._leads() else Lane.REPLY
        return min(LOOK_SECONDS, max(0.001, self._limiter.opens_at(lane, now) - now))

    async def _nap(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _drain(self) -> None:
        """Rows still in flight after the time are in doubt, and the next start decides about them."""
        self._ending = True
        if self._probing is not None:
            self._probing.cancel()
        ends = time.monotonic() + DRAIN_SECONDS
        while (open_tasks := self._open_tasks()) and time.monotonic() < ends:
            await asyncio.wait(open_tasks, timeout=ends - time.monotonic(), return_when=asyncio.FIRST_COMPLETED)
        if open_tasks:
            log.warning("Messages were still under way at the end.", action="drain", count=len(self._flying))

    def _open_tasks(self) -> set[asyncio.Task[None]]:
        settling = {self._settling} if self._settling is not None else set()
        return {task for task in self._flying | self._talking | settling if not task.done()}


def most_in_flight(rate: int, round_trip: float) -> int:
    """As many at once as a pace (messages a second) needs until results are written down, so that a crash leaves few in
    doubt. `round_trip` is in seconds."""
    needed = round(2 * rate * (round_trip + GATHER_SECONDS))
    return min(MOST_IN_FLIGHT, max(FEWEST_IN_FLIGHT, needed))


def _without_keyboard(row: Claimed) -> DirectCall:
    return DirectCall("editMessageReplyMarkup", {"chat_id": row.chat_id, "message_id": row.stale_panel_id})


def _short(answer: Answer) -> str:
    return answer.why if isinstance(answer, NotSent) else getattr(answer, "description", type(answer).__name__)


def wording(row: Claimed, repeat_note: str) -> tuple[str, str]:
    """The method and JSON that leave: a panel edits the message it stands in, a repeat says that it is one."""
    repeated = bool(repeat_note) and row.doubts > 0 and row.policy is Policy.AT_LEAST_ONCE and row.panel_id is None
    if not row.panel and not repeated:
        return row.method, row.body
    method, body = row.method, row.body
    if row.panel:
        method = "sendMessage" if row.panel_id is None else "editMessageText"
    if row.panel_id is not None:
        # Our own JSON of an object with a chat_id: one more field before its last brace.
        body = f'{body[:-1]},"message_id":{row.panel_id}}}'
    return method, _marked(body, repeat_note) if repeated else body


def _marked(body: str, repeat_note: str) -> str:
    fields: dict[str, Any] = json.loads(body)
    told = {name: f"{fields[name]}\n\n{repeat_note}" for name in ("text", "caption") if name in fields}
    return json.dumps(fields | told, separators=(",", ":"))
