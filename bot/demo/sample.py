"""Builds the sample: plays its story through the real services, each deed at its own moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bot.app import programme_of
from bot.demo.announcing import ARRIVED_AFTER, Newsroom, read_announcements
from bot.demo.answering import Counter
from bot.demo.gathering import TOLD_AFTER, Secretary, read_dates
from bot.demo.inquiries import Inquiries, read_inquiries
from bot.demo.players import BEFORE_JOINING, Players, people_phones
from bot.demo.story import WIB, Invitation, Moment, Routine, Step, read_story
from bot.demo.telling import Teller
from bot.files import EvidenceStore
from bot.jobs.ticks import DUTIES
from bot.program.loading import load_edition, shipped_edition
from bot.program.model import ChecklistItem
from bot.services import editions, letters, search_index
from bot.settings import Settings
from bot.texts import Texts
from bot.words import Refusal
from db.engine import Database
from simulator.exchange import Exchange

OPENED_BEFORE = timedelta(days=350)
# What was told since yesterday afternoon is still unread when the demo begins; the rest was read long ago.
STILL_UNREAD = timedelta(hours=18)
# Since so many days what the clock does by itself is done, once each working day at this hour.
TICKING_SINCE = 50
TICKING_AT = time(13, 30)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the demo needs to know of it: the accounts of those who use Pandu already."""

    phones: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment. `what` names it where it cannot happen."""

    at: datetime
    what: str
    happen: Callable[[], object]


def build_sample(database: Database, settings: Settings, exchange: Exchange, morning: datetime) -> Sample:
    """Fill an empty, migrated database, and give everybody a phone. `morning` is the moment at which the demo begins.

    Raises `RuntimeError` naming the step of a story that the programme no longer allows.
    """
    story = read_story()
    texts = Texts.load()

    def tell(session: Session) -> Sample:
        content = load_edition(settings.edition or shipped_edition(), morning.date())
        opened = editions.open_edition(session, content, morning - OPENED_BEFORE)
        username = str(exchange.bot_user["username"])
        players = Players(story, session, programme_of(settings, opened, username), opened.row_id)
        search_index.keep_current(players.work_at(morning - OPENED_BEFORE))
        codes = _play(players, exchange, EvidenceStore(settings.data_dir), morning)
        _post(session, players, texts, morning)
        return Sample(people_phones(exchange, players, codes))

    return database.write_now(tell)


def _play(players: Players, exchange: Exchange, store: EvidenceStore, morning: datetime) -> dict[str, str]:
    """Let everything happen in its order. Returns the notes that hold a code to try."""
    codes: dict[str, str] = {}
    teller = Teller(players, exchange, store)
    told = (
        *_arrivals(players),
        *_deeds(players, teller),
        *_invitations(players, codes),
        *_inquiries(players, teller),
        *_announcements(players),
        *_meetings(players),
    )
    events = [*told, *(event for event in _ticks(players) if event.at < morning)]
    for event in sorted(events, key=lambda one: one.at):
        if event.at > morning:
            raise RuntimeError(f"the sample's story goes beyond its morning: {event.what}")
        try:
            event.happen()
        except (Refusal, LookupError) as error:
            raise RuntimeError(f"the sample's story cannot go on: {event.what}: {error}") from error
    return codes


def _arrivals(players: Players) -> Iterator[Event]:
    for one in players.story.people:
        if one.joined:
            at = players.at(one.joined, one.key)
            invited = at - BEFORE_JOINING
            yield Event(invited, f"{one.key} is invited", partial(players.call, one, invited))
            yield Event(at, f"{one.key} joins", partial(players.join, one, at))
        elif one.asks:
            at = players.at(one.asks, one.key)
            yield Event(at, f"{one.key} asks", partial(players.ask, one, at))


def _invitations(players: Players, codes: dict[str, str]) -> Iterator[Event]:
    def invite(one: Invitation, at: datetime) -> None:
        code = players.invite(one, at)
        if one.for_:
            codes[one.for_] = f"{players.story.by_key[one.for_].note} {code}"

    for one in players.story.invitations:
        at = players.at(one.at, one.by)
        yield Event(at, f"{one.by} invites {one.name}", partial(invite, one, at))


def _deeds(players: Players, teller: Teller) -> Iterator[Event]:
    for region, tale in players.story.tales.items():
        routine = [each for one in tale.routine for each in _expanded(players, one)]
        told = [(players.at(step.at, step.who), step) for step in tale.steps]
        for at, step in (*routine, *told):
            yield Event(at, f"{region} {step.who} {step.do} {step.item}", partial(teller.perform, step, region, at))


def _inquiries(players: Players, teller: Teller) -> Iterator[Event]:
    """Questions, answers, and what mentors keep for the next question."""
    told, counter = read_inquiries(), Counter(players, teller)
    for one in told.questions:
        at = players.at(one.at, one.by)
        yield Event(at, f"{one.by} asks {one.key}", partial(counter.ask, one, at))
        for word in one.steps:
            at = players.at(word.at, word.who)
            yield Event(at, f"{word.who} {word.do} {one.key}", partial(counter.perform, one.key, word, at))
    for page in told.articles:
        at = players.at(page.at, page.by)
        yield Event(at, f"{page.by} writes {page.key}", partial(counter.publish, page, at))
    for ready in told.ready_answers:
        at = players.at(ready.at, ready.by)
        yield Event(at, f"{ready.by} keeps {ready.title}", partial(counter.keep_ready, ready, at))
    yield from _around(players, counter, told)


def _around(players: Players, counter: Counter, told: Inquiries) -> Iterator[Event]:
    for lead in told.lead_mentors:
        at = players.at(lead.at, lead.by)
        yield Event(at, f"{lead.who} leads the mentors", partial(counter.appoint, lead, at))
    for away in told.absences:
        at = players.at(away.at, away.who)
        yield Event(at, f"{away.who} goes away", partial(counter.leave, away, at))
    for vote in told.votes:
        at = players.at(vote.at, vote.who)
        yield Event(at, f"{vote.who} votes for {vote.article}", partial(counter.vote, vote, at))
    for looked in told.searches:
        at = players.at(looked.at, looked.who)
        yield Event(at, f"{looked.who} looks for {looked.text}", partial(counter.look, looked, at))


def _announcements(players: Players) -> Iterator[Event]:
    newsroom = Newsroom(players, Texts.load())
    for news in read_announcements():
        at = players.at(news.at, news.by)
        yield Event(at, f"{news.by} announces {news.key}", partial(newsroom.write, news, at))
        if not news.draft:
            yield Event(at + ARRIVED_AFTER, f"{news.key} leaves", partial(newsroom.leave, at + ARRIVED_AFTER))
        for word in news.answers:
            at = players.at(word.at, word.who)
            yield Event(at, f"{word.who} answers {news.key}", partial(newsroom.answer, news, word, at))


def _meetings(players: Players) -> Iterator[Event]:
    secretary = Secretary(players)
    for one in read_dates():
        at = players.at(one.at, one.by)
        yield Event(at, f"{one.by} schedules {one.key}", partial(secretary.schedule, one, at))
        yield Event(at + TOLD_AFTER, f"{one.key} is told", partial(secretary.tell, at + TOLD_AFTER))
        for word in one.answers:
            at = players.at(word.at, word.who)
            yield Event(at, f"{word.who} answers {one.key}", partial(secretary.answer, one, word, at))


def _ticks(players: Players) -> Iterator[Event]:
    """What the clock does by itself: whoever should hear of something late has heard of it when the demo begins."""

    def tick(at: datetime) -> None:
        work = players.work_at(at)
        for duty in DUTIES:
            duty.deed(work)

    closing = players.programme.edition.closing
    working = players.work_at(Moment(TICKING_SINCE, TICKING_AT).at(closing, WIB)).calendar.is_working
    for days in range(TICKING_SINCE, 0, -1):
        if working(closing - timedelta(days=days)):
            at = Moment(days, TICKING_AT).at(closing, WIB)
            yield Event(at, "the clock ticks", partial(tick, at))


def _expanded(players: Players, routine: Routine) -> Iterator[tuple[datetime, Step]]:
    """The usual way of an item: attached and submitted some days before its deadline, accepted two days later."""
    edition = players.programme.edition
    for number, key in enumerate(routine.items):
        before = (edition.closing - edition.default_deadline(key)).days + 3 + number % 6
        sent = Moment(before, time(9 + number % 5, 5 + number * 7 % 50))
        at = players.at(sent, routine.by)
        yield at, Step(at=sent, who=routine.by, item=key, **_proof(edition.item(key), number))
        yield at + timedelta(minutes=9), Step(at=sent, who=routine.by, item=key, do="submit")
        yield at + timedelta(days=2, minutes=65), Step(at=sent, who=routine.reviewer, item=key, do="accept")


def _proof(item: ChecklistItem, number: int) -> dict[str, Any]:
    """What a region would send for such an item: photos of an event, a link to a folder, else a document."""
    title = item.title.replace("/", "-")
    if item.key.endswith("-dokumentasi"):
        return {"photos": (f"{title} 1.jpg", f"{title} 2.jpg")}
    if number % 7 == 6:
        return {"link": f"https://drive.google.com/drive/folders/contoh-{item.key}"}
    return {"file": f"{title}.{'docx' if number % 8 == 3 else 'pdf'}"}


def _post(session: Session, players: Players, texts: Texts, morning: datetime) -> None:
    """What was told lately is still to be sent, in its order."""
    for work in sorted(players.works, key=lambda one: one.now):
        if morning - work.now < STILL_UNREAD:
            letters.post_letters(session, work.letters, texts, work.now)
