"""What proves an item: files, links and texts. The draft is whatever is not removed; submissions freeze it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from bot.files import DOWNLOAD_LIMIT, REASONS, Link, Reason, check_link, safe_name
from bot.flows.turns import Sent
from bot.flows.working import named
from bot.services import items
from bot.services.deadlines import due_of
from bot.services.item_words import opening
from bot.services.rights import Act
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import mask_nik
from bot.words import Clock, Joined, Moment, Refusal, Say, Size, _, _n, lines
from db.models import Evidence, Item
from db.vocabulary import EvidenceKind, EvidenceState

TEXT_LIMIT = 50_000
FILES_PER_ITEM = 50
# Longer between sending and saving: Pandu was away, and the person should read which time counts.
DELAY = timedelta(minutes=2)
NIK_HIDDEN = _("Please do not send a NIK here. The number has been masked.")


@dataclass(frozen=True, slots=True)
class Twin:
    """The same file used elsewhere: as proof of `item`, in `region_code`."""

    evidence_id: int
    item_key: str
    region_code: str


def attach_file(visit: Visit, item: Item, file: Sent) -> Say:
    """Add a file to the draft; its content is looked into afterwards. Returns the receipt.

    Raises `Refusal` for what is too large for Telegram's bots or over the day's share; the draft stays as it is.
    """
    _require_room(visit, item, file.at)
    if file.size is not None and file.size > DOWNLOAD_LIMIT:
        raise Refusal(lines(_("📎 {name}", name=file.name) if file.name else None, too_large(file.size)))
    _require_share(visit, file.size or 0)
    caption, masked = mask_nik(file.caption)
    fresh = _add(
        visit,
        item,
        kind=file.kind,
        state=EvidenceState.CHECKING,
        message_key=file.key,
        album=file.album,
        file_id=file.file_id,
        file_unique_id=file.unique_id,
        name=safe_name(file.name) if file.name else "",
        mime=file.mime,
        size=file.size,
        caption=caption,
        uploaded_at=file.at,
        next_try_at=visit.work.now,
    )
    together = _of_album(visit.work, item, file.album) if file.album else 1
    return lines(_receipt(visit, item, fresh, file.at, together), NIK_HIDDEN if masked else None)


def _of_album(work: Work, item: Item, album: str) -> int:
    """How many files of an album have come by now."""
    statement = select(func.count()).where(Evidence.item_id == item.id, Evidence.album == album)
    return work.session.scalar(statement) or 0


def attach_text(visit: Visit, item: Item, text: str, key: str, at: datetime) -> Say:
    """Add a text of any length, whole, sent `at`. A 16-digit NIK inside is masked, and the person is told."""
    _require_room(visit, item, at)
    clean, masked = mask_nik(text[:TEXT_LIMIT])
    fresh = _add(
        visit,
        item,
        kind=EvidenceKind.TEXT,
        state=EvidenceState.STORED,
        message_key=key,
        content=clean,
        size=len(clean.encode()),
        uploaded_at=at,
    )
    return lines(_receipt(visit, item, fresh, at), NIK_HIDDEN if masked else None)


def attach_link(visit: Visit, item: Item, text: str, key: str) -> Say:
    """Add a link to a document kept elsewhere; it is stored, never fetched. Raises `Refusal` for other hosts."""
    _require_room(visit, item, visit.at)
    link = check_link(text, visit.work.programme.evidence_hosts)
    if not isinstance(link, Link):
        raise Refusal(link_refusal(visit.work, link))
    fresh = _add(
        visit,
        item,
        kind=EvidenceKind.LINK,
        state=EvidenceState.STORED,
        message_key=key,
        content=link.url,
        name=link.host,
        uploaded_at=visit.at,
    )
    return _receipt(visit, item, fresh, visit.at)


def link_refusal(work: Work, reason: Reason) -> Say:
    """Why this link is not taken, and which ones are."""
    hosts = ", ".join(work.programme.evidence_hosts)
    return lines(REASONS[reason], _("Links to these places are taken: {hosts}.", hosts=hosts))


def too_large(size: int) -> Say:
    """The way out for a file that Telegram's bots cannot fetch."""
    return _(
        "The file is {size}; files up to {limit} can be received here. Please compress it, send it in parts, "
        "or upload it to an official drive and send the link. The evidence sent before is still here.",
        size=Size(size),
        limit=Size(DOWNLOAD_LIMIT),
    )


def remove(visit: Visit, item: Item, evidence_id: int) -> Say:
    """Take evidence out of the draft; earlier submissions keep it."""
    items.require_open(visit, item, items.acted_at(visit, item))
    evidence = visit.work.session.get(Evidence, evidence_id)
    if evidence is None or evidence.item_id != item.id or evidence.removed_at is not None:
        return _("This evidence was removed before.")
    evidence.removed_at = visit.work.now
    _draft_changed(visit.work, item)
    items.change(visit.work, item, "remove_evidence", why=f"evidence {evidence.id}")
    return _("Removed: {name}.", name=label(evidence))


def set_date(visit: Visit, item: Item, day: date) -> Say:
    """Say when the newest evidence was made, which may be long before it was sent."""
    items.require_open(visit, item, visit.at)
    draft = item.draft
    if not draft:
        raise Refusal(_("There is no evidence yet to which a date could belong."))
    newest = draft[-1]
    same = [evidence for evidence in draft if newest.album and evidence.album == newest.album] or [newest]
    for evidence in same:
        evidence.dated = day
    items.change(visit.work, item, "date_evidence", why=day.isoformat())
    return _("The date of the evidence was saved.")


def twins(work: Work, evidence: Sequence[Evidence]) -> dict[int, Twin]:
    """For each evidence whose bytes already prove another item: where. Same bytes, not same name."""
    sums = {one.sha256: one for one in evidence if one.sha256}
    if not sums:
        return {}
    rows = work.session.execute(
        select(Evidence.sha256, Item.key, Item.region_code)
        .join(Item, Item.id == Evidence.item_id)
        .where(Evidence.sha256.in_(sums), Evidence.item_id.not_in({one.item_id for one in evidence}))
        .order_by(Evidence.id.desc())
    )
    return {sums[row.sha256].id: Twin(sums[row.sha256].id, row.key, row.region_code) for row in rows}


def name(evidence: Evidence) -> str:
    """What its sender called it, or how it begins; empty for a photo without a word."""
    if evidence.kind is EvidenceKind.TEXT:
        return evidence.content[:40].replace("\n", " ")
    return evidence.name or evidence.caption[:40].replace("\n", " ")


def label(evidence: Evidence) -> Say:
    """A short name for a list of evidence."""
    return named(name(evidence), evidence.kind)


def settled(work: Work, evidence_id: int) -> None:
    """A file has been looked into: its sender is told if it was refused."""
    evidence = work.session.get(Evidence, evidence_id, options=[selectinload(Evidence.item)], populate_existing=True)
    if evidence is None or evidence.state is not EvidenceState.REFUSED or evidence.removed_at is not None:
        return
    item = evidence.item
    work.audit("refuse_file", "item", item.id, region_code=item.region_code, reason=evidence.refusal or "")
    work.tell(
        evidence.uploaded_by_id,
        lines(
            _(
                "⚠️ The file <b>{name}</b> for <b>{title}</b> could not be accepted.",
                name=label(evidence),
                title=items.title(work, item),
            ),
            REASONS[Reason(evidence.refusal)] if evidence.refusal else None,
            _("The other evidence stays as it is."),
        ),
        key=f"item:{item.id}:file:{evidence.id}",
        rows=((opening(item),),),
    )


def _add(visit: Visit, item: Item, **values: object) -> bool:
    """Keep one piece of evidence. False when this very message was kept before."""
    known = visit.work.session.scalar(
        select(Evidence.id).where(Evidence.item_id == item.id, Evidence.message_key == values["message_key"])
    )
    if known is not None:
        return False
    fresh = Evidence(item_id=item.id, uploaded_by_id=visit.member.id, attempts=0, **values)
    visit.work.session.add(fresh)
    _draft_changed(visit.work, item)
    items.start(visit, item)
    # No new version of the item: several people may attach at the same moment.
    visit.work.audit("attach", "item", item.id, region_code=item.region_code, after={"evidence_id": fresh.id})
    return True


def _draft_changed(work: Work, item: Item) -> None:
    work.session.flush()
    work.session.expire(item, ["draft"])


def _require_room(visit: Visit, item: Item, sent: datetime) -> None:
    items.require_open(visit, item, sent)
    visit.require(Act.WORK_ON_ITEM, items.place(visit.work, item))
    count = visit.work.session.scalar(
        select(func.count()).where(Evidence.item_id == item.id, Evidence.removed_at.is_(None))
    )
    if (count or 0) >= FILES_PER_ITEM:
        raise Refusal(
            _("An item takes at most {count} pieces of evidence. Please remove one first.", count=FILES_PER_ITEM)
        )


def _require_share(visit: Visit, size: int) -> None:
    """Uploads are limited by bytes a day, a setting: one account cannot fill the disk."""
    since = visit.work.now - timedelta(days=1)
    used = visit.work.session.scalar(
        select(func.coalesce(func.sum(Evidence.size), 0)).where(
            Evidence.uploaded_by_id == visit.member.id, Evidence.uploaded_at > since
        )
    )
    if int(used or 0) + size > visit.work.programme.upload_bytes_a_day:
        raise Refusal(
            _(
                "Today's share of {limit} for files is used up. Please send a link, or continue tomorrow.",
                limit=Size(visit.work.programme.upload_bytes_a_day),
            )
        )


def _receipt(visit: Visit, item: Item, fresh: bool, sent: datetime, together: int = 1) -> Say:
    """ "Tersimpan 14.02 WIB", and whether that was in time. `together` counts the files of an album."""
    if not fresh:
        return _("This was received before; it is kept once.")
    album = _n("{count} file of this album.", "{count} files of this album.", together) if together > 1 else None
    return Joined(tuple(part for part in (_saved(visit, item, sent), album) if part), " ")


def _saved(visit: Visit, item: Item, sent: datetime) -> Say:
    due = due_of(visit.work, item.region_code, item.key, visit.member.id)
    if due.passed(sent):
        return _("Saved {time}, after the deadline.", time=Clock(sent, visit.zone))
    if visit.work.now - sent > DELAY:
        return _("Saved. It was sent on {when}; that time counts, so it is in time.", when=Moment(sent, due.zone))
    return _("Saved {time}.", time=Clock(sent, visit.zone))
