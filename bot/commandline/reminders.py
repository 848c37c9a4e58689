"""`pandu reminders`: who will receive which reminders, as things stand now, for operators and for tables."""

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import CannotStart
from bot.commandline.offline import existing, look, require_tables, work_of
from bot.commandline.tokenless import settings_without_token
from bot.services import forecasts, progress, reminder_words
from bot.services.forecasts import Coming
from bot.services.reminding import Entry
from bot.services.visits import DEFAULT_ZONE, texts
from bot.services.work import Work
from bot.settings import Settings
from bot.texts import zone_label
from db.models import DigestClock

# People whose regions are held in memory together.
_TOGETHER = 500
LONGEST = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One thing somebody will be reminded of. `at` is ISO with the offset of `zone`; `item` is None for the closing."""

    person_id: int
    person: str
    region: str | None
    item: str | None
    deadline: str
    offset: str
    why: str
    at: str
    zone: str
    shift: str | None


def execute(options: argparse.Namespace) -> int:
    settings = settings_without_token()
    database = existing(settings)
    found = look(database, lambda session: coming(session, settings, options))
    if options.json:
        print(json.dumps([asdict(line) for line in found], ensure_ascii=False, indent=2))
    else:
        print("".join(f"{_text(line)}\n" for line in found), end="")
    return 0


def coming(session: Session, settings: Settings, options: argparse.Namespace) -> list[Line]:
    """What will be sent from a day on, today otherwise. Raises `CannotStart` for what cannot be told."""
    require_tables(session)
    work = work_of(session, settings, "pandu reminders")
    today = work.now.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
    first = _day(options.from_day) if options.from_day else today
    ahead = (first - today).days
    if ahead < 0:
        raise CannotStart(f"{first} has passed: name today, {today}, or a later day", 2)
    if not 1 <= options.days <= LONGEST or ahead > LONGEST:
        raise CannotStart(f"at most {LONGEST} days can be told", 2)
    digests = (
        _of_region(work, options.region, ahead + options.days) if options.region else _all(work, ahead + options.days)
    )
    lines = (line for one in digests if one.day >= first for line in _lines(work, one))
    return sorted(lines, key=lambda line: (datetime.fromisoformat(line.at), line.person, line.person_id))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotStart(f"{text} is no day: write it as 2026-11-16", 2) from None


def _of_region(work: Work, code: str, days: int) -> Sequence[Coming]:
    if code not in work.programme.regions.by_code:
        raise CannotStart(f"there is no region {code}", 2)
    if code not in progress.participants(work):
        raise CannotStart(f"region {code} takes no part", 2)
    return forecasts.of_regions(work, [code], days)[code]


def _all(work: Work, days: int) -> Iterator[Coming]:
    order = select(DigestClock.person_id).order_by(DigestClock.region_code, DigestClock.person_id)
    persons = iter(work.session.scalars(order).all())
    while some := list(islice(persons, _TOGETHER)):
        yield from forecasts.coming(work, some, days)


def _lines(work: Work, one: Coming) -> Iterable[Line]:
    for entry in one.entries:
        yield Line(
            person_id=one.person_id,
            person=one.name,
            region=entry.task.region_code if entry.task else None,
            item=entry.task.key if entry.task else None,
            deadline=entry.due.day.isoformat(),
            offset=_offset(entry),
            why=entry.why.value,
            at=one.at.astimezone(ZoneInfo(one.zone)).isoformat(timespec="seconds"),
            zone=zone_label(one.zone),
            shift=_shift(work, one, entry),
        )


def _offset(entry: Entry) -> str:
    return texts().plain(reminder_words.short(entry), "en")


def _shift(work: Work, one: Coming, entry: Entry) -> str | None:
    moved = reminder_words.shift(entry, one.day, forecasts.calendar_of(work, entry))
    return texts().plain(moved, "en") if moved else None


def _text(line: Line) -> str:
    at = datetime.fromisoformat(line.at)
    about = f"{line.region} {line.item}" if line.item else "closing"
    told = f"{at:%Y-%m-%d %H.%M} {line.zone}  {line.person}  {about}  due {line.deadline}  {line.offset}  {line.why}"
    return f"{told}  ({line.shift})" if line.shift else told
