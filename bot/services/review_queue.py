"""Whose turn it is to review: the mentors of region and pillar, without one the coordinators. Oldest first."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from bot.buttons import look
from bot.services import absences, faults, items, rights
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import _n, _p
from db.models import Escalation, Item, Seat, Submission
from db.vocabulary import Role, Verdict

# A mentor hears of new submissions at most so often.
NOTICE_PAUSE = timedelta(hours=1)


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
    mentors = seats_with(work, Role.MENTOR) if seat.role is Role.COORDINATOR else ()
    own = (seat, *visit.covered)
    return [submission for submission in _all_waiting(work) if _is_turn(visit, own, mentors, submission)]


def _all_waiting(work: Work) -> Sequence[Submission]:
    return work.session.scalars(
        select(Submission)
        .join(Submission.item)
        .where(Submission.verdict == Verdict.WAITING, Item.edition_id == work.edition_id)
        .options(
            selectinload(Submission.item), selectinload(Submission.submitted_by), selectinload(Submission.evidence)
        )
        .order_by(Submission.submitted_at, Submission.id)
    ).all()


def _is_turn(visit: Visit, own: Sequence[Seat], mentors: Sequence[Seat], submission: Submission) -> bool:
    place = items.place(visit.work, submission.item)
    if not _is_theirs(own, place):
        return False
    if visit.member.id in senders(submission):
        return False
    return not _is_theirs(mentors, place)


def _is_theirs(seats: Sequence[Seat], place: Place) -> bool:
    """Whether one of these seats reviews there."""
    return any(rights.may(seat, Act.REVIEW_ITEM, place) for seat in seats)


def senders(submission: Submission) -> set[int]:
    """Who may not judge it: whoever submitted it or sent any of its evidence."""
    return {submission.submitted_by_id, *(one.uploaded_by_id for one in submission.evidence)}


def announce(work: Work, item: Item) -> None:
    """Tell the reviewers of this item that something waits, unless they heard within the hour."""
    _notify(work, reviewers(work, items.place(work, item)))


def notify_all(work: Work) -> int:
    """Tell every reviewer what came since they last heard: one notice an hour at most, with the count."""
    seats: dict[int, Seat] = {}

    def gather(work: Work, one: Submission) -> int:
        seats.update({seat.id: seat for seat in reviewers(work, items.place(work, one.item))})
        return 0

    faults.each(work, "submission", _all_waiting(work), gather)
    return _notify(work, list(seats.values()))


def _notify(work: Work, seats: Sequence[Seat]) -> int:
    found = faults.sound(work, "submission", _all_waiting(work))
    acting: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats:
        if (person_id := absences.acting_holder(work, seat)) is not None:
            acting[person_id].append(seat)
    return sum(_notice(work, person_id, own, found) for person_id, own in acting.items())


def _notice(work: Work, person_id: int, own: Sequence[Seat], found: Sequence[Submission]) -> bool:
    last = work.session.execute(
        select(func.max(Escalation.round), func.max(Escalation.at)).where(
            Escalation.subject == "reviews", Escalation.subject_id == person_id
        )
    ).one()
    heard, at = last[0] or 0, last[1]
    fresh = [one for one in found if one.id > heard and person_id not in senders(one)]
    fresh = [one for one in fresh if _is_theirs(own, items.place(work, one.item))]
    if not fresh or (heard and work.now - at < NOTICE_PAUSE):
        return False
    newest = max(one.id for one in fresh)
    work.session.add(Escalation(subject="reviews", subject_id=person_id, round=newest, step="notice", at=work.now))
    work.session.flush()
    work.tell(
        person_id,
        _n(
            "📥 {count} new submission waits for your review.",
            "📥 {count} new submissions wait for your review.",
            len(fresh),
        ),
        key=f"reviews:{person_id}:{newest}",
        rows=((look(_p("button", "📥 Review"), "reviews"),),),
        silent=True,
    )
    return True
