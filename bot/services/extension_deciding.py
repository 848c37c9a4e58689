"""What becomes of an extension: asked for, given, granted, refused, taken back; each step once, with its audit line."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.flows import extending as flow
from bot.flows.extending import Answer, Matter, Purpose, Spot
from bot.flows.turns import Told, Wish
from bot.services import clocks, deadlines, editions, extension_letters, items, region_reading
from bot.services.conversations import Begin, Grant, Reply
from bot.services.extension_days import Aim, aim_of, off, present, require_day, require_worked
from bot.services.extensions import (
    CHANGED,
    WAITS,
    asked,
    begin_changing,
    begin_for_many,
    begin_item,
    begin_refusing,
    begin_revoking,
    begin_stage,
    can_be_extended,
    is_leaving,
    locked,
    needs_second,
    own,
    require_another,
)
from bot.services.rights import EVERYWHERE, Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Day, Refusal, Say, _, _n
from db.models import Extension, Person
from db.vocabulary import ExtensionState

_NEEDS_ANOTHER = _("It concerns all regions, so a second coordinator decides. They have been told.")


# --- While it is being said


def name_regions(visit: Visit, wish: flow.NameRegions) -> Told:
    """Which participating regions in reach these names, codes or provinces mean, and what none of them is called.

    Raises `Refusal` for a name that could be two regions.
    """
    visit.require(Act.DECIDE_EXTENSION)
    within = region_reading.reachable(visit, Act.DECIDE_EXTENSION)
    found: dict[str, Spot] = {}
    unknown: list[str] = []
    for name in region_reading.names_in(wish.text):
        regions = region_reading.read(visit.work.programme.regions, name, within).regions
        found |= {one.code: Spot(code=one.code, name=one.name) for one in regions}
        unknown += [] if regions else [name[:40]]
    return Told("regions", (tuple(found.values()), tuple(unknown[:5])))


def check_day(visit: Visit, wish: flow.CheckDay) -> Told:
    """Whether this day can be the new deadline everywhere it is meant for. Raises `Refusal` with the rule."""
    instead = None
    for aim in _aims(wish.matter):
        _in_region(visit.work, aim, wish.matter, wish.day, require_day)
        instead = instead or off(visit.work, aim, wish.day)
    if instead is None:
        return Told("fits", (wish.day,))
    for aim in _aims(wish.matter):
        _in_region(visit.work, aim, wish.matter, instead.earlier, require_day)
    return Told("off", (wish.day, instead.earlier, instead.holiday))


def _aims(matter: Matter) -> list[Aim]:
    return [Aim(matter.subject, spot.code) for spot in matter.spots] or [Aim(matter.subject)]


def _in_region(work: Work, aim: Aim, matter: Matter, day: date, rule: Callable[[Work, Aim, date], None]) -> None:
    """Ask the rule; where several regions are meant, the refusal names the one that it speaks of."""
    try:
        rule(work, aim, day)
    except Refusal as refusal:
        if len(matter.spots) < 2 or aim.region_code is None:
            raise
        name = work.programme.regions.by_code[aim.region_code].name
        raise Refusal(_("{region}: {words}", region=name, words=refusal.words)) from None


# --- Asking and giving


def extend(visit: Visit, wish: flow.Extend) -> Say:
    """What was said in steps is done, if it still can be. Raises `Refusal` with the rule."""
    match wish.matter.purpose:
        case Purpose.ASK:
            return ask(visit, Aim(wish.matter.subject, wish.matter.spots[0].code), wish.day, wish.reason, wish.personal)
        case Purpose.GIVE if wish.matter.spots:
            return give(visit, wish.matter, wish.day, wish.reason)
        case Purpose.GIVE:
            return propose(visit, wish.matter.subject, wish.day, wish.reason)
        case Purpose.CHANGE:
            return grant_otherwise(visit, wish)


def ask(visit: Visit, aim: Aim, day: date, reason: str, personal: bool = False) -> Say:
    """Ask for a new last day, for the region or for oneself; the coordinators hear of it at once."""
    work, code = visit.work, aim.region_code or ""
    visit.require(Act.ASK_EXTENSION, Place(code))
    items.hold_region(work, code)
    aim = Aim(aim.subject, code, visit.member.id if personal else None)
    if not can_be_extended(work, aim.subject, code):
        raise Refusal(_("Nothing of this is open, so its deadline need not move."))
    if asked(work, [aim]):
        raise Refusal(WAITS)
    require_worked(work, aim, day)
    row = _add(visit, aim, day, reason, state=ExtensionState.ASKED)
    work.audit("ask_extension", "extension", row.id, region_code=code, after=_days(row), reason=row.reason)
    if extension_letters.tell_asked(work, row, visit.member):
        return _("Asked for. The coordinator has been told and decides; you will be told here.")
    return _("Asked for. The region has no coordinator yet; the request waits until there is one.")


def _add(visit: Visit, aim: Aim, day: date, reason: str, **values: Any) -> Extension:
    work = visit.work
    row = Extension(
        edition_id=work.edition_id,
        subject=aim.subject,
        region_code=aim.region_code,
        person_id=aim.person_id,
        former_day=present(work, aim),
        proposed_day=day,
        reason=mask_nik(reason)[0],
        asked_by_id=visit.member.id,
        asked_at=work.now,
        **values,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _days(row: Extension) -> Mapping[str, str]:
    """The dates as the audit keeps them."""
    known = {"subject": row.subject, "former": row.former_day, "proposed": row.proposed_day, "day": row.day}
    return {name: str(value) for name, value in known.items() if value}


def give(visit: Visit, matter: Matter, day: date, reason: str) -> Say:
    """An extension that nobody asked for, in one or several regions: in all of them, or in none."""
    aims = _aims(matter)
    for aim in sorted(aims, key=lambda one: one.region_code or ""):
        visit.require(Act.DECIDE_EXTENSION, Place(aim.region_code))
        items.hold_region(visit.work, aim.region_code or "")
        _in_region(visit.work, aim, matter, day, require_worked)
    for aim in aims:
        row = _add(visit, aim, day, reason, state=ExtensionState.ASKED)
        _grant(visit.work, row, day, visit.member)
    return _n(
        "The deadline of {count} region is now {day}.",
        "The deadline of {count} regions is now {day}.",
        len(aims),
        day=Day(day),
    )


def propose(visit: Visit, subject: str, day: date, reason: str) -> Say:
    """A new deadline for all regions; it waits for a second coordinator."""
    work, aim = visit.work, Aim(subject)
    _require_everything(visit)
    editions.hold(work.session, work.edition_id)
    if asked(work, [aim]):
        raise Refusal(WAITS)
    require_worked(work, aim, day)
    row = _add(visit, aim, day, reason, state=ExtensionState.PROPOSED)
    work.audit("propose_extension", "extension", row.id, after=_days(row), reason=row.reason)
    return _ask_second(visit, row, _("Proposed: {day}", day=Day(day)))


def _require_everything(visit: Visit) -> None:
    visit.require(Act.DECIDE_EXTENSION)
    if not visit.covers_everything:
        raise Forbidden(Act.DECIDE_EXTENSION, EVERYWHERE)


def _ask_second(visit: Visit, row: Extension, what: Say) -> Say:
    if extension_letters.tell_proposed(visit.work, row, visit.member, what):
        return _NEEDS_ANOTHER
    return _(
        "It concerns all regions and needs a second coordinator. There is none: the operator can confirm it, as "
        "number {number}.",
        number=row.id,
    )


# --- Deciding


def grant(visit: Visit, subject: str, version: int) -> Reply:
    """Grant a request as it was asked for."""
    found = locked(visit, subject)
    here = f"extension:{found.id}"
    if found.state is not ExtensionState.ASKED or found.version != version:
        return Reply(toast=CHANGED, then=here)
    require_another(visit, found)
    require_worked(visit.work, aim_of(found), found.proposed_day)
    _grant(visit.work, found, found.proposed_day, visit.member)
    return Reply(toast=_("Granted. Those concerned have been told."), then=here)


def grant_otherwise(visit: Visit, wish: flow.Extend) -> Say:
    """Grant a request with another day, and say why."""
    found = locked(visit, wish.matter.extension_id)
    if found.state is not ExtensionState.ASKED or found.version != wish.matter.version:
        raise Refusal(CHANGED)
    require_another(visit, found)
    require_worked(visit.work, aim_of(found), wish.day)
    _grant(visit.work, found, wish.day, visit.member, answer=mask_nik(wish.reason)[0])
    return _("Granted until {day}. Those concerned have been told.", day=Day(wish.day))


def _grant(work: Work, row: Extension, day: date, by: Person | None, **values: Any) -> None:
    """From now on this day is the deadline of those whom it is for. `by` nobody: by the operator."""
    decider = {"decided_by_id": by.id} if by and row.state is ExtensionState.ASKED else {}
    former = present(work, aim_of(row))
    _change(row, state=ExtensionState.GRANTED, day=day, former_day=former, decided_at=work.now, **decider, **values)
    work.audit("grant_extension", "extension", row.id, region_code=row.region_code, after=_days(row), reason=row.answer)
    extension_letters.tell_granted(work, row, by)
    _recompute(work, row)


def _change(row: Extension, **values: Any) -> None:
    """Set columns; every change makes older buttons known as old."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1


def _recompute(work: Work, row: Extension) -> None:
    """Deadlines are read anew, and what has not been sent yet is planned anew for those concerned only."""
    work.session.flush()
    deadlines.forget(work)
    persons = [row.person_id] if row.person_id is not None else None
    clocks.look_again(work, region_code=row.region_code, person_ids=persons)


def approve(visit: Visit, subject: str, version: int) -> Reply:
    """The second coordinator's word on what concerns all regions: a new deadline, or taking one back."""
    found = locked(visit, subject)
    here = f"extension:{found.id}"
    if found.version != version or not needs_second(found):
        return Reply(toast=CHANGED, then=here)
    if visit.member.id == (found.revoked_by_id if is_leaving(found) else found.asked_by_id):
        raise Refusal(_("A second coordinator decides: whoever proposed it cannot agree to it too."))
    agree(visit.work, found, visit.member)
    if found.state is ExtensionState.REVOKED:
        return Reply(toast=_("Taken back. Those concerned have been told."), then=here)
    return Reply(toast=_("Granted. Those concerned have been told."), then=here)


def agree(work: Work, found: Extension, by: Person | None) -> None:
    """The second word on what awaits one; `by` nobody: the operator's. Raises `Refusal` for a day too late by now."""
    if is_leaving(found):
        _revoke(work, found, by)
        return
    require_worked(work, aim_of(found), found.proposed_day)
    found.decided_by_id, found.approved_by_id = found.asked_by_id, by.id if by else None
    _grant(work, found, found.proposed_day, by)


def answer(visit: Visit, wish: flow.AnswerExtension) -> Say:
    """Refuse, or take back, with the reason. Raises `Refusal` where it was decided or changed meanwhile."""
    found = locked(visit, wish.extension_id)
    if found.version != wish.version:
        raise Refusal(CHANGED)
    reason = mask_nik(wish.reason)[0]
    return _refuse(visit, found, reason) if wish.answer is Answer.REFUSE else _take_back(visit, found, reason)


def _refuse(visit: Visit, row: Extension, reason: str) -> Say:
    if row.state not in (ExtensionState.ASKED, ExtensionState.PROPOSED):
        raise Refusal(CHANGED)
    require_another(visit, row)
    work = visit.work
    _change(row, state=ExtensionState.REFUSED, answer=reason, decided_by_id=visit.member.id, decided_at=work.now)
    work.audit("refuse_extension", "extension", row.id, region_code=row.region_code, before=_days(row), reason=reason)
    extension_letters.tell_refused(work, row, visit.member)
    return _("Refused. Whoever asked has been told.")


def _take_back(visit: Visit, row: Extension, reason: str) -> Say:
    """At once for a region or a person; for all regions a second coordinator decides."""
    if row.state is not ExtensionState.GRANTED or is_leaving(row):
        raise Refusal(CHANGED)
    row.revoked_by_id, row.revoke_reason = visit.member.id, reason
    if row.region_code is not None:
        return _revoke(visit.work, row, visit.member)
    _change(row)
    visit.work.audit("propose_revoking", "extension", row.id, before=_days(row), reason=reason)
    return _ask_second(visit, row, _("To be taken back: {day}", day=Day(row.day or row.proposed_day)))


def _revoke(work: Work, row: Extension, by: Person | None) -> Say:
    """What stood before is in force again."""
    _change(row, state=ExtensionState.REVOKED, revoked_at=work.now)
    work.audit(
        "revoke_extension",
        "extension",
        row.id,
        region_code=row.region_code,
        before=_days(row),
        reason=row.revoke_reason,
    )
    _recompute(work, row)
    extension_letters.tell_revoked(work, row, by)
    return _("Taken back. The deadline is {day} again.", day=extension_letters.still(work, row))


def keep(visit: Visit, subject: str, version: int) -> Reply:
    """What was to be taken back for all regions stays."""
    found = locked(visit, subject)
    here = f"extension:{found.id}"
    if not is_leaving(found) or found.version != version:
        return Reply(toast=CHANGED, then=here)
    _change(found, revoked_by_id=None, revoke_reason="")
    visit.work.audit("keep_extension", "extension", found.id, after=_days(found))
    return Reply(toast=_("It stays."), then=here)


def withdraw(visit: Visit, subject: str, version: int) -> Reply:
    """Take back what one asked for, or proposed for all, before anybody has decided."""
    found = own(visit, subject)
    here = f"extended:{found.region_code}" if found.region_code else f"extension:{found.id}"
    if found.state not in (ExtensionState.ASKED, ExtensionState.PROPOSED) or found.version != version:
        return Reply(toast=CHANGED, then=here)
    _change(found, state=ExtensionState.REVOKED, revoked_by_id=visit.member.id, revoked_at=visit.work.now)
    visit.work.audit("withdraw_extension", "extension", found.id, region_code=found.region_code, before=_days(found))
    return Reply(toast=_("The request was withdrawn."), then=here)


GRANTS: Mapping[type[Wish], Grant] = {
    flow.NameRegions: name_regions,
    flow.CheckDay: check_day,
    flow.Extend: extend,
    flow.AnswerExtension: answer,
}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "extend": begin_item,
    "extend-stage": begin_stage,
    "ext-many": begin_for_many,
    "ext-grant": grant,
    "ext-change": begin_changing,
    "ext-refuse": begin_refusing,
    "ext-revoke": begin_revoking,
    "ext-approve": approve,
    "ext-keep": keep,
    "ext-withdraw": withdraw,
}
