"""Which day can be a new deadline: not past, later than the present one, worked, and within the programme."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.program.calendar import WorkingCalendar
from bot.services.closing import is_over
from bot.services.deadlines import default_day, default_stage_day, due_of, extensions, stage_due
from bot.services.visits import DEFAULT_ZONE
from bot.services.work import Work
from bot.words import Day, Refusal, _
from db.models import Extension

# Beyond it nobody means what they wrote.
AFTER_CLOSING = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Aim:
    """The stage or item whose deadline is meant, and whose it is: of one person, of one region, or of all."""

    subject: str
    region_code: str | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """A day that is not worked: the working day before it, and the holiday's name, empty at weekends."""

    earlier: date
    holiday: str


def aim_of(extension: Extension) -> Aim:
    return Aim(extension.subject, extension.region_code, extension.person_id)


def is_stage(work: Work, subject: str) -> bool:
    """Whether this key is a stage's. Raises `KeyError` for a key of neither stage nor item."""
    if any(subject == stage.key for stage in work.programme.edition.milestones):
        return True
    work.programme.edition.item(subject)
    return False


def item_keys(work: Work, subject: str) -> tuple[str, ...]:
    """The items whose deadline moves with this stage or item: not those with a deadline of their own in the content."""
    if not is_stage(work, subject):
        return (subject,)
    return tuple(item.key for item in work.programme.edition.items_of(subject) if not item.deadline)


def stage_of(work: Work, subject: str) -> str:
    """The key of the stage, or of the item's stage."""
    return subject if is_stage(work, subject) else work.programme.edition.item(subject).milestone


def title(work: Work, subject: str) -> str:
    """What people call it; the key itself where the content does not know it any more."""
    edition = work.programme.edition
    try:
        return edition.milestone(subject).title if is_stage(work, subject) else edition.item(subject).title
    except KeyError:
        return subject


def present(work: Work, aim: Aim) -> date:
    """The last day in force. Of a stage: of what a new deadline of the stage would move."""
    if aim.region_code is None:
        return _present_of_all(work, aim.subject)
    if not is_stage(work, aim.subject):
        return due_of(work, aim.region_code, aim.subject, aim.person_id).day
    known = extensions(work)
    moved = [key for key in item_keys(work, aim.subject) if (key, aim.region_code, aim.person_id) not in known]
    days = [due_of(work, aim.region_code, key, aim.person_id).day for key in moved]
    return max([stage_due(work, aim.region_code, aim.subject, aim.person_id).day, *days])


def _present_of_all(work: Work, subject: str) -> date:
    moved = extensions(work).get((subject, None, None))
    return moved.day if moved else default(work, Aim(subject))


def default(work: Work, aim: Aim) -> date:
    """The last day before anything was moved."""
    edition = work.programme.edition
    if aim.region_code is None:
        stage = is_stage(work, aim.subject)
        return (edition.milestone_deadline if stage else edition.default_deadline)(aim.subject, work.calendar)
    day_of = default_stage_day if is_stage(work, aim.subject) else default_day
    return day_of(work, aim.region_code, aim.subject)


def last_possible(work: Work, aim: Aim) -> date:
    """The closing, unless the edition or the stage's own deadline reaches beyond it, or one item of a region is
    opened again after the closing."""
    edition = work.programme.edition
    stage = default(work, Aim(stage_of(work, aim.subject), aim.region_code))
    if is_correction(work, aim):
        return edition.closing + AFTER_CLOSING
    beyond = edition.extensions_past_closing or max(stage, default(work, aim)) > edition.closing
    return edition.closing + AFTER_CLOSING if beyond else edition.closing


def is_correction(work: Work, aim: Aim) -> bool:
    """Whether a new deadline of this opens one item of a region again after the closing."""
    single = aim.region_code is not None and not is_stage(work, aim.subject)
    return single and is_over(work.programme.edition, work.now)


def off(work: Work, aim: Aim, day: date) -> Off | None:
    """What there is instead of a day that is not worked where it counts; None for a working day."""
    calendar = _calendar(work, aim)
    if calendar.is_working(day):
        return None
    return Off(calendar.previous_working(day), calendar.holiday_name(day) or "")


def _calendar(work: Work, aim: Aim) -> WorkingCalendar:
    return work.calendar_for(aim.region_code) if aim.region_code else work.calendar


def require_day(work: Work, aim: Aim, day: date) -> None:
    """Raises `Refusal` for a day that is past, no later than the present deadline, or beyond the programme."""
    if day < _today(work, aim):
        raise Refusal(_("{day} has passed. Please name a day that is still to come.", day=Day(day)))
    now = present(work, aim)
    if day <= now:
        raise Refusal(_("The deadline is {day} already. Please name a later day.", day=Day(now)))
    if day > last_possible(work, aim):
        raise _beyond(work, aim, day)


def _today(work: Work, aim: Aim) -> date:
    zone = work.programme.regions.by_code[aim.region_code].timezone if aim.region_code else DEFAULT_ZONE
    return work.now.astimezone(ZoneInfo(zone)).date()


def _beyond(work: Work, aim: Aim, day: date) -> Refusal:
    closing = work.programme.edition.closing
    if last_possible(work, aim) > closing:
        return Refusal(_("{day} is more than a year after the closing. Please name an earlier day.", day=Day(day)))
    return Refusal(
        _(
            "{day} is after the closing of the programme, {closing}. No deadline of this stage can be moved beyond it.",
            day=Day(day),
            closing=Day(closing),
        )
    )


def require_worked(work: Work, aim: Aim, day: date) -> None:
    """Raises `Refusal` for a day that cannot be granted, also because it is not worked."""
    require_day(work, aim, day)
    instead = off(work, aim, day)
    if instead is not None:
        raise Refusal(
            _(
                "{day} is not a working day; the one before it is {earlier}. Please choose another day.",
                day=Day(day),
                earlier=Day(instead.earlier),
            )
        )


def fits(work: Work, aim: Aim, day: date) -> bool:
    """Whether the day can be granted now."""
    try:
        require_worked(work, aim, day)
    except Refusal:
        return False
    return True
