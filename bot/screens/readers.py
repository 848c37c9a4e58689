"""Who the readers of an announcement are, one by one and by place, with what each of them got and said."""

from collections.abc import Mapping

from bot.buttons import Row, do, look
from bot.flows.roles import ROLE_NAMES, place_words
from bot.screens.announcement_list import trail
from bot.screens.screen import PAGE, Draw, Screen, page_of, pager
from bot.services import announcement_letters, announcements, reader_lists, readers
from bot.services.announcement_report import by_province, by_region
from bot.services.announcing import SENT
from bot.services.reader_words import reason
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation, ReaderState


def places(visit: Visit, announcement_id: str, by: str = "region", number: str = "0") -> Screen:
    """What became of it in every region, or in every province."""
    found = announcements.by_id(visit, announcement_id)
    counted = readers.tallies(visit.work, found)
    provinces = by == "province"
    told = [
        _place(found, name, tally)
        for name, tally in (by_province(visit, counted) if provinces else by_region(visit, counted)).items()
    ]
    page = page_of(number, len(told))
    text = paragraphs(
        _("🗺 <b>“{subject}” by province</b>", subject=announcement_letters.title(found))
        if provinces
        else _("🗺 <b>“{subject}” by region</b>", subject=announcement_letters.title(found)),
        *(told[page * PAGE : (page + 1) * PAGE] or [_("Nobody is here.")]),
    )
    other = (
        look(_p("button", "By region"), "ann-places", found.id, "region")
        if provinces
        else look(_p("button", "By province"), "ann-places", found.id, "province")
    )
    here = f"ann-places:{found.id}:{by}"
    return Screen(
        text, ((other,), *pager(here, page, len(told))), trail(found, _("By place")), f"announcement:{found.id}"
    )


def _place(found: Announcement, name: str | None, tally: readers.Tally) -> Say:
    asked = found.confirmation is not Confirmation.NONE
    return lines(
        _("<b>{place}</b>", place=place_words(name or "")),
        _("✅ sent: {sent} of {total}", sent=tally.sent, total=tally.total),
        _("👁 confirmed: {count}", count=tally.confirmed) if asked else None,
        _("⏳ waiting: {count}", count=tally.waiting) if tally.waiting else None,
        _("⚠️ failed: {count}", count=tally.failed) if tally.failed else None,
        _("❔ uncertain: {count}", count=tally.in_doubt) if tally.in_doubt else None,
        _("⛔ not sent any more: {count}", count=tally.dropped) if tally.dropped else None,
    )


def people(visit: Visit, announcement_id: str, which: str = "all", number: str = "0") -> Screen:
    """The readers, each with what became of the message."""
    found = announcements.by_id(visit, announcement_id)
    count = reader_lists.count(visit.work, found, which)
    page = page_of(number, count)
    shown = reader_lists.page(visit.work, found, which, page * PAGE, PAGE)
    told = [_reader(visit, row) for row in shown]
    rows: tuple[Row, ...] = ()
    if which == "in_doubt" and found.state in SENT:
        rows = tuple(_doubt_row(found, place, row.person_id) for place, row in enumerate(shown, page * PAGE + 1))
    text = paragraphs(
        _("👥 <b>Readers of “{subject}”</b>", subject=announcement_letters.title(found)),
        *(told or [_("Nobody is here.")]),
    )
    here = f"ann-people:{found.id}:{which}"
    return Screen(text, (*rows, *pager(here, page, count)), trail(found, _("Readers")), f"announcement:{found.id}")


def meant(visit: Visit, announcement_id: str, number: str = "0") -> Screen:
    """Everybody whom a draft is for, name by name; once it is confirmed, its readers."""
    found = announcements.by_id(visit, announcement_id)
    if found.state is not AnnouncementState.DRAFT:
        return people(visit, announcement_id)
    total, lost = announcements.counted(visit.work, found)
    page = page_of(number, total)
    shown = reader_lists.meant(visit.work, found, page * PAGE, PAGE)
    text = paragraphs(
        _("👥 <b>Who is to get “{subject}”</b>", subject=announcement_letters.title(found)),
        _n("⚠️ {count} of them cannot be reached.", "⚠️ {count} of them cannot be reached.", lost) if lost else None,
        lines(*(_one_meant(visit, one) for one in shown)) if shown else _("Nobody is here."),
    )
    more = pager(f"ann-meant:{found.id}", page, total)
    return Screen(text, more, trail(found, _("Check"), _("Readers")), f"announcement-check:{found.id}")


def _one_meant(visit: Visit, one: reader_lists.Meant) -> Say:
    place = _place_of(visit, one.region_code)
    who = {"name": one.name, "role": ROLE_NAMES[one.role], "place": place}
    return _("⚠️ <b>{name}</b>, {role}, {place}", **who) if one.lost else _("<b>{name}</b>, {role}, {place}", **who)


def _place_of(visit: Visit, region_code: str | None) -> Say:
    region = visit.work.programme.regions.by_code.get(region_code or "")
    return Plain(region.name) if region else _("the whole programme")


def _reader(visit: Visit, row: reader_lists.Row) -> Say:
    return lines(
        _("<b>{name}</b> · {region}", name=row.name, region=_place_of(visit, row.region_code)),
        _state(row),
        _reminded(row),
    )


def _reminded(row: reader_lists.Row) -> Say | None:
    at = Moment(row.followed_at, DEFAULT_ZONE) if row.followed_at else None
    match row.followed:
        case ReaderState.SENT if at:
            return _("🔔 reminded on {moment}", moment=at)
        case ReaderState.QUEUED:
            return _("🔔 is being reminded")
        case ReaderState.IN_DOUBT:
            return _("🔔 uncertain whether the reminder arrived")
        case ReaderState.FAILED:
            return _("🔔 the reminder could not be delivered")
        case _:
            return None


def _state(row: reader_lists.Row) -> Say:
    if row.state is ReaderState.SENT and row.recalled is False:
        return _("⚠️ could not be taken back: {why}", why=reason(row.why))
    if row.answered_at and row.attends is not None:
        answer = _("will attend") if row.attends else _("cannot attend")
        return _("🙋 {answer}, {moment}", answer=answer, moment=Moment(row.answered_at, DEFAULT_ZONE))
    if row.read_at:
        return _("👁 read on {moment}", moment=Moment(row.read_at, DEFAULT_ZONE))
    match row.state:
        case ReaderState.SENT if row.sent_at:
            return _("✅ sent on {moment}", moment=Moment(row.sent_at, DEFAULT_ZONE))
        case ReaderState.FAILED:
            return _("⚠️ failed: {why}", why=reason(row.why))
        case ReaderState.IN_DOUBT:
            return _("❔ uncertain whether it arrived")
        case ReaderState.DROPPED:
            return _("⛔ not sent any more: {why}", why=reason(row.why))
        case _:
            return _("⏳ waiting")


def _doubt_row(found: Announcement, place: int, person_id: int) -> Row:
    subject = f"{found.id}-{person_id}"
    return (
        do(_p("button", "{number}: send again", number=place), "ann-again", subject),
        do(_p("button", "{number}: it arrived", number=place), "ann-assume", subject),
    )


SCREENS: Mapping[str, Draw] = {"ann-people": people, "ann-meant": meant, "ann-places": places}
