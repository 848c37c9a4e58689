"""When reminders go out in this edition: the content's defaults, and what coordinators have changed of them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from bot.program.model import QuietHours, Reminders
from bot.services.work import Work
from db.models import TimeSettings


@dataclass(frozen=True, slots=True)
class Timing:
    """Offsets, hour, ladder and countdown of reminders, and the hours in which anything may be sent by itself."""

    reminders: Reminders
    hours: QuietHours


def timing_of(work: Work) -> Timing:
    """What is in force; read once in a transaction for everybody in it."""
    known: dict[int, Timing] = work.session.info.setdefault("timings", {})
    if work.edition_id not in known:
        row = work.session.get(TimeSettings, work.edition_id)
        known[work.edition_id] = merged(work, row.changed if row else {})
    return known[work.edition_id]


def forget(work: Work) -> None:
    """What was read is not true any more."""
    work.session.info.pop("timings", None)


def usual(work: Work) -> Timing:
    """What the content says, before anything was changed."""
    return merged(work, {})


def merged(work: Work, changed: Mapping[str, object]) -> Timing:
    """The content's values with these in their place, as the content writes them."""
    rules = work.programme.edition.rules
    if not changed:
        return Timing(rules.reminders, rules.quiet_hours)
    return Timing(
        Reminders.model_validate(rules.reminders.model_dump() | _named(changed, Reminders.model_fields)),
        QuietHours.model_validate(rules.quiet_hours.model_dump() | _named(changed, QuietHours.model_fields)),
    )


def _named(changed: Mapping[str, object], names: Container[str]) -> dict[str, object]:
    return {name: value for name, value in changed.items() if name in names}
