"""Who comes to a meeting, and who may read that."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Select, select

from bot.services import meetings, region_reading
from bot.services.conversations import Reply
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import _
from db.inbox import insert_ignoring
from db.models import Meeting, MeetingAnswer, Person, Scope, Seat


def come(visit: Visit, subject: str, version: int) -> Reply:
    return _answer(visit, subject, version, comes=True)


def stay(visit: Visit, subject: str, version: int) -> Reply:
    return _answer(visit, subject, version, comes=False)


def _answer(visit: Visit, subject: str, version: int, *, comes: bool) -> Reply:
    """Note whether this person comes; the last word counts. An answer to an earlier state is not taken."""
    found = meetings.by_id(visit, subject)
    here = f"meeting:{found.id}"
    if found.version != version:
        return Reply(toast=meetings.CHANGED, then=here)
    if found.cancelled_at is not None or found.ends_at <= visit.work.now:
        return Reply(toast=_("It is over, or does not take place."), then=here)
    values = {"comes": comes, "at": visit.work.now}
    row = {"meeting_id": found.id, "person_id": visit.member.id, **values}
    statement = insert_ignoring(visit.work.session, MeetingAnswer).values(**row)
    keys = ["meeting_id", "person_id"]
    visit.work.session.execute(statement.on_conflict_do_update(index_elements=keys, set_=values))
    return Reply(toast=_("Noted: you come.") if comes else _("Noted: you cannot come."), then=here)


def answer_of(visit: Visit, meeting: Meeting) -> bool | None:
    """What this person has said; None for nothing yet."""
    mine = (MeetingAnswer.meeting_id == meeting.id, MeetingAnswer.person_id == visit.member.id)
    return visit.work.session.scalar(select(MeetingAnswer.comes).where(*mine))


def answers(visit: Visit, meeting: Meeting) -> list[tuple[Person, bool]]:
    """Who has said what, by name: everybody for one region's meeting, else whoever belongs to a region of this person.

    Somebody who may see no team sees nobody.
    """
    statement = (
        select(Person, MeetingAnswer.comes)
        .join(MeetingAnswer, MeetingAnswer.person_id == Person.id)
        .where(MeetingAnswer.meeting_id == meeting.id)
        .order_by(MeetingAnswer.comes.desc(), Person.name, Person.id)
    )
    if not visit.may(Act.SEE_TEAM, Place(meeting.region_code)):
        codes = [one.code for one in region_reading.reachable(visit, Act.SEE_TEAM)] if not meeting.region_code else []
        statement = statement.where(Person.id.in_(_members(visit.work, codes)))
    return [(row[0], row[1]) for row in visit.work.session.execute(statement)]


def _members(work: Work, codes: Sequence[str]) -> Select[int | None]:
    """Whoever holds a seat of one of these regions."""
    return (
        select(Seat.holder_id)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(Seat.edition_id == work.edition_id, Seat.ended_at.is_(None), Scope.region_code.in_(codes))
    )


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"meet-come": come, "meet-stay": stay}
