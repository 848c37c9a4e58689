"""A session: who comes from which region, its check-in, and who was there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.buttons import Row, do, look
from bot.flows.roles import place_words
from bot.screens.announcement_list import trail
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcement_letters, announcements, attendance, check_ins, gatherings
from bot.services.attendance import Attendant, Headcount
from bot.services.attendance_report import answer
from bot.services.gatherings import Gathering
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Code, Moment, Plain, Say, _, _p, lines, paragraphs

TITLE = _("Attendance")


def regions(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """What was answered, in all and by region, and the check-in."""
    found = announcements.by_id(visit, announcement_id)
    session = gatherings.of_announcement(found)
    counts = attendance.by_region(visit.work, found)
    page = page_of(number, len(counts))
    text = paragraphs(
        _("🙋 <b>Attendance of “{subject}”</b>", subject=announcement_letters.title(found)),
        announcement_letters.event(found),
        _total(sum(counts.values(), Headcount())),
        lines(*(_region(visit, *one) for one in list(counts.items())[page * PAGE : (page + 1) * PAGE])),
        code_of(session),
    )
    rows = (*_rows(visit, session), *pager(session.page, page, len(counts)))
    return Screen(text, rows, trail(found, TITLE), f"announcement:{found.id}")


def _total(one: Headcount) -> Say:
    return lines(
        _("🙋 will attend: {count}", count=one.coming),
        _("🙅 cannot attend: {count}", count=one.staying),
        _("🔕 no answer yet: {count}", count=one.silent),
        _("🎟 checked in: {count}", count=one.here) if one.here else None,
        _("🎟 of them without an invitation: {count}", count=one.uninvited) if one.uninvited else None,
    )


def _region(visit: Visit, code: str | None, one: Headcount) -> Say:
    known = visit.work.programme.regions.by_code.get(code or "")
    counts = f"🙋 {one.coming} · 🙅 {one.staying} · 🔕 {one.silent}" + (f" · 🎟 {one.here}" if one.here else "")
    return _("<b>{region}</b>: {counts}", region=known.name if known else place_words(""), counts=Plain(counts))


def code_of(found: Gathering) -> Say | None:
    """The code that checks in, once there is one."""
    code = found.row.check_in_code
    return None if code is None else _("Check-in code: {code}", code=Code(check_ins.printed(code)))


def doors(found: Gathering, at: datetime) -> Row:
    """What opens a check-in, shows it again and renews its code; nothing once the session is over."""
    if found.is_over(at):
        return ()
    subject = f"{found.subject}-{found.row.id}"
    if found.row.check_in_code is None:
        return (do(_p("button", "🎟 Open check-in"), "check-in", subject),)
    return (
        do(_p("button", "🎟 Check-in picture"), "check-in", subject),
        do(_p("button", "♻️ Another code"), "check-in-anew", subject, found.stamp),
    )


def _rows(visit: Visit, found: Gathering) -> tuple[Row, ...]:
    return (
        doors(found, visit.work.now),
        (
            look(_p("button", "👥 Names"), "ann-attendants", found.row.id),
            do(_p("button", "📊 List (Excel)"), "export", f"attendance-{found.row.id}"),
        ),
        (look(_p("button", "🔄 Refresh"), "ann-attendance", found.row.id),),
    )


def names(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Everybody who was invited or who was there, by region and name."""
    found = announcements.by_id(visit, announcement_id)
    everybody = attendance.attendants(visit.work, found)
    page = page_of(number, len(everybody))
    text = paragraphs(
        _("👥 <b>Attendance of “{subject}”</b>", subject=announcement_letters.title(found)),
        *(_told(visit, everybody[page * PAGE : (page + 1) * PAGE]) or [_("Nobody is here.")]),
    )
    rows = pager(f"ann-attendants:{found.id}", page, len(everybody))
    return Screen(text, rows, trail(found, TITLE, _("Names")), f"ann-attendance:{found.id}")


def _told(visit: Visit, some: Sequence[Attendant]) -> list[Say]:
    return [_attendant(visit, one) for one in some]


def _attendant(visit: Visit, one: Attendant) -> Say:
    region = visit.work.programme.regions.by_code.get(one.region_code or "")
    return lines(
        _("<b>{name}</b> · {region}", name=one.name, region=region.name if region else place_words("")),
        answer(one),
        _("🎟 checked in on {moment}", moment=Moment(one.here_at, DEFAULT_ZONE)) if one.here_at else None,
    )


SCREENS: Mapping[str, Draw] = {"ann-attendance": regions, "ann-attendants": names}
