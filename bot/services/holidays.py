"""Days off that coordinators add to the calendar: listed, seen ahead, kept, taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import delete, func, select

from bot.buttons import row_number
from bot.flows import holidaying as flow
from bot.flows.holidaying import Area, DayOff
from bot.flows.turns import Told, Wish
from bot.program.calendar import DayOverride, WorkingCalendar
from bot.services import calendars, clocks, editions, region_reading, seats, series, shifts
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Day, Refusal, Say, _, _n, lines, paragraphs
from db.models import DigestClock, Holiday

PROVINCE = 2
_SHOWN = 8


def of_edition(work: Work, first: date) -> Sequence[Holiday]:
    """What was added of this day and later ones."""
    mine = (Holiday.edition_id == work.edition_id) & (Holiday.day >= first)
    return work.session.scalars(
        select(Holiday).where(mine).order_by(Holiday.day, Holiday.region_code, Holiday.id)
    ).all()


def place_name(work: Work, code: str | None) -> str:
    """The region or province of a code; empty for everywhere."""
    if not code:
        return ""
    regions = work.programme.regions
    if len(code) == PROVINCE:
        return next((one.province for one in regions if one.province_code == code), code)
    return regions.by_code[code].name if code in regions.by_code else code


def codes(work: Work, code: str | None) -> list[str]:
    """All regions where a day of this region, province or everywhere counts."""
    return [one.code for one in work.programme.regions if not code or code in (one.code, one.province_code)]


def may_change(visit: Visit, code: str | None) -> bool:
    """Whether this person decides about days there: in every region they would count in."""
    if not code:
        return visit.may(Act.CHANGE_CALENDAR)
    found = codes(visit.work, code)
    return bool(found) and all(visit.may(Act.CHANGE_CALENDAR, Place(one)) for one in found)


def require(visit: Visit, code: str | None) -> None:
    """Raises `Forbidden` for somebody who does not decide about days there."""
    if not may_change(visit, code):
        raise Forbidden(Act.CHANGE_CALENDAR, Place(code) if code else EVERYWHERE)
    visit.require(Act.CHANGE_CALENDAR, Place(codes(visit.work, code)[0]) if code else EVERYWHERE)


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to add days: everywhere, or where the person decides."""
    reach = seats.reach(visit.seat)
    visit.require(Act.CHANGE_CALENDAR, reach)
    place = Area() if may_change(visit, None) else _own(visit)
    return Begin(flow.FLOW.name, flow.Writing(place=place, years=years(visit.work)))


def years(work: Work) -> tuple[int, int]:
    """The first and the last year whose days count."""
    year = work.programme.edition.year
    return year, year + 1


def _own(visit: Visit) -> Area:
    """The first province or region of somebody who does not decide for all."""
    scope = next(iter(visit.seat.scopes)) if visit.seat else None
    code = (scope.region_code or scope.province) if scope else None
    return Area(code=code, name=place_name(visit.work, code))


def find_place(visit: Visit, wish: flow.FindPlace) -> Told:
    """The province or the region that was named. Raises `Refusal`."""
    regions, said = visit.work.programme.regions, wish.text.strip()
    meant = region_reading.read(regions, said, tuple(regions))
    code = meant.province or next((one.code for one in meant.regions), None)
    if code is None:
        raise Refusal(_("There is no region or province called “{name}”.", name=said[:60]))
    if not may_change(visit, code):
        raise Refusal(_("{place} is not among the regions you decide for.", place=place_name(visit.work, code)))
    return Told("place", (code, place_name(visit.work, code)))


# --- Seeing ahead


def foresee(visit: Visit, wish: flow.ForeseeDays) -> Told:
    """What would move."""
    require(visit, wish.place.code)
    added = [calendars.override(one.day, one.name, one.kind, wish.place.code) for one in wish.days]
    effect = _effect(visit, wish.place.code, added, [one.day for one in wish.days])
    return Told("effect", (wish.days, visit.plain(effect)))


def _effect(
    visit: Visit, code: str | None, added: Sequence[DayOverride], days: Iterable[date], without: int = 0
) -> Say:
    work = visit.work
    imagined = calendars.imagined(work.session, work.edition_id, work.programme.edition, added, without)
    return paragraphs(*_moved(work, code, imagined), _today(work, days, visit.today))


def _moved(work: Work, code: str | None, imagined: WorkingCalendar) -> Iterable[Say]:
    found = shifts.shifts(work, imagined, codes(work, code))
    if not found.deadlines and not found.reminders:
        yield _("No deadline and no reminder of the next {days} days moves.", days=shifts.AHEAD.days)
        return
    if found.deadlines:
        yield lines(_("Default deadlines that move:"), *_some([_deadline(*one) for one in found.deadlines]))
    if found.reminders:
        yield lines(
            _n(
                "Reminders of the next {days} days that move, for {count} person:",
                "Reminders of the next {days} days that move, for {count} people:",
                found.people,
                days=shifts.AHEAD.days,
            )
            if found.people
            else _(
                "Reminders of the next {days} days that move; in these regions nobody receives them yet:",
                days=shifts.AHEAD.days,
            ),
            *_some([_reminder(*one) for one in found.reminders]),
        )


def _some(every: Sequence[Say]) -> list[Say]:
    more = len(every) - _SHOWN
    rest = [_n("… and {count} more.", "… and {count} more.", more)] if more > 0 else []
    return [*every[:_SHOWN], *rest]


def _deadline(before: date, after: date, count: int) -> Say:
    return _n(
        "• {before} → {after}: {count} item",
        "• {before} → {after}: {count} items",
        count,
        before=Day(before),
        after=Day(after),
    )


def _reminder(before: date, after: date, count: int) -> Say:
    return _n(
        "• {before} → {after}: {count} reminder",
        "• {before} → {after}: {count} reminders",
        count,
        before=Day(before),
        after=Day(after),
    )


def _today(work: Work, days: Iterable[date], today: date) -> Say | None:
    """Where a day has had its reminders already."""
    if today not in set(days):
        return None
    count = work.session.scalar(select(func.count()).where(DigestClock.last_day == today)) or 0
    if not count:
        return None
    return _n(
        "{count} person was reminded today already. Nothing is sent twice.",
        "{count} people were reminded today already. Nothing is sent twice.",
        count,
    )


# --- Keeping


def keep(visit: Visit, wish: flow.KeepDays) -> Say:
    """These days are kept; a day that was set before for the same place is as it is said now."""
    code, work = wish.place.code, visit.work
    require(visit, code)
    editions.hold(work.session, work.edition_id)
    here = Holiday.region_code.is_(None) if code is None else Holiday.region_code == code
    days = [one.day for one in wish.days]
    work.session.execute(delete(Holiday).where(Holiday.edition_id == work.edition_id, Holiday.day.in_(days), here))
    work.session.add_all(_row(work, one, code) for one in wish.days)
    after = {"days": [f"{one.day} {one.kind.value}" for one in wish.days], "place": code}
    work.audit("add_days_off", "edition", work.edition_id, region_code=_region(code), after=after)
    _look_again(work, code)
    return _n(
        "{count} day was kept. What has not been sent yet goes by it.",
        "{count} days were kept. What has not been sent yet goes by them.",
        len(days),
    )


def _row(work: Work, one: DayOff, code: str | None) -> Holiday:
    return Holiday(edition_id=work.edition_id, day=one.day, name=one.name, kind=one.kind, region_code=code)


def _region(code: str | None) -> str | None:
    return code if code and len(code) > PROVINCE else None


def _look_again(work: Work, code: str | None) -> None:
    work.session.flush()
    calendars.forget(work)
    clocks.look_again(work, region_code=_region(code))
    series.look_again(work)


def begin_removing(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin to take a day back, with a look at what that moves."""
    row = visit.work.session.get(Holiday, row_number(subject))
    if row is None or row.edition_id != visit.work.edition_id:
        return Reply(toast=_GONE, then=flow.PAGE)
    require(visit, row.region_code)
    effect = visit.plain(_effect(visit, row.region_code, (), [row.day], without=row.id))
    return Begin(flow.FLOW.name, flow.Removing(holiday_id=row.id, day=row.day, name=row.name, effect=effect))


_GONE = _("This day was taken back already.")


def remove(visit: Visit, wish: flow.RemoveDay) -> Say:
    """Take a day back."""
    work = visit.work
    editions.hold(work.session, work.edition_id)
    row = work.session.get(Holiday, wish.holiday_id, populate_existing=True)
    if row is None or row.edition_id != work.edition_id:
        return _GONE
    require(visit, row.region_code)
    before = {"day": str(row.day), "name": row.name, "kind": row.kind.value, "place": row.region_code}
    work.audit("remove_day_off", "edition", work.edition_id, region_code=_region(row.region_code), before=before)
    work.session.delete(row)
    _look_again(work, row.region_code)
    return _("Taken back. What has not been sent yet goes by it.")


GRANTS: Mapping[type[Wish], Grant] = {
    flow.FindPlace: find_place,
    flow.ForeseeDays: foresee,
    flow.KeepDays: keep,
    flow.RemoveDay: remove,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "holiday": begin,
    "holiday-remove": begin_removing,
}
