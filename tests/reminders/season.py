"""A season of a whole edition: regions that work, dates that move, people who come and go, days on which Pandu is off.

Everything that happens is done in the database and told to the oracle, in the same words.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.services import clocks, items
from db.models import DigestClock, Extension, Holiday, Item, Person, RegionPause, Reminder, Seat, Snooze, TimeSettings
from db.vocabulary import ExtensionState, HolidayKind, ItemState, ReminderState, Rhythm, Role
from tests import stage
from tests.reminders.alarm import Alarm, half_hours, wib
from tests.reminders.oracle import Member, Move, Oracle, Said, Thing

CODES = (stage.TEBING_TINGGI, stage.KATINGAN, stage.BANGGAI, stage.HALMAHERA_SELATAN, stage.KOTA_MOJOKERTO)
DAY = timedelta(days=1)


@dataclass
class Season:
    """From one day to another, in some regions. `chance` decides everything; the same seed gives the same season."""

    alarm: Alarm
    chance: random.Random
    codes: tuple[str, ...]
    first: date
    last: date
    oracle: Oracle = field(init=False)
    off_until: datetime | None = None

    def __post_init__(self) -> None:
        town = self.alarm.town
        town.now = wib(self.first.isoformat(), "05:00")
        edition, regions = town.work().programme.edition, town.work().programme.regions.by_code
        self.oracle = Oracle(edition.closing, {code: regions[code].timezone for code in self.codes})
        for code in self.codes:
            for key, item in stage.region(town.work(), code).items():
                known = edition.item(key)
                days = (known.deadline or edition.milestone(known.milestone).deadline).days or 0
                stage_days = edition.milestone(known.milestone).deadline.days or 0
                alone = known.deadline is not None
                thing = Thing(item.id, key, known.milestone, code, known.mandatory, days, stage_days, not alone)
                self.oracle.things[item.id] = thing
            for role, count in ((Role.OFFICIAL, self.chance.randint(0, 2)), (Role.LEAD, self.chance.randint(0, 1))):
                for _one in range(count):
                    self._joins(role, code)
        for role in (Role.COORDINATOR, Role.MENTOR):
            self._joins(role, None)
        self._work_of_earlier_months()

    def _joins(self, role: Role, code: str | None) -> None:
        work = self.alarm.town.work()
        person = stage.member(work, role, code, f"{role} {code}")
        zone = self.oracle.zones[code] if code else "Asia/Jakarta"
        told = Member(person.id, role.value, code, zone)
        self.oracle.people[person.id] = told
        # Whoever comes in is looked at after an hour, and not before.
        told.looked, told.poked_at = _local(work.now, zone), work.now + timedelta(hours=1)

    def _work_of_earlier_months(self) -> None:
        for thing in self.oracle.things.values():
            if thing.days < -60 or self.chance.random() < 0.4:
                self._finishes(thing)

    # --- The days

    def passes(self) -> None:
        """Let the season pass: each half an hour of the day something may happen, then the clock strikes."""
        day = self.first
        while day <= self.last:
            for moment in half_hours(wib(day.isoformat(), "05:30"), wib(day.isoformat(), "17:30")):
                self.alarm.town.now = moment
                if self.chance.random() < 0.25:
                    self._something_happens()
                if self.off_until is None or moment >= self.off_until:
                    self._strikes(moment)
            day += DAY

    def _strikes(self, moment: datetime) -> None:
        self.off_until = None
        self.oracle.strike(moment)
        # Two replicas strike one after the other.
        self.alarm.rings(moment)
        assert self.alarm.rings(moment) == 0
        # Something may happen before the sender comes to it.
        if self.chance.random() < 0.5 or moment.time() >= wib(self.first.isoformat(), "16:30").time():
            self._leave()

    def _leave(self) -> None:
        self.alarm.leaves()
        self.oracle.leave()

    def _something_happens(self) -> None:
        happenings: list[tuple[int, Callable[[], None]]] = [
            (30, self.finish),
            (6, self.reopen),
            (5, self.entrust),
            (6, self.extend),
            (2, self.revoke),
            (2, self.decree),
            (2, self.pause),
            (5, self.snooze),
            (3, self.choose),
            (3, self.join),
            (3, self.vanish),
            (1, self.fall_silent),
            (1, self.set_offsets),
        ]
        weights = [weight for weight, _deed in happenings]
        _weight, deed = self.chance.choices(happenings, weights)[0]
        self.alarm.town.session.info.clear()
        deed()
        self.alarm.town.session.flush()

    # --- What may happen

    def finish(self) -> None:
        self._finishes(self._any_thing())

    def _finishes(self, thing: Thing) -> None:
        if thing.open:
            items.change(self.alarm.town.work(), self._row(thing), "accept", state=ItemState.ACCEPTED)
            self.oracle.finish(thing, self.alarm.town.now)

    def reopen(self) -> None:
        thing = self._any_thing()
        if not thing.open:
            items.change(self.alarm.town.work(), self._row(thing), "return", state=ItemState.RETURNED)
            thing.open = True

    def entrust(self) -> None:
        thing = self._any_thing()
        team = [one for one in self.oracle.people.values() if one.code == thing.code]
        if not team:
            return
        person = self.chance.choice(team)
        seat = self.alarm.town.session.scalar(select(Seat.id).where(Seat.holder_id == person.id))
        items.change(self.alarm.town.work(), self._row(thing), "assign", assignee_id=seat)
        thing.delegate = person.id

    def extend(self) -> None:
        thing = self._any_thing()
        team = [one for one in self.oracle.people.values() if one.code == thing.code]
        subject = self.chance.choice([thing.key, thing.stage])
        code = self.chance.choice([thing.code, thing.code, thing.code, None])
        person = self.chance.choice(team).id if team and code and self.chance.random() < 0.3 else None
        day = self.alarm.town.now.date() + timedelta(days=self.chance.randint(1, 25))
        self._moves(Move(subject, code, person, day))

    def _moves(self, move: Move) -> None:
        work = self.alarm.town.work()
        row = Extension(
            edition_id=work.edition_id,
            subject=move.subject,
            region_code=move.code,
            person_id=move.person,
            state=ExtensionState.GRANTED,
            proposed_day=move.day,
            day=move.day,
            asked_by_id=next(iter(self.oracle.people)),
            asked_at=work.now,
        )
        work.session.add(row)
        self.oracle.moves.append(move)
        self._look_again(move.code)

    def revoke(self) -> None:
        if not self.oracle.moves:
            return
        move = self.oracle.moves[-1]
        work = self.alarm.town.work()
        last = select(Extension).where(Extension.state == ExtensionState.GRANTED).order_by(Extension.id.desc())
        row = work.session.scalars(last).first()
        assert row is not None
        row.state = ExtensionState.REVOKED
        self.oracle.moves.pop()
        self._look_again(move.code)

    def decree(self) -> None:
        day = self.alarm.town.now.date() + timedelta(days=self.chance.randint(1, 12))
        code = self.chance.choice([None, None, self.chance.choice(self.codes), self.chance.choice(self.codes)[:2]])
        works = self.chance.random() < 0.2
        if any((at, where) == (day, code) for at, where, _free in self.oracle.free):
            return
        kind = HolidayKind.WORKING if works else HolidayKind.JOINT_LEAVE
        work = self.alarm.town.work()
        row = Holiday(edition_id=work.edition_id, day=day, name="Cuti bersama", kind=kind, region_code=code)
        work.session.add(row)
        self.oracle.free.append((day, code, not works))
        self._look_again(None)

    def pause(self) -> None:
        code, today = self.chance.choice(self.codes), self.alarm.town.now.date()
        first, last = today, today + timedelta(days=self.chance.randint(0, 6))
        work = self.alarm.town.work()
        row = RegionPause(
            edition_id=work.edition_id,
            region_code=code,
            first_day=first,
            last_day=last,
            reason="Banjir",
            created_by_id=next(iter(self.oracle.people)),
            created_at=work.now,
        )
        work.session.add(row)
        self.oracle.pauses.append((code, first, last))
        self._look_again(code)

    def snooze(self) -> None:
        thing, today = self._any_thing(), self.alarm.town.now.date()
        team = [one for one in self.oracle.people.values() if one.code == thing.code]
        if not team:
            return
        person, until = self.chance.choice(team), today + timedelta(days=self.chance.randint(1, 4))
        self.alarm.town.session.merge(Snooze(person_id=person.id, item_id=thing.id, until=until))
        self.oracle.snoozes[(person.id, thing.id)] = until

    def choose(self) -> None:
        person = self.chance.choice(list(self.oracle.people.values()))
        clock = self._clock(person.id)
        clock.rhythm = Rhythm(self.chance.choice(["all", "few", "none"]))
        clock.hour = self.chance.choice([None, time(8), time(12), time(14, 30), time(18)])
        person.rhythm, person.hour = clock.rhythm.value, clock.hour
        # An hour counts from the next look on; a look now is one of those in which nothing may be said twice.
        self._poke([person])
        clocks.look_again(self.alarm.town.work(), person_ids=[person.id])

    def join(self) -> None:
        self._joins(self.chance.choice([Role.OFFICIAL, Role.OFFICIAL, Role.LEAD]), self.chance.choice(self.codes))

    def vanish(self) -> None:
        person = self.chance.choice(list(self.oracle.people.values()))
        person.active = not person.active
        lost: Any = None if person.active else self.alarm.town.now
        self.alarm.town.session.execute(update(Person).where(Person.id == person.id).values(unreachable_at=lost))

    def fall_silent(self) -> None:
        self._leave()
        self.off_until = self.alarm.town.now + timedelta(hours=self.chance.randint(1, 40))

    def set_offsets(self) -> None:
        offsets = tuple(sorted(self.chance.sample([-14, -10, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5], 6)))
        work = self.alarm.town.work()
        work.session.merge(TimeSettings(edition_id=work.edition_id, changed={"offsets": list(offsets)}, version=0))
        self.oracle.offsets = offsets
        self._look_again(None)

    # --- Shared

    def _look_again(self, code: str | None) -> None:
        self.alarm.town.session.flush()
        self.alarm.town.session.info.clear()
        clocks.look_again(self.alarm.town.work(), region_code=code)
        self._poke([one for one in self.oracle.people.values() if code is None or one.code in (None, code)])

    def _poke(self, people: list[Member]) -> None:
        self.oracle.poke(people, self.alarm.town.now)

    def _any_thing(self) -> Thing:
        return self.chance.choice(list(self.oracle.things.values()))

    def _row(self, thing: Thing) -> Item:
        row = self.alarm.town.session.get(Item, thing.id, populate_existing=True)
        assert row is not None
        return row

    def _clock(self, person: int) -> DigestClock:
        clock = self.alarm.town.session.get(DigestClock, person, populate_existing=True)
        assert clock is not None
        return clock

    # --- Afterwards

    def said(self) -> dict[int, list[Said]]:
        """What Pandu has told each person, digest by digest, from its own record."""
        found: dict[str, set[tuple[str, str]]] = {}
        for row in self.alarm.town.session.scalars(select(Reminder).where(Reminder.state == ReminderState.SENT)):
            found.setdefault(row.digest, set()).add((row.subject, row.occasion))
        said: dict[int, list[Said]] = {}
        for key in sorted(found):
            _word, person, day, number = key.split(":")
            entry = (datetime.strptime(day, "%Y%m%d").date(), int(number), frozenset(found[key]))  # noqa: DTZ007 (a day)
            said.setdefault(int(person), []).append(entry)
        return {person: sorted(entries, key=lambda one: one[:2]) for person, entries in said.items()}


def _local(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
