"""The working calendar of an edition: the decree, the edition's content, and what coordinators changed."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.program import calendar as program
from bot.program.calendar import DayOverride, WorkingCalendar
from bot.program.model import Edition
from db.models import Holiday
from db.vocabulary import HolidayKind

if TYPE_CHECKING:
    from bot.services.work import Work

_KINDS = {HolidayKind.HOLIDAY: program.HolidayKind.LOCAL, HolidayKind.JOINT_LEAVE: program.HolidayKind.JOINT_LEAVE}


def calendar_of(session: Session, edition_id: int, edition: Edition) -> WorkingCalendar:
    """Later words win: a coordinator's over the content file's, the content file's over the decree's."""
    return imagined(session, edition_id, edition, ())


def imagined(
    session: Session, edition_id: int, edition: Edition, added: Sequence[DayOverride], without: int = 0
) -> WorkingCalendar:
    """The calendar as it would be with these days, and without the row of this number."""
    mine = select(Holiday).where(Holiday.edition_id == edition_id, Holiday.id != without).order_by(Holiday.id)
    said = [override(row.day, row.name, row.kind, row.region_code) for row in session.scalars(mine)]
    if not said and not added:
        return edition.calendar
    return _calendar(edition.year, (*edition.holidays, *said, *added))


@lru_cache(maxsize=8)
def _calendar(year: int, overrides: tuple[DayOverride, ...]) -> WorkingCalendar:
    """The same days give the same calendar, so that what was worked out on it stays known."""
    return WorkingCalendar(range(year - 1, year + 2), overrides)


def override(day: date, name: str, kind: HolidayKind, region_code: str | None) -> DayOverride:
    """A coordinator's word on a day, as a calendar takes it."""
    known = _KINDS.get(kind)
    return DayOverride(day, program.Holiday(name, known) if known else None, region_code)


def forget(work: "Work") -> None:
    """What was read is not true any more."""
    work.session.info.pop("calendars", None)
    work.__dict__.pop("calendar", None)
