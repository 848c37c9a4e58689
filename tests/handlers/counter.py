"""The counter where updates are handed in, as the worker hands them, and what comes back is counted."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from bot.handlers.flood import Floods
from bot.handlers.shift import Front
from bot.handlers.tables import desk
from bot.texts import Texts
from bot.transport import DirectCall
from db.inbox import Claimed
from db.models import Conversation
from db.outbox import Outgoing
from tests import stage

TEXTS = Texts.load()


@dataclass
class Answer:
    """What one update was answered with; `sent` in the order in which it leaves."""

    sent: list[Outgoing]
    calls: list[DirectCall]
    letters: int

    @property
    def panels(self) -> list[Outgoing]:
        return [one for one in self.sent if one.panel]

    @property
    def text(self) -> str:
        return str(self.panels[0].body["text"]) if self.panels else ""

    @property
    def labels(self) -> list[str]:
        rows = self.panels[0].body["reply_markup"]["inline_keyboard"] if self.panels else []
        return [button["text"] for row in rows for button in row]


@dataclass
class Counter:
    """`hand_in` works on one update in a savepoint; `undone` says whether its traces are taken away again."""

    session: Session
    now: datetime = stage.NOW
    front: Front = field(init=False)
    _numbers: Any = field(default_factory=lambda: count(1_000_000))

    def __post_init__(self) -> None:
        work = stage.open_work(self.session)
        self.front = Front(desk(TEXTS), work.programme, work.edition_id, Floods(10**9))

    def stands(self, chat_id: int, flow: dict[str, Any] | None, screen: str = "home") -> None:
        """The chat stands at this question and screen."""
        row = self.session.get(Conversation, chat_id)
        if row is None:
            row = Conversation(chat_id=chat_id, stack=[], changed_at=self.now)
            self.session.add(row)
        row.turn, row.flow, row.stack, row.screen = 7, flow, [], screen
        self.session.flush()

    def hand_in(self, chat_id: int, kind: str, content: dict[str, Any], *, undone: bool = True) -> Answer:
        number = next(self._numbers)
        payload = json.dumps({"update_id": number, kind: content})
        claimed = Claimed(number, number, chat_id, kind, payload, self.now, 1)
        with self.session.begin_nested() as savepoint:
            shift = self.front.open_shift(self.session, [claimed], self.now)
            shift.handle(claimed)
            sent, calls = shift.close()
            self.flow = shift.chats[chat_id].flow if chat_id in shift.chats else None
            self.session.flush()
            answer = Answer(sent, calls, len(shift.letters))
            if undone:
                savepoint.rollback()
        self.session.expire_all()
        return answer

    def hand_in_together(self, *handed: tuple[int, str, dict[str, Any]]) -> dict[int, str]:
        """Updates of several chats in one commit, each as chat, kind and content. What each chat reads, plain."""
        group = [
            Claimed(number, number, chat_id, kind, json.dumps({"update_id": number, kind: content}), self.now, 1)
            for number, (chat_id, kind, content) in enumerate(handed, next(self._numbers))
        ]
        shift = self.front.open_shift(self.session, group, self.now)
        for claimed in group:
            shift.handle(claimed)
        panels, _calls = shift.close()
        self.session.flush()
        return {panel.chat_id: str(panel.body["text"]) for panel in panels if panel.panel}
