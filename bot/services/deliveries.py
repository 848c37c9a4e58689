"""Whether what a mentor sent has arrived: read from the outbox, by the keys of the letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import select

from bot.services import question_letters
from bot.services.work import Work
from bot.words import Plain, Say, _
from db.models import OutboxMessage, Post, Question
from db.outbox import says_gone
from db.vocabulary import OutboxState, PostKind

_UNDER_WAY = (OutboxState.WAITING, OutboxState.SENDING)
# Lower-case parts of Telegram's descriptions for a file that it does not give out (any more).
_NO_FILE = ("wrong file identifier", "wrong remote file", "file reference", "wrong file_id", "file_id_invalid")
_REFUSED = re.compile(r"\d{3}: ")


class Cause(IntEnum):
    """Why a message never arrives; where several fail, the first of these is told."""

    GONE = 1
    REFUSED = 2
    FILE = 3
    DOUBT = 4


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message about a question; `reason` is Telegram's own."""

    key: str
    state: OutboxState
    reason: str

    @property
    def reader(self) -> int:
        """The number of the person it was for."""
        parts = self.key.split(":")
        return int(parts[4] if parts[2] == "file" else parts[5])

    @property
    def cause(self) -> Cause:
        """Why it never arrives, for one that is dead."""
        if says_gone(self.reason):
            return Cause.GONE
        if any(part in self.reason.lower() for part in _NO_FILE):
            return Cause.FILE
        return Cause.REFUSED if _REFUSED.match(self.reason) else Cause.DOUBT


def of_post(work: Work, question: Question, post: Post) -> Sequence[Delivery]:
    """The messages that carried a post to those who asked, its files and its newest wording included."""
    keys = question_letters.keys_of(work, question, post)
    rows = work.session.execute(
        select(OutboxMessage.unique_key, OutboxMessage.state, OutboxMessage.error)
        .where(OutboxMessage.unique_key.in_(keys))
        .order_by(OutboxMessage.id)
    )
    return [Delivery(key, state, error or "") for key, state, error in rows]


def undelivered(work: Work, found: Sequence[Question]) -> set[int]:
    """The numbers of those questions whose asker an answer, or what was asked back, did not reach and never will."""
    askers = {one.id: one.asker_id for one in found}
    posts = work.session.execute(
        select(Post.id, Post.question_id, Post.kind).where(
            Post.question_id.in_(list(askers)), Post.kind.in_((PostKind.ANSWER, PostKind.ASK_BACK))
        )
    )
    keys = {question_letters.first_key(kind, post, one, askers[one]): one for post, one, kind in posts}
    dead = select(OutboxMessage.unique_key).where(
        OutboxMessage.unique_key.in_(list(keys)), OutboxMessage.state == OutboxState.DEAD
    )
    return {keys[key] for key in work.session.scalars(dead)}


def failed(found: Sequence[Delivery]) -> Delivery | None:
    """What is to be told of messages that did not arrive and never will; None where there is none."""
    dead = [one for one in found if one.state is OutboxState.DEAD]
    return min(dead, key=lambda one: one.cause) if dead else None


def arrived(found: Sequence[Delivery]) -> bool:
    """Whether everything has arrived."""
    return bool(found) and all(one.state is OutboxState.SENT for one in found)


def words(found: Sequence[Delivery]) -> Say | None:
    """In one line; None where nothing was to be sent, or nobody was there to be written to."""
    lost = failed(found)
    if lost is not None:
        return _("⚠️ not delivered: {reason}", reason=Plain(lost.reason or "–"))
    if any(one.state is OutboxState.IN_DOUBT for one in found):
        return _("❔ perhaps not delivered")
    if any(one.state in _UNDER_WAY for one in found):
        return _("📤 on its way")
    return _("✓ delivered") if found else None
