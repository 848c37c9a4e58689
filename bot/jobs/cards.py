"""While an announcement is being sent, the page of whoever watches it counts along."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import Session

from bot.screens.announcements import announcement as page
from bot.screens.screen import framed
from bot.services import copies, faults, readers, seats
from bot.services.rights import Act
from bot.services.work import Work
from db.models import Announcement, Conversation, OutboxMessage, Person
from db.vocabulary import AnnouncementState, Lane, Policy

# How long after the last copy the page is brought up to date once more.
LAST_LOOK = timedelta(seconds=15)


def is_due(session: Session, now: datetime) -> bool:
    """Whether anybody watches an announcement that is on its way, is being corrected or recalled, or has just ended."""
    page = literal("announcement:", String) + cast(Announcement.id, String)
    watched = exists().where(Conversation.screen == page)
    return session.scalar(select(Announcement.id).where(_moving(now), watched).limit(1)) is not None


def _moving(now: datetime) -> ColumnElement[bool]:
    going = Announcement.state.in_((AnnouncementState.SENDING, AnnouncementState.PAUSED))
    return going | copies.is_behind() | (Announcement.ended_at > now - LAST_LOOK)


def refresh(work: Work) -> int:
    """Draw the pages that have changed since they were drawn last. Returns how many."""
    watched = work.session.scalars(select(Announcement).where(_moving(work.now)))
    return faults.each(work, "announcement", watched, _redraw)


def _redraw(work: Work, announcement: Announcement) -> int:
    looking = work.session.execute(
        select(Person, Conversation)
        .join(Conversation, Conversation.chat_id == Person.telegram_id)
        .where(Conversation.screen == f"announcement:{announcement.id}")
    )
    watching = [(person, chat) for person, chat in looking if not chat.flow]
    if not watching:
        return 0
    counts = readers.tally(work, announcement)
    mark = f"{announcement.version}:{counts.settled}:{counts.confirmed}"
    if announcement.state is AnnouncementState.RECALLED:
        mark += f":{copies.recall(work, announcement).waiting}"
    return sum(_tell(work, announcement, person, chat, mark) for person, chat in watching)


def _tell(work: Work, announcement: Announcement, person: Person, chat: Conversation, mark: str) -> bool:
    key = f"card:{announcement.id}:{person.id}:{mark}"
    drawn = work.session.scalar(select(OutboxMessage.id).where(OutboxMessage.unique_key == key))
    visit = seats.visit_of(work, person, chat.screen)
    if drawn is not None or not visit.may(Act.ANNOUNCE):
        return False
    say, rows = framed(page(visit, str(announcement.id)), None)
    work.tell(person, say, key=key, rows=rows, panel=True, lane=Lane.NOTICE, policy=Policy.REPEATABLE)
    return True
