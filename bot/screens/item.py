"""One item: what is wanted, by when, who has it, what was sent, and what can be done now."""

from collections.abc import Mapping, Sequence

from bot.buttons import Row, do, look
from bot.program.model import ChecklistItem
from bot.screens import again, more_time
from bot.screens.checklist import CHECKLIST
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import closing, evidence, extensions, items, seats, submissions, undoing
from bot.services.closing import filled
from bot.services.deadlines import due_of
from bot.services.item_words import due_words, state, symbol
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Day, Moment, Plain, Say, Size, _, _n, _p, lines, paragraphs
from db.models import AuditEntry, Evidence, Extension, Item, Seat, Submission
from db.vocabulary import ActorKind, ItemState, SubmissionKind, Verdict

ACT: Mapping[str, Say] = {
    "start": _("work begun"),
    "attach": _("evidence attached"),
    "note": _("note added"),
    "assign": _("entrusted"),
    "submit": _("submitted"),
    "waive": _("marked as not applicable"),
    "reopen": _("opened again"),
    "accept": _("accepted"),
    "return": _("handed back"),
    "declare": _("declared done"),
    "remove_evidence": _("evidence removed"),
    "date_evidence": _("evidence dated"),
    "refuse_file": _("file refused"),
    "hand_to_lead": _("handed to the lead"),
    "undo_submit": _("submission taken back"),
    "undo_waive": _("taken back"),
    "undo_reopen": _("taken back"),
    "undo_accept": _("verdict taken back"),
    "undo_return": _("verdict taken back"),
    "undo_declare": _("declaration taken back"),
    "undo_assign": _("taken back"),
}
VERDICT: Mapping[Verdict, Say] = {
    Verdict.WAITING: _("⏳ waits for review"),
    Verdict.ACCEPTED: _("✅ accepted"),
    Verdict.RETURNED: _("🔁 returned"),
    Verdict.WITHDRAWN: _("↩️ withdrawn"),
}
_REASON = 600
# Submissions on one page, each with so many lines of evidence: a page is one message.
FEW = 3
MANY = 10


def by_key(visit: Visit, key: str) -> Screen:
    """The card of an item of one's own region."""
    return _card(visit, items.by_key(visit, key, Act.SEE_ITEM))


def by_id(visit: Visit, item_id: str) -> Screen:
    """The card of an item in any region the seat reaches."""
    return _card(visit, items.by_id(visit, item_id, Act.SEE_ITEM))


def _card(visit: Visit, item: Item) -> Screen:
    known = items.content(visit.work, item)
    if known is None:
        return Screen(_("This item is no longer part of the checklist; what was sent for it is kept."), back="stages")
    region = visit.work.programme.regions.by_code[item.region_code]
    stage = visit.work.programme.edition.milestone(known.milestone)
    other_region = region if visit.region is None or visit.region.code != region.code else None
    waits = extensions.asked_by_me(visit, item.key, region.code)
    text = paragraphs(
        lines(
            _("<b>{title}</b>", title=known.title),
            Plain(other_region.name) if other_region else None,
            _state_line(item, known),
        ),
        _returned(item),
        None if visit.member.data_saver else Plain(filled(visit, known.how)),
        lines(
            _("<b>Evidence wanted:</b> {wanted}", wanted=known.evidence),
            _("<b>Deadline:</b> {due}", due=_due(visit, item)),
            more_time.in_force_words(visit, item.key, region.code),
            _closed(visit, item),
            more_time.asked_words(waits),
            again.words(visit, item),
            _assignee(visit, item),
            _("<b>Note:</b> {note}", note=cut(item.note, _REASON)) if item.note else None,
            _draft_line(visit, item),
        ),
        _proposal(visit, known),
    )
    back = f"stage:{stage.key}:0:{region.code}"
    return Screen(text, _rows(visit, item, waits), (CHECKLIST, Plain(stage.title)), back)


def _closed(visit: Visit, item: Item) -> Say | None:
    """That the closing has ended the work on it, or that its draft is still in time."""
    if items.is_going_on(visit, item, visit.at):
        return None
    if items.is_at_hand(visit, item):
        until = items.acted_at(visit, item) + closing.GRACE
        return _(
            "🔒 The programme has closed. This draft was sent in time: submit it until {until}.",
            until=Moment(until, visit.zone),
        )
    return closing.closed_words(visit.work)


def _due(visit: Visit, item: Item) -> Say | Day:
    """The day; how much time is left, or how late it is, only while the team still has to act."""
    due = due_of(visit.work, item.region_code, item.key, visit.member.id)
    return due_words(visit.work, item.region_code, due) if item.state in items.OPEN_STATES else Day(due.day)


def _state_line(item: Item, known: ChecklistItem) -> Say:
    kind = _("mandatory") if known.mandatory else _("recommended")
    return _("{symbol} {state} · {kind}", symbol=symbol(item), state=state(item), kind=kind)


def _returned(item: Item) -> Say | None:
    if item.state in (ItemState.RETURNED, ItemState.WAIVED) and item.reason:
        return _("<blockquote>{reason}</blockquote>", reason=cut(item.reason, _REASON))
    return None


def _assignee(visit: Visit, item: Item) -> Say | None:
    if item.assignee_id is None:
        return None
    seat = visit.work.session.get(Seat, item.assignee_id)
    holder = visit.work.person(seat.holder_id).name if seat and seat.holder_id else None
    return _("<b>Entrusted to:</b> {name}", name=holder) if holder else None


def _draft_line(visit: Visit, item: Item) -> Say | None:
    count = len(item.draft)
    if not count or item.state not in items.OPEN_STATES:
        return None
    return _n("📎 {count} piece of evidence in the draft", "📎 {count} pieces of evidence in the draft", count)


def _proposal(visit: Visit, known: ChecklistItem) -> Say | None:
    if not (known.proposal or known.mandatory_is_proposal) or not visit.may(Act.SEE_PROPOSALS):
        return None
    return _("<i>(proposal: to be approved by the programme)</i>")


def _rows(visit: Visit, item: Item, waits: Extension | None) -> tuple[Row, ...]:
    return (
        *_work_rows(visit, item),
        *more_time.item_row(visit, item, waits),
        *again.row(visit, item),
        *_reading_rows(visit, item),
        *undoing.undo_row(visit, item),
    )


def _work_rows(visit: Visit, item: Item) -> tuple[Row, ...]:
    place = items.place(visit.work, item)
    if (
        item.state is ItemState.WAIVED
        and visit.may(Act.SUBMIT_ITEM, place)
        and items.is_going_on(visit, item, visit.at)
    ):
        return ((do(_p("button", "✏️ Applies after all"), "reopen", item.id, item.version),),)
    if not items.is_at_hand(visit, item) or not visit.may(Act.WORK_ON_ITEM, place):
        return ()
    label = _p("button", "📎 Attach the repair") if item.state is ItemState.RETURNED else _p("button", "✏️ Work on it")
    rows: list[Row] = [(do(label, "work", item.id, item.version),)]
    second = []
    if not items.is_open(visit, item, visit.at):
        return tuple(rows)
    if visit.may(Act.ASSIGN_ITEM, place):
        second.append(look(_p("button", "👤 Entrust"), "assign", item.id))
    if visit.may(Act.SUBMIT_ITEM, place):
        second.append(do(_p("button", "⛔ Not applicable"), "waive", item.id, item.version))
    if second:
        rows.append(tuple(second))
    return tuple(rows)


def _reading_rows(visit: Visit, item: Item) -> tuple[Row, ...]:
    sent = submissions.of_item(visit.work, item)
    row = [look(_p("button", "🕘 History"), "history", item.id)]
    if visit.member.data_saver:
        row.append(look(_p("button", "📖 Guidance"), "guidance", item.id))
    if sent:
        row.insert(0, look(_p("button", "📄 Submissions ({count})", count=len(sent)), "submissions", item.id))
    answers = look(_p("button", "📚 Answers"), "answers", item.id)
    ask = (do(_p("button", "❓ Ask the mentors"), "ask", item.id, item.version),)
    rows: list[Row] = [(*(ask if visit.may(Act.ASK, Place(item.region_code)) else ()), answers), tuple(row)]
    waiting = [one for one in sent if one.verdict is Verdict.WAITING]
    if waiting and visit.may(Act.REVIEW_ITEM, items.place(visit.work, item)):
        rows.insert(0, (look(_p("button", "📥 Review"), "review", waiting[0].id),))
    return tuple(rows)


def guidance(visit: Visit, item_id: str) -> Screen:
    """How an item is done, for those who save data and see it only when they ask."""
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    known = items.content(visit.work, item)
    text = paragraphs(
        _("📖 <b>{title}</b>", title=items.title(visit.work, item)),
        Plain(filled(visit, known.how)) if known else None,
    )
    return Screen(text, back=f"item-id:{item.id}")


def history(visit: Visit, item_id: str) -> Screen:
    """Who did what to the item, newest first."""
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    entries = items.history(visit.work, item)
    names = visit.work.people([entry.actor_id for entry in entries if entry.actor_id])
    told = [_entry(visit, entry, names[entry.actor_id].name if entry.actor_id in names else None) for entry in entries]
    text = paragraphs(
        _("🕘 <b>History</b> · {title}", title=items.title(visit.work, item)),
        lines(*told) if told else _("Nothing has happened to this item yet."),
    )
    return Screen(text, back=f"item-id:{item.id}")


def _entry(visit: Visit, entry: AuditEntry, name: str | None) -> Say:
    who: Say | str = name or (_("system") if entry.actor_kind is not ActorKind.PERSON else _("former member"))
    return _(
        "• {when}: {act}, {who}", when=Moment(entry.at, visit.zone), act=ACT.get(entry.act, Plain(entry.act)), who=who
    )


def submission_list(visit: Visit, item_id: str, number: str = "0") -> Screen:
    """All submissions of an item with verdict and reason, newest first; every version stays readable."""
    item = items.by_id(visit, item_id, Act.SEE_ITEM)
    sent = submissions.of_item(visit.work, item)
    page = page_of(number, len(sent), FEW)
    shown = sent[page * FEW : (page + 1) * FEW]
    text = paragraphs(
        _("📄 <b>Submissions</b> · {title}", title=items.title(visit.work, item)),
        *(_submission(visit, one) for one in shown),
        None if sent else _("Nothing was submitted for this item yet."),
    )
    rows = tuple(
        (do(_p("button", "📎 Files of no. {number}", number=one.number), "files", one.id),)
        for one in shown
        if any(piece.file_id or piece.content for piece in one.evidence)
    )
    return Screen(text, (*rows, *pager(f"submissions:{item.id}", page, len(sent), FEW)), back=f"item-id:{item.id}")


def _submission(visit: Visit, one: Submission) -> Say:
    return lines(
        _("<b>No. {number}</b> · {verdict}", number=one.number, verdict=VERDICT[one.verdict]),
        _("{when}, {name}", when=Moment(one.submitted_at, visit.zone), name=one.submitted_by.name),
        *pieces(visit, one.evidence[:MANY]),
        _and_more(len(one.evidence) - MANY),
        _("<blockquote>{reason}</blockquote>", reason=cut(one.reason, _REASON)) if one.reason else None,
    )


def _and_more(count: int) -> Say | None:
    return _n("… and {count} more file", "… and {count} more files", count) if count > 0 else None


def pieces(visit: Visit, shown: Sequence[Evidence]) -> list[Say]:
    """Evidence, one line each; bytes that already prove another item are marked."""
    twins = evidence.twins(visit.work, shown)
    return [_piece_line(visit, piece, twins.get(piece.id)) for piece in shown]


def _piece_line(visit: Visit, piece: Evidence, twin: evidence.Twin | None) -> Say:
    mark = {"checking": "⏳", "stored": "📎", "refused": "⚠️"}[piece.state]
    size = _(" · {size}", size=Size(piece.size)) if piece.size and piece.file_id else None
    dated = _(" · dated {day}", day=Day(piece.dated)) if piece.dated else None
    line = _("{mark} {label}{size}{dated}", mark=mark, label=evidence.label(piece), size=size or "", dated=dated or "")
    return lines(line, _twin_line(visit, twin) if twin else None)


def _twin_line(visit: Visit, twin: evidence.Twin) -> Say:
    if not visit.may(Act.SEE_REGION, Place(twin.region_code)):
        return _("   ⚠️ the same file already proves an item of another region")
    try:
        title = visit.work.programme.edition.item(twin.item_key).title
    except KeyError:
        title = twin.item_key
    region = visit.work.programme.regions.by_code[twin.region_code].name
    return _("   ⚠️ the same file already proves “{title}”, {region}", title=title, region=region)


def assign(visit: Visit, item_id: str, number: str = "0") -> Screen:
    """To whom of the team an item can be entrusted."""
    item = items.by_id(visit, item_id, Act.ASSIGN_ITEM)
    team = [seat for seat in seats.team(visit.work, item.region_code) if seat.holder and seat.id != item.assignee_id]
    page = page_of(number, len(team))
    rows: list[Row] = [
        (do(Plain(f"👤 {cut(seat.holder.name, 36)}"), "assign", f"{item.id}-{seat.id}", item.version),)
        for seat in team[page * PAGE : (page + 1) * PAGE]
        if seat.holder
    ]
    rows += pager(f"assign:{item.id}", page, len(team))
    if item.assignee_id is not None:
        rows.append((do(_p("button", "Take it back"), "assign", f"{item.id}-0", item.version),))
    text = paragraphs(
        _("👤 <b>Entrust an item</b>\n{title}", title=items.title(visit.work, item)),
        _("Who works on it? The person gets a message.")
        if rows
        else _("There is nobody else in the team yet. Please invite a colleague first."),
    )
    if visit.may(Act.INVITE_TO_REGION, Place(item.region_code)):
        rows.append((look(_p("button", "✉️ Invite"), "invite"),))
    return Screen(text, tuple(rows), back=f"item-id:{item.id}")


def kind_words(submission: Submission) -> Say:
    """What is asked of the reviewer."""
    if submission.kind is SubmissionKind.WAIVER:
        return _("⛔ The region says that this item does not apply:")
    return _("Submitted evidence:")


SCREENS: Mapping[str, Draw] = {
    "item": by_key,
    "item-id": by_id,
    "guidance": guidance,
    "history": history,
    "submissions": submission_list,
    "assign": assign,
}
