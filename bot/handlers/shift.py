"""One commit's worth of updates: people and conversations loaded for all at once, saved for all at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session, selectinload
from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatType

from bot.handlers.desk import Desk
from bot.handlers.flood import Floods
from bot.handlers.incoming import read_update
from bot.handlers.routes import route
from bot.services import absences, menus
from bot.services.conversations import EARLIER_STEP, Reply
from bot.services.letters import addressed, keep_papers, text_body
from bot.services.visits import Chat, Visit
from bot.services.work import Letter, Programme, Work
from bot.texts import DEFAULT_LANGUAGE, LANGUAGES, clean_name, cut
from bot.transport import DirectCall
from bot.words import Code, _
from db.inbox import Claimed
from db.models import Conversation, Person, Seat
from db.outbox import Outgoing, give_way
from db.vocabulary import Policy, Role

# Bot API, answerCallbackQuery: text of 0-200 characters.
TOAST_LIMIT = 200
ALBUM_PAUSE = timedelta(seconds=2)
# Who taps once more within this time has not read what the first tap led to.
DOUBLE_TAP = timedelta(seconds=3)
# A person with the seats they hold, and those they cover for mentors who are away.
Known = tuple[Person, tuple[Seat, ...], tuple[Seat, ...]]
_table = Conversation.__table__
# Statements are built once: building one takes longer than running it.
_CHATS = select(_table).where(_table.c.chat_id.in_(bindparam("chat_ids", expanding=True))).with_for_update()
_PERSONS = select(Person).where(Person.telegram_id.in_(bindparam("telegram_ids", expanding=True)))
_SEATS = (
    select(Seat)
    .where(Seat.holder_id.in_(bindparam("holders", expanding=True)), Seat.ended_at.is_(None))
    .options(selectinload(Seat.scopes))
    .order_by(Seat.id)
)
_SAVE = (
    update(Conversation)
    .where(Conversation.chat_id == bindparam("row_chat_id"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("turn", "flow", "stack", "screen", "last_message_id", "changed_at")
        }
    )
)


@dataclass(frozen=True, slots=True)
class Front:
    """What every shift needs, built once: the desk, the programme, the edition, and the memory of floods."""

    desk: Desk
    programme: Programme
    edition_id: int
    floods: Floods

    def open_shift(self, session: Session, group: Sequence[Claimed], now: datetime) -> "Shift":
        """Load chats and people of a group of updates, each of another chat."""
        chats = _chats(session, group)
        people = _people(session, group, now)
        foreseen = self.desk.conversations.foresee(session, chats.values())
        return Shift(self, session, now, chats, people, foreseen)


@dataclass
class Shift:
    """Works on one update after the other; what fails leaves no trace."""

    front: Front
    session: Session
    now: datetime
    chats: dict[int, Chat]
    people: dict[int, Known]
    foreseen: list[object]
    letters: list[Letter] = field(default_factory=list)
    panels: list[Outgoing] = field(default_factory=list)
    lowest: list[Outgoing] = field(default_factory=list)
    calls: list[DirectCall] = field(default_factory=list)
    changed: dict[int, Chat] = field(default_factory=dict)

    def handle(self, claimed: Claimed) -> None:
        """Answer one update. Raises whatever went wrong; the caller undoes the database, nothing else was touched."""
        said = read_update(json.loads(claimed.payload))
        if _ignored(said):
            return
        verdict = self.front.floods.verdict(
            claimed.chat_id,
            claimed.sent_at or self.now,
            known=claimed.chat_id in self.people,
            press=said.callback_query is not None,
        )
        if verdict.silent:
            return
        visit = self._visit(claimed, said)
        reply = verdict.reply or route(self.front.desk, visit, said)
        self._keep(visit, said, reply, claimed.update_id)

    def apologise(self, claimed: Claimed, code: str) -> None:
        """Tell the person of a fault of ours, under its code, and that nothing of theirs was lost."""
        if claimed.chat_id <= 0:
            return
        say = _(
            "Apologies, something went wrong (code {code}). Your earlier answers <b>are safe</b>. "
            "Please try again in a moment.",
            code=Code(code),
        )
        body = text_body(claimed.chat_id, say, (), self.front.desk.texts, DEFAULT_LANGUAGE)
        self.panels.append(
            Outgoing(
                f"upd:{claimed.update_id}:sorry", claimed.chat_id, "sendMessage", body, policy=Policy.AT_LEAST_ONCE
            )
        )

    def close(self) -> tuple[list[Outgoing], list[DirectCall]]:
        """Save the chats; hand out what is to be said, and what is to be said directly after the commit."""
        self._save()
        keep_papers(self.session, [letter.paper for letter in self.letters if letter.paper])
        letters = addressed(self.session, self.letters, self.front.desk.texts)
        return self.panels + letters + self.lowest, self.calls

    def _visit(self, claimed: Claimed, said: Update) -> Visit:
        user = said.effective_user
        person, seats, covered = self.people.get(user.id if user else 0, (None, (), ()))
        work = Work(self.session, self.now, self.front.programme, self.front.edition_id, f"update {claimed.update_id}")
        chat = self.chats.get(claimed.chat_id) or Chat(claimed.chat_id)
        return Visit(
            work=work,
            chat=chat,
            telegram_id=user.id if user else 0,
            telegram_name=clean_name(user.full_name) if user else "",
            language=person.language if person else _language(user),
            at=claimed.sent_at or self.now,
            person=person,
            seats=seats,
            covered=covered,
        )

    def _keep(self, visit: Visit, said: Update, reply: Reply | None, update_id: int) -> None:
        _note_message(visit.chat, said.message)
        if reply is None or not reply.still:
            _note_press(visit.chat, said.callback_query)
        texts = self.front.desk.texts
        menu = menus.refreshed(visit.person, visit.seat, texts, visit.work.cause) if visit.person else None
        refusal = self._refusal_of_part(visit, said, reply, update_id)
        reply = replace(reply, note=None) if reply and refusal else reply
        panel = self._panel(visit, said, reply, update_id)
        toast = self._toast(visit, said.callback_query, reply) if said.callback_query else None
        # From here on nothing can fail: what failed before has left no trace.
        self.calls += [toast] if toast else []
        below = reply is not None and reply.below
        self.panels += [message for message in (refusal, None if below else panel, menu) if message]
        self.lowest += [panel] if below and panel else []
        self.letters += visit.work.letters
        visit.chat.changed_at = self.now
        self.changed[visit.chat.chat_id] = visit.chat
        self.chats[visit.chat.chat_id] = visit.chat

    def _panel(self, visit: Visit, said: Update, reply: Reply | None, update_id: int) -> Outgoing | None:
        """What the chat shows from now on; None where silence is right, and where it stays as it is."""
        if (
            reply is None
            or reply.still
            or not _answered_here(said)
            or self._is_double_tap(visit.chat, said.callback_query, reply)
        ):
            return None
        panel = self.front.desk.panel(visit, reply, update_id)
        if said.message and said.message.media_group_id:
            return self._album_panel(panel, said.message)
        return panel

    def _is_double_tap(self, chat: Chat, query: CallbackQuery | None, reply: Reply | None) -> bool:
        """A further tap on the panel that a tap has just changed: what that one was answered with stays to be read."""
        if query is None or query.message is None or reply is None or reply.toast != EARLIER_STEP:
            return False
        fresh = chat.changed_at is not None and self.now - chat.changed_at < DOUBLE_TAP
        return fresh and query.message.message_id == chat.panel_message_id

    def _refusal_of_part(self, visit: Visit, said: Update, reply: Reply | None, update_id: int) -> Outgoing | None:
        """Why a part of an album was not taken stands in a message of its own, which no later part replaces."""
        album = said.message.media_group_id if said.message else None
        if album is None or reply is None or not reply.refused or reply.note is None:
            return None
        body = text_body(visit.chat.chat_id, reply.note, (), self.front.desk.texts, visit.language)
        return Outgoing(f"upd:{update_id}:refused", visit.chat.chat_id, "sendMessage", body)

    def _album_panel(self, panel: Outgoing, message: Message) -> Outgoing:
        """An album is answered once, two seconds after its last part: each answer replaces the one before."""
        album = f"album:{panel.chat_id}:{message.media_group_id}:"
        give_way(self.session, panel.chat_id, album)
        return replace(panel, unique_key=f"{album}{message.message_id}", due_at=self.now + ALBUM_PAUSE)

    def _toast(self, visit: Visit, query: CallbackQuery, reply: Reply | None) -> DirectCall:
        body: dict[str, Any] = {"callback_query_id": query.id}
        if reply and reply.toast:
            body["text"] = cut(self.front.desk.texts.plain(reply.toast, visit.language), TOAST_LIMIT)
            body["show_alert"] = reply.alert
        return DirectCall("answerCallbackQuery", body)

    def _save(self) -> None:
        chats = [chat for chat in self.changed.values() if chat.chat_id > 0]
        fresh = [chat for chat in chats if chat.is_new]
        known = [chat for chat in chats if not chat.is_new]
        if fresh:
            self.session.execute(insert(Conversation), [_columns(chat, self.now) for chat in fresh])
        if known:
            rows = [
                {"row_chat_id": row.pop("chat_id")} | {f"new_{name}": value for name, value in row.items()}
                for row in (_columns(chat, self.now) for chat in known)
            ]
            self.session.connection().execute(_SAVE, rows)


def _columns(chat: Chat, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": chat.chat_id,
        "turn": chat.turn,
        "flow": chat.flow,
        "stack": chat.stack,
        "screen": chat.screen,
        "last_message_id": chat.last_message_id,
        "changed_at": now,
    }


def _chats(session: Session, group: Sequence[Claimed]) -> dict[int, Chat]:
    ids = [claimed.chat_id for claimed in group]
    rows = session.execute(_CHATS, {"chat_ids": ids})
    return {
        row.chat_id: Chat(
            row.chat_id,
            row.turn,
            row.flow,
            row.stack,
            row.screen,
            row.panel_message_id,
            row.last_message_id,
            is_new=False,
            changed_at=row.changed_at,
        )
        for row in rows
    }


def _people(session: Session, group: Sequence[Claimed], now: datetime) -> dict[int, Known]:
    """Persons by Telegram account, with the seats they hold or cover now. Rights are never remembered between
    commits."""
    ids = [claimed.chat_id for claimed in group if claimed.chat_id > 0]
    persons = session.scalars(_PERSONS, {"telegram_ids": ids}).all()
    if not persons:
        return {}
    seats = session.scalars(_SEATS, {"holders": [person.id for person in persons]}).all()
    mentors = {seat.holder_id for seat in seats if seat.role is Role.MENTOR and seat.holder_id}
    covered = absences.seats_covered(session, sorted(mentors), now) if mentors else {}
    return {
        person.telegram_id: (
            person,
            tuple(seat for seat in seats if seat.holder_id == person.id),
            tuple(covered.get(person.id, ())),
        )
        for person in persons
        if person.telegram_id
    }


def _language(user: User | None) -> str:
    code = (user.language_code or "")[:2] if user else ""
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def _ignored(said: Update) -> bool:
    """Groups, channels and bots are not answered."""
    chat = said.effective_chat
    private = chat is None or chat.type == ChatType.PRIVATE
    return (not private and said.callback_query is None) or (
        said.effective_user is not None and said.effective_user.is_bot
    )


def _answered_here(said: Update) -> bool:
    chat = said.effective_chat
    return chat is None or chat.type == ChatType.PRIVATE


def _note_message(chat: Chat, message: Message | None) -> None:
    """A message of the person stands below the panel now."""
    if message is not None:
        chat.last_message_id = max(chat.last_message_id or 0, message.message_id)


def _note_press(chat: Chat, query: CallbackQuery | None) -> None:
    """Whoever presses a message above the panel does not see the panel change: a new one is sent below."""
    pressed, panel = query.message if query else None, chat.panel_message_id
    if pressed is not None and panel is not None and pressed.message_id < panel:
        chat.last_message_id = max(chat.last_message_id or 0, panel + 1)
