"""Announcements from the draft to the archive: what coordinators write, to whom, when, and until when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, get_args

from sqlalchemy import func, select

from bot.buttons import row_number
from bot.flows import announcing as flow
from bot.flows import finding
from bot.flows.turns import Told, Wish
from bot.services import announcement_letters, audiences, editions, hours, kept_audiences, schedule
from bot.services.audiences import Audience
from bot.services.conversations import Begin, Grant, Reply
from bot.services.links import read_link
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.services.work import Work
from bot.texts import clean_name
from bot.texts.markup import bare, is_whole
from bot.words import Refusal, Say, _
from db.models import Announcement, Person
from db.vocabulary import AnnouncementState, Confirmation

LINKS = 4
Counted = tuple[int, int]


# --- Finding


def of_edition(visit: Visit, states: Sequence[AnnouncementState]) -> Sequence[Announcement]:
    """Announcements in these states, newest first: all of them, or with a part of the programme one's own."""
    visit.require(Act.ANNOUNCE)
    mine = [] if visit.covers_everything else [Announcement.author_id == visit.member.id]
    return visit.work.session.scalars(
        select(Announcement)
        .where(Announcement.edition_id == visit.work.edition_id, Announcement.state.in_(states), *mine)
        .order_by(Announcement.id.desc())
    ).all()


def matching(found: Sequence[Announcement], words: str) -> Sequence[Announcement]:
    """Those with this number, or with all of these words in subject, letter number or text."""
    return [one for one in found if str(one.number) == words or _has(one, words.split())]


def _has(one: Announcement, words: Sequence[str]) -> bool:
    said = f"{one.subject} {one.reference} {bare(one.text)}".casefold()
    return bool(words) and all(word in said for word in words)


def by_id(visit: Visit, announcement_id: int | str) -> Announcement:
    """An announcement this coordinator may see. Raises `Forbidden` also where there is none."""
    visit.require(Act.ANNOUNCE)
    found = visit.work.session.get(Announcement, row_number(announcement_id), populate_existing=True)
    if found is None or found.edition_id != visit.work.edition_id:
        raise Forbidden(Act.ANNOUNCE, Place())
    if found.author_id != visit.member.id and not visit.covers_everything:
        raise Forbidden(Act.ANNOUNCE, Place())
    return found


def require_reach(visit: Visit, rule: Audience) -> None:
    """Raises `Refusal` for a rule that means anybody outside the coordinator's own part."""
    if visit.covers_everything:
        return
    named = audiences.regions_of(visit.work, rule)
    if not named or not all(visit.may(Act.ANNOUNCE, Place(region.code)) for region in named):
        raise Refusal(_("Your seat covers a part of the programme. Please choose only regions of yours."))


def everybody(visit: Visit) -> Audience:
    """Everybody whom this coordinator may write to."""
    scopes = visit.seat.scopes if visit.seat and not visit.covers_everything else []
    provinces = tuple(scope.province for scope in scopes if scope.province)
    return Audience(provinces=provinces, regions=tuple(scope.region_code for scope in scopes if scope.region_code))


def locked(visit: Visit, announcement_id: int | str) -> Announcement:
    """The same to be changed: nobody else, the clock included, does anything with it until this is committed."""
    found = by_id(visit, announcement_id)
    visit.work.session.refresh(found, with_for_update=True)
    return found


def draft(visit: Visit, announcement_id: int | str) -> Announcement:
    """The same where it can still be changed. Raises `Refusal` for one that was confirmed."""
    found = locked(visit, announcement_id)
    if found.state is not AnnouncementState.DRAFT:
        raise Refusal(_("This announcement was confirmed meanwhile. Here is where it stands."))
    return found


def audience(announcement: Announcement) -> Audience:
    """Who it is for."""
    return Audience.model_validate(announcement.audience)


def next_number(work: Work) -> int:
    """The number of the next announcement; the edition is held, so that two never get the same one."""
    editions.hold(work.session, work.edition_id)
    last = select(func.max(Announcement.number)).where(Announcement.edition_id == work.edition_id)
    return (work.session.scalar(last) or 0) + 1


def counted(work: Work, announcement: Announcement) -> Counted:
    """How many are meant, and how many of them cannot be reached."""
    meant = audiences.people(work, audience(announcement)).subquery()
    lost = func.count(Person.unreachable_at)
    row = work.session.execute(select(func.count(), lost).select_from(meant).join(Person, Person.id == meant.c[0]))
    total, unreachable = row.one()
    return int(total), int(unreachable)


# --- Writing


def begin(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to write an announcement; drafts of others are not touched."""
    visit.require(Act.ANNOUNCE)
    return Begin(flow.FLOW.name, flow.Composing())


def search(visit: Visit, _subject: str, _version: int) -> Begin:
    """Begin to look for one."""
    visit.require(Act.ANNOUNCE)
    return Begin(finding.FLOW.name, finding.Finding())


def rewrite(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to write its words anew."""
    found = draft(visit, subject)
    return Begin(flow.FLOW.name, flow.Composing(announcement_id=found.id, before=found.text))


def keep(visit: Visit, wish: flow.KeepAnnouncement) -> Told:
    """Keep words and files as a draft. Raises `Refusal` for more than Telegram takes.

    Told `changed`, with the present words, where somebody else has rewritten them meanwhile.
    """
    files = [one.model_dump(mode="json") for one in wish.files]
    require_room(wish.text, files)
    work = visit.work
    values = {"text": wish.text, "files": files}
    if wish.announcement_id:
        found = draft(visit, wish.announcement_id)
        if found.text != wish.before:
            return Told("changed", (found.text,))
        change(work, found, **values)
        return Told("kept", (found.id,))
    visit.require(Act.ANNOUNCE)
    found = Announcement(edition_id=work.edition_id, author_id=visit.member.id, created_at=work.now, **values)
    found.audience = everybody(visit).model_dump(mode="json", exclude_defaults=True)
    work.session.add(found)
    work.session.flush()
    work.audit("draft_announcement", "announcement", found.id)
    return Told("kept", (found.id,))


def require_room(text: str, files: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Refusal` for words that Telegram cannot read, and for more than it takes at once."""
    require_whole(text)
    length = announcement_letters.seen_length(text)
    if length > announcement_letters.TEXT_ROOM:
        raise Refusal(
            _(
                "The text has {length} characters; an announcement takes at most {limit}. "
                "Please shorten it, or put the rest into a document.",
                length=length,
                limit=announcement_letters.TEXT_ROOM,
            )
        )
    probe = Announcement(text=text, files=list(files))
    if any(len(group) > announcement_letters.ALBUM for group in announcement_letters.groups(probe)):
        raise Refusal(
            _(
                "An album takes at most {limit} files. Please send fewer, or one document.",
                limit=announcement_letters.ALBUM,
            )
        )


def fill_in(visit: Visit, subject: str, _version: int) -> Begin:
    """Begin to fill a field in (`12-subject`)."""
    number, _dash, name = subject.partition("-")
    found = draft(visit, number)
    if name not in get_args(flow.FieldName):
        raise Forbidden(Act.ANNOUNCE, Place())
    present = {"subject": found.subject, "reference": found.reference, "place": found.event_place}.get(name, "")
    return Begin(
        flow.FLOW.name, flow.Filling.model_validate({"announcement_id": found.id, "field": name, "present": present})
    )


def fill(visit: Visit, wish: flow.FillAnnouncement) -> Say:
    """Fill one field in. Raises `Refusal` for what cannot be read, with an example."""
    found = draft(visit, wish.announcement_id)
    if wish.field == "audience":
        return kept_audiences.keep(visit, clean_name(wish.text, 64), found.audience)
    values = _READERS[wish.field](visit, found, wish)
    change(visit.work, found, **values)
    return _("Saved.")


Values = Mapping[str, Any]


def _subject(_visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    return {"subject": clean_name(wish.text, 128)}


def _reference(_visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    return {"reference": clean_name(wish.text, 64)}


def _dated(_visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    return {"dated": hours.read_day(wish.text, wish.day) if wish.day else None}


def _link(_visit: Visit, found: Announcement, wish: flow.FillAnnouncement) -> Values:
    if wish.day is None:
        return {"links": []}
    words, url = read_link(wish.text)
    if not url:
        raise Refusal(_("Please send a label and an address that begins with https://, separated by a space."))
    if len(found.links) >= LINKS:
        raise Refusal(_("An announcement takes at most {limit} links.", limit=LINKS))
    label = clean_name(words, 40) or url.split("/")[2][:40]
    return {"links": [*found.links, {"label": label, "url": url}]}


def _until(visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    if wish.day is None:
        return {"valid_until": None}
    at, _local = schedule.read_moment(visit.work, wish.text, visit.today, time(23, 59))
    return {"valid_until": at}


def _starts(visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    if wish.day is None:
        return {"starts_at": None, "local_at": None}
    at, local = schedule.read_moment(visit.work, wish.text, visit.today, time(9, 0))
    return {"starts_at": None if local else at, "local_at": at if local else None}


def _event(visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    if wish.day is None:
        return {"event_at": None, "event_until": None}
    begins, ends = schedule.read_session(visit.work, wish.text)
    return {"event_at": begins, "event_until": ends}


def _place(_visit: Visit, _found: Announcement, wish: flow.FillAnnouncement) -> Values:
    return {"event_place": clean_name(wish.text, 100)}


def _ends(visit: Visit, found: Announcement, wish: flow.FillAnnouncement) -> Values:
    if wish.day is None:
        return {"repeats": {name: value for name, value in found.repeats.items() if name != "until"}}
    day = hours.read_day(wish.text, visit.today, ahead=True)
    schedule.require_open(visit.work, day)
    return {"repeats": found.repeats | {"until": day.isoformat()}}


_READERS: Mapping[str, Callable[[Visit, Announcement, flow.FillAnnouncement], Values]] = {
    "subject": _subject,
    "reference": _reference,
    "dated": _dated,
    "link": _link,
    "until": _until,
    "starts": _starts,
    "ends": _ends,
    "event": _event,
    "place": _place,
}


def by_local_time(visit: Visit, subject: str, version: int) -> Reply:
    """Turn the hour chosen into each reader's own, or back into one moment for all."""
    found = draft(visit, subject)
    if found.version == version:
        change(visit.work, found, starts_at=found.local_at, local_at=found.starts_at)
    return Reply(then=f"announcement:{found.id}")


def ask_for(visit: Visit, subject: str, version: int) -> Reply:
    """Choose what is asked of readers: nothing, that they have read it, or whether they attend (`12-read`)."""
    number, _dash, word = subject.partition("-")
    found = draft(visit, number)
    if word in set(Confirmation) and found.version == version:
        change(visit.work, found, confirmation=Confirmation(word))
    return Reply(then=f"announcement:{found.id}")


def aim(visit: Visit, found: Announcement, rule: Audience) -> None:
    """Change whom a draft is for. Raises `Refusal` beyond the coordinator's own part."""
    require_reach(visit, rule)
    change(visit.work, found, audience=rule.model_dump(mode="json", exclude_defaults=True))


def sent(visit: Visit) -> Sequence[Announcement]:
    """Those that have left and ask for a word, newest first."""
    left = of_edition(visit, (AnnouncementState.SENDING, AnnouncementState.DONE, AnnouncementState.STOPPED))
    return [one for one in left if one.confirmation is not Confirmation.NONE]


def discard(visit: Visit, subject: str, version: int) -> Reply:
    """Put a draft away."""
    found = draft(visit, subject)
    if found.version == version:
        change(visit.work, found, state=AnnouncementState.DISCARDED)
        visit.work.audit("discard_announcement", "announcement", found.id)
    return Reply(toast=_("The draft was put away."), then="announcements")


def require_whole(text: str) -> None:
    """Raises `Refusal` for formatting that Telegram could not read."""
    if not is_whole(text):
        raise Refusal(_("The formatting of the text cannot be read by Telegram. Please write the text once more."))


def require_words(found: Announcement) -> None:
    """Raises `Refusal` where there is nothing to read, or nothing that Telegram could."""
    require_whole(found.text)
    if not found.text and not found.files:
        raise Refusal(_("There is nothing to read yet. Please write the announcement."))


def require_event(found: Announcement, starts: datetime) -> None:
    """Raises `Refusal` for an invitation that does not say when, or that would leave after its session began."""
    if found.confirmation is not Confirmation.ATTENDANCE:
        return
    if found.event_at is None:
        raise Refusal(_("An invitation needs the time of its session. Please fill it in."))
    if found.event_at <= starts:
        raise Refusal(_("The session would begin before the invitation leaves. Please change one of the two."))


def require_current(found: Announcement, at: datetime) -> None:
    """Raises `Refusal` for one that leaves when it is no longer valid, or after its session began."""
    if found.valid_until is not None and found.valid_until <= at:
        raise Refusal(_("It would no longer be valid when it leaves, so nothing is sent."))
    if has_begun(found, at):
        raise Refusal(_("Its session would have begun when it leaves, so nothing is sent."))


def has_begun(found: Announcement, at: datetime) -> bool:
    """Whether the session of an invitation had begun by then."""
    return found.confirmation is Confirmation.ATTENDANCE and found.event_at is not None and found.event_at <= at


def change(work: Work, announcement: Announcement, **values: Any) -> None:
    """Set columns; every change makes older buttons known as old."""
    for name, value in values.items():
        setattr(announcement, name, value)
    announcement.version += 1
    work.session.flush()


GRANTS: Mapping[type[Wish], Grant] = {flow.KeepAnnouncement: keep, flow.FillAnnouncement: fill}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "announce": begin,
    "ann-search": search,
    "ann-rewrite": rewrite,
    "ann-fill": fill_in,
    "ann-ask": ask_for,
    "ann-local": by_local_time,
    "ann-discard": discard,
}
