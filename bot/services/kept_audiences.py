"""Audiences that coordinators keep under a name, for all of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from bot.buttons import row_number
from bot.services import editions
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.words import Refusal, Say, _
from db.models import SavedAudience


def of_edition(visit: Visit) -> Sequence[SavedAudience]:
    """All of them, by name."""
    visit.require(Act.ANNOUNCE)
    mine = SavedAudience.edition_id == visit.work.edition_id
    return visit.work.session.scalars(select(SavedAudience).where(mine).order_by(SavedAudience.name)).all()


def by_id(visit: Visit, audience_id: int | str) -> SavedAudience:
    """One of them. Raises `Forbidden` where there is none."""
    visit.require(Act.ANNOUNCE)
    row = visit.work.session.get(SavedAudience, row_number(audience_id))
    if row is None or row.edition_id != visit.work.edition_id:
        raise Forbidden(Act.ANNOUNCE, Place())
    return row


def keep(visit: Visit, name: str, rule: Mapping[str, Any]) -> Say:
    """Keep a rule under a name; one's own of this name is replaced. Raises `Refusal` for the name of a colleague's."""
    work = visit.work
    editions.hold(work.session, work.edition_id)
    known = select(SavedAudience).where(SavedAudience.edition_id == work.edition_id, SavedAudience.name == name)
    row = work.session.scalar(known)
    if row is None:
        values = {"edition_id": work.edition_id, "created_by_id": visit.member.id, "created_at": work.now}
        work.session.add(SavedAudience(name=name, rule=dict(rule), **values))
        return _("Saved.")
    _require_own(visit, row)
    row.rule, row.created_at = dict(rule), work.now
    return _("Saved. It replaces what you had kept under the name “{name}”.", name=name)


def _require_own(visit: Visit, row: SavedAudience) -> None:
    if row.created_by_id != visit.member.id:
        raise Refusal(
            _(
                "{who} keeps an audience under the name “{name}”. Please choose another one.",
                who=visit.work.person(row.created_by_id).name,
                name=row.name,
            )
        )


def may_forget(visit: Visit, row: SavedAudience) -> bool:
    """Whoever keeps an audience may put it away, and whoever looks after the whole programme."""
    return row.created_by_id == visit.member.id or visit.covers_everything


def forget(visit: Visit, audience_id: str) -> str | None:
    """Put one away; drafts that took it over stay as they are. Returns its name, None where it was put away already.

    Raises `Forbidden` for a colleague's.
    """
    visit.require(Act.ANNOUNCE)
    work = visit.work
    editions.hold(work.session, work.edition_id)
    row = work.session.get(SavedAudience, row_number(audience_id), populate_existing=True)
    if row is None or row.edition_id != work.edition_id:
        return None
    if not may_forget(visit, row):
        raise Forbidden(Act.ANNOUNCE, Place())
    work.audit("forget_audience", "audience", row.id, before={"name": row.name, "rule": row.rule})
    work.session.delete(row)
    work.session.flush()
    return row.name
