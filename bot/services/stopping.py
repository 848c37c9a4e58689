"""The emergency stop: reminders, notices and announcements wait, until an administrator lets them go on.

Replies to whoever presses or writes still leave: without them nobody could see that it is stopped, or end it.
"""

from collections.abc import Callable, Mapping
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, not_, or_, select, update
from sqlalchemy.orm import Session

from bot.services.conversations import Reply
from bot.services.holders import holders
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Say, _
from db.models import Announcement, OutboxMessage, Person, Switch
from db.vocabulary import AnnouncementState, Lane, OutboxState, Role

NAME = "outgoing"


def is_on(session: Session) -> bool:
    """Whether everything that Pandu sends by itself is stopped."""
    return session.get(Switch, NAME) is not None


def standing(work: Work) -> tuple[Switch, Person] | None:
    """Who stopped it and since when; None while everything goes out."""
    found = work.session.get(Switch, NAME, populate_existing=True)
    return (found, work.person(found.person_id)) if found else None


def waiting(work: Work) -> int:
    """How many messages wait for the stop to end, or were held by a restore."""
    own = OutboxMessage.lane != Lane.REPLY
    waits = OutboxMessage.state == OutboxState.WAITING
    statement = select(func.count()).select_from(OutboxMessage).where(own & waits | _held(work))
    return work.session.scalar(statement) or 0


def held(work: Work) -> int:
    """How many messages a restore has held."""
    return work.session.scalar(select(func.count()).select_from(OutboxMessage).where(_held(work))) or 0


def _held(work: Work) -> ColumnElement[bool]:
    """Held messages, but for those of announcements that somebody has paused."""
    paused = work.session.scalars(select(Announcement.id).where(Announcement.state == AnnouncementState.PAUSED)).all()
    theirs = [OutboxMessage.unique_key.startswith(f"announcement:{number}:", autoescape=True) for number in paused]
    held = OutboxMessage.state == OutboxState.HELD
    return held & not_(or_(*theirs)) if theirs else held


def stop(visit: Visit, _subject: str, _version: int) -> Reply:
    """Stop everything at once; a second press changes nothing."""
    visit.require(Act.STOP_EVERYTHING)
    work = visit.work
    if not is_on(work.session):
        work.session.add(Switch(name=NAME, person_id=visit.member.id, since=work.now))
        work.session.flush()
        work.audit("stop_everything", "outgoing", None)
        _tell(visit, _("⛔ {name} has stopped everything that Pandu sends by itself.", name=visit.member.name))
    return Reply(toast=_("Stopped. Nothing leaves by itself any more."), then="stop")


def go_on(visit: Visit, _subject: str, _version: int) -> Reply:
    """Let everything go on, also what a restore has held."""
    visit.require(Act.STOP_EVERYTHING)
    work = visit.work
    work.session.execute(update(OutboxMessage).where(_held(work)).values(state=OutboxState.WAITING))
    ended = cast("CursorResult[tuple[int]]", work.session.execute(delete(Switch).where(Switch.name == NAME)))
    if ended.rowcount:
        work.audit("go_on", "outgoing", None)
        _tell(visit, _("▶ {name} lets everything go on.", name=visit.member.name))
    return Reply(toast=_("Everything goes on."), then="stop")


def _tell(visit: Visit, say: Say) -> None:
    for person in holders(visit.work, (Role.COORDINATOR, Role.ADMIN), None):
        if person.id != visit.member.id:
            visit.work.tell(person, say, key=f"stop:{visit.work.cause}:{person.id}", lane=Lane.REPLY)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"stop-all": stop, "go-on": go_on}
