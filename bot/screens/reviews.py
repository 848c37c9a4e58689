"""The reviewer's list, oldest first, and one submission with everything needed for a verdict."""

from collections.abc import Mapping

from bot.buttons import Row, do, look, pairs
from bot.screens.item import VERDICT, kind_words, pieces
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import items, review_queue, submissions, undoing
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.texts import cut
from bot.words import Clock, Moment, Plain, Say, ShortDay, _, _n, _p, lines, paragraphs
from db.models import Submission
from db.vocabulary import EvidenceKind, SubmissionKind, Verdict

TITLE = _("Review")
_TEXT = 500
_PIECES = 12


def review_list(visit: Visit, number: str = "0") -> Screen:
    """What waits for this reviewer."""
    visit.require(Act.REVIEW_ITEM)
    waiting = review_queue.waiting(visit)
    page = page_of(number, len(waiting))
    shown = list(enumerate(waiting, 1))[page * PAGE : (page + 1) * PAGE]
    count = _n(
        "{count} submission waits, the oldest first.", "{count} submissions wait, the oldest first.", len(waiting)
    )
    text = paragraphs(
        _("📥 <b>Review</b>"),
        count if waiting else _("Nothing waits for your review. 👍"),
        *(_line(visit, n, one) for n, one in shown),
    )
    numbers = [look(Plain(str(n)), "review", one.id) for n, one in shown]
    return Screen(text, (*pairs(numbers, 4), *pager("reviews", page, len(waiting))), (TITLE,), "home")


def _line(visit: Visit, number: int, one: Submission) -> Say:
    region, at = visit.work.programme.regions.by_code[one.item.region_code], one.submitted_at
    return lines(
        _("<b>{number}.</b> {title}", number=number, title=items.title(visit.work, one.item)),
        _("{region} · {day} {clock}", region=region.name, day=ShortDay(visit.local(at)), clock=Clock(at, visit.zone)),
    )


def review(visit: Visit, submission_id: str) -> Screen:
    """One submission; the buttons appear only for whoever may judge it."""
    one = submissions.by_id(visit.work, submission_id)
    visit.require(Act.SEE_ITEM, items.place(visit.work, one.item))
    region = visit.work.programme.regions.by_code[one.item.region_code]
    known = items.content(visit.work, one.item)
    late = one.submitted_at >= one.due_at
    text = paragraphs(
        lines(
            _("<b>{title}</b>", title=items.title(visit.work, one.item)),
            _(
                "{region} · no. {number} · {verdict}",
                region=region.name,
                number=one.number,
                verdict=VERDICT[one.verdict],
            ),
        ),
        _("<b>Evidence wanted:</b> {wanted}", wanted=known.evidence) if known else None,
        lines(kind_words(one), *pieces(visit, one.evidence[:_PIECES]), _more(one), *_texts(one)),
        _("<b>Note:</b> {note}", note=cut(one.note, _TEXT)) if one.note else None,
        lines(
            _("{name}, {when}", name=one.submitted_by.name, when=Moment(one.submitted_at, visit.zone)),
            _("⚠️ after the deadline") if late else _("in time"),
        ),
        _("<blockquote>{reason}</blockquote>", reason=cut(one.reason, _TEXT)) if one.reason else None,
        submissions.OWN if one.verdict is Verdict.WAITING and _is_own(visit, one) else None,
    )
    return Screen(
        text, _rows(visit, one), (TITLE,), "reviews" if visit.may(Act.REVIEW_ITEM) else f"item-id:{one.item.id}"
    )


def _more(one: Submission) -> Say | None:
    count = len(one.evidence) - _PIECES
    return _n("… and {count} more file", "… and {count} more files", count) if count > 0 else None


def _is_own(visit: Visit, one: Submission) -> bool:
    return visit.member.id in review_queue.senders(one) and visit.may(
        Act.REVIEW_ITEM, items.place(visit.work, one.item)
    )


def _may_judge(visit: Visit, one: Submission) -> bool:
    may = visit.may(Act.REVIEW_ITEM, items.place(visit.work, one.item))
    return one.verdict is Verdict.WAITING and may and not _is_own(visit, one)


def _texts(one: Submission) -> list[Say]:
    written = [piece for piece in one.evidence if piece.kind in (EvidenceKind.TEXT, EvidenceKind.LINK)]
    return [_("<blockquote>{text}</blockquote>", text=cut(piece.content, _TEXT)) for piece in written[:3]]


def _rows(visit: Visit, one: Submission) -> tuple[Row, ...]:
    rows: list[Row] = []
    if any(piece.file_id or piece.content for piece in one.evidence):
        rows.append((do(_p("button", "📎 Send me the files"), "files", one.id),))
    if _may_judge(visit, one):
        yes = _p("button", "✅ Agree") if one.kind is SubmissionKind.WAIVER else _p("button", "✅ Accept")
        version = one.item.version
        rows.append((do(_p("button", "🔁 Hand back"), "return", one.id, version), do(yes, "accept", one.id, version)))
    if one.verdict is not Verdict.WAITING:
        rows += undoing.undo_row(visit, one.item)
    rows.append((look(_p("button", "Open the item"), "item-id", one.item.id),))
    return tuple(rows)


SCREENS: Mapping[str, Draw] = {"reviews": review_list, "review": review}
