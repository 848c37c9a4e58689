"""Whose turn it is to review: the mentors of region and pillar, without one the coordinators. Oldest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bot.buttons import look
from bot.services import absences, items, rights
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import _, _p
from db.models import Item, Seat, Submission
from db.vocabulary import Role, Verdict


def seats_with(work: Work, role: Role) -> Sequence[Seat]:
    """All occupied seats of a role in this edition."""
    return work.session.scalars(
        select(Seat)
        .where(
            Seat.edition_id == work.edition_id,
            Seat.role == role,
            Seat.holder_id.is_not(None),
            Seat.ended_at.is_(None),
            Seat.suspended_at.is_(None),
        )
        .options(selectinload(Seat.scopes))
        .order_by(Seat.id)
    ).all()


def coordinators(work: Work, region_code: str) -> list[Seat]:
    """The coordinators who look after this region."""
    place = Place(region_code)
    return [seat for seat in seats_with(work, Role.COORDINATOR) if rights.may(seat, Act.REVIEW_ITEM, place)]


def reviewers(work: Work, place: Place) -> list[Seat]:
    """Who reviews there."""
    mentors = [seat for seat in seats_with(work, Role.MENTOR) if rights.may(seat, Act.REVIEW_ITEM, place)]
    return mentors or coordinators(work, place.region_code or "")


def waiting(visit: Visit) -> list[Submission]:
    """What waits for this reviewer, oldest first. Coordinators see what no mentor looks after."""
    work, seat = visit.work, visit.seat
    if seat is None:
        return []
    rows = work.session.scalars(
        select(Submission)
        .join(Submission.item)
        .where(Submission.verdict == Verdict.WAITING, Item.edition_id == work.edition_id)
        .options(
            selectinload(Submission.item), selectinload(Submission.submitted_by), selectinload(Submission.evidence)
        )
        .order_by(Submission.submitted_at, Submission.id)
    ).all()
    mentors = seats_with(work, Role.MENTOR) if seat.role is Role.COORDINATOR else ()
    own = (seat, *visit.covered)
    return [submission for submission in rows if _is_turn(visit, own, mentors, submission)]


def _is_turn(visit: Visit, own: Sequence[Seat], mentors: Sequence[Seat], submission: Submission) -> bool:
    place = items.place(visit.work, submission.item)
    if not any(rights.may(seat, Act.REVIEW_ITEM, place) for seat in own):
        return False
    if visit.member.id in senders(submission):
        return False
    return not any(rights.may(mentor, Act.REVIEW_ITEM, place) for mentor in mentors)


def senders(submission: Submission) -> set[int]:
    """Who may not judge it: whoever submitted it or sent any of its evidence."""
    return {submission.submitted_by_id, *(one.uploaded_by_id for one in submission.evidence)}


def announce(work: Work, item: Item) -> None:
    """Tell the reviewers that something waits: at most one notice an hour for each."""
    acting = {absences.acting_holder(work, seat) for seat in reviewers(work, items.place(work, item))}
    for holder_id in sorted(one for one in acting if one is not None):
        work.tell(
            holder_id,
            _("📥 New evidence waits for your review."),
            key=f"reviews:{holder_id}:{work.now:%Y%m%d%H}",
            rows=((look(_p("button", "📥 Review"), "reviews"),),),
            silent=True,
        )
