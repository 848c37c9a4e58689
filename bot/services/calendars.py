"""The working calendar of an edition: the decree, the edition's content, and what coordinators changed."""

from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.program import calendar as program
from bot.program.calendar import DayOverride, WorkingCalendar
from bot.program.model import Edition
from db.models import Holiday
from db.vocabulary import HolidayKind

_KINDS = {HolidayKind.HOLIDAY: program.HolidayKind.LOCAL, HolidayKind.JOINT_LEAVE: program.HolidayKind.JOINT_LEAVE}


def calendar_of(session: Session, edition_id: int, edition: Edition) -> WorkingCalendar:
    """Later words win: a coordinator's over the content file's, the content file's over the decree's."""
    rows = session.scalars(select(Holiday).where(Holiday.edition_id == edition_id).order_by(Holiday.id)).all()
    if not rows:
        return edition.calendar
    return _calendar(edition.year, (*edition.holidays, *(_override(row) for row in rows)))


@lru_cache(maxsize=8)
def _calendar(year: int, overrides: tuple[DayOverride, ...]) -> WorkingCalendar:
    """The same days give the same calendar, so that what was worked out on it stays known."""
    return WorkingCalendar(range(year - 1, year + 2), overrides)


def _override(row: Holiday) -> DayOverride:
    kind = _KINDS.get(row.kind)
    holiday = program.Holiday(row.name, kind) if kind else None
    return DayOverride(row.day, holiday, row.region_code)
