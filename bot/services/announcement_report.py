"""The delivery report of an announcement as a workbook: what was announced, who got it, and counts by place."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.flows.roles import ROLE_NAMES, place_words
from bot.papers.workbook import Book, Cell, Sheet
from bot.services import announcement_letters, announcements, audiences, reader_lists, readers
from bot.services.reader_words import STATES, reason
from bot.services.readers import NOBODY, Tally
from bot.services.sheet_words import headed, timed
from bot.services.visits import Visit
from bot.texts.markup import bare
from bot.words import Moment, Refusal, Say, _
from db.models import Announcement
from db.vocabulary import ReaderState

Places = Mapping[str | None, Tally]


def book(visit: Visit, subject: str) -> Book:
    """The report of one that was confirmed. Raises `Forbidden` where it may not be seen, `Refusal` for a draft."""
    found = announcements.by_id(visit, subject)
    if found.number is None:
        raise Refusal(_("A draft has no report yet: nothing was sent."))
    caption = _("📊 Report of announcement {number}: {subject}", number=str(found.number), subject=_title(found))
    return Book(f"pengumuman-{found.number}-laporan.xlsx", caption, _sheets(visit, found), visit.zone)


def _title(found: Announcement) -> str:
    return announcement_letters.title(found)


def by_region(visit: Visit, places: Places) -> Places:
    """Counts by the region's name."""
    known = visit.work.programme.regions.by_code
    return {(known[code].name if code else None): tally for code, tally in places.items()}


def by_province(visit: Visit, places: Places) -> Places:
    """The same counts by the province's name; readers of the whole programme stay apart."""
    known, summed = visit.work.programme.regions.by_code, defaultdict[str | None, Tally](lambda: NOBODY)
    for code, tally in places.items():
        summed[known[code].province if code else None] += tally
    return dict(sorted(summed.items(), key=lambda one: (one[0] is None, one[0] or "")))


def _sheets(visit: Visit, found: Announcement) -> Iterator[Sheet]:
    places = readers.tallies(visit.work, found)
    yield _itself(visit, found)
    yield _readers(visit, found)
    yield _places(visit, _("By region"), _("Region"), by_region(visit, places))
    yield _places(visit, _("By province"), _("Province"), by_province(visit, places))


def _itself(visit: Visit, found: Announcement) -> Sheet:
    rows = [(visit.plain(label), value) for label, value in _facts(visit, found) if value not in (None, "")]
    return Sheet(visit.plain(_("Announcement")), ((visit.plain(_("What")), 24), (_title(found), 90)), rows)


def _facts(visit: Visit, found: Announcement) -> Iterator[tuple[Say, Cell]]:
    known = (found.author_id, found.confirmed_by_id, found.approved_by_id, found.recalled_by_id)
    people = visit.work.people([one for one in known if one])
    names = {number: person.name for number, person in people.items()}
    yield _("Number"), found.number
    yield _("Letter number"), found.reference
    yield _("Letter date"), found.dated
    yield _("Subject"), found.subject
    yield _("Written by"), names[found.author_id]
    yield _("Confirmed by"), names.get(found.confirmed_by_id or 0)
    yield _("Approved by"), names.get(found.approved_by_id or 0)
    yield timed(visit, _("Begun")), found.starts_at
    yield timed(visit, _("Ended")), found.ended_at
    yield timed(visit, _("Valid until")), found.valid_until
    yield _("To"), visit.plain(audiences.sentence(visit.work, announcements.audience(found)))
    yield _("Files"), len(found.files) or None
    yield from ((_("Link"), f"{one['label']} {one['url']}") for one in found.links)
    if found.recalled_by_id and found.recalled_at:
        yield _("Recalled by"), names[found.recalled_by_id]
        yield timed(visit, _("Recalled")), found.recalled_at
        yield _("Reason"), found.recall_reason
    yield _("Text"), bare(found.text)
    for number, one in enumerate(found.earlier, 1):
        until = Moment(datetime.fromisoformat(one["until"]), visit.zone)
        session = announcement_letters.session_before(one)
        said = bare(one["text"]) + (f"\n{visit.plain(session)}" if session else "")
        yield _("Before correction {number}, until {moment}", number=number, moment=until), said


def _readers(visit: Visit, found: Announcement) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Name"), 30),
        (_("Role"), 24),
        (_("Region"), 30),
        (_("Province"), 24),
        (_("State"), 24),
        (_("Why"), 36),
        (_("Attempts"), 12),
        (timed(visit, _("Sent")), 18),
        (timed(visit, _("Read or answered")), 18),
        (_("Answer"), 20),
        (_("Recalled"), 12),
        (timed(visit, _("Reminded")), 18),
    )
    rows = (_row(visit, row) for row in reader_lists.everybody(visit.work.session, found.id))
    return Sheet(visit.plain(_("Readers")), headed(visit, columns), rows)


def _row(visit: Visit, row: reader_lists.Row) -> Sequence[Cell]:
    region = visit.work.programme.regions.by_code.get(row.region_code or "")
    return (
        row.name,
        visit.plain(ROLE_NAMES[row.role]),
        region.name if region else visit.plain(place_words("")),
        region.province if region else "",
        visit.plain(STATES[row.state]),
        visit.plain(reason(row.why)),
        row.tries,
        row.sent_at,
        row.answered_at or row.read_at,
        "" if row.attends is None else visit.plain(_("will attend") if row.attends else _("cannot attend")),
        "" if row.recalled is None else visit.plain(_("yes") if row.recalled else _("no")),
        row.followed_at if row.followed is ReaderState.SENT else None,
    )


def _places(visit: Visit, name: Say, of: Say, places: Places) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (of, 36),
        (_("Readers"), 12),
        (_("Sent"), 12),
        (_("Read or answered"), 12),
        (_("Waiting"), 12),
        (_("Failed"), 12),
        (_("Uncertain"), 12),
        (_("Not sent any more"), 12),
    )
    rows: Sequence[Sequence[Cell]] = [
        (place or visit.plain(place_words("")), *_counts(one)) for place, one in places.items()
    ]
    return Sheet(visit.plain(name), headed(visit, columns), rows)


def _counts(one: Tally) -> Sequence[int]:
    return (one.total, one.sent, one.confirmed, one.waiting, one.failed, one.in_doubt, one.dropped)
