"""Who may do what, for which region: one table, asked on every path, deny by default.

The documentation and the tests of every cell are made from this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.words import Refusal, _
from db.models import Scope, Seat
from db.vocabulary import Role


class Act(StrEnum):
    """What somebody may want to do. Stored in the audit when refused."""

    SEE_REGION = "see_region"
    SEE_ITEM = "see_item"
    WORK_ON_ITEM = "work_on_item"
    SUBMIT_ITEM = "submit_item"
    DECLARE_STAGES = "declare_stages"
    ASSIGN_ITEM = "assign_item"
    REVIEW_ITEM = "review_item"
    SEE_TEAM = "see_team"
    INVITE_TO_REGION = "invite_to_region"
    INVITE_TO_PROGRAMME = "invite_to_programme"
    REMOVE_MEMBER = "remove_member"
    DECIDE_REQUEST = "decide_request"
    SEE_ALL_REGIONS = "see_all_regions"
    ADD_PARTICIPANT = "add_participant"
    CHANGE_CALENDAR = "change_calendar"
    SUSPEND_PERSON = "suspend_person"
    APPOINT_LEAD_MENTOR = "appoint_lead_mentor"
    SEE_PROPOSALS = "see_proposals"
    ASK = "ask"
    SEE_QUESTION = "see_question"
    ANSWER_QUESTION = "answer_question"
    SEE_QUEUE = "see_queue"
    WRITE_ARTICLE = "write_article"
    ANNOUNCE = "announce"
    SEE_PHONE = "see_phone"
    SEE_LOST = "see_lost"
    SEE_AGENDA = "see_agenda"
    SCHEDULE_VISIT = "schedule_visit"
    SCHEDULE_MEETING = "schedule_meeting"
    STOP_EVERYTHING = "stop_everything"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"


_O, _L, _C = Role.OFFICIAL, Role.LEAD, Role.CONTRIBUTOR
_M, _W, _K, _A = Role.MENTOR, Role.OBSERVER, Role.COORDINATOR, Role.ADMIN

RIGHTS: Mapping[Act, frozenset[Role]] = {
    Act.SEE_REGION: frozenset({_O, _L, _M, _W, _K, _A}),
    Act.SEE_ITEM: frozenset({_O, _L, _C, _M, _W, _K, _A}),
    Act.WORK_ON_ITEM: frozenset({_O, _L, _C}),
    Act.SUBMIT_ITEM: frozenset({_O, _L}),
    Act.DECLARE_STAGES: frozenset({_O, _L}),
    Act.ASSIGN_ITEM: frozenset({_L}),
    Act.REVIEW_ITEM: frozenset({_M, _K}),
    Act.SEE_TEAM: frozenset({_O, _L, _M, _K, _A}),
    Act.INVITE_TO_REGION: frozenset({_L, _K, _A}),
    Act.INVITE_TO_PROGRAMME: frozenset({_K, _A}),
    Act.REMOVE_MEMBER: frozenset({_L, _K, _A}),
    Act.DECIDE_REQUEST: frozenset({_L, _K, _A}),
    Act.SEE_ALL_REGIONS: frozenset({_M, _W, _K, _A}),
    Act.ADD_PARTICIPANT: frozenset({_K, _A}),
    Act.CHANGE_CALENDAR: frozenset({_K, _A}),
    Act.SUSPEND_PERSON: frozenset({_K, _A}),
    Act.APPOINT_LEAD_MENTOR: frozenset({_K, _A}),
    Act.SEE_PROPOSALS: frozenset({_K, _A}),
    Act.ASK: frozenset({_O, _L, _C}),
    Act.SEE_QUESTION: frozenset({_O, _L, _C, _M, _K, _A}),
    Act.ANSWER_QUESTION: frozenset({_M, _W, _K}),
    Act.SEE_QUEUE: frozenset({_M, _W, _K, _A}),
    Act.WRITE_ARTICLE: frozenset({_M, _K, _A}),
    Act.ANNOUNCE: frozenset({_K}),
    Act.SEE_PHONE: frozenset({_L, _K, _A}),
    Act.SEE_LOST: frozenset({_K, _A}),
    Act.SEE_AGENDA: frozenset({_O, _L, _C, _M, _W, _K, _A}),
    Act.SCHEDULE_VISIT: frozenset({_M, _K}),
    Act.SCHEDULE_MEETING: frozenset({_K}),
    Act.STOP_EVERYTHING: frozenset({_A}),
    Act.ASK_EXTENSION: frozenset({_O, _L}),
    Act.DECIDE_EXTENSION: frozenset({_K}),
}

# Acts on one item: a contributor has them only for items delegated to the seat.
_ON_ITEMS = frozenset({Act.SEE_ITEM, Act.WORK_ON_ITEM})
# Acts anywhere in the reach of the seat, however narrow.
_ANYWHERE = frozenset(
    {
        Act.SEE_ALL_REGIONS,
        Act.REVIEW_ITEM,
        Act.DECIDE_REQUEST,
        Act.SEE_PROPOSALS,
        Act.SEE_QUEUE,
        Act.WRITE_ARTICLE,
        Act.ANNOUNCE,
        Act.SEE_LOST,
        Act.SEE_AGENDA,
        Act.DECIDE_EXTENSION,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """What an act is about. No region: the whole edition. No pillars: all of them together."""

    region_code: str | None = None
    pillars: tuple[str, ...] = ()
    assignee_id: int | None = None


EVERYWHERE = Place()


class Forbidden(Refusal):
    """Not allowed, or not there: both are answered alike, and the attempt is written to the audit."""

    def __init__(self, act: Act, place: Place) -> None:
        super().__init__(_("This could not be found, or it is not open to you."))
        self.act = act
        self.place = place


def may(seat: Seat | None, act: Act, place: Place = EVERYWHERE) -> bool:
    """Whether the holder of this seat may do this there. Reads the seat as it is in this transaction."""
    if seat is None or seat.ended_at or seat.suspended_at or seat.role not in RIGHTS[act]:
        return False
    if seat.role is Role.CONTRIBUTOR and act in _ON_ITEMS and place.assignee_id != seat.id:
        return False
    if place == EVERYWHERE and act in _ANYWHERE:
        return bool(seat.scopes)
    return any(_covers(scope, place) for scope in seat.scopes)


def require(seat: Seat | None, act: Act, place: Place = EVERYWHERE) -> Seat:
    """The seat, if it may. Raises `Forbidden`."""
    if seat is None or not may(seat, act, place):
        raise Forbidden(act, place)
    return seat


def _covers(scope: Scope, place: Place) -> bool:
    if scope.region_code not in (None, place.region_code):
        return False
    if scope.province and not (place.region_code or "").startswith(f"{scope.province}."):
        return False
    return scope.pillar is None or not place.pillars or scope.pillar in place.pillars
