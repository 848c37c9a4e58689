"""Who was at a session: a code on its wall, scanned or typed within its hours by whoever has a seat in its reach."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from bot.papers.check_in_picture import CheckInSheet, check_in_picture
from bot.services import announcement_letters, audiences, follow_ups, guessing, invite_codes
from bot.services.announcements import audience, locked
from bot.services.conversations import Reply
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.services.work import Work
from bot.words import Clock, Moment, Plain, Refusal, Say, _
from db.inbox import insert_ignoring
from db.models import Announcement, CheckIn, Reader
from db.vocabulary import AnnouncementState, Lane, Policy

LENGTH = 6
OPENS = timedelta(minutes=60)
# So long after its end a code is still known, and whoever comes late is told.
REMEMBERED = timedelta(days=1)
LINK = "https://t.me/{username}?start=c_{code}"
_TYPED = re.compile(r"\s*([A-Za-z0-9]{3})[\s-]?([A-Za-z0-9]{3})\s*")
_STANDS = (
    AnnouncementState.SCHEDULED,
    AnnouncementState.SENDING,
    AnnouncementState.PAUSED,
    AnnouncementState.DONE,
    AnnouncementState.STOPPED,
)
_NOT_VALID = _("This check-in code is not valid. Please look once more at the code on the screen.")


# --- The coordinator's side


def open_up(visit: Visit, subject: str, _version: int) -> Reply:
    """Send the coordinator the picture with the code of a session, which is made when it is first asked for."""
    found = _invitation(visit, subject)
    if found.check_in_code is None:
        _give_code(visit, found)
    return _shown(visit, found)


def renew(visit: Visit, subject: str, version: int) -> Reply:
    """Another code in place of the present one, which is not valid any more. A press on an old page changes nothing."""
    found = _invitation(visit, subject)
    if found.check_in_code is None or found.version != version:
        return Reply(toast=_("It was changed meanwhile. Please look once more."), then=_page(found))
    _give_code(visit, found)
    return _shown(visit, found)


def _invitation(visit: Visit, subject: str) -> Announcement:
    """An invitation that was confirmed, to be changed. Raises `Refusal` for anything else."""
    found = locked(visit, subject)
    if found.state not in _STANDS or announcement_letters.event_time(found) is None:
        raise Refusal(_("Only an invitation that was sent has a check-in."))
    return found


def _give_code(visit: Visit, found: Announcement) -> None:
    code = invite_codes.new_code(LENGTH)
    while _with_code(visit.work, code) is not None:
        code = invite_codes.new_code(LENGTH)
    found.check_in_code = code
    found.version += 1
    visit.work.session.flush()
    visit.work.audit("open_check_in", "announcement", found.id)


def _shown(visit: Visit, found: Announcement) -> Reply:
    work, code = visit.work, found.check_in_code or ""
    content = check_in_picture(_sheet(visit, found, code))
    work.tell(
        visit.member,
        _("🎟 Please show this picture at the session: it opens 60 minutes before and closes with the session."),
        key=f"check-in:{found.id}:{code}:{work.cause}",
        lane=Lane.REPLY,
        policy=Policy.AT_LEAST_ONCE,
        method="sendPhoto",
        paper=work.paper(f"daftar-hadir-{found.number}.png", "image/png", content),
    )
    return Reply(toast=_("The picture arrives below."), then=_page(found))


def _page(found: Announcement) -> str:
    return f"ann-attendance:{found.id}"


def _sheet(visit: Visit, found: Announcement, code: str) -> CheckInSheet:
    username = visit.work.programme.bot_username
    when = announcement_letters.event_time(found) or Plain("")
    return CheckInSheet(
        heading=visit.plain(_("ATTENDANCE")),
        title=announcement_letters.title(found),
        when=visit.plain(when),
        place=found.event_place,
        link=LINK.format(username=username, code=code),
        code=printed(code),
        hint=visit.plain(
            _("Scan it with your phone, or send this code to @{username} in Telegram.", username=username)
        ),
    )


def printed(code: str) -> str:
    """As people read it: `K7Q 3M9`."""
    return f"{code[:3]} {code[3:]}"


# --- The side of whoever is there


def typed_code(visit: Visit, text: str) -> Reply | None:
    """Check in with a code as it is typed; None for any other text, and while no session has a code."""
    found = _TYPED.fullmatch(text)
    code = "".join(found.groups()).upper() if found else ""
    if not invite_codes.is_mixed(code) or not set(code) <= set(invite_codes.ALPHABET) or not _anything_open(visit.work):
        return None
    return with_code(visit, code)


def _anything_open(work: Work) -> bool:
    known = select(Announcement.id).where(
        Announcement.edition_id == work.edition_id,
        Announcement.check_in_code.is_not(None),
        Announcement.event_until > work.now - REMEMBERED,
    )
    return work.session.scalar(known.limit(1)) is not None


def with_code(visit: Visit, code: str) -> Reply:
    """Check in with the code of a session; the moment that counts is Telegram's of the message. Twice is once."""
    if not any(seat.suspended_at is None for seat in visit.seats):
        return Reply(note=_STRANGER, then="welcome")
    if waiting := guessing.silence(visit):
        return Reply(note=waiting, then="home")
    found = _with_code(visit.work, invite_codes.normal(code))
    if found is None:
        guessing.count(visit)
        return Reply(note=_NOT_VALID, then="home")
    return Reply(note=_check_in(visit, found), then="home")


_STRANGER = _(
    "This code checks members of the programme in. Please come in with your invitation first, then try again."
)


def _with_code(work: Work, code: str) -> Announcement | None:
    mine = (Announcement.edition_id == work.edition_id) & (Announcement.check_in_code == code)
    return work.session.scalar(select(Announcement).where(mine, Announcement.state.in_(_STANDS)))


def _check_in(visit: Visit, found: Announcement) -> Say:
    if before := _earlier(visit, found):
        return _("You are checked in already, since {time}.", time=Clock(before, visit.zone))
    place = _seat(visit, found)
    if place is None:
        return _(
            "The session “{subject}” is for other regions. If you belong there, please tell the organisers.",
            subject=announcement_letters.title(found),
        )
    if outside := _outside(visit, found):
        return outside
    return _noted(visit, found, *place)


def _earlier(visit: Visit, found: Announcement) -> datetime | None:
    row = visit.work.session.get(CheckIn, (found.id, visit.member.id))
    return row.at if row else None


def _seat(visit: Visit, found: Announcement) -> tuple[int, str | None] | None:
    """The seat with which somebody is there, and its region: the invited one, else one within the audience's places."""
    mine = (Reader.announcement_id == found.id) & (Reader.person_id == visit.member.id)
    invited = visit.work.session.execute(select(Reader.seat_id, Reader.region_code).where(mine)).first()
    if invited is not None:
        return invited.seat_id, invited.region_code
    meant = audiences.people(visit.work, audiences.places_of(audience(found))).subquery()
    holder, seat, region = meant.c
    row = visit.work.session.execute(select(seat, region).where(holder == visit.member.id)).first()
    return (row[0], row[1]) if row else None


def is_over(found: Announcement, at: datetime) -> bool:
    """Whether the session had ended by then: no code checks in any more."""
    return found.event_until is not None and at > found.event_until


def _outside(visit: Visit, found: Announcement) -> Say | None:
    """Why the moment is not one to check in; None within the hours of the session."""
    begins, ends = found.event_at, found.event_until
    if begins is None or ends is None:
        return _NOT_VALID
    if visit.at < begins - OPENS:
        return _("Check-in opens on {moment}. Please scan or send it again then.", moment=_at(begins - OPENS))
    if is_over(found, visit.at):
        return _("Check-in closed on {moment}. Please speak with the organisers.", moment=_at(ends))
    return None


def _at(moment: datetime) -> Moment:
    return Moment(moment, DEFAULT_ZONE)


def _noted(visit: Visit, found: Announcement, seat_id: int, region_code: str | None) -> Say:
    work, person = visit.work, visit.member
    row = {
        "announcement_id": found.id,
        "person_id": person.id,
        "seat_id": seat_id,
        "region_code": region_code,
        "at": visit.at,
    }
    work.session.execute(insert_ignoring(work.session, CheckIn).values(**row).on_conflict_do_nothing())
    follow_ups.called_back(work, found, person.id)
    work.audit("check_in", "announcement", found.id, region_code=region_code)
    said = _(
        "✅ You are checked in to “{subject}”: {time}.",
        subject=announcement_letters.title(found),
        time=Clock(visit.at, visit.zone),
    )
    return said if _invited(visit, found) else _("{said} You stand on the list as not invited.", said=said)


def _invited(visit: Visit, found: Announcement) -> bool:
    mine = exists().where(Reader.announcement_id == found.id, Reader.person_id == visit.member.id)
    return bool(visit.work.session.scalar(select(mine)))


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"ann-check-in": open_up, "ann-recode": renew}
