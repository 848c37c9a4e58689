"""Whoever has not confirmed after so many working days is reminded by itself: once, in their working hours.

An invitation that was not answered is followed up alike; never after its session began.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from bot.buttons import row_number
from bot.services import announcement_reminders, faults, zones
from bot.services.announcements import change, draft, locked
from bot.services.conversations import Reply
from bot.services.reader_lists import SILENT
from bot.services.readers import MARK, still_theirs
from bot.services.timing import timing_of
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.services.worktime import WorkClock
from bot.texts.formats import ZONE_LABELS
from bot.words import Refusal, _, _n
from db.models import Announcement, CheckIn, OutboxMessage, Person, Reader, Seat
from db.vocabulary import AnnouncementState, Confirmation, OutboxState, ReaderState

# After how many working days a coordinator may have readers reminded; 0: not at all.
CHOICES = (0, 1, 2, 3, 5)
# How long the reminders of one turn keep the bulk lane busy: as long as the time between two turns.
TURN_SECONDS = 60
# How long a reminder that a person asked for may take to leave.
BY_HAND = timedelta(hours=12)
# Written out, because a partial index is used only where the planner sees the very words of its condition.
_ON_ITS_WAY: ColumnElement[bool] = Reader.followed == literal_column(f"'{ReaderState.QUEUED}'")
_SETTLED: Mapping[OutboxState, ReaderState | None] = {
    OutboxState.SENT: ReaderState.SENT,
    OutboxState.IN_DOUBT: ReaderState.IN_DOUBT,
    OutboxState.DEAD: ReaderState.FAILED,
    OutboxState.CANCELLED: None,
}
_SOME = 500
_WANTED = Announcement.follow_days > 0
# Nobody knows when an uncertain one arrived that was taken as sent.
_sent_at = func.coalesce(Reader.sent_at, Announcement.starts_at)
# Whoever is asked anew has as long again.
_asked_at = case((Announcement.asked_at > _sent_at, Announcement.asked_at), else_=_sent_at)


def choose(visit: Visit, subject: str, version: int) -> Reply:
    """Choose after how many working days readers of a draft are reminded (`12-2`)."""
    number, _dash, days = subject.partition("-")
    found = draft(visit, number)
    if row_number(days) in CHOICES and found.version == version:
        change(visit.work, found, follow_days=row_number(days))
    return Reply(then=f"announcement:{found.id}")


def remind_now(visit: Visit, subject: str, _version: int) -> Reply:
    """Remind everybody who has not answered an invitation, at a person's word and so at any hour; nobody twice."""
    found, work = locked(visit, subject), visit.work
    open_one = select(Announcement.id).where(Announcement.id == found.id, _stands(work.now))
    if found.confirmation is not Confirmation.ATTENDANCE or work.session.scalar(open_one) is None:
        raise Refusal(_("Only an invitation whose session is still to come reminds of an answer."))
    silent = [row.person_id for row in work.session.execute(_held(found))]
    for person_id in silent:
        announcement_reminders.remind(work, found, person_id, _earliest(found, work.now + BY_HAND))
    _mark(work, found, silent)
    if silent:
        work.audit("remind_invited", "announcement", found.id, after={"reminded": len(silent)})
    toast = _n("{count} person is reminded.", "{count} persons are reminded.", len(silent))
    nobody = _("Nobody is left to be reminded: everybody has answered or was reminded already.")
    return Reply(toast=toast if silent else nobody, then=f"announcement:{found.id}")


def called_back(work: Work, announcement: Announcement, person_id: int) -> None:
    """The person has given their word: a reminder that has not left never will."""
    keys = announcement_reminders.keys_to(announcement.id, person_id)
    theirs = OutboxMessage.unique_key.startswith(keys, autoescape=True)
    waiting = OutboxMessage.state.in_((OutboxState.WAITING, OutboxState.HELD))
    work.session.execute(update(OutboxMessage).where(theirs, waiting).values(state=OutboxState.CANCELLED))


# --- By the clock


def is_due(session: Session, now: datetime) -> bool:
    """Whether anybody may have to be reminded by now, or a reminder is on its way."""
    silent = _silent().where(_WANTED, _stands(now), _silent_since(now)).limit(1)
    return session.scalar(silent) is not None or _is_on_its_way(session)


def is_time(work: Work) -> bool:
    """Whether anything can be done at this hour: somebody may be at work in one of the zones, by the calendar of one of
    the regions, or a reminder is on its way."""
    regions, hours = work.programme.regions, timing_of(work).hours
    calendars = {work.calendar, *(work.calendar_for(one.code) for one in regions)}
    everywhere = {*ZONE_LABELS, *(one.timezone for one in regions)}
    clocks = (WorkClock(calendar, zone, hours) for calendar in calendars for zone in everywhere)
    return any(clock.is_working(work.now) for clock in clocks) or _is_on_its_way(work.session)


def _is_on_its_way(session: Session) -> bool:
    return session.scalar(select(Reader.announcement_id).where(_ON_ITS_WAY).limit(1)) is not None


def _stands(now: datetime) -> ColumnElement[bool]:
    """It was sent, neither stopped nor expired, and its session is still to come."""
    return and_(
        Announcement.state.in_((AnnouncementState.SENDING, AnnouncementState.DONE)),
        or_(Announcement.valid_until.is_(None), Announcement.valid_until > now),
        or_(Announcement.event_at.is_(None), Announcement.event_at > now),
    )


def _silent_since(now: datetime) -> ColumnElement[bool]:
    """For as many days as were chosen. A working day is at least a day, so this leaves nobody out who is due."""
    chosen = (and_(Announcement.follow_days == days, _asked_at <= now - timedelta(days)) for days in CHOICES if days)
    return or_(*chosen)


def run(work: Work) -> int:
    """The duty: write down what became of reminders, then remind whoever is due. Returns how many rows changed."""
    harvested = harvest(work)
    standing = select(Announcement).where(_WANTED, _stands(work.now), Announcement.edition_id == work.edition_id)
    locked = standing.order_by(Announcement.id).with_for_update().execution_options(populate_existing=True)
    return harvested + faults.each(work, "announcement", work.session.scalars(locked).all(), _follow)


def _follow(work: Work, announcement: Announcement) -> int:
    room = work.programme.bulk_rate * TURN_SECONDS - _on_their_way(work, announcement)
    hours = _Hours(work, announcement.follow_days)
    due: list[int] = []
    for row in work.session.execute(_held(announcement).where(_silent_since(work.now))):
        asked_before, closes = hours.of(row.region_code, zones.own(row.person_id, row.timezone))
        if len(due) < room and row.asked_at <= asked_before:
            due.append(row.person_id)
            announcement_reminders.remind(work, announcement, row.person_id, _earliest(announcement, closes))
    _mark(work, announcement, due)
    return len(due)


def _earliest(announcement: Announcement, closes: datetime) -> datetime:
    return min(at for at in (closes, announcement.valid_until, announcement.event_at) if at)


def _held(announcement: Announcement) -> Any:
    """Who may be reminded, locked: a word given meanwhile comes before this look, or finds the reminder waiting."""
    mine = Reader.announcement_id == announcement.id
    return _silent().where(mine).order_by(Reader.person_id).with_for_update(of=Reader)


def _silent() -> Any:
    """Readers of whom a word is awaited, who were not reminded, still hold their seat and can be reached."""
    there = exists().where(CheckIn.announcement_id == Reader.announcement_id, CheckIn.person_id == Reader.person_id)
    return (
        select(Reader.person_id, Reader.region_code, _asked_at.label("asked_at"), Person.timezone)
        .join(Announcement, Announcement.id == Reader.announcement_id)
        .join(Person, Person.id == Reader.person_id)
        .join(Seat, Seat.id == Reader.seat_id)
        .where(SILENT, Reader.followed.is_(None), ~there, still_theirs(), Person.unreachable_at.is_(None))
    )


@dataclass
class _Hours:
    """Working hours by region and zone, each looked up once."""

    work: Work
    days: int
    known: dict[tuple[str | None, str | None], tuple[datetime, datetime]] = field(default_factory=dict)

    def of(self, region_code: str | None, timezone: str | None) -> tuple[datetime, datetime]:
        """Whoever was asked before the first moment is due; the reminder leaves before the second."""
        if (region_code, timezone) not in self.known:
            self.known[region_code, timezone] = _due(_clock(self.work, region_code, timezone), self.work.now, self.days)
        return self.known[region_code, timezone]


def _clock(work: Work, region_code: str | None, timezone: str | None) -> WorkClock:
    region = work.programme.regions.by_code.get(region_code or "")
    calendar = work.calendar_for(region.code) if region else work.calendar
    zone = timezone or (region.timezone if region else DEFAULT_ZONE)
    return WorkClock(calendar, zone, timing_of(work).hours)


def _due(clock: WorkClock, now: datetime, days: int) -> tuple[datetime, datetime]:
    """The same hour so many working days ago, and the end of today's; outside working hours nobody is due."""
    if not clock.is_working(now):
        return datetime.min.replace(tzinfo=now.tzinfo), now
    there = now.astimezone(ZoneInfo(clock.zone))
    before = clock.calendar.add_working_days(there.date(), -days)
    return datetime.combine(before, there.time(), there.tzinfo), clock.closes(now)


def _mark(work: Work, announcement: Announcement, persons: list[int]) -> None:
    rows = [{"row_announcement": announcement.id, "row_person": person} for person in persons]
    if rows:
        values = {"followed": ReaderState.QUEUED, "followed_at": work.now}
        work.session.connection().execute(MARK.values(values), rows)


def _on_their_way(work: Work, announcement: Announcement) -> int:
    mine = and_(Reader.announcement_id == announcement.id, _ON_ITS_WAY)
    return work.session.scalar(select(func.count()).select_from(Reader).where(mine)) or 0


def harvest(work: Work) -> int:
    """Read from the outbox what became of reminders. One that was called back or came too late counts as none."""
    queued = work.session.execute(
        select(Reader.announcement_id, Reader.person_id, Reader.followed_at).where(_ON_ITS_WAY)
    ).all()
    keys = {
        announcement_reminders.key(row.announcement_id, row.person_id, row.followed_at): row
        for row in queued
        if row.followed_at is not None
    }
    names = list(keys)
    settled = [
        {
            "row_announcement": keys[row.unique_key].announcement_id,
            "row_person": keys[row.unique_key].person_id,
            "new_followed": _SETTLED[row.state],
            "new_followed_at": None if row.state is OutboxState.CANCELLED else row.sent_at or work.now,
        }
        for start in range(0, len(names), _SOME)
        for row in work.session.execute(_ended(names[start : start + _SOME]))
    ]
    if settled:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("followed", "followed_at")}
        work.session.connection().execute(MARK.values(values), settled)
    return len(settled)


def _ended(keys: list[str]) -> Select[str, OutboxState, datetime | None]:
    return select(OutboxMessage.unique_key, OutboxMessage.state, OutboxMessage.sent_at).where(
        OutboxMessage.unique_key.in_(keys), OutboxMessage.state.in_(_SETTLED)
    )


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"ann-remind": choose, "ann-remind-now": remind_now}
