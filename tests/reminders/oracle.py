"""Who must be told what, worked out a second time: from plain sets and lists, tick by tick, without a line of Pandu's.

It shares nothing with Pandu but the programme's content (which items, due how many days from the closing).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

DAY = timedelta(days=1)
FRIDAY, SATURDAY = 4, 5
CLOSING_OFFSETS = (-60, -30, -14, -7, -3, -1, 0)
Said = tuple[date, int, frozenset[tuple[str, str]]]


@dataclass
class Member:
    """Somebody in one seat. `code` is a region; coordinators have none."""

    id: int
    role: str
    code: str | None
    zone: str
    hour: time | None = None
    rhythm: str = "all"
    active: bool = True
    looked: date | None = None
    looked_at: datetime | None = None
    poked_at: datetime | None = None
    digest_day: date | None = None
    extra: bool = False


@dataclass
class Thing:
    """An item of a region: still to be done, or not."""

    id: int
    key: str
    stage: str
    code: str
    mandatory: bool
    days: int
    stage_days: int
    of_stage: bool
    open: bool = True
    delegate: int | None = None


@dataclass(frozen=True)
class Move:
    """Another last day for an item or stage: of a person, a region, or all."""

    subject: str
    code: str | None
    person: int | None
    day: date


@dataclass(frozen=True)
class Waiting:
    """A digest that has not left, and what it used up."""

    person: Member
    said: Said
    told: frozenset[tuple[int, str, str, date]]
    snoozes: tuple[tuple[int, date], ...]

    def names(self, thing: Thing) -> bool:
        return any(subject == f"item:{thing.id}" for _person, subject, _occasion, _due in self.told)


@dataclass
class Oracle:
    """The whole world, and what each person was told in it."""

    closing: date
    zones: dict[str, str]
    people: dict[int, Member] = field(default_factory=dict)
    things: dict[int, Thing] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    free: list[tuple[date, str | None, bool]] = field(default_factory=list)
    pauses: list[tuple[str, date, date]] = field(default_factory=list)
    snoozes: dict[tuple[int, int], date] = field(default_factory=dict)
    offsets: tuple[int, ...] = (-14, -7, -3, -1, 0, 1, 3)
    hour: time = time(9)
    told: set[tuple[int, str, str, date]] = field(default_factory=set)
    said: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    waiting: list[Waiting] = field(default_factory=list)

    def __post_init__(self) -> None:
        years = (self.closing.year - 1, self.closing.year, self.closing.year + 1)
        self._decreed = set(country_holidays("ID", years=years, categories=("public", "government")))

    # --- The calendar

    def works(self, day: date, code: str | None) -> bool:
        widths = [None, code.split(".")[0] if code else None, code]
        for width in (2, 1, 0):
            found = [free for at, where, free in self.free if at == day and where == widths[width]]
            if found and (width == 0 or widths[width] is not None):
                return not found[-1]
        return day.weekday() < SATURDAY and day not in self._decreed

    def back(self, day: date, code: str | None) -> date:
        while not self.works(day, code):
            day -= DAY
        return day

    def forth(self, day: date, code: str | None, count: int) -> date:
        while count:
            day += DAY
            count -= self.works(day, code)
        return day

    def due(self, thing: Thing, person: int | None) -> date:
        for code, who in ((thing.code, person), (thing.code, None), (None, None)):
            # What has a deadline of its own does not move with its stage.
            for subject in (thing.key, thing.stage) if thing.of_stage else (thing.key,):
                found = [
                    move.day for move in self.moves if (move.subject, move.code, move.person) == (subject, code, who)
                ]
                if found:
                    return found[-1]
        raw = self.closing + timedelta(days=thing.days)
        if raw <= self.closing:
            return self.back(raw, thing.code)
        while not self.works(raw, thing.code):
            raw += DAY
        return raw

    # --- One tick

    def strike(self, now: datetime) -> None:
        """Everybody whose time has come is looked at."""
        for person in self.people.values():
            self._visit(person, now)

    def _visit(self, person: Member, now: datetime) -> None:
        here = now.astimezone(ZoneInfo(person.zone))
        day = here.date()
        early = person.digest_day != day and here < self._moment(person, day, here)
        if early or not self._allowed(person, here):
            return
        poked = person.poked_at is not None and person.poked_at <= now
        if person.looked == day and not poked and not self._afternoon(person, here):
            return
        person.looked, person.looked_at, person.poked_at = day, here, None
        if person.active:
            self._look(person, now, day)

    def _afternoon(self, person: Member, here: datetime) -> bool:
        """On the closing day whoever was looked at before 15.00 is looked at again."""
        at = here.replace(hour=15, minute=0)
        return here.date() == self.closing and person.looked_at is not None and person.looked_at < at <= here

    def _allowed(self, person: Member, here: datetime) -> bool:
        if not self.works(here.date(), person.code) or not time(8) <= here.time() < time(17):
            return False
        return not (here.weekday() == FRIDAY and time(11, 30) <= here.time() < time(13, 30))

    def _moment(self, person: Member, day: date, here: datetime) -> datetime:
        hour = min(max(person.hour or self.hour, time(8)), time(16, 59))
        if day.weekday() == FRIDAY and time(11, 30) <= hour < time(13, 30):
            hour = time(11, 29)
        return here.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)

    def _look(self, person: Member, now: datetime, day: date) -> None:
        second = person.digest_day == day
        if second and person.extra:
            return
        entries = list(self._entries(person, now, day))
        if second:
            later = self.forth(day, person.code, 1)
            entries = [one for one in entries if one[3] < later and one[0] != "closing"]
        entries += self._last_call(person, now, day, {one[0] for one in entries})
        if not entries:
            return
        told = frozenset((person.id, subject, occasion, due) for subject, occasion, due, _raw in entries)
        woken = [int(one[0].split(":")[1]) for one in entries if one[1].startswith("snooze:")]
        snoozes = tuple((thing, self.snoozes.pop((person.id, thing))) for thing in woken)
        self.told |= told
        person.digest_day, person.extra = day, second
        self.said[person.id].append((day, 1 + second, frozenset((one[0], one[1]) for one in entries)))
        self.waiting.append(Waiting(person, self.said[person.id][-1], told, snoozes))

    def leave(self) -> None:
        """Every digest has left."""
        self.waiting.clear()

    def finish(self, thing: Thing, now: datetime) -> None:
        """It is done: whoever reads of it in a digest that has not left gets another one."""
        thing.open = False
        self.poke([one.person for one in self.waiting if one.names(thing)], now)

    def poke(self, people: Sequence[Member], now: datetime) -> None:
        """Look at these people again; what has not left is as if it had never been said."""
        for person in people:
            person.poked_at = now
            for one in [one for one in self.waiting if one.person is person]:
                self._undo(one)

    def _undo(self, one: Waiting) -> None:
        self.waiting.remove(one)
        self.told -= one.told
        self.said[one.person.id].remove(one.said)
        for thing, until in one.snoozes:
            self.snoozes.setdefault((one.person.id, thing), until)
        one.person.extra = False
        if one.said[1] == 1:
            one.person.digest_day = None

    def _last_call(self, person: Member, now: datetime, day: date, said: set[str]) -> list[tuple[str, str, date, date]]:
        """On the afternoon of the closing: all that is mandatory, due today and open, where the person is."""
        if day != self.closing or now.astimezone(ZoneInfo(person.zone)).time() < time(15):
            return []
        return [
            (f"item:{thing.id}", "last", day, day)
            for thing in self.things.values()
            if (person.code == thing.code or person.role == "coordinator")
            and thing.open
            and thing.mandatory
            and self.due(thing, person.id) == day
            and f"item:{thing.id}" not in said
            and (person.id, f"item:{thing.id}", "last", day) not in self.told
            and not any(code == thing.code and a <= day <= b for code, a, b in self.pauses)
        ]

    # --- What there is to say

    def _entries(self, person: Member, now: datetime, day: date) -> Iterator[tuple[str, str, date, date]]:
        for thing in self.things.values():
            concerns = person.role == "coordinator" or person.code == thing.code
            if (
                concerns
                and self._workable(thing, person, now)
                and not any(code == thing.code and a <= day <= b for code, a, b in self.pauses)
            ):
                yield from self._about(person, thing, now, day)
        if person.role in ("official", "lead", "mentor", "coordinator"):
            plan = [
                (self.back(raw, person.code), offset, raw)
                for offset in CLOSING_OFFSETS
                for raw in [self.closing + timedelta(days=offset)]
            ]
            yield from self._latest(
                person, "closing", "", self.closing, plan, day, now.astimezone(ZoneInfo("Asia/Jakarta")).date()
            )

    def _workable(self, thing: Thing, person: Member, now: datetime) -> bool:
        """Open; and after the closing only what is due later by itself, or what was moved beyond it."""
        if not thing.open or now.astimezone(ZoneInfo("Asia/Jakarta")).date() <= self.closing:
            return thing.open
        due, there = self.due(thing, person.id), now.astimezone(ZoneInfo(self.zones[thing.code])).date()
        return max(thing.days, thing.stage_days) > 0 or (due > self.closing and there <= due)

    def _about(self, person: Member, thing: Thing, now: datetime, day: date) -> Iterator[tuple[str, str, date, date]]:
        due, there = self.due(thing, person.id), now.astimezone(ZoneInfo(self.zones[thing.code])).date()
        receivers = self._receivers(thing)
        for prefix, offsets in self._reasons(person, thing, receivers):
            plan = [self._occasion(due, offset, thing.code) for offset in offsets]
            found = list(self._latest(person, f"item:{thing.id}", prefix, due, plan, day, there))
            until = self.snoozes.get((person.id, thing.id)) if person.id in receivers and person.code else None
            if until is None or prefix:
                yield from found
            # Earlier where that day is free, or the deadline has come nearer.
            elif self.back(min(until, due), thing.code) <= day:
                for subject, occasion, _due, _raw in found:
                    self.told.add((person.id, subject, occasion, due))
                yield f"item:{thing.id}", f"snooze:{until}", due, until

    def _occasion(self, due: date, offset: int, code: str) -> tuple[date, int, date]:
        if offset > 0:
            day = self.forth(due, code, offset)
            return day, offset, day
        raw = due + timedelta(days=offset)
        return self.back(raw, code), offset, raw

    def _latest(
        self,
        person: Member,
        subject: str,
        prefix: str,
        due: date,
        plan: Sequence[tuple[date, int, date]],
        day: date,
        there: date,
    ) -> Iterator[tuple[str, str, date, date]]:
        come = sorted(one for one in plan if one[0] <= day)
        if not come:
            return
        *overtaken, (_at, offset, raw) = come
        expired = offset <= 0 and there > due
        fresh = (person.id, subject, _name(prefix, offset), due) not in self.told
        # What a later occasion overtook is over, also if the offsets are changed afterwards.
        for _day, other, _raw in overtaken:
            self.told.add((person.id, subject, _name(prefix, other), due))
        if expired:
            self.told.add((person.id, subject, _name(prefix, offset), due))
        elif fresh:
            yield subject, _name(prefix, offset), due, raw

    def _receivers(self, thing: Thing) -> set[int]:
        team = [one for one in self.people.values() if one.code == thing.code and one.active]
        if thing.delegate and any(one.id == thing.delegate for one in team):
            return {thing.delegate}
        if not thing.mandatory:
            return set()
        officials = {one.id for one in team if one.role == "official"}
        return officials or {one.id for one in team if one.role == "lead"} or {0}

    def _reasons(self, person: Member, thing: Thing, receivers: set[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
        if person.code == thing.code and person.id in receivers:
            yield "", self._wanted(person, thing)
        elif person.code == thing.code and person.role == "lead" and thing.mandatory:
            yield "lead", (1,)
        elif person.role == "coordinator" and 0 in receivers:
            yield "", self.offsets
        elif person.role == "coordinator" and thing.mandatory:
            yield "coordinator", (3,)

    def _wanted(self, person: Member, thing: Thing) -> tuple[int, ...]:
        if person.rhythm == "all":
            return self.offsets
        if person.rhythm == "none" and not (person.role == "lead" and thing.mandatory):
            return ()
        before = [one for one in self.offsets if one < 0]
        after = [one for one in self.offsets if one > 0]
        return (
            *([max(before)] if before else []),
            *([0] if 0 in self.offsets else []),
            *([min(after)] if after else []),
        )


def _name(prefix: str, offset: int) -> str:
    return f"{prefix}{offset:+d}" if offset else f"{prefix}0"
