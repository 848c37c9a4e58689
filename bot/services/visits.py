"""A person at their chat, in one transaction: who they are, in which seat, and where the conversation stands."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.program.regions import Region
from bot.services import rights, zones
from bot.services.rights import EVERYWHERE, Act, Place
from bot.services.work import Work
from bot.texts import Texts
from bot.words import Say
from db.audit import Actor
from db.models import Person, Seat
from db.vocabulary import ActorKind

DEFAULT_ZONE = "Asia/Jakarta"


@dataclass
class Chat:
    """Where a chat stands. `flow` is the open question's saved state, `stack` what was set aside for it.

    `changed_at` is when the chat was last answered.
    """

    chat_id: int
    turn: int = 0
    flow: dict[str, Any] | None = None
    stack: list[dict[str, Any]] = field(default_factory=list)
    screen: str = "home"
    panel_message_id: int | None = None
    last_message_id: int | None = None
    is_new: bool = True
    changed_at: datetime | None = None


@dataclass
class Visit:
    """What handlers, screens and the conversation engine work with. `person` is None for a stranger.

    `fresh` is the open question's saved state beside the live one, if this very update has led to it.
    `covered` are seats of mentors who are away and for whom this person stands in.
    `at` is when the person acted: Telegram's time of a message, the time of receipt of a press. `pressed` is the number
    of the message whose button was pressed.
    """

    work: Work
    chat: Chat
    telegram_id: int
    telegram_name: str
    language: str
    at: datetime
    person: Person | None = None
    seats: tuple[Seat, ...] = ()
    covered: tuple[Seat, ...] = ()
    fresh: tuple[Any, Any] | None = None
    pressed: int | None = None

    def __post_init__(self) -> None:
        self.work.actor = self.actor

    @property
    def seat(self) -> Seat | None:
        """The seat the person acts in: the one chosen, else the first."""
        if self.person is None or not self.seats:
            return None
        chosen = [seat for seat in self.seats if seat.id == self.person.active_seat_id]
        return (chosen or list(self.seats))[0]

    @property
    def actor(self) -> Actor:
        person_id = self.person.id if self.person else None
        return Actor(ActorKind.PERSON, person_id, self.seat.role if self.seat else None)

    @property
    def member(self) -> Person:
        """The person, where only a member can be. Raises `Forbidden` for a stranger."""
        if self.person is None:
            raise rights.Forbidden(Act.SEE_REGION, EVERYWHERE)
        return self.person

    @property
    def region(self) -> Region | None:
        """The one region of the seat, if it has one."""
        code = self.seat.region_code if self.seat else None
        return self.work.programme.regions.by_code.get(code) if code else None

    @property
    def covers_everything(self) -> bool:
        """Whether the seat is over the whole programme. A coordinator of provinces announces there only, sees only what
        they announced themselves, and decides nothing that concerns all regions."""
        scopes = self.seat.scopes if self.seat else []
        return any(scope.region_code is None and scope.province is None for scope in scopes)

    @property
    def zone(self) -> str:
        """The person's own zone, else the region's, else WIB."""
        own = zones.own(self.person.id, self.person.timezone) if self.person else None
        return own or (self.region.timezone if self.region else DEFAULT_ZONE)

    def local(self, at: datetime) -> date:
        """The calendar day of a moment where the person is."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    @property
    def today(self) -> date:
        return self.local(self.work.now)

    def plain(self, say: Say) -> str:
        """Words in the person's language, for what is no message: papers."""
        return texts().plain(say, self.language)

    def may(self, act: Act, place: Place = EVERYWHERE) -> bool:
        return rights.may(self._acting(act, place), act, place)

    def require(self, act: Act, place: Place = EVERYWHERE) -> Seat:
        """The seat that may do this there; from now on the audit names its role. Raises `Forbidden`."""
        seat = rights.require(self._acting(act, place), act, place)
        self.work.actor = replace(self.work.actor, role=seat.role)
        return seat

    def _acting(self, act: Act, place: Place) -> Seat | None:
        """In a region: the seat chosen, or another of the person's that may act there, so that no button of a
        person with two regions ends at a closed door. Elsewhere only the seat chosen counts."""
        if place.region_code is None or rights.may(self.seat, act, place):
            return self.seat
        others = (*self.seats, *self.covered)
        return next((seat for seat in others if rights.may(seat, act, place)), self.seat)


@lru_cache(maxsize=1)
def texts() -> Texts:
    """The catalogs, read once."""
    return Texts.load()
