"""Coordinators change when reminders go out: within reason, once, seen ahead, and written down."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import func, select

from bot.flows import timing as flow
from bot.flows.timing import SEVERAL, Setting, day_name
from bot.flows.turns import Told, Wish
from bot.services import clocks, timing
from bot.services.conversations import Begin, Grant, Reply
from bot.services.occasions import occasions
from bot.services.rights import Act
from bot.services.timing import Timing, timing_of
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Day, Plain, Refusal, Say, ShortDay, _, _n, listed
from db.inbox import insert_ignoring
from db.models import DigestClock, TimeSettings

CHANGED = _("The settings were changed meanwhile. Here is what is in force now.")
_NUMBERS = (*SEVERAL, Setting.LEAD, Setting.COORDINATOR)


def version_of(work: Work) -> int:
    """How often the settings were changed."""
    row = work.session.get(TimeSettings, work.edition_id)
    return row.version if row else 0


def in_force(work: Work, setting: Setting) -> tuple[str, ...]:
    """The present values of a setting, as its buttons carry them."""
    now = timing_of(work)
    value = getattr(now.reminders, setting.value, None)
    value = getattr(now.hours, setting.value) if value is None else value
    return tuple(map(str, value)) if isinstance(value, tuple) else (_text(value),)


def _text(value: object) -> str:
    return f"{value:%H.%M}" if isinstance(value, time) else str(value)


def begin(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin to change one setting (`offsets`), or to take all changes back (`usual`)."""
    visit.require(Act.CHANGE_CALENDAR)
    if version != version_of(visit.work):
        return Reply(toast=CHANGED, then=flow.PAGE)
    if subject == "usual":
        effect = visit.plain(sentence(visit.work, timing.usual(visit.work)))
        return Begin(flow.FLOW.name, flow.Confirming(setting=None, values=(), version=version, effect=effect))
    setting = Setting(subject)
    state = flow.Choosing(setting=setting, chosen=in_force(visit.work, setting), version=version)
    return Begin(flow.FLOW.name, state)


def foresee(visit: Visit, wish: flow.ForeseeTiming) -> Told:
    """What the choice would lead to. Raises `Refusal` for what does not go together."""
    visit.require(Act.CHANGE_CALENDAR)
    found = _with(visit.work, wish.setting, wish.values)
    require_sense(found)
    return Told("effect", (wish.values, visit.plain(sentence(visit.work, found))))


def _with(work: Work, setting: Setting, values: Sequence[str]) -> Timing:
    return timing.merged(work, _changed(work) | {setting.value: _value(setting, values)})


def _changed(work: Work) -> dict[str, Any]:
    row = work.session.get(TimeSettings, work.edition_id)
    return dict(row.changed) if row else {}


def _value(setting: Setting, values: Sequence[str]) -> Any:
    """As the content writes it."""
    if setting in SEVERAL:
        return [int(value) for value in values]
    return int(values[0]) if setting in _NUMBERS else values[0]


def require_sense(found: Timing) -> None:
    """Raises `Refusal` for hours or steps that contradict each other."""
    hours, reminders = found.hours, found.reminders
    if not hours.earliest <= reminders.at < hours.latest:
        raise Refusal(
            _(
                "Reminders at {hour} would be outside the hours from {earliest} to {latest} in which they may be sent.",
                hour=_text(reminders.at),
                earliest=_text(hours.earliest),
                latest=_text(hours.latest),
            )
        )
    if reminders.coordinator_after < reminders.lead_after:
        raise Refusal(_("The coordinator cannot hear of it before the lead of the team."))
    if not reminders.offsets:
        raise Refusal(_("At least one day is needed."))


def sentence(work: Work, found: Timing) -> Say:
    """What these settings mean, by the example of something that is due on the day of the closing."""
    day, reminders, hours = work.programme.edition.closing, found.reminders, found.hours
    days = dict.fromkeys(one.day for one in occasions(day, tuple(reminders.offsets), work.calendar))
    people = work.session.scalar(select(func.count()).select_from(DigestClock)) or 0
    return _n(
        "What is due on {day} is reminded of on {days}, at {hour}, between {earliest} and {latest}, on Fridays not "
        "from {pause} to {end}; the lead hears of it on {lead}, the coordinator on {coordinator}. {count} person gets "
        "reminders.",
        "What is due on {day} is reminded of on {days}, at {hour}, between {earliest} and {latest}, on Fridays not "
        "from {pause} to {end}; the lead hears of it on {lead}, the coordinator on {coordinator}. {count} people get "
        "reminders.",
        people,
        day=Day(day),
        days=listed([_("{day}", day=ShortDay(one)) for one in days]),
        hour=_text(reminders.at),
        earliest=_text(hours.earliest),
        latest=_text(hours.latest),
        pause=_text(hours.friday_pause_from),
        end=_text(hours.friday_pause_until),
        lead=_worked(work, day, reminders.lead_after),
        coordinator=_worked(work, day, reminders.coordinator_after),
    )


def _worked(work: Work, day: date, count: int) -> ShortDay:
    return ShortDay(work.calendar.add_working_days(day, count))


def days_words(offsets: Sequence[int]) -> Say:
    """H-7, H-1, and H."""
    return listed([Plain(day_name(one)) for one in sorted(offsets)])


def keep(visit: Visit, wish: flow.SetTiming) -> Say:
    """Keep the choice, and look again at everybody. Raises `Refusal` where somebody was faster."""
    visit.require(Act.CHANGE_CALENDAR)
    work = visit.work
    row = _locked(work)
    if row.version != wish.version:
        raise Refusal(CHANGED)
    before = dict(row.changed)
    if wish.setting is None:
        after: dict[str, Any] = {}
    else:
        require_sense(_with(work, wish.setting, wish.values))
        after = before | {wish.setting.value: _value(wish.setting, wish.values)}
    if after == before:
        return _("It is so already.")
    row.changed, row.version = after, row.version + 1
    work.session.flush()
    work.audit("set_timing", "edition", work.edition_id, before=before, after=after)
    timing.forget(work)
    clocks.look_again(work)
    return _("Saved. What has not been sent yet goes by it.")


def _locked(work: Work) -> TimeSettings:
    values = {"edition_id": work.edition_id, "changed": {}, "version": 0}
    work.session.execute(insert_ignoring(work.session, TimeSettings).values(**values).on_conflict_do_nothing())
    return work.session.get_one(TimeSettings, work.edition_id, with_for_update=True, populate_existing=True)


GRANTS: Mapping[type[Wish], Grant] = {flow.ForeseeTiming: foresee, flow.SetTiming: keep}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"timing": begin}
