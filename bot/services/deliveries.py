"""Whether what a mentor sent has arrived: read from the outbox, by the keys of the letters."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.services import question_letters
from bot.services.work import Work
from bot.words import Plain, Say, _
from db.models import OutboxMessage, Post, Question
from db.vocabulary import OutboxState, PostKind

_UNDER_WAY = (OutboxState.WAITING, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message; `reason` is Telegram's own."""

    state: OutboxState
    reason: str


def of_post(work: Work, question: Question, post: Post) -> Sequence[Delivery]:
    """The messages that carried a post to those who asked."""
    keys = question_letters.keys_of(work, question, post)
    rows = work.session.execute(
        select(OutboxMessage.state, OutboxMessage.error).where(OutboxMessage.unique_key.in_(keys))
    )
    return [Delivery(state, error or "") for state, error in rows]


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
    """The first message that did not arrive and never will."""
    return next((one for one in found if one.state is OutboxState.DEAD), None)


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
