"""The attendance list of a session or meeting as a workbook: everybody with answer and arrival, counts by region."""

from collections.abc import Iterator, Mapping, Sequence

from bot.flows.roles import ROLE_NAMES, place_words
from bot.papers.workbook import Book, Cell, Sheet
from bot.services import announcement_letters, announcements, attendance, meeting_words, meetings
from bot.services.attendance import Attendant, Headcount
from bot.services.rights import Act, Place
from bot.services.sheet_words import headed, timed
from bot.services.visits import Visit
from bot.words import Refusal, Say, _
from db.models import Announcement, Meeting
from db.vocabulary import Confirmation


def book(visit: Visit, subject: str) -> Book:
    """The list of an invitation that was confirmed. Raises `Forbidden` where it may not be seen, else `Refusal`."""
    found = announcements.by_id(visit, subject)
    if found.number is None or found.confirmation is not Confirmation.ATTENDANCE:
        raise Refusal(_("Only an invitation that was sent has an attendance list."))
    title = announcement_letters.title(found)
    caption = _("🙋 Attendance list of invitation {number}: {subject}", number=str(found.number), subject=title)
    return Book(f"pengumuman-{found.number}-daftar-hadir.xlsx", caption, _sheets(visit, found), visit.zone)


def meeting_book(visit: Visit, subject: str) -> Book:
    """The list of a meeting, for whoever may see the team it is for. Raises `Forbidden` for others."""
    found = meetings.by_id(visit, subject)
    visit.require(Act.SEE_TEAM, Place(found.region_code))
    title = meeting_words.title(visit.work, found)
    caption = _("🙋 Attendance list: {title}", title=title)
    return Book(f"kegiatan-{found.id}-daftar-hadir.xlsx", caption, _sheets(visit, found), visit.zone)


def _sheets(visit: Visit, found: Announcement | Meeting) -> Iterator[Sheet]:
    if isinstance(found, Meeting):
        people = attendance.at_meeting(visit.work, found)
        yield _people(visit, people)
        yield _regions(visit, attendance.counted(people))
    else:
        yield _people(visit, attendance.attendants(visit.work, found))
        yield _regions(visit, attendance.by_region(visit.work, found))


def _people(visit: Visit, people: Sequence[Attendant]) -> Sheet:
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
    rows = (_row(visit, one) for one in people)
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


def _regions(visit: Visit, counts: Mapping[str | None, Headcount]) -> Sheet:
    columns: Sequence[tuple[Say, int]] = (
        (_("Region"), 36),
        (_("Will attend"), 12),
        (_("Cannot attend"), 12),
        (_("No answer"), 12),
        (_("Checked in"), 12),
        (_("Without an invitation"), 12),
    )
    known = visit.work.programme.regions.by_code
    rows: list[Sequence[Cell]] = [
        (known[code].name if code else visit.plain(place_words("")), *_counts(one)) for code, one in counts.items()
    ]
    total = sum(counts.values(), Headcount())
    return Sheet(visit.plain(_("By region")), headed(visit, columns), [*rows, (visit.plain(_("All")), *_counts(total))])


def _counts(one: Headcount) -> Sequence[int]:
    return (one.coming, one.staying, one.silent, one.here, one.uninvited)
