"""A person's own reminders: at which hour and how often they come, within what the programme allows."""

from collections.abc import Callable, Mapping
from datetime import time, timedelta

from bot.services import forecasts, progress, rounds
from bot.services.boards import Board, open_board
from bot.services.conversations import Begin, Reply
from bot.services.forecasts import Coming
from bot.services.hours import is_hours, read_hours
from bot.services.rounds import Attended
from bot.services.timing import timing_of
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, _
from db.models import DigestClock, Person
from db.vocabulary import REGION_ROLES, Rhythm, Role

# Where an hour that is typed is meant for one's own reminders.
PAGES = ("reminders", "reminder-hour")
FIRST, LAST = 8 * 60, 16 * 60
_HALF_AN_HOUR = 30
# So many regions can be gone through for one coordinator's page.
REGIONS = 40


def clock_of(work: Work, person: Person) -> DigestClock | None:
    """The person's clock; None for somebody who has never held a seat."""
    return work.session.get(DigestClock, person.id)


def hours(work: Work) -> tuple[time, ...]:
    """The hours that can be chosen: whole and half ones from 08.00 to 16.00 at which something may be sent."""
    allowed = timing_of(work).hours
    every = (time(*divmod(minutes, 60)) for minutes in range(FIRST, LAST + 1, _HALF_AN_HOUR))
    return tuple(hour for hour in every if allowed.earliest <= hour < allowed.latest)


def foreseen(visit: Visit) -> tuple[list[Coming], bool]:
    """The person's digests of the next seven days, and whether they are whole.

    What many regions may be late with is too much to go through while others wait: a coordinator sees it by region.
    """
    work, person = visit.work, visit.member.id
    coordinates = any(seat.role is Role.COORDINATOR for seat in visit.seats)
    if not coordinates or len(progress.participants(work)) <= REGIONS:
        return forecasts.coming(work, [person]), True
    own = [seat.region_code for seat in visit.seats if seat.role in REGION_ROLES and seat.region_code]
    return forecasts.coming(work, [person], only=own), False


def choose_hour(visit: Visit, subject: str, _version: int) -> Reply:
    """Be reminded at this hour (`0930`), or at the programme's again (`usual`)."""
    chosen = next((hour for hour in hours(visit.work) if f"{hour:%H%M}" == subject), None)
    if chosen is None and subject != "usual":
        raise Refusal(_("Reminders cannot come at this hour. Please choose another one."))
    clock = _own(visit)
    if clock.hour != chosen:
        before, clock.hour = clock.hour, chosen
        look_at(visit.work, visit.member)
        _audit(visit, "hour", before and f"{before:%H.%M}", chosen and f"{chosen:%H.%M}")
    return Reply(toast=_("Saved."), then="reminders")


def typed_hour(visit: Visit, text: str) -> Reply | None:
    """The hour typed on the pages of one's own reminders, "10.00" or "jam 10 pagi"; None for anything else there.

    Raises `Refusal` for one at which they cannot come.
    """
    said = read_hours(text) if visit.chat.screen in PAGES and is_hours(text) else None
    if said is None or said.last or said.zone or said.local:
        return None
    choose_hour(visit, f"{said.first:%H%M}", 0)
    return Reply(note=_("Saved."), then="reminders")


def choose_rhythm(visit: Visit, subject: str, _version: int) -> Reply:
    """Be reminded as often as this: `all`, `few`, `none`."""
    chosen, clock = Rhythm(subject), _own(visit)
    if clock.rhythm is not chosen:
        before, clock.rhythm = clock.rhythm, chosen
        visit.work.session.flush()
        _audit(visit, "rhythm", before.value, chosen.value)
    return Reply(toast=_("Saved."), then="reminders")


def _own(visit: Visit) -> DigestClock:
    clock = clock_of(visit.work, visit.member)
    if clock is None:
        raise Refusal(_("You have no reminders yet. They begin with your first seat."))
    visit.work.session.refresh(clock, with_for_update=True)
    return clock


def _audit(visit: Visit, name: str, before: object, after: object) -> None:
    visit.work.audit("set_reminders", "person", visit.member.id, before={name: before}, after={name: after})


def look_at(work: Work, person: Person) -> None:
    """The hour or the zone is another one: look at the person in time for it. Nothing is told twice by that."""
    clock = clock_of(work, person)
    if clock is None:
        return
    board, one = _attended(work, person, clock)
    today = one.today(work.now)
    after = today if clock.last_day == today else today - timedelta(days=1)
    at = rounds.next_hour(board, one, after)
    if work.now <= at < clock.next_at:
        clock.next_at = at
    work.session.flush()


def zone_of(work: Work, person: Person, clock: DigestClock) -> str:
    """The zone in which the person's hour is meant."""
    return _attended(work, person, clock)[1].zone


def _attended(work: Work, person: Person, clock: DigestClock) -> tuple[Board, Attended]:
    board = open_board(work, [person.id], only=())
    return board, rounds.attended(board, clock, person.timezone)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "remind-hour": choose_hour,
    "remind-rhythm": choose_rhythm,
}
