"""When an announcement leaves: at one moment for all, or at the same hour of each reader's own zone."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, distinct, func, literal, select

from bot.services import audiences
from bot.services.audiences import Audience
from bot.services.hours import read_day, read_hour, read_start, same_hour
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from bot.texts.formats import ZONE_LABELS
from bot.words import Day, Moment, Refusal, Value, _
from db.models import Announcement, Person, Reader, Scope

ZONE = ZoneInfo(DEFAULT_ZONE)
# Design, section 6: a pause before the first message leaves, in which it can be called off.
CALL_OFF = timedelta(seconds=30)
# How long a session lasts of which only the beginning was written.
SESSION = timedelta(hours=2)
# An hour of everybody's own clock comes there before anywhere else.
EAST = ZoneInfo("Asia/Jayapura")


def read_moment(work: Work, text: str, today: date, otherwise: time) -> tuple[datetime, bool]:
    """A moment after now and not after the closing, in WIB unless another zone is named, and whether it is meant as
    each reader's own hour ("waktu setempat"). Raises `Refusal`."""
    said = read_hour(text, otherwise)
    day = read_day(said.before, today, ahead=True)
    at = datetime.combine(day, said.first, said.zone or ZONE)
    _require_ahead(work, at, day)
    return at, said.local


def read_session(work: Work, text: str) -> tuple[datetime, datetime]:
    """From when until when a session is, as it is typed: `28 November 09.00-12.00`. Raises `Refusal`."""
    start = read_start(text, DEFAULT_ZONE, work.now)
    if start.local:
        raise Refusal(_("A session is at one moment for all. Please name its zone: WIB, WITA or WIT."))
    _require_ahead(work, start.starts_at, start.starts_at.astimezone(ZoneInfo(start.zone)).date())
    return start.starts_at, start.ends_at or start.starts_at + SESSION


def _require_ahead(work: Work, at: datetime, day: date) -> None:
    if at <= work.now:
        raise Refusal(_("This moment has passed. Please name a later one."))
    require_open(work, day)


def require_open(work: Work, day: date) -> None:
    """Raises `Refusal` for a day after the closing."""
    if day > work.programme.edition.closing:
        raise Refusal(_("This is after the closing of the programme. Please name an earlier day."))


def words(announcement: Announcement) -> Value | None:
    """The moment that was chosen; None where it leaves as soon as it is confirmed."""
    if announcement.local_at is not None:
        there = announcement.local_at.astimezone(ZONE)
        return _("{day} at {hour} local time", day=Day(there.date()), hour=there.strftime("%H.%M"))
    return Moment(announcement.starts_at, DEFAULT_ZONE) if announcement.starts_at else None


# --- Each reader's own hour


def due(work: Work, announcement: Announcement, region: Any, seat: Any) -> ColumnElement[datetime | None]:
    """The moment from which a reader may get it, as an expression of the reader's region, seat and person.

    A reader in one region goes by its zone, everybody else by their own, and WIB without one. None: at once.
    """
    moment = Reader.__table__.c.due_at.type
    if announcement.local_at is None:
        return literal(None, moment)
    hours = {zone: literal(same_hour(announcement.local_at, DEFAULT_ZONE, zone), moment) for zone in ZONE_LABELS}
    own = case(*((Person.timezone == zone, at) for zone, at in hours.items()), else_=hours[DEFAULT_ZONE])
    wide = seat.in_(_seats_over_several())
    codes = {zone: [one.code for one in work.programme.regions if one.timezone == zone] for zone in hours}
    return case((wide, own), *((region.in_(codes[zone]), at) for zone, at in hours.items()), else_=own)


def _seats_over_several() -> Any:
    return select(Scope.seat_id).group_by(Scope.seat_id).having(func.count(distinct(Scope.region_code)) != 1)


def require_zones(work: Work, audience: Audience) -> None:
    """Raises `Refusal` where somebody is meant whose hour nobody can tell, naming the region or the person."""
    meant = audiences.people(work, audience).subquery()
    holder, _seat, region = meant.c
    for code in work.session.scalars(select(region).where(region.is_not(None)).distinct().order_by(region)):
        known = work.programme.regions.by_code.get(code)
        if known is None or known.timezone not in ZONE_LABELS:
            _refuse(known.name if known else code, known.timezone if known else "")
    strange = Person.timezone.is_not(None) & Person.timezone.not_in(list(ZONE_LABELS))
    person = work.session.scalar(select(Person).join(meant, holder == Person.id).where(strange).limit(1))
    if person is not None:
        _refuse(person.name, person.timezone or "")


def _refuse(name: str, zone: str) -> None:
    raise Refusal(
        _(
            "The local time of {name} is not known: the data says “{zone}”. Nothing was sent. Please have it put "
            "right, or choose one moment for all.",
            name=name,
            zone=zone or "–",
        )
    )
