"""Taking a step back: one's own last one, within ten minutes, as long as nothing came after it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.buttons import Row, do
from bot.services import items, submissions
from bot.services.conversations import Reply
from bot.services.item_words import opening
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import _, _n, _p
from db.models import AuditEntry, Item, Seat, Submission
from db.vocabulary import ItemState, Verdict

UNDO = timedelta(minutes=10)
# What can be taken back, and the right that it takes, as taking the step did.
_NEEDS: Mapping[str, Act] = {
    "submit": Act.SUBMIT_ITEM,
    "waive": Act.SUBMIT_ITEM,
    "reopen": Act.SUBMIT_ITEM,
    "accept": Act.REVIEW_ITEM,
    "return": Act.REVIEW_ITEM,
    "declare": Act.DECLARE_STAGES,
    "assign": Act.ASSIGN_ITEM,
}
_GONE = _("This can no longer be undone. Here is the present state.")


def undo(visit: Visit, subject: str, version: int) -> Reply:
    """Take back one's own last change of an item."""
    item = items.by_id(visit, subject, Act.SEE_ITEM)
    last = undoable(visit, item)
    if last is None or item.version != version:
        return Reply(toast=_GONE, then=f"item-id:{item.id}")
    _restore(visit, item, last)
    return Reply(toast=_("Undone."), then=f"item-id:{item.id}")


def undo_row(visit: Visit, item: Item) -> tuple[Row, ...]:
    """The button for it, while it works."""
    if undoable(visit, item) is None:
        return ()
    return ((do(_p("button", "↩️ Undo"), "undo", item.id, item.version),),)


def undoable(visit: Visit, item: Item) -> AuditEntry | None:
    """The change of this item that this person can still take back."""
    last = _last_changes(visit.work, [item.id]).get(item.id)
    return last if last is not None and _is_open(visit, item, last) else None


def _is_open(visit: Visit, item: Item, last: AuditEntry) -> bool:
    needed = _NEEDS.get(last.act)
    if needed is not Act.REVIEW_ITEM and not items.is_going_on(visit, item, visit.at):
        return False
    mine = visit.person is not None and last.actor_id == visit.person.id
    fresh = visit.work.now - last.at < UNDO and (last.after or {}).get("version") == item.version
    return needed is not None and mine and fresh and visit.may(needed, items.place(visit.work, item))


def _last_changes(work: Work, ids: Sequence[int]) -> dict[int, AuditEntry]:
    """For each item the line of its latest change; remarks without a new version do not count."""
    rows = work.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject == "item",
            AuditEntry.subject_id.in_(ids),
            AuditEntry.at > work.now - UNDO,
            AuditEntry.act.not_in(("attach", "refuse_file")),
        )
        .order_by(AuditEntry.id)
    )
    return {row.subject_id: row for row in rows if row.subject_id is not None}


def undo_declaration(visit: Visit, region_code: str, _version: int) -> Reply:
    """Take a bulk declaration back as a whole; items that were worked on since stay as they are."""
    visit.require(Act.DECLARE_STAGES, Place(region_code))
    found = declared_lately(visit, region_code)
    for item, last in found:
        _restore(visit, item, last)
    words = _n("Taken back: {count} item.", "Taken back: {count} items.", len(found)) if found else _GONE
    return Reply(toast=words, then=f"stages:{region_code}")


def declared_lately(visit: Visit, region_code: str) -> list[tuple[Item, AuditEntry]]:
    """What this person declared done in this region and can still take back, each with its line."""
    declared = [item for item in items.of_region(visit.work, region_code).values() if item.declared_at is not None]
    fresh = [item for item in declared if item.declared_at and visit.work.now - item.declared_at < UNDO]
    lines = _last_changes(visit.work, [item.id for item in fresh]) if fresh else {}
    found = [(item, lines[item.id]) for item in fresh if item.id in lines and lines[item.id].act == "declare"]
    return [(item, last) for item, last in found if _is_open(visit, item, last)]


def _restore(visit: Visit, item: Item, last: AuditEntry) -> None:
    work, assignee = visit.work, item.assignee_id
    before: Mapping[str, Any] = last.before or {}
    ruling = _restore_submission(work, before, last.after or {})
    items.change(
        work,
        item,
        f"undo_{last.act}",
        ruling=ruling,
        state=ItemState(before["state"]),
        reason=before["reason"],
        assignee_id=before["assignee_id"],
        declared_at=_moment(before["declared_at"]),
        submitted_at=_moment(before["submitted_at"]),
    )
    if ruling is not None and last.act in ("accept", "return"):
        _tell_region(visit, item, ruling.submission_id)
    if last.act == "assign" and assignee is not None:
        _tell_assignee(visit, item, assignee)


def _restore_submission(work: Work, before: Mapping[str, Any], after: Mapping[str, Any]) -> items.Ruling | None:
    """A verdict taken back waits again; a submission taken back is withdrawn, and stays readable."""
    submission = work.session.get(Submission, after["submission_id"]) if "submission_id" in after else None
    if submission is None:
        return None
    ruled = submission.verdict
    submission.verdict = Verdict(before["verdict"]) if before.get("verdict") else Verdict.WITHDRAWN
    submission.decided_at, submission.decided_by_id, submission.reason = None, None, ""
    work.session.flush()
    return items.Ruling(submission.id, ruled, submission.verdict)


def _tell_region(visit: Visit, item: Item, submission_id: int) -> None:
    """Whoever read the verdict reads that it counts no longer."""
    words = _(
        "↩️ The reviewer has taken back the verdict on <b>{title}</b>. It waits for review again.",
        title=items.title(visit.work, item),
    )
    for person_id in submissions.readers(visit, submissions.by_id(visit.work, submission_id)):
        key = f"item:{item.id}:taken-back:{submission_id}:{item.version}:{person_id}"
        visit.work.tell(person_id, words, key=key, rows=((opening(item),),))


def _tell_assignee(visit: Visit, item: Item, seat_id: int) -> None:
    seat = visit.work.session.get(Seat, seat_id)
    if seat is None or seat.holder_id is None or seat.holder_id == visit.member.id:
        return
    words = _("↩️ <b>{title}</b> is no longer entrusted to you.", title=items.title(visit.work, item))
    visit.work.tell(seat.holder_id, words, key=f"item:{item.id}:released:{item.version}")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"undo": undo, "undeclare": undo_declaration}
