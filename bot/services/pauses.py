"""Regions whose reminders rest: a disaster, an election. Begun and ended by coordinators."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from bot.buttons import row_number
from bot.flows import pausing as flow
from bot.flows.turns import Told, Wish
from bot.services import clocks, forecasts, items
from bot.services.conversations import Begin, Grant, Reply
from bot.services.holders import holders
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Day, Refusal, Say, _, _n
from db.models import RegionPause
from db.vocabulary import REGION_ROLES

LONGEST = timedelta(days=90)


def of_region(work: Work, region_code: str, today: date) -> Sequence[RegionPause]:
    """The pauses of a region that go on or are to come."""
    return [one for one in of_edition(work, today) if one.region_code == region_code]


def of_edition(work: Work, today: date) -> Sequence[RegionPause]:
    """All that go on or are to come, the first to begin first."""
    return work.session.scalars(
        select(RegionPause)
        .where(RegionPause.edition_id == work.edition_id, RegionPause.last_day >= today, RegionPause.ended_at.is_(None))
        .order_by(RegionPause.first_day, RegionPause.id)
        .execution_options(populate_existing=True)
    ).all()


def may_pause(visit: Visit, region_code: str) -> bool:
    """Whether this person decides about reminders there."""
    return visit.may(Act.CHANGE_CALENDAR, Place(region_code))


def begin(visit: Visit, code: str, _version: int) -> Begin:
    """Begin to hold back the reminders of a region."""
    visit.require(Act.CHANGE_CALENDAR, Place(code))
    if not items.is_participant(visit.work, code):
        raise Forbidden(Act.CHANGE_CALENDAR, Place(code))
    name = visit.work.programme.regions.by_code[code].name
    return Begin(flow.FLOW.name, flow.Dating(matter=flow.Matter(code=code, name=name)))


def foresee(visit: Visit, wish: flow.ForeseePause) -> Told:
    """What is held back in the next seven days. Raises `Refusal` for days that cannot be."""
    visit.require(Act.CHANGE_CALENDAR, Place(wish.code))
    _require(visit, wish.code, wish.first, wish.last)
    return Told("effect", (wish.first, wish.last, visit.plain(_effect(visit.work, wish))))


def _require(visit: Visit, code: str, first: date, last: date) -> None:
    if first < visit.today:
        raise Refusal(_("{day} has passed. Please name a day that is still to come.", day=Day(first)))
    if last < first:
        raise Refusal(_("The last day lies before the first one."))
    if last - first >= LONGEST:
        raise Refusal(_("Reminders can rest for {count} days at most.", count=LONGEST.days))
    for one in of_region(visit.work, code, visit.today):
        if first <= one.last_day and one.first_day <= last:
            raise Refusal(
                _(
                    "The reminders of this region rest from {first} to {last} already. End that first.",
                    first=Day(one.first_day),
                    last=Day(one.last_day),
                )
            )


def _effect(work: Work, wish: flow.ForeseePause) -> Say:
    persons = [one.id for one in holders(work, REGION_ROLES, wish.code)]
    held = [
        one
        for one in forecasts.coming(work, persons, only=[wish.code])
        if wish.first <= one.day <= wish.last and wish.code in forecasts.regions_of(one.entries)
    ]
    people = len({one.person_id for one in held})
    if not held:
        return _("In the next seven days this holds nothing back.")
    return _n(
        "In the next seven days this holds back reminders for {count} person of the team.",
        "In the next seven days this holds back reminders for {count} people of the team.",
        people,
    )


def pause(visit: Visit, wish: flow.PauseRegion) -> Say:
    """Reminders of a region rest. Raises `Refusal` for days that cannot be."""
    work = visit.work
    visit.require(Act.CHANGE_CALENDAR, Place(wish.code))
    items.hold_region(work, wish.code)
    _require(visit, wish.code, wish.first, wish.last)
    row = RegionPause(
        edition_id=work.edition_id,
        region_code=wish.code,
        first_day=wish.first,
        last_day=wish.last,
        reason=mask_nik(wish.reason)[0],
        created_by_id=visit.member.id,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    after = {"first": str(row.first_day), "last": str(row.last_day)}
    work.audit("pause_region", "pause", row.id, region_code=wish.code, after=after, reason=row.reason)
    clocks.look_again(work, region_code=wish.code)
    return _("Held back from {first} to {last}.", first=Day(wish.first), last=Day(wish.last))


def end(visit: Visit, subject: str, _version: int) -> Reply:
    """Reminders of a region go on; what still matters is said at once."""
    row = visit.work.session.get(RegionPause, row_number(subject), with_for_update=True, populate_existing=True)
    if row is None or row.edition_id != visit.work.edition_id:
        raise Forbidden(Act.CHANGE_CALENDAR, EVERYWHERE)
    visit.require(Act.CHANGE_CALENDAR, Place(row.region_code))
    here = f"region:{row.region_code}"
    if row.ended_at is not None or row.last_day < visit.today:
        return Reply(toast=_("The reminders of this region go on already."), then=here)
    row.ended_at = visit.work.now
    visit.work.session.flush()
    visit.work.audit("end_pause", "pause", row.id, region_code=row.region_code)
    clocks.look_again(visit.work, region_code=row.region_code)
    return Reply(toast=_("The reminders of this region go on."), then=here)


GRANTS: Mapping[type[Wish], Grant] = {flow.ForeseePause: foresee, flow.PauseRegion: pause}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"pause": begin, "pause-end": end}
