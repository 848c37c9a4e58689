"""What a person carries to the item they open next: files that came without one, and a text not yet finished."""

from collections.abc import Callable, Mapping, Sequence

from bot.flows import placing, working
from bot.flows.placing import Offer, PlaceFiles, Placing
from bot.flows.turns import Sent, Wish
from bot.services import drafts, evidence, items, tasks
from bot.services.conversations import Begin, Grant, Reply
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.words import Refusal, Say, paragraphs
from db.models import Item
from db.vocabulary import REGION_ROLES

OFFERED = 6


def loose_file(visit: Visit, file: Sent) -> Begin | None:
    """Ask which item a file proves. None for somebody who works on no items."""
    if not any(seat.role in REGION_ROLES for seat in visit.seats):
        return None
    offered = tasks.likeliest(visit)[:OFFERED]
    offers = tuple(Offer(id=item.id, title=items.title(visit.work, item).text) for item in offered)
    return Begin(placing.FLOW.name, Placing(files=(file,), offers=offers))


def work(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Begin or continue the work on an item, with whatever the person carries."""
    begun = drafts.work(visit, subject, version)
    if isinstance(begun, Reply):
        return begun
    item = items.by_id(visit, subject, Act.WORK_ON_ITEM)
    return _working(visit, item, _carried(visit, item))


def _working(visit: Visit, item: Item, note: Say | None) -> Begin:
    return Begin(working.FLOW.name, working.Collecting(card=drafts.card_of(visit, item)), note)


def _carried(visit: Visit, item: Item) -> Say | None:
    """Files become evidence of this item; a text stays with the item it was written for."""
    saved = visit.chat.flow
    match saved["flow"] if saved else None:
        case placing.FLOW.name if saved and (state := placing.FLOW.load(saved)):
            visit.chat.flow = visit.chat.stack.pop() if visit.chat.stack else None
            return _attach_all(visit, item, state.files)
        case working.FLOW.name if saved and isinstance(written := working.FLOW.load(saved), working.Writing):
            return _keep(visit, written)
        case _:
            return None


def _keep(visit: Visit, written: working.Writing) -> Say:
    kept = working.kept(written)
    try:
        own = items.by_id(visit, kept.item_id, Act.WORK_ON_ITEM)
        return evidence.attach_text(visit, own, kept.text, kept.key, kept.at)
    except Refusal as refusal:
        return refusal.words


def _place(visit: Visit, wish: PlaceFiles) -> Begin:
    item = items.by_id(visit, wish.item_id, Act.WORK_ON_ITEM)
    return _working(visit, item, _attach_all(visit, item, wish.files))


def _attach_all(visit: Visit, item: Item, files: Sequence[Sent]) -> Say:
    """Attach several files. Says once what was kept, and of each that could not be taken why."""
    receipt: Say | None = None
    refused: list[Say] = []
    for file in files:
        try:
            receipt = evidence.attach_file(visit, item, file)
        except Refusal as refusal:
            refused.append(refusal.words)
    return paragraphs(receipt, *dict.fromkeys(refused))


GRANTS: Mapping[type[Wish], Grant] = {PlaceFiles: _place}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {"work": work}
