"""The clock's duty, done when a test says so, and what it has said to whom."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select, update

from bot.program.model import Edition
from bot.services import reminders
from bot.services.items import of_region
from bot.services.letters import post_letters
from bot.services.work import Work
from db.models import DigestClock, Item, OutboxMessage, Reminder
from db.vocabulary import OutboxState, ReminderState
from tests import stage
from tests.people.phone import TEXTS, Phone, Town

HALF_AN_HOUR = timedelta(minutes=30)
DIGEST = OutboxMessage.unique_key.startswith("digest:")


def wib(day: str, hour: str = "09:00") -> datetime:
    """A time of day in Indonesia's western zone, in UTC."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), UTC) - timedelta(hours=7)


@dataclass
class TownOf2022(Town):
    """The same people in the edition of 2022."""

    def work(self, cause: str = "update 0") -> Work:
        return stage.open_work(self.session, now=self.now, cause=cause, edition=edition_of_2022())


def edition_of_2022() -> Edition:
    return stage.content_of_2022()


@dataclass
class Alarm:
    """`rings` at a moment, `runs` from one day to another, striking each half an hour."""

    town: Town

    def rings(self, moment: datetime | None = None) -> int:
        """The clock strikes once, until nobody's time has come. Returns how many digests were said."""
        if moment is not None:
            self.town.now = moment
        before = self._said()
        while self._strikes():
            pass
        return self._said() - before

    def _said(self) -> int:
        return self.town.session.scalar(select(func.count()).where(DIGEST)) or 0

    def _strikes(self) -> int:
        self.town.session.info.clear()
        work = self.town.work("tick")
        count = reminders.run(work)
        post_letters(self.town.session, work.letters, TEXTS, self.town.now)
        self.town.letters += work.letters
        self.town.session.flush()
        return count

    def runs(self, first: str, last: str) -> None:
        """Strike each half an hour from one day to another, both included, as they are in the western zone; what was
        said has left by then."""
        for moment in half_hours(wib(first, "00:00"), wib(last, "23:30")):
            self.rings(moment)
        self.leaves()

    def digests(self, phone: Phone | None = None) -> Sequence[OutboxMessage]:
        """The digests that were said, to one person or to all, oldest first."""
        statement = select(OutboxMessage).where(DIGEST)
        if phone is not None:
            statement = statement.where(OutboxMessage.chat_id == phone.account)
        fresh = statement.order_by(OutboxMessage.id).execution_options(populate_existing=True)
        return self.town.session.scalars(fresh).all()

    def words(self, phone: Phone) -> str:
        """The words of the last digest."""
        return str(json.loads(self.digests(phone)[-1].body)["text"])

    def labels(self, phone: Phone) -> list[str]:
        """The labels of its buttons."""
        keyboard = json.loads(self.digests(phone)[-1].body)["reply_markup"]["inline_keyboard"]
        return [button["text"] for row in keyboard for button in row]

    def told(
        self, phone: Phone, key: str, region: str = stage.TEBING_TINGGI, state: ReminderState = ReminderState.SENT
    ) -> list[tuple[str, datetime]]:
        """When a person was told of an item (or when it was passed over), and on which occasion."""
        rows = select(Reminder).where(
            Reminder.person_id == phone.person.id,
            Reminder.state == state,
            Reminder.subject == f"item:{self.item(key, region).id}",
        )
        return [(row.occasion, row.at) for row in self.town.session.scalars(rows.order_by(Reminder.at))]

    def item(self, key: str, region: str = stage.TEBING_TINGGI) -> Item:
        return of_region(self.town.work(), region)[key]

    def only(self, *keys: str, region: str = stage.TEBING_TINGGI) -> None:
        """Nothing but these items is still to be done in the region."""
        values = {"state": "accepted"}
        rest = update(Item).where(Item.region_code == region, Item.key.not_in(keys)).values(values)
        self.town.session.execute(rest)
        self.town.session.expire_all()

    def leaves(self) -> None:
        """Everything that waits has reached its reader."""
        values = {"state": OutboxState.SENT, "sent_at": self.town.now}
        waiting = OutboxMessage.state == OutboxState.WAITING
        self.town.session.execute(update(OutboxMessage).where(waiting).values(values))
        self.town.session.expire_all()

    def settled(self, phone: Phone, last_day: str) -> None:
        """The person has been with Pandu for long: the digest of this day is behind them."""
        clock = self.town.session.get(DigestClock, phone.person.id)
        assert clock is not None
        clock.last_day = date.fromisoformat(last_day)
        self.town.session.flush()


def half_hours(first: datetime, last: datetime) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += HALF_AN_HOUR
