"""Letters become rows of the outbox: addressed, in the reader's language, with the way back to an open question."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.buttons import Row, look
from bot.services.work import Fault, Letter
from bot.texts import Texts, split_html
from bot.words import Say, _p
from db import outbox
from db.bulk import among
from db.models import Conversation, OutboxMessage, Paper, Person
from db.outbox import Outgoing
from db.vocabulary import OutboxState

CONTINUE = _p("button", "▶ Continue")
# Telegram's limits for text and caption, in UTF-16 units after entities are parsed.
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
# How long the bytes of a paper that was sent are kept.
KEPT = timedelta(hours=1)
_LEAVING = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD)


def keyboard(rows: Sequence[Row], texts: Texts, language: str) -> dict[str, Any]:
    """Rows of buttons as Telegram's `InlineKeyboardMarkup`."""
    shown = [
        [
            {"text": texts.plain(button.label, language)}
            | ({"url": button.url} if button.url else {"callback_data": button.data})
            for button in row
        ]
        for row in rows
        if row
    ]
    return {"inline_keyboard": shown}


def text_body(chat_id: int, say: Say, rows: Sequence[Row], texts: Texts, language: str) -> dict[str, Any]:
    """A text message as `sendMessage` and `editMessageText` want it. Longer than Telegram takes: cut for display."""
    parts = split_html(texts.html(say, language), TEXT_LIMIT) or [""]
    text = parts[0] if len(parts) == 1 else split_html(texts.html(say, language), TEXT_LIMIT - 1)[0] + "…"
    return {
        "chat_id": chat_id,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": keyboard(rows, texts, language),
    }


def post_letters(session: Session, letters: Sequence[Letter], texts: Texts, now: Any) -> None:
    """Put the letters into the outbox, within this transaction. Letters to nobody reachable are left out."""
    if letters:
        keep_papers(session, [letter.paper for letter in letters if letter.paper])
        outbox.post(session, addressed(session, letters, texts), now)


def addressed(session: Session, letters: Sequence[Letter], texts: Texts) -> list[Outgoing]:
    """The rows for these letters, in their order."""
    if not letters:
        return []
    readers = _readers(session, {letter.person_id for letter in letters})
    press = _Press(texts)
    return [_written(letter, readers[letter.person_id], press) for letter in letters if letter.person_id in readers]


@dataclass(frozen=True, slots=True)
class _Addressee:
    """Where a letter goes, in which language, and whether a question stands open there."""

    chat_id: int
    language: str
    busy: bool


@dataclass
class _Press:
    """Prints letters. The same words with the same buttons are set once, however many are written to."""

    texts: Texts
    _set: dict[tuple[int, int, bool, str], dict[str, Any]] = field(default_factory=dict)

    def body(self, letter: Letter, to: _Addressee) -> dict[str, Any]:
        """The letter as a text message; the words are known by the very object, which the letter keeps alive."""
        known = (id(letter.say), id(letter.rows), to.busy, to.language)
        if known not in self._set:
            rows = (*letter.rows, (look(CONTINUE, "resume"),)) if to.busy else letter.rows
            self._set[known] = text_body(to.chat_id, letter.say, rows, self.texts, to.language)
        return self._set[known] | {"chat_id": to.chat_id}


def _readers(session: Session, ids: set[int]) -> dict[int, _Addressee]:
    """Where those persons are found who can be written to."""
    rows = session.execute(
        select(Person.id, Person.telegram_id, Person.language, Conversation.flow)
        .outerjoin(Conversation, Conversation.chat_id == Person.telegram_id)
        .where(among(Person.id, ids), Person.telegram_id.is_not(None), Person.suspended_at.is_(None))
    )
    return {number: _Addressee(chat_id or 0, language, bool(flow)) for number, chat_id, language, flow in rows}


def _written(letter: Letter, to: _Addressee, press: _Press) -> Outgoing:
    """The row for a letter. Raises `Fault` where one that was written for a row cannot be set."""
    try:
        return _outgoing(letter, to, press)
    except Exception as error:
        if not letter.row:
            raise
        raise Fault(letter.row) from error


def _outgoing(letter: Letter, to: _Addressee, press: _Press) -> Outgoing:
    return Outgoing(
        unique_key=letter.key,
        chat_id=to.chat_id,
        method=letter.method,
        body=_body(letter, to, press),
        lane=letter.lane,
        policy=letter.policy,
        panel=letter.panel,
        paper=letter.paper.sha256 if letter.paper else None,
        due_at=letter.due_at,
        expires_at=letter.expires_at,
    )


def _body(letter: Letter, to: _Addressee, press: _Press) -> dict[str, Any]:
    if letter.album:
        return {"chat_id": to.chat_id, "media": list(letter.album), "protect_content": letter.protect}
    if letter.method == "deleteMessage":
        return {"chat_id": to.chat_id, "message_id": letter.message_id}
    body = press.body(letter, to)
    if letter.method not in ("sendMessage", "editMessageText"):
        body["caption"] = (split_html(body.pop("text"), CAPTION_LIMIT) or [""])[0]
        body.pop("link_preview_options")
    if letter.file_id:
        body |= {_FIELDS[letter.method]: letter.file_id, "protect_content": letter.protect}
    if letter.message_id is not None:
        body["message_id"] = letter.message_id
    if letter.silent:
        body["disable_notification"] = True
    return body


_FIELDS = {
    "sendDocument": "document",
    "sendPhoto": "photo",
    "sendVideo": "video",
    "sendVoice": "voice",
    "sendAudio": "audio",
}


def keep_papers(session: Session, papers: Sequence[Paper]) -> None:
    """Keep the bytes once; the same paper may go to many."""
    for paper in papers:
        row = {
            "sha256": paper.sha256,
            "name": paper.name,
            "mime": paper.mime,
            "content": paper.content,
            "created_at": paper.created_at,
        }
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert(Paper) if dialect == "postgresql" else sqlite.insert(Paper)
        session.execute(insert.values(**row).on_conflict_do_nothing(index_elements=["sha256"]))


def forget_papers(session: Session, now: datetime) -> int:
    """Take away the bytes of papers that have left: what people read stays no longer than needed. Returns how many.

    What is held until a person says go keeps them.
    """
    old = session.scalars(select(Paper.sha256).where(Paper.created_at < now - KEPT)).all()
    if not old:
        return 0
    leaving = select(OutboxMessage.paper).where(OutboxMessage.state.in_(_LEAVING), OutboxMessage.paper.in_(old))
    gone = set(old) - set(session.scalars(leaving))
    session.execute(delete(Paper).where(Paper.sha256.in_(gone)))
    return len(gone)
