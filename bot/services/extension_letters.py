"""Who hears of an extension, and what they read: those who decide, whoever asked, and those who work on it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from bot.buttons import Row, look
from bot.services.deadlines import extensions
from bot.services.extension_days import aim_of, is_correction, is_stage, item_keys, present, title
from bot.services.holders import holders, in_office
from bot.services.work import Work
from bot.texts import cut
from bot.words import Day, Plain, Say, _, _p, lines
from db.models import Extension, Item, Person, Scope, Seat
from db.vocabulary import ItemState, Role

ENDED = (ItemState.ACCEPTED, ItemState.WAIVED)
QUOTED = 600


def open_items(work: Work, extension: Extension) -> Sequence[Item]:
    """The items that it moves and that still need something; of all regions where it is for all."""
    where = [Item.region_code == extension.region_code] if extension.region_code else []
    ended = (ItemState.WAIVED,) if is_correction(work, aim_of(extension)) else ENDED
    return work.session.scalars(
        select(Item)
        .where(
            Item.edition_id == work.edition_id,
            Item.key.in_(item_keys(work, extension.subject)),
            Item.state.not_in(ended),
            *where,
        )
        .order_by(Item.id)
    ).all()


def concerned(work: Work, extension: Extension) -> list[int]:
    """Who works on what is moved: the one person it is for, else leads, officials and whoever has an item of it."""
    if extension.person_id is not None:
        return [extension.person_id]
    moved = open_items(work, extension)
    if extension.region_code is None:
        stronger = {code for (subject, code, _person) in extensions(work) if subject == extension.subject and code}
        moved = [item for item in moved if item.region_code not in stronger]
    delegates = {item.assignee_id for item in moved if item.assignee_id}
    is_delegated = len(moved) == 1 and bool(delegates)
    roles = (Role.LEAD,) if is_delegated else (Role.LEAD, Role.OFFICIAL)
    teams = work.session.scalars(_teams(work, {item.region_code for item in moved}, roles))
    return sorted({*teams, *work.session.scalars(_holders(work, delegates))})


def _active(work: Work) -> Select[int | None]:
    return (
        select(Seat.holder_id)
        .join(Person, Person.id == Seat.holder_id)
        .where(
            in_office(work),
        )
    )


def _teams(work: Work, codes: Iterable[str], roles: Iterable[Role]) -> Select[int | None]:
    return (
        _active(work)
        .join(Scope, Scope.seat_id == Seat.id)
        .where(Seat.role.in_(list(roles)), Scope.region_code.in_(list(codes)))
    )


def _holders(work: Work, seat_ids: Iterable[int]) -> Select[int | None]:
    return _active(work).where(Seat.id.in_(list(seat_ids)))


# --- Words


def where(work: Work, extension: Extension) -> Say:
    """Whose deadline it is."""
    if extension.region_code is None:
        return _("All regions")
    region = work.programme.regions.by_code[extension.region_code].name
    if extension.person_id is None:
        return Plain(region)
    return _("{region}, for {name} alone", region=region, name=work.person(extension.person_id).name)


def heading(work: Work, extension: Extension) -> Say:
    """The stage or item, and whose deadline it is."""
    return lines(
        _("<b>{title}</b>", title=title(work, extension.subject)),
        _("The whole stage") if _is_stage(work, extension.subject) else None,
        where(work, extension),
    )


def _is_stage(work: Work, subject: str) -> bool:
    try:
        return is_stage(work, subject)
    except KeyError:
        return False


def quoted(text: str) -> Say | None:
    """A reason as it stands in messages and on screens."""
    return _("<blockquote>{reason}</blockquote>", reason=cut(text, QUOTED)) if text else None


def _open_request(extension: Extension) -> tuple[Row, ...]:
    return ((look(_p("button", "⏳ Open the request"), "extension", extension.id),),)


def _open_subject(work: Work, extension: Extension) -> tuple[Row, ...]:
    """To the stage or the item, as somebody of a region's team sees it."""
    if _is_stage(work, extension.subject):
        return ((look(_p("button", "Open the stage"), "stage", extension.subject),),)
    return ((look(_p("button", "Open the item"), "item", extension.subject),),)


def names(found: Extension) -> str:
    """Who decided: one, or for all regions two."""
    return " & ".join(one.name for one in (found.decided_by, found.approved_by) if one)


# --- Letters


def tell_asked(work: Work, extension: Extension, asker: Person) -> bool:
    """A request goes to the coordinators over the region at once. Whether there is any."""
    found = [one for one in holders(work, (Role.COORDINATOR,), extension.region_code) if one.id != asker.id]
    for person in found:
        work.tell(
            person,
            lines(
                _("⏳ <b>More time is asked for</b>"),
                heading(work, extension),
                _("Deadline now: {day}", day=Day(extension.former_day or extension.proposed_day)),
                _("Asked for: {day}", day=Day(extension.proposed_day)),
                quoted(extension.reason),
                _("Asked by {name}", name=asker.name),
            ),
            key=f"extension:{extension.id}:asked:{person.id}",
            rows=_open_request(extension),
        )
    return bool(found)


def tell_proposed(work: Work, extension: Extension, proposer: Person, day: Say) -> bool:
    """A change for all goes to the other coordinators of the whole programme. Whether there is any."""
    found = [one for one in holders(work, (Role.COORDINATOR,), None) if one.id != proposer.id]
    for person in found:
        work.tell(
            person,
            lines(
                _("⏳ <b>A deadline is to change for all regions</b>"),
                heading(work, extension),
                day,
                quoted(extension.revoke_reason or extension.reason),
                _("Proposed by {name}. A second coordinator decides.", name=proposer.name),
            ),
            key=f"extension:{extension.id}:proposed:{extension.version}:{person.id}",
            rows=_open_request(extension),
        )
    return bool(found)


def tell_granted(work: Work, extension: Extension, decider: Person | None) -> None:
    """Whoever asked, and whoever works on it, reads both dates, the reason, and who decided."""
    readers = {*concerned(work, extension), extension.asked_by_id} - {decider.id if decider else None}
    for person_id in sorted(readers):
        work.tell(
            person_id,
            lines(
                _("⏳ <b>The deadline was extended</b>"),
                heading(work, extension),
                changed_words(extension),
                _("🔓 It can be worked on again until then.") if is_correction(work, aim_of(extension)) else None,
                _asked_otherwise(extension, person_id),
                quoted(extension.reason),
                _decided_by(decider),
                quoted(extension.answer),
            ),
            key=f"extension:{extension.id}:granted:{extension.version}:{person_id}",
            rows=_open_subject(work, extension) if extension.region_code else (),
        )


def _decided_by(decider: Person | None) -> Say:
    return _("Decided by {name}", name=decider.name) if decider else _("Confirmed by the operator")


def changed_words(extension: Extension) -> Say | None:
    """From which day to which."""
    if extension.day is None or extension.former_day is None:
        return None
    return _(
        "From {former} to <b>{day}</b>, until the end of the day",
        former=Day(extension.former_day),
        day=Day(extension.day),
    )


def _asked_otherwise(extension: Extension, person_id: int) -> Say | None:
    if person_id != extension.asked_by_id or extension.day == extension.proposed_day:
        return None
    return _("You asked for: {day}", day=Day(extension.proposed_day))


def tell_refused(work: Work, extension: Extension, decider: Person) -> None:
    """Only whoever asked reads that it stays as it is."""
    if extension.asked_by_id == decider.id:
        return
    work.tell(
        extension.asked_by_id,
        lines(
            _("⏳ <b>The deadline is not extended</b>"),
            heading(work, extension),
            _("It stays {day}; asked for: {asked}", day=still(work, extension), asked=Day(extension.proposed_day)),
            quoted(extension.answer),
            _("Decided by {name}", name=decider.name),
        ),
        key=f"extension:{extension.id}:refused:{extension.asked_by_id}",
        rows=_open_subject(work, extension) if extension.region_code else (),
    )


def still(work: Work, extension: Extension) -> Day:
    """The last day that is in force without it."""
    try:
        return Day(present(work, aim_of(extension)))
    except KeyError:  # not in the content any more
        return Day(extension.former_day or extension.proposed_day)


def tell_revoked(work: Work, extension: Extension, decider: Person | None) -> None:
    """Whoever heard of the extension hears that what stood before is in force again."""
    readers = {*concerned(work, extension), extension.asked_by_id} - {decider.id if decider else None}
    for person_id in sorted(readers):
        work.tell(
            person_id,
            lines(
                _("⏳ <b>An extension was taken back</b>"),
                heading(work, extension),
                _("The deadline is {day} again", day=still(work, extension)),
                quoted(extension.revoke_reason),
                _decided_by(decider),
            ),
            key=f"extension:{extension.id}:revoked:{person_id}",
            rows=_open_subject(work, extension) if extension.region_code else (),
        )
