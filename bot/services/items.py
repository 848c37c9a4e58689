"""The checklist of a region: finding items and changing them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select, update

from bot.buttons import row_number
from bot.program.model import ChecklistItem
from bot.services import closing, digests
from bot.services.conversations import Reply
from bot.services.deadlines import due_of
from bot.services.item_words import opening
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Plain, Refusal, _, lines
from db import bulk
from db.inbox import insert_ignoring
from db.models import AuditEntry, Item, Participant, Seat
from db.vocabulary import EvidenceState, ItemState, Verdict

# Open: something is still to be done by the region. "Declared" items are open too, but silent.
OPEN_STATES = (ItemState.UNTOUCHED, ItemState.STARTED, ItemState.RETURNED)
NOTE_LIMIT = 4000
NOT_OPEN = _("This item is not open for changes now. Here is where it stands.")


def content(work: Work, item: Item) -> ChecklistItem | None:
    """What the edition says of an item; None for a key that has vanished from the content."""
    try:
        return work.programme.edition.item(item.key)
    except KeyError:
        return None


def title(work: Work, item: Item) -> Plain:
    known = content(work, item)
    return Plain(known.title if known else item.key)


def place(work: Work, item: Item) -> Place:
    """Where an act on this item takes place."""
    known = content(work, item)
    return Place(item.region_code, known.pillars if known else (), item.assignee_id)


def enrol(work: Work, region_code: str) -> bool:
    """Make a region a participant with its whole checklist. False if it was one already."""
    session = work.session
    values = {"edition_id": work.edition_id, "region_code": region_code, "joined_at": work.now}
    statement = insert_ignoring(session, Participant).values(**values).on_conflict_do_nothing()
    fresh = session.scalar(statement.returning(Participant.id)) is not None
    add_missing(work, region_code)
    if fresh:
        work.audit("enrol", "region", None, region_code=region_code)
    return fresh


def add_missing(work: Work, region_code: str) -> None:
    """Give a participant the items the content has and the region has not yet."""
    rows = [
        {
            "edition_id": work.edition_id,
            "region_code": region_code,
            "key": item.key,
            "state": ItemState.UNTOUCHED,
            "version": 0,
            "note": "",
            "reason": "",
        }
        for item in work.programme.edition.items
    ]
    bulk.add_missing(work.session, cast(Table, Item.__table__), rows)


def enrol_all(work: Work, codes: Iterable[str]) -> None:
    """These regions take part; they and all earlier participants get what the checklist has and they have not."""
    for code in codes:
        enrol(work, code)
    earlier = select(Participant.region_code).where(Participant.edition_id == work.edition_id)
    for code in work.session.scalars(earlier).all():
        add_missing(work, code)


def is_participant(work: Work, region_code: str) -> bool:
    statement = select(Participant.id).where(
        Participant.edition_id == work.edition_id, Participant.region_code == region_code
    )
    return work.session.scalar(statement) is not None


def hold_region(work: Work, region_code: str) -> None:
    """Of two who decide about a region at the same moment the second waits for the first."""
    work.session.execute(
        select(Participant.id)
        .where(Participant.edition_id == work.edition_id, Participant.region_code == region_code)
        .with_for_update()
    )


def of_region(work: Work, region_code: str) -> dict[str, Item]:
    """All items of a region by key, in the programme's order."""
    rows = work.session.scalars(select(Item).where(Item.edition_id == work.edition_id, Item.region_code == region_code))
    found = {item.key: item for item in rows}
    return {known.key: found[known.key] for known in work.programme.edition.items if known.key in found}


def states(work: Work) -> dict[tuple[str, str], ItemState]:
    """How every item of every region stands, by region and key."""
    rows = select(Item.region_code, Item.key, Item.state).where(Item.edition_id == work.edition_id)
    return {(code, key): state for code, key, state in work.session.execute(rows)}


def entrusted(visit: Visit) -> list[Item]:
    """The items delegated to the seat acted in."""
    if visit.seat is None:
        return []
    rows = select(Item).where(Item.edition_id == visit.work.edition_id, Item.assignee_id == visit.seat.id)
    return list(visit.work.session.scalars(rows.order_by(Item.id)))


def by_id(visit: Visit, item_id: int | str, act: Act) -> Item:
    """An item the person may do this with. Raises `Forbidden` also where there is none."""
    item = visit.work.session.get(Item, row_number(item_id))
    if item is None or item.edition_id != visit.work.edition_id:
        raise Forbidden(act, Place())
    visit.require(act, place(visit.work, item))
    return item


def by_key(visit: Visit, key: str, act: Act) -> Item:
    """The item of the person's own region. Raises `Forbidden`."""
    region = visit.region
    statement = select(Item).where(
        Item.edition_id == visit.work.edition_id,
        Item.region_code == (region.code if region else ""),
        Item.key == key,
    )
    item = visit.work.session.scalar(statement)
    if item is None:
        raise Forbidden(act, Place())
    visit.require(act, place(visit.work, item))
    return item


def snapshot(item: Item, submission_id: int | None = None, verdict: Verdict | None = None) -> dict[str, Any]:
    """What undoing needs to know of an item and, where one is concerned, of its submission."""
    kept: dict[str, Any] = {
        "state": item.state,
        "version": item.version,
        "reason": item.reason,
        "assignee_id": item.assignee_id,
        "declared_at": item.declared_at.isoformat() if item.declared_at else None,
        "submitted_at": item.submitted_at.isoformat() if item.submitted_at else None,
    }
    if submission_id is not None:
        kept |= {"submission_id": submission_id, "verdict": verdict}
    return kept


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a change of an item changed its submission: from no verdict (it is new) or an earlier one."""

    submission_id: int
    before: Verdict | None
    after: Verdict


def change(work: Work, item: Item, act: str, *, ruling: Ruling | None = None, why: str = "", **values: Any) -> None:
    """Change an item: one audit line, one version further. Raises `Refusal` if somebody else was faster.

    Every path to another state of an item goes through here. `why` is for the audit, `values` for the row.
    """
    before = snapshot(item, ruling.submission_id, ruling.before) if ruling else snapshot(item)
    claimed = work.session.execute(
        update(Item)
        .where(Item.id == item.id, Item.version == item.version)
        .values(version=item.version + 1, changed_at=work.now, **values)
    )
    if getattr(claimed, "rowcount", 0) != 1:
        raise Refusal(_("Somebody changed this item a moment ago. Here is where it stands now."))
    work.session.refresh(item)
    if item.state not in OPEN_STATES or item.declared_at:
        digests.withdraw(work, item)
    work.audit(
        act,
        "item",
        item.id,
        region_code=item.region_code,
        before=before,
        after=snapshot(item, ruling.submission_id, ruling.after) if ruling else snapshot(item),
        reason=why,
    )


def start(visit: Visit, item: Item) -> None:
    """The first sign of work on an item. If a colleague gives it at the same moment, theirs counts."""
    if item.state is ItemState.UNTOUCHED:
        with suppress(Refusal):
            change(visit.work, item, "start", state=ItemState.STARTED)
        visit.work.session.refresh(item)


def hold(visit: Visit, item: Item, at: datetime) -> None:
    """Nobody else changes this item until the transaction ends. Raises `Refusal` if it is not open by then."""
    visit.work.session.refresh(item, with_for_update=True)
    require_open(visit, item, at)


def is_open(visit: Visit, item: Item, at: datetime) -> bool:
    """Whether what was sent at this moment can be added to the item."""
    if item.state is ItemState.ACCEPTED:
        return closing.is_corrected(visit.work, item.region_code, item.key, at, visit.member.id)
    return item.state in OPEN_STATES and is_going_on(visit, item, at)


def is_going_on(visit: Visit, item: Item, at: datetime) -> bool:
    """Whether the closing lets this moment change the item at all."""
    return goes_on(visit.work, item, at, visit.member.id)


def goes_on(work: Work, item: Item, at: datetime, person_id: int) -> bool:
    """The same for a person who is not here."""
    if content(work, item) is None:
        return not closing.is_over(work.programme.edition, at)
    return closing.is_open(work, item.region_code, item.key, at, person_id)


def require_going_on(visit: Visit, item: Item, at: datetime) -> None:
    """Raises `Refusal` if the programme has closed for this item; every change by its region asks here."""
    if not is_going_on(visit, item, at):
        raise closing.refusal(visit.work)


def require_open(visit: Visit, item: Item, at: datetime) -> None:
    """Raises `Refusal` if nothing that was sent at this moment can be added to the item."""
    require_going_on(visit, item, at)
    if not is_open(visit, item, at):
        raise Refusal(NOT_OPEN)


def acted_at(visit: Visit, item: Item) -> datetime:
    """The moment that a press on a draft counts from: the time of its last piece of evidence if that came within a
    day before, for a press has no time of Telegram's."""
    sent = [one.uploaded_at for one in item.draft if one.state is not EvidenceState.REFUSED]
    latest = max(sent, default=visit.at)
    return latest if timedelta() <= visit.at - latest <= closing.GRACE else visit.at


def is_at_hand(visit: Visit, item: Item) -> bool:
    """Whether its card offers to work on it: it is open, or its draft can still be submitted."""
    return is_open(visit, item, visit.at) or is_open(visit, item, acted_at(visit, item))


def add_note(visit: Visit, item_id: int, text: str) -> Reply:
    """Add a word to an item; earlier words stay above it."""
    item = by_id(visit, item_id, Act.WORK_ON_ITEM)
    require_going_on(visit, item, visit.at)
    clean, masked = mask_nik(text.strip())
    joined = f"{item.note}\n{clean}".strip()
    if len(joined) > NOTE_LIMIT:
        raise Refusal(_("The notes of an item may have {count} characters together.", count=NOTE_LIMIT))
    change(visit.work, item, "note", note=joined)
    return Reply(
        note=lines(
            _("The note was added to <b>{title}</b>.", title=title(visit.work, item)),
            _("Please do not send a NIK here. The number has been masked.") if masked else None,
        ),
        then=f"item-id:{item.id}",
    )


def assign(visit: Visit, subject: str, version: int) -> Reply:
    """Delegate an item to a seat of the region's team (`<item>-<seat>`; seat 0 takes it back)."""
    item_id, _dash, seat_id = subject.partition("-")
    item = by_id(visit, item_id, Act.ASSIGN_ITEM)
    if item.version != version:
        return Reply(toast=_("This item has changed meanwhile. Here is its present state."), then=f"item:{item.key}")
    require_going_on(visit, item, visit.at)
    seat = visit.work.session.get(Seat, row_number(seat_id))
    if seat is not None and (seat.ended_at or item.region_code not in _regions(visit.work, seat)):
        raise Forbidden(Act.ASSIGN_ITEM, place(visit.work, item))
    change(visit.work, item, "assign", assignee_id=seat.id if seat else None)
    if seat is not None and seat.holder_id and seat.holder_id != visit.member.id:
        _tell_assignee(visit, item, seat.holder_id)
    return Reply(toast=_("Saved."), then=f"item:{item.key}")


def _regions(work: Work, seat: Seat) -> set[str | None]:
    work.session.refresh(seat, ["scopes"])
    return {scope.region_code for scope in seat.scopes}


def _tell_assignee(visit: Visit, item: Item, person_id: int) -> None:
    visit.work.tell(
        person_id,
        _(
            "📌 <b>{title}</b> was entrusted to you by {name}.",
            title=title(visit.work, item),
            name=visit.member.name,
        ),
        key=f"item:{item.id}:assigned:{item.version}",
        rows=((opening(item),),),
    )


def first_task(visit: Visit) -> str | None:
    """The screen of the item to begin with: mandatory, untouched, due first. None if nothing waits."""
    region = visit.region
    if region is None:
        return None
    open_items = [item for item in of_region(visit.work, region.code).values() if item.state in OPEN_STATES]
    mine = [item for item in open_items if visit.may(Act.WORK_ON_ITEM, place(visit.work, item))]
    if not mine:
        return None
    return f"item:{min(mine, key=lambda item: _urgency(visit, item)).key}"


def _urgency(visit: Visit, item: Item) -> tuple[bool, bool, datetime]:
    known = content(visit.work, item)
    due = due_of(visit.work, item.region_code, item.key, visit.member.id).at
    return not (known and known.mandatory), due < visit.work.now, due


def history(work: Work, item: Item, limit: int = 12) -> Sequence[AuditEntry]:
    """The latest changes of an item, newest first."""
    return work.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == "item", AuditEntry.subject_id == item.id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()
