"""The clock's duty, done when a test says so, and what it has said to whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from bot.services import reminders
from bot.services.letters import post_letters
from db.models import OutboxMessage, Reminder
from db.vocabulary import ReminderState
from tests import stage
from tests.people.phone import TEXTS, Phone, Town


@dataclass
class Alarm:
    """`rings` at a moment, `runs` from one day to another, a tick each half an hour."""

    town: Town

    def at(self, day: date, hour: str) -> datetime:
        """A time of day in Indonesia's western zone, in UTC."""
        return datetime.combine(day, time.fromisoformat(hour), UTC) - timedelta(hours=7)

    def rings(self, moment: datetime | None = None) -> int:
        """The clock strikes once, until nobody's time has come. Returns how many digests were said."""
        if moment is not None:
            self.town.now = moment
        before = len(self.digests())
        while True:
            self.town.session.info.clear()
            work = self.town.work("tick")
            count = reminders.run(work)
            post_letters(self.town.session, work.letters, TEXTS, self.town.now)
            self.town.letters += work.letters
            self.town.session.flush()
            if not count:
                return len(self.digests()) - before

    def runs(self, first: date, last: date) -> None:
        """Strike each half an hour from one day to another, both included."""
        moment = self.at(first, "00:00")
        while moment < self.at(last + timedelta(days=1), "00:00"):
            self.rings(moment)
            moment += timedelta(minutes=30)

    def digests(self, phone: Phone | None = None) -> list[OutboxMessage]:
        """The digests that were said, to one person or to all, oldest first."""
        statement = select(OutboxMessage).where(OutboxMessage.unique_key.startswith("digest:"))
        if phone is not None:
            statement = statement.where(OutboxMessage.chat_id == phone.account)
        found = self.town.session.scalars(
            statement.order_by(OutboxMessage.id).execution_options(populate_existing=True)
        )
        return list(found)

    def told(self, phone: Phone, state: ReminderState = ReminderState.SENT) -> list[Reminder]:
        """What a person was told, or what was passed over, in order."""
        rows = select(Reminder).where(Reminder.person_id == phone.person.id, Reminder.state == state)
        return list(self.town.session.scalars(rows.order_by(Reminder.at, Reminder.subject)))

    def moments(self, phone: Phone, key: str, occasions: Iterable[str] = ()) -> list[tuple[str, datetime]]:
        """When a person was told of an item, and on which occasion."""
        subject = f"item:{self.item(key).id}"
        return [(row.occasion, row.at) for row in self.told(phone) if row.subject == subject]

    def item(self, key: str, region_code: str = stage.TEBING_TINGGI) -> "stage.Item":
        from bot.services.items import of_region

        return of_region(self.town.work(), region_code)[key]
