"""Sending things to the person who asks: files of a submission, and the short text for WhatsApp."""

from bot.buttons import do, row_number
from bot.services import items, progress, submissions
from bot.services.conversations import Reply
from bot.services.item_words import due_words
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Day, Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Evidence, Submission
from db.vocabulary import EvidenceKind, EvidenceState, Lane, Policy

METHODS = {
    EvidenceKind.DOCUMENT: "sendDocument",
    EvidenceKind.PHOTO: "sendPhoto",
    EvidenceKind.VIDEO: "sendVideo",
    EvidenceKind.VOICE: "sendVoice",
    EvidenceKind.TEXT: "sendMessage",
    EvidenceKind.LINK: "sendMessage",
}
MANY = 10
# Of a text in one message: Telegram takes 4,096 UTF-16 units, and the heading needs room.
PART = 1800


def files(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the evidence of a submission (`<submission>-<how many were sent before>`), ten pieces at a time.

    By Telegram's own file number, and protected from forwarding.
    """
    number, _dash, sent = subject.partition("-")
    submission = submissions.by_id(visit.work, number)
    visit.require(Act.SEE_ITEM, items.place(visit.work, submission.item))
    ready = [one for one in submission.evidence if one.state is not EvidenceState.REFUSED][row_number(sent) :]
    title = items.title(visit.work, submission.item)
    for one in ready[:MANY]:
        _send(visit, one, _("<b>{title}</b>, no. {number}", title=title, number=submission.number))
    if len(ready) > MANY:
        _offer_more(visit, submission, row_number(sent) + MANY, len(ready) - MANY)
    visit.work.audit("see_files", "submission", submission.id, region_code=submission.item.region_code)
    return Reply(toast=_n("{count} file is on its way.", "{count} files are on their way.", len(ready[:MANY])))


def _offer_more(visit: Visit, submission: Submission, sent: int, left: int) -> None:
    visit.work.tell(
        visit.member,
        _n("{count} more file.", "{count} more files.", left),
        key=f"files:{submission.id}:{visit.work.cause}",
        rows=((do(_p("button", "📎 Next files"), "files", f"{submission.id}-{sent}"),),),
        lane=Lane.REPLY,
    )


def _send(visit: Visit, one: Evidence, heading: Say) -> None:
    """A long text goes in as many messages as it needs: whoever judges it reads all of it."""
    for number, part in enumerate(_parts(one)):
        visit.work.tell(
            visit.member,
            lines(heading, Plain(part) if part else None),
            key=f"file:{one.id}:{number}:{visit.work.cause}",
            method=METHODS[one.kind],
            file_id=one.file_id,
            lane=Lane.REPLY,
            policy=Policy.AT_MOST_ONCE,
        )


def _parts(one: Evidence) -> list[str]:
    text = one.content or one.caption
    return [text[start : start + PART] for start in range(0, len(text), PART)] or [""]


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
