"""Meetings: who sees which, who may change one, and what belongs to it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, true

from bot.buttons import row_number
from bot.program.model import ChecklistItem
from bot.services import clocks, deadlines, items, meeting_letters, seats
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, _
from db.models import CheckIn, Item, Meeting, MeetingAnswer
from db.vocabulary import MeetingKind, Role

CHANGED = _("It was changed meanwhile. Please look once more.")


# --- Finding


def by_id(visit: Visit, meeting_id: int | str) -> Meeting:
    """A meeting this person may see. Raises `Forbidden` also where there is none."""
    found = visit.work.session.get(Meeting, row_number(meeting_id), populate_existing=True)
    if found is None or found.edition_id != visit.work.edition_id:
        raise Forbidden(Act.SEE_AGENDA, EVERYWHERE)
    visit.require(Act.SEE_AGENDA, Place(found.region_code))
    return found


def between(visit: Visit, start: datetime, end: datetime, most: int | None = None) -> list[Meeting]:
    """What takes place between two moments, the cancelled included, as far as this person may see it."""
    return _seen(visit, (Meeting.starts_at < end, Meeting.ends_at > start), most)


def coming(visit: Visit) -> Meeting | None:
    """The next one, or the one that is going on."""
    found = _seen(visit, (Meeting.ends_at > visit.work.now, Meeting.cancelled_at.is_(None)), most=1)
    return found[0] if found else None


def week_of(visit: Visit, at: datetime) -> int:
    """The week of a moment, counted from the present one where the person is."""
    return (visit.local(at) - monday(visit.today)).days // 7


def monday(day: date) -> date:
    """The day on which its week begins."""
    return day - timedelta(days=day.weekday())


def _seen(visit: Visit, wanted: Sequence[ColumnElement[bool]], most: int | None = None) -> list[Meeting]:
    rows = visit.work.session.scalars(
        select(Meeting)
        .where(Meeting.edition_id == visit.work.edition_id, _within(visit), *wanted)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
    )
    return [one for one in rows if visit.may(Act.SEE_AGENDA, Place(one.region_code))]


def _within(visit: Visit) -> ColumnElement[bool]:
    """For all regions, or for one that a seat of this person reaches."""
    scopes = [scope for seat in (*visit.seats, *visit.covered) for scope in seat.scopes]
    if any(scope.region_code is None and scope.province is None for scope in scopes):
        return true()
    codes = [scope.region_code for scope in scopes if scope.region_code]
    provinces = [Meeting.region_code.startswith(f"{scope.province}.") for scope in scopes if scope.province]
    return or_(Meeting.region_code.is_(None), Meeting.region_code.in_(codes), *provinces)


# --- Who may schedule and change


def act_of(kind: MeetingKind) -> Act:
    """Mentors schedule their visits, coordinators everything."""
    return Act.SCHEDULE_VISIT if kind is MeetingKind.VISIT else Act.SCHEDULE_MEETING


def may_schedule(visit: Visit) -> bool:
    """Whether this person can schedule anything anywhere."""
    return visit.may(Act.SCHEDULE_VISIT, seats.reach(visit.seat))


def may_change(visit: Visit, meeting: Meeting) -> bool:
    """A mentor changes the visits they go on; a coordinator everything in reach. What is over stays as it was."""
    place = Place(meeting.region_code)
    if meeting.ends_at <= visit.work.now or not visit.may(act_of(meeting.kind), place):
        return False
    own = {seat.holder_id for seat in (*visit.seats, *visit.covered) if seat.role is Role.MENTOR}
    return visit.may(Act.SCHEDULE_MEETING, place) or meeting.mentor_id in own


def changeable(visit: Visit, meeting_id: int | str, version: int) -> Meeting:
    """A meeting to be changed in the state it was seen in. Raises `Refusal` for an older one."""
    found = locked(visit, meeting_id)
    if found.version != version:
        raise Refusal(CHANGED)
    return found


def locked(visit: Visit, meeting_id: int | str) -> Meeting:
    """A meeting that this person may change: nobody else does until this is committed. Raises `Refusal`."""
    found = by_id(visit, meeting_id)
    visit.require(act_of(found.kind), Place(found.region_code))
    visit.work.session.refresh(found, with_for_update=True)
    if not may_change(visit, found):
        raise Refusal(_("This meeting cannot be changed: it is over, or somebody else's."))
    return found


# --- Changing


def change(work: Work, meeting: Meeting, act: str, **values: Any) -> None:
    """Set columns: a version further, one audit line. At another time all are asked again; at another beginning,
    nobody was there."""
    before = meeting_letters.known(meeting)
    moved = {name for name, value in values.items() if getattr(meeting, name) != value}
    for name, value in values.items():
        setattr(meeting, name, value)
    if {"starts_at", "ends_at"} & moved:
        work.session.execute(delete(MeetingAnswer).where(MeetingAnswer.meeting_id == meeting.id))
    if "starts_at" in moved:
        work.session.execute(delete(CheckIn).where(CheckIn.meeting_id == meeting.id))
    meeting.version += 1
    meeting.changed_at = work.now
    settle(work, meeting)
    after = meeting_letters.known(meeting)
    work.audit(act, "meeting", meeting.id, region_code=meeting.region_code, before=before, after=after)


def settle(work: Work, meeting: Meeting) -> None:
    """Tell it in a while; the day of a region's own session is a deadline too."""
    meeting_letters.tell_later(work, meeting)
    work.session.flush()
    if is_session(meeting.kind) and meeting.region_code:
        deadlines.forget(work)
        clocks.look_again(work, region_code=meeting.region_code)


def is_session(kind: MeetingKind) -> bool:
    """Whether its day is the deadline of its stage in its region."""
    return kind is MeetingKind.BIMTEK


# --- What it must lead to


def region_of(visit: Visit, meeting: Meeting) -> str | None:
    """The region whose items belong to it: its own, else the person's."""
    return meeting.region_code or (visit.region.code if visit.region else None)


def outputs(work: Work, meeting: Meeting) -> list[ChecklistItem]:
    """What it must lead to: the mandatory items of its stage."""
    return [item for item in _of_stage(work, meeting) if item.mandatory]


def _of_stage(work: Work, meeting: Meeting) -> Sequence[ChecklistItem]:
    return work.programme.edition.items_of(meeting.milestone_key or "")


def records(visit: Visit, meeting: Meeting) -> list[Item]:
    """The items of its stage that ask for an attendance list or minutes, as far as this person may see them."""
    asked = [item for item in _of_stage(visit.work, meeting) if _is_record(item)]
    rows = standing(visit, meeting) if asked else {}
    return [rows[item.key] for item in asked if item.key in rows]


def _is_record(item: ChecklistItem) -> bool:
    """As the content names them: "daftar hadir"; "notula", also "notulen"."""
    return any(word in item.evidence.casefold() for word in ("daftar hadir", "notul"))


def standing(visit: Visit, meeting: Meeting) -> dict[str, Item]:
    """The region's items by key, as far as this person may see them."""
    code = region_of(visit, meeting)
    rows = items.of_region(visit.work, code) if code else {}
    return {key: row for key, row in rows.items() if visit.may(Act.SEE_ITEM, items.place(visit.work, row))}
