"""A coordinator who announces, readers in two regions, and an outbox whose messages arrive when a test says so."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select, update

from bot.services import announcing, follow_ups, series
from bot.services.letters import post_letters
from bot.services.work import Work
from db.models import Announcement, OutboxMessage, Person, Reader, Scope, Seat
from db.vocabulary import Lane, OutboxState, ReaderState, Role
from tests import stage
from tests.people.phone import TEXTS, Phone, Town


@dataclass
class Newsroom:
    """`ticks` does what the clock's duty does, and `arrive` what the sender does."""

    town: Town
    coordinator: Phone
    rate: int = 25

    def reader(self, name: str, region: str = stage.TEBING_TINGGI, role: Role = Role.OFFICIAL) -> Phone:
        return self.town.member(role, region, name)

    def crowd(self, count: int) -> None:
        """So many officials of one region at once, without telephones."""
        work, session = self.town.work(), self.town.session
        first = 8_000_000_000 + (session.scalar(select(func.count()).select_from(Person)) or 0)
        usual = {"notice_version": 1, "consented_at": work.now, "registered_at": work.now, "language": "en"}
        people = [Person(telegram_id=first + one, name=f"Pembaca {one}", **usual) for one in range(count)]
        session.add_all(people)
        session.flush()
        session.add_all(
            Seat(
                edition_id=work.edition_id,
                role=Role.OFFICIAL,
                holder_id=person.id,
                created_at=work.now,
                scopes=[Scope(region_code=stage.TEBING_TINGGI)],
            )
            for person in people
        )
        session.flush()

    def drafts(self, text: str = "Rapat koordinasi Senin pukul 09.00.") -> Announcement:
        """A draft for everybody."""
        self.coordinator.writes("/siarkan").presses("New announcement").writes(text).presses("Finished")
        return self.newest()

    def announces(self, text: str = "Rapat koordinasi Senin pukul 09.00.") -> Announcement:
        """The same for the officials of all regions, and it begins."""
        self.drafts(text)
        self.chooses("official of the region")
        return self.sends()

    def newest(self) -> Announcement:
        found = self.town.session.scalars(
            select(Announcement).order_by(Announcement.id.desc()).execution_options(populate_existing=True)
        ).first()
        assert found is not None
        return found

    def chooses(self, *labels: str) -> None:
        """Tick these on the audience page of the newest draft."""
        self.coordinator.presses("Audience")
        for label in labels:
            self.coordinator.presses(label)
        self.coordinator.presses("Back")

    def sends(self) -> Announcement:
        """Check, send, and wait until it begins."""
        self.coordinator.presses("Check and send").presses("Send to")
        self.town.later(seconds=31)
        self.ticks()
        return self.newest()

    def ticks(self) -> None:
        """What the clock does every few seconds, where it finds anything to do."""
        for duty in (series, announcing):
            if duty.is_due(self.town.session, self.town.now):
                self._does(duty.run)

    def follows_up(self) -> None:
        """The same every minute."""
        if self.finds_somebody_to_remind():
            self._does(follow_ups.run)

    def finds_somebody_to_remind(self) -> bool:
        """Whether the clock would begin to write."""
        return follow_ups.is_due(self.town.session, self.town.now) and follow_ups.is_time(self.town.work("look"))

    def _does(self, duty: Callable[[Work], int]) -> None:
        work = self.town.work("tick")
        work.programme = replace(work.programme, bulk_rate=self.rate)
        duty(work)
        post_letters(self.town.session, work.letters, TEXTS, self.town.now)
        self.town.letters += work.letters
        self.town.session.flush()

    def posts(self) -> None:
        """Put what was told by presses into the outbox, as the worker does."""
        post_letters(self.town.session, self.town.letters, TEXTS, self.town.now)

    def arrive(self, state: OutboxState = OutboxState.SENT, *, only: Iterable[Phone] = (), error: str = "") -> int:
        """Let what waits in the bulk lane come to this end; then the clock ticks. Returns how many rows."""
        waiting = select(OutboxMessage).where(
            OutboxMessage.lane == Lane.BULK, OutboxMessage.state == OutboxState.WAITING
        )
        chats = [phone.account for phone in only]
        rows = [row for row in self.town.session.scalars(waiting) if not chats or row.chat_id in chats]
        for row in rows:
            row.state, row.error = state, error or None
            if state is OutboxState.SENT:
                self._numbers(row)
        self.town.session.flush()
        self.ticks()
        return len(rows)

    def _numbers(self, row: OutboxMessage) -> None:
        """What Telegram tells of a message that it has made, an album of several included."""
        first = 100 * row.id
        made = range(first, first + len(json.loads(row.body).get("media", [0])))
        row.message_id, row.sent_at = made[-1], self.town.now
        row.album = " ".join(map(str, made)) if len(made) > 1 else None

    def states(self) -> dict[str, ReaderState]:
        """Where each reader of the newest announcement stands, by name."""
        rows = self.town.session.execute(
            select(Person.name, Reader.state)
            .join(Person, Person.id == Reader.person_id)
            .where(Reader.announcement_id == self.newest().id)
        )
        return {row.name: row.state for row in rows}

    def loses(self, phone: Phone) -> None:
        """Telegram does not reach this person any more."""
        values = {"unreachable_at": self.town.now, "unreachable_reason": "blocked"}
        self.town.session.execute(update(Person).where(Person.id == phone.person.id).values(values))
        self.town.session.expire_all()

    def copies(self, phone: Phone) -> list[str]:
        """By what method each part of an announcement was put into the outbox for this person, oldest first."""
        mine = OutboxMessage.chat_id == phone.account, OutboxMessage.lane == Lane.BULK
        return list(self.town.session.scalars(select(OutboxMessage.method).where(*mine).order_by(OutboxMessage.id)))
