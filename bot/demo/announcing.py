"""What the sample tells of announcements, as it is written down in `announcements.yaml`, each through its service."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import update

from bot.demo.players import Players
from bot.demo.story import WIB, At, Part
from bot.flows.announcing import FillAnnouncement, KeepAnnouncement
from bot.services import announcement_reading, announcements, announcing, letters, schedule
from bot.services.audiences import Audience
from bot.texts import Texts
from db.models import OutboxMessage
from db.vocabulary import Confirmation, Lane, OutboxState, Role

ANNOUNCEMENTS = Path(__file__).with_name("announcements.yaml")
# The last copy has arrived so long after the first word of the coordinator.
ARRIVED_AFTER = timedelta(minutes=2)


class Answer(Part):
    """A reader's word; `attends` where attendance was asked."""

    who: str
    at: At
    attends: bool | None = None


class News(Part):
    """An announcement to everybody with these roles, an invitation with its session. A draft is only written."""

    key: str
    by: str
    at: At
    subject: str
    reference: str = ""
    text: str
    asks: Confirmation
    session: At | None = None
    place: str = ""
    roles: tuple[Role, ...]
    draft: bool = False
    answers: tuple[Answer, ...] = ()


class Announcements(Part):
    announcements: tuple[News, ...]


def read_announcements(path: Path = ANNOUNCEMENTS) -> Sequence[News]:
    """The announcements of the sample. Raises pydantic's `ValidationError` naming the place of a fault."""
    return Announcements.model_validate(yaml.safe_load(path.read_text("utf-8"))).announcements


@dataclass
class Newsroom:
    """Announces for the coordinators of the story, and answers for its readers."""

    players: Players
    texts: Texts
    _numbers: dict[str, int] = field(default_factory=dict)

    def write(self, news: News, at: datetime) -> None:
        """A draft, and unless it stays one the press that sends it."""
        visit = self.players.visit(news.by, at)
        kept = announcements.keep(visit, KeepAnnouncement(0, "", news.text, ()))
        number = self._numbers[news.key] = int(kept.facts[0])
        announcements.fill(visit, FillAnnouncement(number, "subject", news.subject, visit.today))
        announcements.fill(visit, FillAnnouncement(number, "reference", news.reference, visit.today))
        if news.session:
            begins = news.session.at(visit.work.programme.edition.closing, WIB).astimezone(schedule.ZONE)
            announcements.fill(visit, FillAnnouncement(number, "event", f"{begins:%d/%m/%Y %H.%M}", visit.today))
            announcements.fill(visit, FillAnnouncement(number, "place", news.place, visit.today))
        found = announcements.by_id(visit, number)
        announcements.ask_for(visit, f"{number}-{news.asks.value}", found.version)
        announcements.aim(visit, found, Audience(roles=news.roles))
        if not news.draft:
            announcing.confirm(visit, str(number), found.version)

    def leave(self, at: datetime) -> None:
        """What the clock does once its time has come, and what Telegram does with the copies."""
        work = self.players.work_at(at)
        announcing.run(work)
        copies = [letter for letter in work.letters if letter.lane is Lane.BULK]
        letters.post_letters(work.session, copies, self.texts, at)
        keys = OutboxMessage.unique_key.in_([letter.key for letter in copies])
        work.session.execute(update(OutboxMessage).where(keys).values(state=OutboxState.SENT, sent_at=at))
        announcing.run(self.players.work_at(at))
        announcing.run(self.players.work_at(at))

    def answer(self, news: News, word: Answer, at: datetime) -> None:
        """A reader's press."""
        visit, subject = self.players.visit(word.who, at), str(self._numbers[news.key])
        press = announcement_reading.come if word.attends else announcement_reading.stay
        (announcement_reading.read if word.attends is None else press)(visit, subject, 0)
