"""Alarms: somebody seems to try doors. Written down, logged, and told to the coordinators of the whole programme."""

from datetime import timedelta

import structlog
from sqlalchemy import func, select

from bot.services.holders import holders
from bot.services.visits import Visit
from bot.words import _
from db.models import AuditEntry
from db.vocabulary import Role

# So many refused attempts of one person within a day are an alarm (security model, abuse case 11).
PRYING = 10

log = structlog.get_logger(__name__)


def watch_refusals(visit: Visit) -> None:
    """Raise an alarm at a person's tenth refusal within a day."""
    if visit.person is None:
        return
    work, person_id = visit.work, visit.person.id
    since = work.now - timedelta(days=1)
    recent = select(func.count()).where(
        AuditEntry.actor_id == person_id, AuditEntry.at > since, AuditEntry.act == "refused"
    )
    if (work.session.scalar(recent) or 0) == PRYING:
        raise_alarm(visit, "prying", person_id)


def raise_alarm(visit: Visit, kind: str, subject_id: int | None) -> None:
    """Write down that somebody seems to try doors, and tell the coordinators of the whole programme."""
    work = visit.work
    work.audit("alarm", kind, subject_id)
    log.warning("Many attempts were refused.", action="alarm", kind=kind, cause=work.cause)
    for overseer in holders(work, (Role.COORDINATOR, Role.ADMIN), None):
        work.tell(
            overseer,
            _("⚠️ Many attempts were refused ({kind}). The audit shows them; please look into it.", kind=_ALARMS[kind]),
            key=f"alarm:{kind}:{subject_id or 0}:{work.cause}:{overseer.id}",
        )


_ALARMS = {"prying": _("actions without the right to them"), "guessing": _("invitation codes that do not exist")}
