"""Scheduling meetings, moving and cancelling them: by coordinators, and by mentors for their own visits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from bot.buttons import row_number
from bot.flows import scheduling
from bot.flows import scheduling_steps as flow
from bot.flows.turns import Told, Wish
from bot.services import hours, meeting_letters, meeting_reading, meeting_words, region_reading, seats
from bot.services.conversations import Begin, Grant, Reply
from bot.services.holders import holders
from bot.services.hours import same_hour
from bot.services.meetings import act_of, change, changeable, is_session, may_schedule, settle, week_of
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import clean_name, mask_nik
from bot.words import Refusal, Say, _
from db.models import Meeting, Person
from db.vocabulary import MeetingKind, Role

# Stages whose material or record belongs to such a meeting, where the edition has them.
_STAGES = {MeetingKind.PRESENTATION: "bahan-penutupan", MeetingKind.CLOSING: "penutupan"}
_SESSIONS = "bimtek-"
_BUTTONS = 8
_OUTPUTS = 8


# --- Scheduling


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to schedule a meeting."""
    if not may_schedule(visit):
        raise Forbidden(Act.SCHEDULE_VISIT, EVERYWHERE)
    places = region_reading.reachable(visit, Act.SCHEDULE_VISIT)
    shown = [(one.code, one.name) for one in places] if len(places) <= _BUTTONS else []
    host = flow.Host(sorts=tuple(_sorts(visit)), places=tuple(shown), everywhere=visit.may(Act.SCHEDULE_MEETING))
    return Begin(scheduling.FLOW.name, scheduling.begin(host))


def _sorts(visit: Visit) -> list[flow.Sort]:
    visits = _sort(visit.work, MeetingKind.VISIT, None)
    if not visit.may(Act.SCHEDULE_MEETING, seats.reach(visit.seat)):
        return [visits]
    keys = [stage.key for stage in visit.work.programme.edition.milestones]
    sessions = [_sort(visit.work, MeetingKind.BIMTEK, key) for key in keys if key.startswith(_SESSIONS)]
    others = (MeetingKind.COORDINATION, MeetingKind.PRESENTATION, MeetingKind.CLOSING)
    return [*sessions, visits, *(_sort(visit.work, kind, _known(keys, _STAGES.get(kind))) for kind in others)]


def _known(keys: Sequence[str], key: str | None) -> str | None:
    return key if key in keys else None


def _sort(work: Work, kind: MeetingKind, milestone_key: str | None) -> flow.Sort:
    edition = work.programme.edition
    stage = edition.milestone(milestone_key).title if milestone_key else ""
    titles = [item.title for item in edition.items_of(milestone_key or "") if item.mandatory]
    return flow.Sort(kind=kind, milestone_key=milestone_key, stage=stage, outputs=tuple(titles[:_OUTPUTS]))


def find_places(visit: Visit, wish: flow.FindPlaces) -> Told:
    """The regions that were named, and for one of them the mentors who could go there."""
    found = meeting_reading.read_regions(visit, act_of(wish.sort.kind), wish.text)
    mentors: list[tuple[int, str]] = []
    if len(found) == 1 and _may_choose(visit, wish.sort.kind, found[0].code):
        mentors = [(one.id, one.name) for one in mentors_of(visit.work, found[0].code)]
    return Told("places", (tuple(one.code for one in found), tuple(one.name for one in found), tuple(mentors)))


def _may_choose(visit: Visit, kind: MeetingKind, code: str) -> bool:
    """A mentor schedules for nobody else."""
    return visit.require(act_of(kind), Place(code)).role is not Role.MENTOR


def mentors_of(work: Work, region_code: str | None) -> list[Person]:
    """Who could go there, a page of them."""
    return holders(work, (Role.MENTOR,), region_code)[:_BUTTONS]


def read_start(visit: Visit, wish: flow.ReadStart) -> Told:
    """When it begins, and perhaps ends."""
    codes = wish.aim.regions
    zone = meeting_reading.zone_of(visit.work, codes)
    start = hours.read_start(wish.text, zone, visit.work.now)
    local = not start.named_zone and len({meeting_reading.zone_of(visit.work, [code]) for code in codes}) > 1
    shown = start.zone if local or len(codes) > 1 else zone
    ends_at = start.ends_at or start.starts_at
    for _code, begins, ends in _spans(visit.work, codes, start.starts_at, ends_at, shown, local=local):
        meeting_reading.require_ahead(visit.work, begins, ends, shown, is_session=is_session(wish.aim.sort.kind))
    return Told("starts", (start.starts_at, start.ends_at, shown, local))


def read_end(visit: Visit, wish: flow.ReadEnd) -> Told:
    """When it ends."""
    span = wish.span
    ends_at = hours.read_end(wish.text, span.starts_at, span.zone)
    session = is_session(wish.aim.sort.kind)
    meeting_reading.require_ahead(visit.work, span.starts_at, ends_at, span.zone, is_session=session)
    return Told("ends", (ends_at,))


def _spans(
    work: Work, codes: Sequence[str], starts_at: datetime, ends_at: datetime, zone: str, *, local: bool
) -> Iterator[tuple[str | None, datetime, datetime]]:
    """For each region its own beginning and end; one without a region for all of them."""
    for code in codes or (None,):
        there = meeting_reading.zone_of(work, [code]) if code and local else zone
        yield code, same_hour(starts_at, zone, there), same_hour(ends_at, zone, there)


def read_place(_visit: Visit, wish: flow.ReadPlace) -> Told:
    return Told("place", meeting_reading.read_place(wish.text))


def schedule(visit: Visit, wish: flow.ScheduleMeeting) -> Told:
    """A meeting for each region that was named. Those concerned hear of it a little later."""
    draft, span = wish.draft, wish.draft.span
    spans = _spans(visit.work, draft.aim.regions, span.starts_at, span.ends_at, span.zone, local=span.local)
    made = [_make(visit, draft, code, begins, ends) for code, begins, ends in spans]
    screen = f"meeting:{made[0].id}" if len(made) == 1 else f"agenda:{week_of(visit, made[0].starts_at)}"
    return Told("scheduled", (screen, len(made)))


def _make(visit: Visit, draft: flow.Draft, code: str | None, starts_at: datetime, ends_at: datetime) -> Meeting:
    work, sort = visit.work, draft.aim.sort
    seat = visit.require(act_of(sort.kind), Place(code))
    zone = meeting_reading.zone_of(work, [code] if code else [])
    meeting_reading.require_ahead(work, starts_at, ends_at, zone, is_session=is_session(sort.kind))
    mentor_id = seat.holder_id if seat.role is Role.MENTOR else _goer(work, draft, code)
    row = Meeting(
        edition_id=work.edition_id,
        kind=sort.kind,
        milestone_key=sort.milestone_key,
        title=clean_name(draft.title, flow.TITLE_LIMIT),
        region_code=code,
        starts_at=starts_at,
        ends_at=ends_at,
        place=draft.place,
        link=draft.link,
        note=mask_nik(draft.note)[0],
        mentor_id=mentor_id,
        created_by_id=visit.member.id,
        created_at=work.now,
        changed_at=work.now,
    )
    work.session.add(row)
    settle(work, row)
    work.audit("schedule", "meeting", row.id, region_code=code, after=meeting_letters.known(row))
    return row


def _goer(work: Work, draft: flow.Draft, code: str | None) -> int | None:
    """The mentor who was chosen, if they still could go there."""
    chosen = draft.mentor.person_id if draft.mentor else None
    return chosen if chosen in {one.id for one in mentors_of(work, code)} else None


# --- Changing


def _to_come(visit: Visit, meeting_id: int | str, version: int) -> Meeting:
    """A meeting to be changed that takes place. Raises `Refusal`."""
    found = changeable(visit, meeting_id, version)
    if found.cancelled_at is not None:
        raise Refusal(_("It was cancelled. Please let it take place first."))
    return found


def begin_change(visit: Visit, subject: str, version: int) -> Begin:
    """Begin to change a field (`12-place`), or to cancel it with a reason (`12-cancel`)."""
    number, _dash, field = subject.partition("-")
    found = _to_come(visit, number, version)
    if field not in get_args(flow.FieldName):
        raise Forbidden(Act.SCHEDULE_MEETING, EVERYWHERE)
    present = {"title": found.title, "place": f"{found.place} {found.link}".strip(), "note": found.note}.get(field, "")
    return Begin(
        scheduling.FLOW.name,
        flow.Changing.model_validate({"meeting_id": found.id, "version": version, "field": field, "present": present}),
    )


def change_field(visit: Visit, wish: flow.ChangeMeeting) -> Say:
    """Change one field as typed. Raises `Refusal` for what cannot be read or may not be."""
    found = _to_come(visit, wish.meeting_id, wish.version)
    act, values = _READERS[wish.field](visit, found, wish.text)
    change(visit.work, found, act, **values)
    return _("Saved.")


Values = tuple[str, Mapping[str, Any]]


def _title(_visit: Visit, _found: Meeting, text: str) -> Values:
    return "change", {"title": clean_name(text, flow.TITLE_LIMIT)}


def _when(visit: Visit, found: Meeting, text: str) -> Values:
    start = hours.read_start(text, meeting_words.zone(visit.work, found), visit.work.now)
    ends_at = start.ends_at or start.starts_at + (found.ends_at - found.starts_at)
    return _moved(visit, found, start.starts_at, ends_at)


def _end(visit: Visit, found: Meeting, text: str) -> Values:
    ends_at = hours.read_end(text, found.starts_at, meeting_words.zone(visit.work, found))
    if found.starts_at <= visit.work.now < ends_at:
        return "move", {"ends_at": ends_at}
    return _moved(visit, found, found.starts_at, ends_at)


def _moved(visit: Visit, found: Meeting, starts_at: datetime, ends_at: datetime) -> Values:
    zone = meeting_words.zone(visit.work, found)
    meeting_reading.require_ahead(visit.work, starts_at, ends_at, zone, is_session=is_session(found.kind))
    return "move", {"starts_at": starts_at, "ends_at": ends_at}


def _place(_visit: Visit, _found: Meeting, text: str) -> Values:
    place, link = meeting_reading.read_place(text) if text else ("", "")
    return "change", {"place": place, "link": link}


def _note(_visit: Visit, _found: Meeting, text: str) -> Values:
    return "change", {"note": mask_nik(text.strip()[: flow.NOTE_LIMIT])[0]}


def _cancelled(visit: Visit, _found: Meeting, text: str) -> Values:
    return "cancel", {"cancelled_at": visit.work.now, "cancelled_why": mask_nik(text.strip()[: flow.NOTE_LIMIT])[0]}


_READERS: Mapping[flow.FieldName, Callable[[Visit, Meeting, str], Values]] = {
    "title": _title,
    "when": _when,
    "end": _end,
    "place": _place,
    "note": _note,
    "cancel": _cancelled,
}


def take_place(visit: Visit, subject: str, version: int) -> Reply:
    """A cancelled one takes place after all."""
    found = changeable(visit, subject, version)
    if found.cancelled_at is not None:
        change(visit.work, found, "reinstate", cancelled_at=None, cancelled_why="")
    return Reply(toast=_("It takes place."), then=f"meeting:{found.id}")


def send(visit: Visit, subject: str, version: int) -> Reply:
    """Choose which mentor goes there (`12-34`); 0 is nobody."""
    number, _dash, person = subject.partition("-")
    found = _to_come(visit, number, version)
    visit.require(Act.SCHEDULE_MEETING, Place(found.region_code))
    mentor_id = row_number(person) or None
    if mentor_id and mentor_id not in {one.id for one in mentors_of(visit.work, found.region_code)}:
        raise Forbidden(Act.SCHEDULE_MEETING, Place(found.region_code))
    change(visit.work, found, "change", mentor_id=mentor_id)
    return Reply(toast=_("Saved."), then=f"meeting:{found.id}")


GRANTS: Mapping[type[Wish], Grant] = {
    flow.FindPlaces: find_places,
    flow.ReadStart: read_start,
    flow.ReadEnd: read_end,
    flow.ReadPlace: read_place,
    flow.ScheduleMeeting: schedule,
    flow.ChangeMeeting: change_field,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "schedule": begin,
    "meet-change": begin_change,
    "meet-back": take_place,
    "meet-send": send,
}
