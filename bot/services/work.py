"""One transaction as the services see it: the session, the time, the programme, and what is to be said."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from bot.buttons import Row
from bot.program.calendar import WorkingCalendar
from bot.program.model import Edition
from bot.program.regions import Regions
from bot.services.calendars import calendar_of
from bot.words import Say
from db import audit
from db.audit import SYSTEM, Actor
from db.models import AuditEntry, Paper, Person
from db.vocabulary import Lane, Policy


@dataclass(frozen=True, slots=True)
class Programme:
    """What is fixed while the process runs: the edition's content, the regions, the people's help line, and limits.

    `bulk_rate` is in messages a second.
    """

    edition: Edition
    regions: Regions
    bot_username: str
    help_contact: str
    privacy_contact: str
    evidence_hosts: tuple[str, ...]
    upload_bytes_a_day: int
    bulk_rate: int


class Fault(Exception):  # noqa: N818 (a row's, not the programme's)
    """One row failed; what it raised is the cause."""

    def __init__(self, row: str) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True, slots=True)
class Letter:
    """An event told to a person in a message of its own. `key` lets it exist once.

    `message_id` is the message that `editMessageText` changes; `protect` keeps a file from being passed on; `album`
    are the files of a `sendMediaGroup`, as Telegram's own documents; a `panel` stands in the chat's live panel. `row`
    was in hand when it was written.
    """

    key: str
    person_id: int
    say: Say
    rows: tuple[Row, ...] = ()
    lane: Lane = Lane.NOTICE
    policy: Policy = Policy.AT_LEAST_ONCE
    silent: bool = False
    paper: Paper | None = None
    file_id: str | None = None
    protect: bool = True
    album: tuple[Mapping[str, Any], ...] = ()
    method: str = "sendMessage"
    message_id: int | None = None
    panel: bool = False
    due_at: datetime | None = None
    expires_at: datetime | None = None
    row: str = ""


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _undone: SessionTransaction) -> None:
    """What was read once for a whole transaction may have been read in the part of it that a refusal undid."""
    session.info.clear()


@dataclass
class Work:
    """Everything one deed needs. It never commits: whoever opened the transaction does.

    `row` is the one in hand of many, `apart` are those to be left alone (see `faults`).
    """

    session: Session
    now: datetime
    programme: Programme
    edition_id: int
    cause: str
    actor: Actor = SYSTEM
    letters: list[Letter] = field(default_factory=list)
    apart: Collection[str] = ()
    row: str = ""

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days as the decree and the coordinators have them; read once in a transaction for all its updates."""
        known: dict[int, WorkingCalendar] = self.session.info.setdefault("calendars", {})
        if self.edition_id not in known:
            known[self.edition_id] = calendar_of(self.session, self.edition_id, self.programme.edition)
        return known[self.edition_id]

    def calendar_for(self, region_code: str) -> WorkingCalendar:
        """The calendar with what was changed for this region or its province alone."""
        return self.calendar.for_region(region_code)

    def tell(
        self,
        person: Person | int,
        say: Say,
        *,
        key: str,
        rows: Sequence[Row] = (),
        **more: Any,
    ) -> None:
        """Write to a person, once under `key`; the letter leaves when the transaction is committed."""
        person_id = person if isinstance(person, int) else person.id
        self.letters.append(Letter(key, person_id, say, tuple(rows), row=self.row, **more))

    def audit(self, act: str, subject: str, subject_id: int | None, **more: Any) -> AuditEntry:
        """Add the line that every change owes, with the actor and cause of this work."""
        return audit.record(self.session, self.actor, act, subject, subject_id, at=self.now, cause=self.cause, **more)

    def paper(self, name: str, mime: str, content: bytes) -> Paper:
        """A file that is made here, to be sent with a letter under this name."""
        sha256 = hashlib.sha256(content).hexdigest()
        return Paper(sha256=sha256, name=name, mime=mime, content=content, created_at=self.now)

    def person(self, person_id: int) -> Person:
        """A person by number. Raises `LookupError` if there is none."""
        person = self.session.get(Person, person_id)
        if person is None:
            raise LookupError(f"no person {person_id}")
        return person

    def people(self, ids: Sequence[int]) -> dict[int, Person]:
        """Several persons by number, in one look."""
        found = self.session.scalars(select(Person).where(Person.id.in_(ids)))
        return {person.id: person for person in found}
