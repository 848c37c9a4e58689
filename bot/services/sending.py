"""Sending things to the person who asks: files of a submission, and the short text for WhatsApp."""

from bot.services import items, progress, submissions
from bot.services.conversations import Reply
from bot.services.item_words import due_words
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Day, Moment, Plain, Say, _, _n, lines, paragraphs
from db.models import Evidence
from db.vocabulary import EvidenceKind, EvidenceState, Lane, Policy

_METHODS = {
    EvidenceKind.DOCUMENT: "sendDocument",
    EvidenceKind.PHOTO: "sendPhoto",
    EvidenceKind.VIDEO: "sendVideo",
    EvidenceKind.TEXT: "sendMessage",
    EvidenceKind.LINK: "sendMessage",
}
MANY = 10


def files(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the evidence of a submission, by Telegram's own file number and protected from forwarding."""
    submission = submissions.by_id(visit.work, subject)
    visit.require(Act.SEE_ITEM, items.place(visit.work, submission.item))
    ready = [one for one in submission.evidence if one.state is not EvidenceState.REFUSED]
    for one in ready[:MANY]:
        _send(
            visit,
            one,
            _("<b>{title}</b>, no. {number}", title=items.title(visit.work, submission.item), number=submission.number),
        )
    visit.work.audit("see_files", "submission", submission.id, region_code=submission.item.region_code)
    return Reply(toast=_n("{count} file is on its way.", "{count} files are on their way.", len(ready[:MANY])))


def _send(visit: Visit, one: Evidence, heading: Say) -> None:
    content = Plain(one.content) if one.content else None
    caption = Plain(one.caption) if one.caption else None
    visit.work.tell(
        visit.member,
        lines(heading, content, caption),
        key=f"file:{one.id}:{visit.work.cause}",
        method=_METHODS[one.kind],
        file_id=one.file_id,
        lane=Lane.REPLY,
        policy=Policy.AT_MOST_ONCE,
    )


def share(visit: Visit, subject: str, _version: int) -> Reply:
    """The progress of a region as a short plain text, in a message of its own that can be forwarded."""
    code = subject or (visit.region.code if visit.region else "")
    visit.require(Act.SEE_REGION, Place(code))
    visit.work.tell(visit.member, short_text(visit, code), key=f"share:{code}:{visit.work.cause}", lane=Lane.REPLY)
    return Reply(toast=_("Please forward the message below to your group."))


def short_text(visit: Visit, region_code: str) -> Say:
    """What a WhatsApp group should read: five lines without names of persons."""
    now = progress.of_region(visit.work, region_code)
    edition = visit.work.programme.edition
    return paragraphs(
        _("{programme}\n{region}", programme=edition.name, region=now.region.name),
        lines(
            _(
                "Accepted: {accepted} of {mandatory} mandatory items ({percent}%)",
                accepted=now.accepted,
                mandatory=now.mandatory,
                percent=now.completeness,
            ),
            _n("Late: {count} item", "Late: {count} items", now.late) if now.late else None,
            _next_line(visit, now),
            _("Closing: {day}", day=Day(edition.closing)),
        ),
        _("As of {when} (Pandu)", when=Moment(visit.work.now, now.region.timezone)),
    )


def _next_line(visit: Visit, now: progress.Progress) -> Say | None:
    if now.next_item is None or now.next_due is None:
        return None
    title = items.title(visit.work, now.next_item)
    return _("Next: {title}, {due}", title=title, due=due_words(visit.work, now.region.code, now.next_due))
