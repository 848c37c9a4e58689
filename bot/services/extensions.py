"""Extensions: asked for by a region, granted, changed or refused by coordinators, given unasked, and taken back.

What concerns all regions needs two coordinators: one proposes, another one agrees.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from bot.buttons import row_number
from bot.flows import extending as flow
from bot.flows.extending import Answer, Matter, Purpose, Spot
from bot.services import deadlines, extension_letters, items
from bot.services.conversations import Begin, Reply
from bot.services.extension_days import (
    Aim,
    aim_of,
    is_correction,
    is_stage,
    item_keys,
    present,
    title,
)
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, _
from db.models import Extension, Item
from db.vocabulary import ExtensionState, ItemState

CHANGED = _("It was decided or changed meanwhile. Here is where it stands.")
WAITS = _("A request for this waits already. It is decided first.")
_PEOPLE = (
    joinedload(Extension.asked_by),
    joinedload(Extension.decided_by),
    joinedload(Extension.approved_by),
    joinedload(Extension.revoked_by),
)


# --- Finding


def waiting(visit: Visit) -> list[Extension]:
    """What waits for this coordinator, oldest first: requests of regions in reach, and what others propose for all."""
    visit.require(Act.DECIDE_EXTENSION)
    found = visit.work.session.scalars(
        select(Extension)
        .where(Extension.edition_id == visit.work.edition_id, or_(_undecided(), _to_be_revoked()))
        .options(*_PEOPLE)
        .order_by(Extension.id)
    )
    return [one for one in found if _may_decide(visit, one) and _begun_by(one) != visit.member.id]


def for_all(visit: Visit) -> list[Extension]:
    """What concerns all regions and waits for nothing that this coordinator could do: what they propose themselves, and
    what is in force, the newest first. Nothing for whoever does not decide about all regions."""
    if not visit.may(Act.DECIDE_EXTENSION) or not visit.covers_everything:
        return []
    found = visit.work.session.scalars(
        select(Extension)
        .where(
            Extension.edition_id == visit.work.edition_id,
            Extension.region_code.is_(None),
            Extension.state.in_((ExtensionState.PROPOSED, ExtensionState.GRANTED)),
        )
        .options(*_PEOPLE)
        .order_by(Extension.id.desc())
    )
    return [one for one in found if not needs_second(one) or _begun_by(one) == visit.member.id]


def needs_second(extension: Extension) -> bool:
    """For all regions, and it waits for a second coordinator's word: to begin, or to be taken back."""
    return extension.state is ExtensionState.PROPOSED or is_leaving(extension)


def _undecided() -> ColumnElement[bool]:
    return Extension.state.in_((ExtensionState.ASKED, ExtensionState.PROPOSED))


def _to_be_revoked() -> ColumnElement[bool]:
    """For all, and a first coordinator wants to take it back."""
    return (Extension.state == ExtensionState.GRANTED) & Extension.revoked_by_id.is_not(None)


def is_leaving(extension: Extension) -> bool:
    """Granted for all, and one coordinator wants to take it back."""
    return extension.state is ExtensionState.GRANTED and extension.revoked_by_id is not None


def _begun_by(extension: Extension) -> int:
    """Whose step waits for somebody else's."""
    return (extension.revoked_by_id or 0) if is_leaving(extension) else extension.asked_by_id


def _may_decide(visit: Visit, extension: Extension) -> bool:
    if extension.region_code is None:
        return visit.may(Act.DECIDE_EXTENSION) and visit.covers_everything
    return visit.may(Act.DECIDE_EXTENSION, Place(extension.region_code))


def by_id(visit: Visit, extension_id: int | str) -> Extension:
    """An extension or request in this coordinator's reach. Raises `Forbidden` also where there is none."""
    found = visit.work.session.get(Extension, row_number(extension_id), options=_PEOPLE, populate_existing=True)
    if found is None or found.edition_id != visit.work.edition_id:
        raise Forbidden(Act.DECIDE_EXTENSION, EVERYWHERE)
    visit.require(Act.DECIDE_EXTENSION, Place(found.region_code))
    if not _may_decide(visit, found):
        raise Forbidden(Act.DECIDE_EXTENSION, EVERYWHERE)
    return found


def locked(visit: Visit, extension_id: int | str) -> Extension:
    """The same to be changed: nobody else decides it until this is committed."""
    found = by_id(visit, extension_id)
    visit.work.session.refresh(found, with_for_update={"of": Extension})
    return found


def own(visit: Visit, extension_id: int | str) -> Extension:
    """A request of one's own, to be changed. Raises `Forbidden` for anybody else's."""
    found = visit.work.session.get(
        Extension, row_number(extension_id), options=_PEOPLE, populate_existing=True, with_for_update={"of": Extension}
    )
    if found is None or found.edition_id != visit.work.edition_id or found.asked_by_id != visit.member.id:
        raise Forbidden(Act.ASK_EXTENSION, EVERYWHERE)
    visit.require(Act.ASK_EXTENSION if found.region_code else Act.DECIDE_EXTENSION, Place(found.region_code))
    return found


def of_region(visit: Visit, region_code: str) -> Sequence[Extension]:
    """Everything asked for and decided in a region, newest first, with what holds for all. What is for one person is
    seen by that person and by those who decide."""
    visit.require(Act.SEE_REGION, Place(region_code))
    found = visit.work.session.scalars(
        select(Extension)
        .where(
            Extension.edition_id == visit.work.edition_id,
            or_(Extension.region_code == region_code, Extension.region_code.is_(None)),
        )
        .options(*_PEOPLE)
        .order_by(Extension.id.desc())
    )
    decides = visit.may(Act.DECIDE_EXTENSION, Place(region_code))
    mine = (None, visit.member.id)
    return [one for one in found if _is_seen(one, decides) and (decides or one.person_id in mine)]


def _is_seen(extension: Extension, decides: bool) -> bool:
    """What is only proposed for all is for coordinators."""
    return decides or extension.region_code is not None or extension.state is not ExtensionState.PROPOSED


def in_force(visit: Visit, subject: str, region_code: str) -> Extension | None:
    """The extension that decides about a stage or item for this person."""
    moved = _moved(visit, subject, region_code)
    if moved is None or moved.extension_id is None:
        return None
    return visit.work.session.get(Extension, moved.extension_id, options=_PEOPLE, populate_existing=True)


def is_by_session(visit: Visit, subject: str, region_code: str) -> bool:
    """Whether the day of the region's own session decides about a stage or item for this person."""
    moved = _moved(visit, subject, region_code)
    return moved is not None and moved.extension_id is None


def _moved(visit: Visit, subject: str, region_code: str) -> deadlines.Moved | None:
    moved_of = deadlines.stage_moved_of if is_stage(visit.work, subject) else deadlines.moved_of
    return moved_of(visit.work, region_code, subject, visit.member.id)


def asked(work: Work, aims: Sequence[Aim]) -> Extension | None:
    """The request for one of these that still waits."""
    matches = [_is_for(aim) for aim in aims]
    return work.session.scalars(
        select(Extension)
        .where(Extension.edition_id == work.edition_id, _undecided(), or_(*matches))
        .options(*_PEOPLE)
        .order_by(Extension.id)
    ).first()


def _is_for(aim: Aim) -> ColumnElement[bool]:
    return (
        (Extension.subject == aim.subject)
        & Extension.region_code.is_not_distinct_from(aim.region_code)
        & Extension.person_id.is_not_distinct_from(aim.person_id)
    )


def asked_by_me(visit: Visit, subject: str, region_code: str) -> Extension | None:
    """What waits about a stage or item for the region, or for this person alone."""
    return asked(visit.work, [Aim(subject, region_code), Aim(subject, region_code, visit.member.id)])


def can_be_extended(work: Work, subject: str, region_code: str) -> bool:
    """Whether something of it still needs something."""
    found = items.of_region(work, region_code)
    if not is_stage(work, subject):
        return subject in found and is_extendable(work, found[subject])
    return any(key in found and found[key].state not in extension_letters.ENDED for key in item_keys(work, subject))


def is_extendable(work: Work, item: Item) -> bool:
    """Whether it still needs something; after the closing what was accepted can be opened again too."""
    if is_correction(work, Aim(item.key, item.region_code)):
        return item.state is not ItemState.WAIVED
    return item.state not in extension_letters.ENDED


# --- Beginning


def begin_item(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin with an item: a region's people ask, its coordinators give."""
    item = items.by_id(visit, subject, Act.SEE_ITEM)
    return _begin(visit, item.key, item.region_code, f"item-id:{item.id}")


def begin_stage(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin with a whole stage of a region (`bimtek-1-12.76`)."""
    key, _dash, code = subject.rpartition("-")
    if not is_stage(visit.work, key) or not items.is_participant(visit.work, code):
        raise Forbidden(Act.ASK_EXTENSION, Place(code))
    return _begin(visit, key, code, f"stage:{key}:0:{code}")


def _begin(visit: Visit, subject: str, code: str, back: str) -> Reply | Begin:
    purpose = Purpose.ASK if visit.may(Act.ASK_EXTENSION, Place(code)) else Purpose.GIVE
    _require(visit, purpose, code)
    if not can_be_extended(visit.work, subject, code):
        return Reply(toast=_("Nothing of this is open, so its deadline need not move."), then=back)
    if purpose is Purpose.ASK and asked_by_me(visit, subject, code):
        return Reply(toast=WAITS, then=f"extended:{code}")
    spot = Spot(code=code, name=visit.work.programme.regions.by_code[code].name)
    matter = _matter(visit.work, purpose, Aim(subject, code), back, (spot,))
    return Begin(flow.FLOW.name, flow.Dating(matter=matter))


def _require(visit: Visit, purpose: Purpose, code: str) -> None:
    visit.require(Act.ASK_EXTENSION if purpose is Purpose.ASK else Act.DECIDE_EXTENSION, Place(code))


def _matter(work: Work, purpose: Purpose, aim: Aim, back: str, spots: tuple[Spot, ...] = (), **more: Any) -> Matter:
    return Matter(
        purpose=purpose,
        subject=aim.subject,
        title=title(work, aim.subject),
        is_stage=is_stage(work, aim.subject),
        spots=spots,
        present=present(work, aim),
        back=back,
        **more,
    )


def begin_for_many(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to give an extension to several regions, or to all, for a stage or an item."""
    visit.require(Act.DECIDE_EXTENSION)
    matter = _matter(visit.work, Purpose.GIVE, Aim(subject), "extensions")
    return Begin(flow.FLOW.name, flow.Choosing(matter=matter, everywhere=visit.covers_everything))


def begin_changing(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin to grant a request with another day than was asked for."""
    found = by_id(visit, subject)
    if found.state is not ExtensionState.ASKED or found.version != version:
        return Reply(toast=CHANGED, then=f"extension:{found.id}")
    require_another(visit, found)
    return Begin(flow.FLOW.name, flow.Dating(matter=_matter_of(visit.work, found)))


def begin_refusing(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin to say why it is not granted; also of what is only proposed for all."""
    found = by_id(visit, subject)
    if found.state not in (ExtensionState.ASKED, ExtensionState.PROPOSED) or found.version != version:
        return Reply(toast=CHANGED, then=f"extension:{found.id}")
    require_another(visit, found)
    return Begin(flow.FLOW.name, flow.Answering(matter=_matter_of(visit.work, found), answer=Answer.REFUSE))


def begin_revoking(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin to say why an extension is taken back."""
    found = by_id(visit, subject)
    if found.state is not ExtensionState.GRANTED or is_leaving(found) or found.version != version:
        return Reply(toast=CHANGED, then=f"extension:{found.id}")
    return Begin(flow.FLOW.name, flow.Answering(matter=_matter_of(visit.work, found), answer=Answer.REVOKE))


def require_another(visit: Visit, extension: Extension) -> None:
    """Raises `Refusal` for one's own request: nobody decides what they asked for themselves."""
    if extension.state is ExtensionState.ASKED and extension.asked_by_id == visit.member.id:
        raise Refusal(_("You asked for this yourself, so somebody else decides."))


def _matter_of(work: Work, extension: Extension) -> Matter:
    code = extension.region_code
    spots = (Spot(code=code, name=work.programme.regions.by_code[code].name),) if code else ()
    return _matter(
        work,
        Purpose.CHANGE,
        aim_of(extension),
        f"extension:{extension.id}",
        spots,
        extension_id=extension.id,
        version=extension.version,
    )
