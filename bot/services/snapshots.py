"""The snapshot of the closing: how every region stood at that instant, computed from what was in time, and frozen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.program.model import Edition as Content
from bot.services import clocks, closing, progress
from bot.services.deadlines import due_of
from bot.services.work import Work
from db.inbox import insert_ignoring
from db.models import Edition, InboxUpdate, Item, Snapshot, Submission
from db.vocabulary import InboxState, ItemState, SubmissionKind, Verdict

# It waits until nothing that was sent before the closing has come in for so long.
QUIET = timedelta(minutes=5)
_JUDGED = (ItemState.SUBMITTED, ItemState.ACCEPTED, ItemState.RETURNED)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission, as far as the snapshot asks."""

    kind: SubmissionKind
    verdict: Verdict
    submitted_at: datetime
    due_at: datetime
    decided_at: datetime | None


def is_due(session: Session, now: datetime) -> bool:
    """Whether the closing is over, no snapshot exists, and all that was sent before it has been worked on."""
    edition = session.scalars(select(Edition).where(Edition.ended_at.is_(None)).order_by(Edition.id.desc())).first()
    if edition is None or now < closing.instant_of(edition.closing) + QUIET:
        return False
    taken = select(Snapshot.region_code).where(Snapshot.edition_id == edition.id).limit(1)
    return session.scalar(taken) is None and not _is_coming_in(session, closing.instant_of(edition.closing), now)


def _is_coming_in(session: Session, instant: datetime, now: datetime) -> bool:
    fresh = or_(InboxUpdate.state == InboxState.NEW, InboxUpdate.received_at > now - QUIET)
    return session.scalar(select(InboxUpdate.id).where(InboxUpdate.sent_at < instant, fresh).limit(1)) is not None


def look(work: Work) -> Sequence[Row]:
    """How every region that takes part stood at the closing. Only reads."""
    instant = closing.instant(work.programme.edition)
    items: dict[str, dict[str, tuple[int, ItemState]]] = defaultdict(dict)
    rows = select(Item.region_code, Item.key, Item.id, Item.state).where(Item.edition_id == work.edition_id)
    for code, key, number, state in work.session.execute(rows):
        items[code][key] = (number, state)
    sent = _sent(work)
    return [_stood(work, code, items[code], sent, instant) for code in progress.participants(work)]


def _sent(work: Work) -> Mapping[int, Sequence[Sent]]:
    """What was submitted for each item, in order, without what was taken back."""
    found: dict[int, list[Sent]] = defaultdict(list)
    rows = work.session.execute(
        select(
            Submission.item_id,
            Submission.kind,
            Submission.verdict,
            Submission.submitted_at,
            Submission.due_at,
            Submission.decided_at,
        )
        .join(Item, Item.id == Submission.item_id)
        .where(Item.edition_id == work.edition_id, Submission.verdict != Verdict.WITHDRAWN)
        .order_by(Submission.item_id, Submission.number)
    )
    for row in rows:
        found[row[0]].append(Sent(row[1], row[2], row[3], row[4], row[5]))
    return found


def _stood(
    work: Work,
    code: str,
    found: Mapping[str, tuple[int, ItemState]],
    sent: Mapping[int, Sequence[Sent]],
    instant: datetime,
) -> Row:
    known = [one for one in work.programme.edition.items if one.key in found]
    proofs = {one.key: sent.get(found[one.key][0], ()) for one in known}
    states = {one.key: state_at(found[one.key][1], proofs[one.key], instant) for one in known}
    mandatory = [one.key for one in known if one.mandatory and states[one.key] is not ItemState.WAIVED]
    accepted = [key for key in mandatory if states[key] is ItemState.ACCEPTED]
    due = [key for key in mandatory if due_of(work, code, key).at <= instant]
    return {
        "edition_id": work.edition_id,
        "region_code": code,
        "accepted": len(accepted),
        "mandatory": len(mandatory),
        "on_time": sum(key in accepted and _was_punctual(proofs[key], instant) for key in due),
        "due": len(due),
        "states": {key: state.value for key, state in states.items()},
        "taken_at": work.now,
    }


def state_at(state: ItemState, sent: Sequence[Sent], instant: datetime) -> ItemState:
    """The state of an item at this instant, from the one it has now and everything that was submitted for it."""
    if not any(one.submitted_at >= instant or _is_decided_after(one, instant) for one in sent):
        return state
    before = [one for one in sent if one.submitted_at < instant]
    if not before:
        return ItemState.STARTED if state in _JUDGED else state
    last = before[-1]
    if last.verdict is Verdict.WAITING or _is_decided_after(last, instant):
        return ItemState.SUBMITTED
    if last.verdict is Verdict.RETURNED:
        return ItemState.RETURNED
    return ItemState.WAIVED if last.kind is SubmissionKind.WAIVER else ItemState.ACCEPTED


def _is_decided_after(one: Sent, instant: datetime) -> bool:
    return one.decided_at is not None and one.decided_at >= instant


def _was_punctual(sent: Sequence[Sent], instant: datetime) -> bool:
    """Whether the last accepted submission before this instant came before its deadline."""
    accepted = [one for one in sent if one.verdict is Verdict.ACCEPTED and one.submitted_at < instant]
    return bool(accepted) and accepted[-1].submitted_at < accepted[-1].due_at


def keep(work: Work, rows: Sequence[Row]) -> int:
    """Freeze what was found, unless somebody was faster; everybody is thanked in their own morning. Returns how many
    regions."""
    if not rows:
        return 0
    frozen = insert_ignoring(work.session, Snapshot).on_conflict_do_nothing().returning(Snapshot.region_code)
    fresh = work.session.execute(frozen, rows).all()
    if fresh:
        work.audit("snapshot", "edition", work.edition_id, after={"regions": len(fresh)})
        clocks.look_again(work)
    return len(fresh)


def of_edition(work: Work) -> Mapping[str, Snapshot]:
    """All of them by region; empty before the closing."""
    if not closing.is_over(work.programme.edition, work.now):
        return {}
    rows = work.session.scalars(
        select(Snapshot).where(Snapshot.edition_id == work.edition_id).order_by(Snapshot.region_code)
    )
    return {one.region_code: one for one in rows}


def completed(frozen: Mapping[str, Snapshot]) -> int:
    """How many regions had every mandatory item accepted."""
    return sum(one.accepted == one.mandatory for one in frozen.values())


def later(content: Content, frozen: Snapshot, now: Mapping[str, Item]) -> list[tuple[str, ItemState, ItemState]]:
    """What has changed since: the item's key, its state at the closing, and its state now."""
    before = {key: ItemState(state) for key, state in frozen.states.items()}
    return [
        (one.key, before[one.key], now[one.key].state)
        for one in content.items
        if one.key in before and one.key in now and now[one.key].state is not before[one.key]
    ]
