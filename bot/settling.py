"""What became of messages, until it is written down; and which chats have more to say behind them.

Results ride along in the transaction of whoever writes next (a group of updates, mostly), so that a busy Pandu pays
no commit of their own for them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.limiter import Limiter
from bot.verdicts import Outcome
from db import outbox
from db.outbox import Claimed
from db.vocabulary import Lane

DeadChat = Callable[[Session, int, str], None]


class Results:
    """Outcomes not yet written down. `busy` chats have a message under way or unwritten, `behind` are those of them
    with another message waiting; `stale` tells that something may wait in the outbox that nobody has claimed."""

    def __init__(self, owner: str, on_dead_chat: DeadChat) -> None:
        self.owner = owner
        self.on_dead_chat = on_dead_chat
        self.outcomes: list[Outcome] = []
        self.busy: set[int] = set()
        self.behind: set[int] = set()

    @property
    def hurried(self) -> bool:
        """Whether some chat's next message waits for a result to be written down."""
        return not self.behind.isdisjoint(outcome.settled.claimed.chat_id for outcome in self.outcomes)

    def take(self, *, plain: bool) -> list[Outcome]:
        """Hand the outcomes out to be written; `plain` leaves those behind that change more than their own row."""
        taken = [outcome for outcome in self.outcomes if not plain or _is_plain(outcome)]
        self.outcomes = [outcome for outcome in self.outcomes if plain and not _is_plain(outcome)]
        return taken

    def expect(self, chats: Iterable[int]) -> bool:
        """Remember that these chats have more to say. True if one of them is free, so that it can go on at once."""
        wanted = set(chats)
        self.behind |= wanted & self.busy
        return not wanted <= self.busy


def _is_plain(outcome: Outcome) -> bool:
    return outcome.chat_gone is None and outcome.moved_to is None and not outcome.parts


@dataclass
class Turn:
    """One transaction's part in sending: results that it writes down, and replies that it takes along.

    Call `write` and `claim` inside the transaction, then `committed` or `undone` once.
    """

    results: Results
    limiter: Limiter
    room: int
    outcomes: list[Outcome]
    leave: Callable[[Sequence[Claimed]], None]
    after: Callable[[Sequence[Outcome]], None]
    wake: Callable[[], None]
    chats: set[int] = field(init=False)
    asked: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.chats = {outcome.settled.claimed.chat_id for outcome in self.outcomes}
        self.asked = self.chats & self.results.behind if self.room else set()
        self.results.behind -= self.asked
        self.limiter.promise(self.room)

    def write(self, session: Session, now: datetime) -> None:
        """Write the results down."""
        outbox.settle(session, [outcome.settled for outcome in self.outcomes], self.results.owner, now)
        for outcome in self.outcomes:
            self._follow(session, outcome, now)

    def _follow(self, session: Session, outcome: Outcome, now: datetime) -> None:
        chat_id = outcome.settled.claimed.chat_id
        outbox.post(session, outcome.parts, now)
        if outcome.moved_to is not None:
            outbox.readdress(session, chat_id, outcome.moved_to)
        if outcome.chat_gone is not None:
            outbox.close_chat(session, chat_id, outcome.chat_gone)
            self.results.on_dead_chat(session, chat_id, outcome.chat_gone)

    def claim(self, session: Session, now: datetime, chats: Iterable[int] = ()) -> list[Claimed]:
        """Take the replies of these chats along, and of those whose next message waited for a result."""
        wanted = self.asked.union(chats)
        if not wanted or not self.room:
            return []
        return outbox.claim(session, self.results.owner, now, (Lane.REPLY,), self.room, sorted(wanted))

    def committed(self, leaving: Sequence[Claimed], more: Iterable[int] = ()) -> None:
        """The commit stands: let the messages leave. `more` are chats that have more to say than what leaves."""
        results = self.results
        results.busy -= self.chats
        newly_behind = self.chats & results.behind
        results.behind -= self.chats
        results.behind |= {row.chat_id for row in leaving} & self.asked
        self.limiter.promise(-self.room)
        self.leave(leaving)
        self.after(self.outcomes)
        split = any(outcome.parts for outcome in self.outcomes)
        if results.expect(more) or newly_behind or split:
            self.wake()

    def undone(self) -> None:
        """The transaction was rolled back: the results are kept for the next."""
        self.limiter.promise(-self.room)
        self.results.behind |= self.asked
        self.results.outcomes[:0] = self.outcomes
