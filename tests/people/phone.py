"""A person's telephone: writes and presses go through the real handlers, and what is seen is read in English."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Update

from bot.buttons import Row
from bot.handlers.desk import Desk
from bot.handlers.routes import route
from bot.handlers.tables import desk
from bot.services.conversations import Reply
from bot.services.letters import post_letters
from bot.services.visits import Chat, Visit
from bot.services.work import Letter, Work
from bot.texts import Texts
from bot.words import Say
from db.models import InboxUpdate, OutboxMessage, Person
from db.vocabulary import InboxState, OutboxState, Role
from tests import stage

TEXTS = Texts.load()


@dataclass
class Town:
    """Everybody's telephones around one database. `now` moves only when a test says so."""

    session: Session
    now: datetime = stage.NOW
    desk: Desk = field(default_factory=lambda: desk(TEXTS))
    phones: dict[int, "Phone"] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _messages: Iterator[int] = field(default_factory=lambda: count(5))

    def work(self, cause: str = "update 0") -> Work:
        return stage.open_work(self.session, now=self.now, cause=cause)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def newcomer(self, name: str = "Budi Santoso", telegram_id: int | None = None) -> "Phone":
        """The telephone of somebody Pandu does not know."""
        account = telegram_id or stage.stranger(self.work()).telegram_id
        return self.phones.setdefault(account, Phone(self, account, name))

    def member(self, role: Role, region_code: str | None = None, name: str = "Siti Rahma", **more: Any) -> "Phone":
        """The telephone of somebody in a seat."""
        person = stage.member(self.work(), role, region_code, name, language="en", **more)
        return self.newcomer(name, person.telegram_id)

    def delivered(self, letter: Letter, account: int) -> int:
        """The letter as it stands in the outbox once Telegram has it; its number there."""
        number = next(self._messages)
        row = self.posted(letter)
        row.message_id = row.message_id or number
        row.state, row.sent_at = OutboxState.SENT, self.now
        self.session.flush()
        return row.message_id

    def posted(self, letter: Letter) -> OutboxMessage:
        """The letter's row in the outbox."""
        mine = select(OutboxMessage).where(OutboxMessage.unique_key == letter.key)
        if self.session.scalar(mine) is None:
            post_letters(self.session, [letter], TEXTS, self.now)
        return self.session.scalars(mine).one()

    def next_update(self) -> int:
        return next(self._numbers)


@dataclass
class Phone:
    """One private chat. `text` and `buttons` are what the panel shows, `toast` what a press was answered with.

    `sent_at` is Telegram's time of the messages that are written next, where Pandu fetches them later.
    """

    town: Town
    account: int
    name: str
    text: str = ""
    toast: str = ""
    alert: bool = False
    buttons: dict[str, str] = field(default_factory=dict)
    chat: Chat | None = None
    sent_at: datetime | None = None

    @property
    def person(self) -> Person:
        found = self.town.session.scalar(select(Person).where(Person.telegram_id == self.account))
        assert found is not None
        return found

    @property
    def known(self) -> bool:
        return self.town.session.scalar(select(Person.id).where(Person.telegram_id == self.account)) is not None

    def visit(self, cause: str = "update 0") -> Visit:
        work = self.town.work(cause)
        self.chat = self.chat or Chat(self.account)
        if self.known:
            return stage.visit_of(work, self.person, self.chat)
        visit = stage.stranger(work, self.name, self.account, self.chat)
        visit.language = "en"
        return visit

    def writes(self, text: str) -> "Phone":
        return self._receives({"message": self._message(text=text)})

    def sends(self, **content: Any) -> "Phone":
        """Something that is not a text."""
        return self._receives({"message": self._message(**content)})

    def replies_to(self, words: str, **content: Any) -> "Phone":
        """A native Reply to the newest letter with these words in it; a text, or something else."""
        letter = next(one for one in reversed(self._letters()) if words in TEXTS.plain(one.say, "en"))
        message_id = self.town.delivered(letter, self.account)
        replied = {"message_id": message_id, "date": self._date, "chat": {"id": self.account, "type": "private"}}
        return self._receives({"message": self._message(reply_to_message=replied, **content)})

    def edits(self, message_id: int, text: str) -> "Phone":
        """Change a message that was sent before."""
        return self._receives({"edited_message": self._message(message_id=message_id, text=text, edit_date=self._date)})

    def blocks(self) -> "Phone":
        """Block the bot, as Telegram tells it."""
        bot = {"id": 1, "is_bot": True, "first_name": "Pandu"}
        change = {"chat": {"id": self.account, "type": "private"}, "from": self._user, "date": self._date}
        left = {"user": bot, "status": "kicked", "until_date": 0}
        return self._receives(
            {"my_chat_member": change | {"old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": left}}
        )

    def starts(self, payload: str = "") -> "Phone":
        return self.writes(f"/start {payload}".strip())

    def presses(self, label: str) -> "Phone":
        """Press the button with these words in it; the panel must show exactly one."""
        found = [data for shown, data in self.buttons.items() if label in shown]
        assert len(found) == 1, f"{label!r} in {list(self.buttons)}"
        return self.sends_data(found[0])

    def sends_data(self, data: str, chat: dict[str, Any] | None = None, message_id: int = 1) -> "Phone":
        """A press below this message as Telegram tells it, perhaps a forged one, perhaps in a group."""
        place = chat or {"id": self.account, "type": "private"}
        message = {"message_id": message_id, "date": self._date, "chat": place}
        return self._receives(
            {"callback_query": {"id": "1", "from": self._user, "chat_instance": "1", "data": data, "message": message}}
        )

    def told(self) -> list[str]:
        """What was written to this person in messages of their own, oldest first."""
        return [TEXTS.plain(letter.say, "en") for letter in self._letters()]

    def presses_letter(self, label: str) -> "Phone":
        """Press a button of the newest message that has it."""
        for letter in reversed(self._letters()):
            found = _data(letter.rows, label)
            if found:
                return self.sends_data(found)
        raise AssertionError(f"no message has {label!r}: {self.told()}")

    @property
    def letters(self) -> list[Letter]:
        """The messages of their own that were written to this person, oldest first."""
        return self._letters()

    def _letters(self) -> list[Letter]:
        return [letter for letter in self.town.letters if letter.person_id == self.person.id] if self.known else []

    def _receives(self, content: dict[str, Any]) -> "Phone":
        number = self.town.next_update()
        self._store(number, content)
        visit = self.visit(f"update {number}")
        if "message" in content and self.sent_at:
            visit.at = self.sent_at
        update = Update.de_json({"update_id": number} | content, None)
        reply = route(self.town.desk, visit, update)
        self._see(visit, reply)
        self.town.session.flush()
        self.town.letters += visit.work.letters
        return self

    def _store(self, number: int, content: dict[str, Any]) -> None:
        self.town.session.add(
            InboxUpdate(
                update_id=number,
                chat_id=self.account,
                kind=next(iter(content)),
                payload=json.dumps({"update_id": number} | content),
                received_at=self.town.now,
                not_before=self.town.now,
                state=InboxState.NEW,
            )
        )
        self.town.session.flush()

    def _see(self, visit: Visit, reply: Reply | None) -> None:
        self.toast = TEXTS.plain(reply.toast, "en") if reply and reply.toast else ""
        self.alert = bool(reply and reply.alert)
        if reply is not None and not reply.still:
            say, rows = self.town.desk.view(visit, reply)
            self.text = _english(say)
            self.buttons = {_english(button.label): button.data for row in rows for button in row}

    def _message(self, **content: Any) -> dict[str, Any]:
        chat = {"id": self.account, "type": "private"}
        number = next(self.town._messages)
        return {"message_id": number, "date": self._date, "chat": chat, "from": self._user, **content}

    @property
    def _date(self) -> int:
        return int((self.sent_at or self.town.now).timestamp())

    @property
    def _user(self) -> dict[str, Any]:
        return {"id": self.account, "is_bot": False, "first_name": self.name, "language_code": "en"}


def _english(say: Say) -> str:
    return TEXTS.plain(say, "en")


def _data(rows: tuple[Row, ...], label: str) -> str | None:
    return next((button.data for row in rows for button in row if label in _english(button.label)), None)
