"""The people of the sample: at their phones in the simulator, and in their seats in Pandu."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.demo.story import WIB, Character, Invitation, Moment, Story
from bot.flows.joining_steps import Join
from bot.flows.notice import NOTICE_VERSION
from bot.flows.touring import Settle
from bot.program.regions import Regions
from bot.services import invites, joining, people
from bot.services.seats import Grantable
from bot.services.visits import Chat, Visit
from bot.services.work import Programme, Work
from db.audit import OPERATOR
from db.models import Person, Scope, Seat
from simulator import acts
from simulator.exchange import Exchange

FIRST_ID = 700_101
BEFORE_JOINING = timedelta(minutes=40)
CAUSE = "demo"


@dataclass
class Players:
    """Who is who. `work_at` opens the work of one deed; its letters are kept by whoever gave it."""

    story: Story
    session: Session
    programme: Programme
    edition_id: int
    works: list[Work] = field(default_factory=list)
    _invited: dict[str, int] = field(default_factory=dict)
    _seated: dict[str, tuple[Person, tuple[Seat, ...]]] = field(default_factory=dict)

    @property
    def regions(self) -> Regions:
        return self.programme.regions

    def telegram_id(self, key: str) -> int:
        """The account of a person of the story: in the story's order."""
        return FIRST_ID + [one.key for one in self.story.people].index(key)

    def zone(self, key: str) -> str:
        """Where somebody lives: in their region's zone, else in WIB."""
        home = self.story.by_key[key].home
        return self.regions.by_code[home].timezone if home else WIB

    def at(self, moment: Moment, key: str) -> datetime:
        """The instant of a moment where somebody lives."""
        return moment.at(self.programme.edition.closing, self.zone(key))

    def work_at(self, moment: datetime) -> Work:
        work = Work(self.session, moment, self.programme, self.edition_id, CAUSE)
        self.works.append(work)
        return work

    def visit(self, key: str, moment: datetime) -> Visit:
        """Somebody of the story at their chat at this moment; a stranger where they have not joined yet."""
        telegram_id = self.telegram_id(key)
        person, seats = self._known(key, telegram_id)
        return Visit(
            work=self.work_at(moment),
            chat=Chat(telegram_id),
            telegram_id=telegram_id,
            telegram_name=self.story.by_key[key].name,
            language="en" if self.story.by_key[key].english else "id",
            at=moment,
            person=person,
            seats=seats,
        )

    def _known(self, key: str, telegram_id: int) -> tuple[Person | None, tuple[Seat, ...]]:
        """Nobody of the story ever leaves a seat, so who has taken one is looked up once."""
        if key not in self._seated:
            person = self.session.scalar(select(Person).where(Person.telegram_id == telegram_id))
            seats = self._seats(person) if person else ()
            if not person or not seats:
                return person, ()
            self._seated[key] = (person, seats)
        return self._seated[key]

    def _seats(self, person: Person) -> tuple[Seat, ...]:
        held = select(Seat).where(Seat.holder_id == person.id, Seat.ended_at.is_(None)).order_by(Seat.id)
        return tuple(self.session.scalars(held.options(selectinload(Seat.scopes))).all())

    def call(self, who: Character, moment: datetime) -> None:
        """Somebody is invited: by the operator, or by whoever the story names."""
        what = Grantable(who.role, who.regions[0] if who.regions else None, item_key=who.item)
        if who.invited_by is None:
            work = self.work_at(moment)
            work.actor = OPERATOR
            invite, _code = invites.create_as_operator(work, what, expected_name=who.name)
        else:
            invite, _code = invites.create(self.visit(who.invited_by, moment), what, expected_name=who.name)
        self._invited[who.key] = invite.id

    def join(self, who: Character, moment: datetime) -> None:
        """Somebody who was called agrees to the notice, takes the seat and ends the first tour."""
        visit = self.visit(who.key, moment)
        joining.join(visit, self._wish(who, self._invited[who.key]))
        people.settle(visit, Settle(self.zone(who.key), who.saver))
        self._widen(visit, who.regions[1:])

    def ask(self, who: Character, moment: datetime) -> None:
        """Somebody asks for a seat without an invitation."""
        joining.join(self.visit(who.key, moment), self._wish(who, None))

    def invite(self, one: Invitation, moment: datetime) -> str:
        """An invitation that nobody has used. Returns its code."""
        visit = self.visit(one.by, moment)
        _invite, code = invites.create(visit, Grantable(one.role, one.region), expected_name=one.name)
        return code

    def _wish(self, who: Character, invite_id: int | None) -> Join:
        region = who.regions[0] if who.regions else None
        return Join(who.role, region, invite_id, who.name, who.position, NOTICE_VERSION)

    def _widen(self, visit: Visit, regions: tuple[str, ...]) -> None:
        """A mentor looks after several regions in one seat; no screen makes such a seat yet, so it is made here."""
        seat = visit.seat
        if seat is None or not regions:
            return
        seat.scopes += [Scope(region_code=code) for code in regions]
        self.session.flush()
        visit.work.audit("widen", "seat", seat.id, after={"regions": list(regions)})


def people_phones(exchange: Exchange, players: Players, notes: dict[str, str]) -> tuple[int, ...]:
    """Give everybody a phone in the simulator. Returns the accounts of those who use Pandu already."""
    for one in players.story.people:
        first, _space, last = one.name.partition(" ")
        acts.add_person(
            exchange,
            {
                "id": players.telegram_id(one.key),
                "first_name": first,
                "last_name": last or None,
                "language_code": "en" if one.english else "id",
                "label": one.label,
                "note": notes.get(one.key, one.note),
                "order": one.order,
            },
        )
    return tuple(players.telegram_id(one.key) for one in players.story.people if one.joined or one.asks)
