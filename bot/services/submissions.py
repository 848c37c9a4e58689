"""Putting an item to the reviewer, and the reviewer's verdict. Nobody judges what they sent themselves."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import selectinload

from bot.buttons import Row, do, look, row_number
from bot.services import items, review_queue, seats
from bot.services.conversations import Reply
from bot.services.deadlines import due_of
from bot.services.item_words import opening
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import cut, mask_nik
from bot.words import Refusal, Say, _, _p, lines
from db.models import Item, Person, Seat, Submission, SubmissionEvidence
from db.vocabulary import EvidenceState, ItemState, Role, SubmissionKind, Verdict

REASON_LIMIT = 2000
OWN = _("Evidence cannot be judged by the person who sent or submitted it.")
CHANGED = _("This submission has changed meanwhile. Here is its present state.")


def submit(visit: Visit, item: Item) -> Say:
    """Put the draft to the reviewer. Raises `Refusal` without evidence that can be looked at."""
    visit.require(Act.SUBMIT_ITEM, items.place(visit.work, item))
    items.hold(visit, item, items.acted_at(visit, item))
    proof = [one for one in item.draft if one.state is not EvidenceState.REFUSED]
    if not proof:
        raise Refusal(_("Please attach evidence first: a document, a photo, a link or a text."))
    submission = _record(visit, item, SubmissionKind.EVIDENCE, items.acted_at(visit, item))
    visit.work.session.execute(
        insert(SubmissionEvidence), [{"submission_id": submission.id, "evidence_id": one.id} for one in proof]
    )
    return _submitted(visit, item, submission)


def waive(visit: Visit, item: Item, reason: str) -> Say:
    """Say that an item does not apply here, and why. A mandatory one is put to the reviewer."""
    visit.require(Act.SUBMIT_ITEM, items.place(visit.work, item))
    items.hold(visit, item, visit.at)
    known = items.content(visit.work, item)
    if known is None or not known.mandatory:
        items.change(visit.work, item, "waive", state=ItemState.WAIVED, declared_at=None, reason=_readable(reason))
        return _("<b>{title}</b> is marked as not applicable.", title=items.title(visit.work, item))
    submission = _record(visit, item, SubmissionKind.WAIVER, visit.at, note=_readable(reason))
    return _submitted(visit, item, submission)


def _readable(reason: str) -> str:
    """A reason as others may read it: without identity numbers, no longer than the card can hold."""
    return cut(mask_nik(reason.strip())[0], REASON_LIMIT)


def reopen(visit: Visit, subject: str, version: int) -> Reply:
    """An item that did not apply does apply after all: it is open again, with whatever evidence it had."""
    item = items.by_id(visit, subject, Act.SUBMIT_ITEM)
    if item.state is not ItemState.WAIVED or item.version != version:
        return Reply(toast=_("This item has changed meanwhile. Here is its present state."), then=f"item-id:{item.id}")
    items.require_going_on(visit, item, visit.at)
    state = ItemState.STARTED if item.draft else ItemState.UNTOUCHED
    items.change(visit.work, item, "reopen", state=state, reason="")
    return Reply(toast=_("The item is open again."), then=f"item-id:{item.id}")


def _record(visit: Visit, item: Item, kind: SubmissionKind, at: datetime, note: str = "") -> Submission:
    number = visit.work.session.scalar(select(func.max(Submission.number)).where(Submission.item_id == item.id))
    submission = Submission(
        item_id=item.id,
        number=(number or 0) + 1,
        kind=kind,
        note=note or item.note,
        submitted_by_id=visit.member.id,
        submitted_at=at,
        due_at=due_of(visit.work, item.region_code, item.key, visit.member.id).at,
        verdict=Verdict.WAITING,
        reason="",
    )
    visit.work.session.add(submission)
    visit.work.session.flush()
    return submission


def _submitted(visit: Visit, item: Item, submission: Submission) -> Say:
    items.change(
        visit.work,
        item,
        "submit",
        ruling=items.Ruling(submission.id, None, Verdict.WAITING),
        state=ItemState.SUBMITTED,
        submitted_at=submission.submitted_at,
        declared_at=None,
    )
    review_queue.announce(visit.work, item)
    is_late = submission.submitted_at >= submission.due_at
    told = is_late and _tell_coordinators_of_lateness(visit.work, item)
    return lines(
        _("⏳ <b>{title}</b> was submitted for review.", title=items.title(visit.work, item)),
        _("It was received after the deadline; the coordinator has been told.") if told else None,
        _("It was received after the deadline.") if is_late and not told else None,
    )


def _tell_coordinators_of_lateness(work: Work, item: Item) -> bool:
    """Whether there is a coordinator to tell."""
    region = work.programme.regions.by_code[item.region_code]
    found = review_queue.coordinators(work, item.region_code)
    for seat in found:
        work.tell(
            seat.holder_id or 0,
            _(
                "{region} submitted <b>{title}</b> after its deadline.",
                region=region.name,
                title=items.title(work, item),
            ),
            key=f"item:{item.id}:late:{item.version}:{seat.holder_id}",
            rows=((opening(item),),),
            silent=True,
        )
    return bool(found)


def accept(visit: Visit, subject: str, version: int) -> Reply:
    """The reviewer's yes. A repeat or a stale press shows the present state."""
    submission = reviewable(visit, subject)
    if not is_current(submission, version):
        accepted = submission.verdict is Verdict.ACCEPTED
        return Reply(toast=_("This is accepted already.") if accepted else CHANGED, then=f"review:{submission.id}")
    _require_readable(submission)
    waived = submission.kind is SubmissionKind.WAIVER
    _decide(visit, submission, Verdict.ACCEPTED, ItemState.WAIVED if waived else ItemState.ACCEPTED, "accept", "")
    return Reply(toast=_("Accepted."), then=f"review:{submission.id}")


def hand_back(visit: Visit, submission: Submission, version: int, reason: str) -> Say:
    """The reviewer's no, with the reason that the region reads beside the item. Raises `Refusal` if it is stale."""
    if not reason.strip():
        raise Refusal(_("A reason is needed, so that the region knows what to complete."))
    if not is_current(submission, version):
        raise Refusal(CHANGED)
    _decide(visit, submission, Verdict.RETURNED, ItemState.RETURNED, "return", _readable(reason))
    return _("🔁 Handed back with the reason: <b>{title}</b>.", title=items.title(visit.work, submission.item))


def reviewable(visit: Visit, submission_id: int | str) -> Submission:
    """A submission this person may judge. Raises `Forbidden`, or `Refusal` for one's own."""
    submission = by_id(visit.work, submission_id)
    visit.require(Act.REVIEW_ITEM, items.place(visit.work, submission.item))
    if visit.member.id in review_queue.senders(submission):
        raise Refusal(OWN)
    return submission


def by_id(work: Work, submission_id: int | str) -> Submission:
    """A submission with item and evidence. Raises `Forbidden` where there is none."""
    number = row_number(submission_id)
    found = work.session.scalar(
        select(Submission)
        .where(Submission.id == number)
        .options(
            selectinload(Submission.item),
            selectinload(Submission.evidence),
            selectinload(Submission.submitted_by),
            selectinload(Submission.decided_by),
        )
        .execution_options(populate_existing=True)
    )
    if found is None or found.item.edition_id != work.edition_id:
        raise Forbidden(Act.REVIEW_ITEM, Place())
    return found


def of_item(work: Work, item: Item) -> Sequence[Submission]:
    """All submissions of an item, newest first, with their evidence."""
    return work.session.scalars(
        select(Submission)
        .where(Submission.item_id == item.id)
        .options(
            selectinload(Submission.evidence),
            selectinload(Submission.submitted_by),
            selectinload(Submission.decided_by),
        )
        .order_by(Submission.number.desc())
    ).all()


def is_current(submission: Submission, version: int) -> bool:
    return submission.verdict is Verdict.WAITING and submission.item.version == version


def _require_readable(submission: Submission) -> None:
    if submission.kind is SubmissionKind.WAIVER:
        return
    states = {one.state for one in submission.evidence}
    if EvidenceState.CHECKING in states:
        raise Refusal(_("A file is still being checked. Please try again in a moment."))
    if EvidenceState.STORED not in states:
        raise Refusal(_("None of the files could be accepted. Please hand the item back."))


def _decide(visit: Visit, submission: Submission, verdict: Verdict, state: ItemState, act: str, reason: str) -> None:
    item = submission.item
    ruling = items.Ruling(submission.id, submission.verdict, verdict)
    submission.verdict, submission.reason = verdict, reason
    submission.decided_by_id, submission.decided_at = visit.member.id, visit.work.now
    visit.work.session.flush()
    items.change(visit.work, item, act, ruling=ruling, why=reason, state=state, reason=reason)
    _tell_region(visit, submission)


def readers(visit: Visit, submission: Submission) -> list[int]:
    """Who is told of a verdict: who submitted, the leads, and whoever the item is entrusted to; never oneself."""
    item = submission.item
    entrusted = visit.work.session.get(Seat, item.assignee_id) if item.assignee_id else None
    told = {submission.submitted_by_id, *(lead.id for lead in _leads(visit.work, item))}
    if entrusted is not None and entrusted.holder_id is not None and entrusted.ended_at is None:
        told.add(entrusted.holder_id)
    return sorted(told - {visit.member.id})


def _leads(work: Work, item: Item) -> Sequence[Person]:
    return seats.holders(work, {Role.LEAD}, item.region_code)


def _tell_region(visit: Visit, submission: Submission) -> None:
    item, work = submission.item, visit.work
    for person_id in readers(visit, submission):
        work.tell(
            person_id,
            _verdict_words(work, submission),
            key=f"item:{item.id}:verdict:{submission.id}:{item.version}:{person_id}",
            rows=_verdict_rows(work, item, person_id),
        )


def _verdict_words(work: Work, submission: Submission) -> Say:
    title = items.title(work, submission.item)
    if submission.verdict is Verdict.RETURNED:
        return lines(
            _("🔁 <b>{title}</b> was handed back by the reviewer to be completed.", title=title),
            _("<blockquote>{reason}</blockquote>", reason=submission.reason),
        )
    if submission.kind is SubmissionKind.WAIVER:
        return _("⛔ The reviewer agrees: <b>{title}</b> does not apply in your region.", title=title)
    return _("✅ <b>{title}</b> was accepted by the reviewer. Thank you.", title=title)


def _verdict_rows(work: Work, item: Item, person_id: int) -> tuple[Row, ...]:
    """What the region does next; after the closing nothing can be attached any more."""
    if item.state is ItemState.RETURNED and items.goes_on(work, item, work.now, person_id):
        repair = do(_p("button", "📎 Attach the repair"), "work", item.id, item.version)
        return ((repair,), (opening(item),))
    return ((opening(item),), (look(_p("button", "My tasks"), "tasks"),))
