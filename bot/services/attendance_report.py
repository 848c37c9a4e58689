"""The attendance list of a session as a workbook: everybody with answer and arrival, and counts by region."""

from collections.abc import Iterator, Sequence

from bot.flows.roles import ROLE_NAMES, place_words
from bot.papers.workbook import Book, Cell, Sheet
from bot.services import announcement_letters, announcements, attendance
from bot.services.attendance import Attendant, Tally
from bot.services.sheet_words import headed, timed
from bot.services.visits import Visit
from bot.words import Refusal, Say, _
from db.models import Announcement
from db.vocabulary import Confirmation


def book(visit: Visit, subject: str) -> Book:
    """The list of an invitation that was confirmed. Raises `Forbidden` where it may not be seen, else `Refusal`."""
    found = announcements.by_id(visit, subject)
    if found.number is None or found.confirmation is not Confirmation.ATTENDANCE:
        raise Refusal(_("Only an invitation that was sent has an attendance list."))
    title = announcement_letters.title(found)
    caption = _("🙋 Attendance list of invitation {number}: {subject}", number=str(found.number), subject=title)
    return Book(f"pengumuman-{found.number}-daftar-hadir.xlsx", caption, _sheets(visit, found), visit.zone)


def _sheets(visit: Visit, found: Announcement) -> Iterator[Sheet]:
    yield _people(visit, found)
    yield _regions(visit, found)


def _people(visit: Visit, found: Announcement) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Name"), 30),
        (_("Position"), 30),
        (_("Role"), 24),
        (_("Region"), 30),
        (_("Province"), 24),
        (_("Answer"), 20),
        (timed(visit, _("Answered")), 18),
        (timed(visit, _("Checked in")), 18),
        (_("Without an invitation"), 18),
    )
    rows = (_row(visit, one) for one in attendance.attendants(visit.work, found))
    return Sheet(visit.plain(_("Attendance list")), headed(visit, columns), rows)


def _row(visit: Visit, one: Attendant) -> Sequence[Cell]:
    region = visit.work.programme.regions.by_code.get(one.region_code or "")
    return (
        one.name,
        one.position,
        visit.plain(ROLE_NAMES[one.role]),
        region.name if region else visit.plain(place_words("")),
        region.province if region else "",
        visit.plain(answer(one)),
        one.answered_at,
        one.here_at,
        "" if one.invited else visit.plain(_("yes")),
    )


def answer(one: Attendant) -> Say:
    """What somebody said of coming."""
    match one.attends:
        case True:
            return _("will attend")
        case False:
            return _("cannot attend")
        case _:
            return _("no answer") if one.invited else _("without an invitation")


def _regions(visit: Visit, found: Announcement) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Region"), 36),
        (_("Will attend"), 12),
        (_("Cannot attend"), 12),
        (_("No answer"), 12),
        (_("Checked in"), 12),
        (_("Without an invitation"), 12),
    )
    known = visit.work.programme.regions.by_code
    counts = attendance.by_region(visit.work, found)
    rows: list[Sequence[Cell]] = [
        (known[code].name if code else visit.plain(place_words("")), *_counts(one)) for code, one in counts.items()
    ]
    total = sum(counts.values(), Tally())
    return Sheet(visit.plain(_("By region")), headed(visit, columns), [*rows, (visit.plain(_("All")), *_counts(total))])


def _counts(one: Tally) -> Sequence[int]:
    return (one.coming, one.staying, one.silent, one.here, one.uninvited)
