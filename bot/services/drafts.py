"""The work on an item: what its conversation wishes, and how it begins."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from bot.flows import declaring, returning, waiving, working
from bot.flows import working_wishes as wishes
from bot.flows.declaring import Stage
from bot.flows.turns import Told, Wish
from bot.flows.working import Card, Collecting, Piece
from bot.services import closing, evidence, items, seats, stages, submissions
from bot.services.conversations import Begin, Foresight, Grant, Reply
from bot.services.deadlines import due_of
from bot.services.item_words import due_words, opening
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Refusal, Say, _
from db.models import Evidence, Item
from db.vocabulary import ItemState, Role


def work(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin or continue the work on an item; whoever presses an old button stands at its present state."""
    item = items.by_id(visit, subject, Act.WORK_ON_ITEM)
    refused = _refused(visit, item)
    return refused or Begin(working.FLOW.name, Collecting(card=card_of(visit, item)))


def _refused(visit: Visit, item: Item) -> Reply | None:
    """Why the work on an item cannot begin. On the day after the closing it can, for a press has no time of
    Telegram's: what is sent then is judged by its own."""
    if item.state in items.OPEN_STATES and closing.is_settling(visit.work.programme.edition, visit.at):
        return None
    try:
        items.require_open(visit, item, visit.at)
    except Refusal as refusal:
        return Reply(toast=refusal.words, alert=True, then=f"item-id:{item.id}")
    return None


def card_of(visit: Visit, item: Item) -> Card:
    """What the conversation about an item shows of it."""
    known = items.content(visit.work, item)
    due = due_of(visit.work, item.region_code, item.key, visit.member.id) if known else None
    return Card(
        item_id=item.id,
        key=item.key,
        title=known.title if known else item.key,
        wanted=known.evidence if known else "",
        due=due_words(visit.work, item.region_code, due) if due else None,
        reason=item.reason if item.state is ItemState.RETURNED else "",
        note=cut(item.note, 300),
        pieces=tuple(_piece(one) for one in item.draft),
        submits=visit.may(Act.SUBMIT_ITEM, items.place(visit.work, item)),
    )


def _piece(one: Evidence) -> Piece:
    return Piece(id=one.id, name=evidence.name(one), kind=one.kind, state=one.state, size=one.size)


def _item(visit: Visit, item_id: int) -> Item:
    return items.by_id(visit, item_id, Act.WORK_ON_ITEM)


def _look(visit: Visit, wish: wishes.LookAtDraft) -> Told:
    item = _item(visit, wish.item_id)
    if item.state not in items.OPEN_STATES and not items.is_open(visit, item, visit.at):
        return Told("closed")
    return Told("draft", (card_of(visit, item),))


def _attach_file(visit: Visit, wish: wishes.AttachFile) -> Say:
    return evidence.attach_file(visit, _item(visit, wish.item_id), wish.file)


def _attach_text(visit: Visit, wish: wishes.AttachText) -> Say:
    return evidence.attach_text(visit, _item(visit, wish.item_id), wish.text, wish.key, wish.at)


def _attach_link(visit: Visit, wish: wishes.AttachLink) -> Say:
    return evidence.attach_link(visit, _item(visit, wish.item_id), wish.link, wish.key)


def _note(visit: Visit, wish: wishes.NoteItem) -> Say | None:
    return items.add_note(visit, wish.item_id, wish.text).note


def _date(visit: Visit, wish: wishes.DateEvidence) -> Say:
    return evidence.set_date(visit, _item(visit, wish.item_id), wish.day)


def _remove(visit: Visit, wish: wishes.RemoveEvidence) -> Say:
    return evidence.remove(visit, _item(visit, wish.item_id), wish.evidence_id)


def _submit(visit: Visit, wish: wishes.SubmitItem) -> Say:
    item = items.by_id(visit, wish.item_id, Act.SUBMIT_ITEM)
    return submissions.submit(visit, item)


def _hand_to_lead(visit: Visit, wish: wishes.HandToLead) -> Say:
    item = _item(visit, wish.item_id)
    items.require_going_on(visit, item, items.acted_at(visit, item))
    items.change(visit.work, item, "hand_to_lead")
    told = seats.holders(visit.work, {Role.LEAD}, item.region_code)
    told = told or seats.holders(visit.work, {Role.OFFICIAL}, item.region_code)
    for person in told:
        visit.work.tell(
            person,
            _(
                "📎 {name} has attached the evidence for <b>{title}</b>. Please check and submit it.",
                name=visit.member.name,
                title=items.title(visit.work, item),
            ),
            key=f"item:{item.id}:handed:{item.version}:{person.id}",
            rows=((opening(item),),),
        )
    return _("The team lead has been told.") if told else _("The draft is kept. The region has no team lead yet.")


def waive(visit: Visit, subject: str, _version: int) -> Reply | Begin:
    """Begin to say why an item does not apply."""
    item = items.by_id(visit, subject, Act.SUBMIT_ITEM)
    if refused := _refused(visit, item):
        return refused
    known = items.content(visit.work, item)
    state = waiving.Reasoning(
        item_id=item.id,
        key=item.key,
        title=known.title if known else item.key,
        mandatory=bool(known and known.mandatory),
    )
    return Begin(waiving.FLOW.name, state)


def _waive(visit: Visit, wish: waiving.WaiveItem) -> Say:
    item = items.by_id(visit, wish.item_id, Act.SUBMIT_ITEM)
    return submissions.waive(visit, item, wish.reason)


def hand_back(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin to say what the region should complete."""
    submission = submissions.reviewable(visit, subject)
    if not submissions.is_current(submission, version):
        return Reply(toast=submissions.CHANGED, then=f"review:{submission.id}")
    region = visit.work.programme.regions.by_code[submission.item.region_code]
    state = returning.Reasoning(
        submission_id=submission.id,
        version=version,
        title=items.title(visit.work, submission.item).text,
        region=region.name,
    )
    return Begin(returning.FLOW.name, state)


def _hand_back(visit: Visit, wish: returning.HandBack) -> Say:
    submission = submissions.reviewable(visit, wish.submission_id)
    return submissions.hand_back(visit, submission, wish.version, wish.reason)


def declare(visit: Visit, _subject: str, _version: int) -> Reply | Begin:
    """Begin to declare earlier stages done."""
    region = visit.region
    seat = visit.require(Act.DECLARE_STAGES, Place(region.code if region else None))
    if region is None or seat.region_code is None:
        return Reply(then="home")
    if closing.is_over(visit.work.programme.edition, visit.at):
        return Reply(toast=stages.CLOSED, then="stages")
    counted = stages.declarable(visit.work, region.code)
    if not counted:
        return Reply(note=_("There is nothing open that could be declared done."), then="stages")
    state = declaring.Choosing(
        region_code=region.code,
        region=region.name,
        stages=tuple(Stage(number=n, key=stage.key, title=stage.title, count=count) for n, stage, count in counted),
    )
    return Begin(declaring.FLOW.name, state)


def _declare(visit: Visit, wish: declaring.DeclareStages) -> Say:
    return stages.declare(visit, wish.region_code, wish.milestone_key)


def drafted(visit: Visit, region_code: str) -> list[Item]:
    """Items of a region that this person works on, with evidence that was never submitted or was handed back."""
    rows = visit.work.session.scalars(
        select(Item)
        .where(
            Item.edition_id == visit.work.edition_id,
            Item.region_code == region_code,
            Item.state.in_((ItemState.STARTED, ItemState.RETURNED)),
            select(Evidence.id).where(Evidence.item_id == Item.id, Evidence.removed_at.is_(None)).exists(),
        )
        .order_by(Item.changed_at.desc(), Item.id)
    )
    return [item for item in rows if visit.may(Act.WORK_ON_ITEM, items.place(visit.work, item))]


def _foresee(session: Session, looks: Sequence[wishes.LookAtDraft]) -> Sequence[Item]:
    return session.scalars(_WITH_DRAFTS, {"ids": [look.item_id for look in looks]}).all()


_WITH_DRAFTS = select(Item).where(Item.id.in_(bindparam("ids", expanding=True))).options(selectinload(Item.draft))
FORESIGHTS: Mapping[type[Wish], Foresight] = {wishes.LookAtDraft: _foresee}

GRANTS: Mapping[type[Wish], Grant] = {
    wishes.LookAtDraft: _look,
    wishes.AttachFile: _attach_file,
    wishes.AttachText: _attach_text,
    wishes.AttachLink: _attach_link,
    wishes.NoteItem: _note,
    wishes.DateEvidence: _date,
    wishes.RemoveEvidence: _remove,
    wishes.SubmitItem: _submit,
    wishes.HandToLead: _hand_to_lead,
    waiving.WaiveItem: _waive,
    returning.HandBack: _hand_back,
    declaring.DeclareStages: _declare,
}
