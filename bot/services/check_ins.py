"""Who was at a session: a code on its wall, scanned or typed within its hours by whoever has a seat in its reach."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from bot.papers.check_in_picture import CheckInSheet, check_in_picture
from bot.services import audiences, follow_ups, gatherings, guessing, invite_codes, meetings, rights
from bot.services.announcements import audience, locked
from bot.services.conversations import Reply
from bot.services.gatherings import Gathering
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Clock, Moment, Refusal, Say, _
from db.inbox import insert_ignoring
from db.models import Announcement, CheckIn, Meeting, Reader
from db.vocabulary import Lane, Policy

LENGTH = 6
OPENS = timedelta(minutes=60)
LINK = "https://t.me/{username}?start=c_{code}"
_TYPED = re.compile(r"\s*([A-Za-z0-9]{3})[\s-]?([A-Za-z0-9]{3})\s*")
_NOT_VALID = _("This check-in code is not valid. Please look once more at the code on the screen.")


# --- The side of whoever holds the session


def open_up(visit: Visit, subject: str, _version: int) -> Reply:
    """Send whoever holds a session (`meeting-12`) the picture with its code, made when it is first asked for."""
    found = _held(visit, subject)
    if found.row.check_in_code is None:
        _give_code(visit, found)
    return _shown(visit, found)


def renew(visit: Visit, subject: str, version: int) -> Reply:
    """Another code in place of the present one, which is not valid any more. A press on an old page changes nothing."""
    found = _held(visit, subject)
    if found.row.check_in_code is None or found.stamp != version:
        return Reply(toast=meetings.CHANGED, then=found.page)
    _give_code(visit, found)
    return _shown(visit, found)


def _held(visit: Visit, subject: str) -> Gathering:
    """A session whose check-in this person may open. Raises `Refusal` for what has none any more or yet."""
    kind, _dash, number = subject.partition("-")
    if kind == "meeting":
        return _meeting(visit, number)
    found = locked(visit, number)
    if not gatherings.stands(found):
        raise Refusal(_("Only an invitation that was sent has a check-in."))
    return gatherings.of_announcement(found)


def _meeting(visit: Visit, number: str) -> Gathering:
    found = meetings.locked(visit, number)
    if found.cancelled_at is not None:
        raise Refusal(_("It is over, or does not take place."))
    return gatherings.of_meeting(visit.work, found)


def _give_code(visit: Visit, found: Gathering) -> None:
    code = invite_codes.new_code(LENGTH)
    while gatherings.with_code(visit.work, code) is not None:
        code = invite_codes.new_code(LENGTH)
    found.row.check_in_code = code
    visit.work.session.flush()
    visit.work.audit("open_check_in", found.subject, found.row.id)


def _shown(visit: Visit, found: Gathering) -> Reply:
    work, code = visit.work, found.row.check_in_code or ""
    content = check_in_picture(_sheet(visit, found, code))
    work.tell(
        visit.member,
        _("🎟 Please show this picture at the session: it opens 60 minutes before and closes with the session."),
        key=f"check-in:{found.subject}:{found.row.id}:{code}:{work.cause}",
        lane=Lane.REPLY,
        policy=Policy.AT_LEAST_ONCE,
        method="sendPhoto",
        paper=work.paper(f"daftar-hadir-{code}.png", "image/png", content),
    )
    return Reply(toast=_("The picture arrives below."), then=found.page)


def _sheet(visit: Visit, found: Gathering, code: str) -> CheckInSheet:
    username = visit.work.programme.bot_username
    return CheckInSheet(
        heading=visit.plain(_("ATTENDANCE")),
        title=visit.plain(found.title),
        when=visit.plain(found.when),
        place=found.place,
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
    if not invite_codes.is_mixed(code) or not set(code) <= set(invite_codes.ALPHABET):
        return None
    return with_code(visit, code) if gatherings.any_open(visit.work) else None


def with_code(visit: Visit, code: str) -> Reply:
    """Check in with the code of a session; the moment that counts is Telegram's of the message. Twice is once."""
    if not any(seat.suspended_at is None for seat in visit.seats):
        return Reply(note=_STRANGER, then="welcome")
    if waiting := guessing.silence(visit):
        return Reply(note=waiting, then="home")
    found = gatherings.with_code(visit.work, invite_codes.normal(code))
    if found is None:
        guessing.count(visit)
        return Reply(note=_NOT_VALID, then="home")
    return Reply(note=_check_in(visit, found), then="home")


_STRANGER = _(
    "This code checks members of the programme in. Please come in with your invitation first, then try again."
)


def _check_in(visit: Visit, found: Gathering) -> Say:
    if before := _earlier(visit, found):
        return _("You are checked in already, since {time}.", time=Clock(before, visit.zone))
    seat = _seat(visit, found)
    if seat is None:
        return _(
            "The session “{subject}” is for other regions. If you belong there, please tell the organisers.",
            subject=found.title,
        )
    if outside := _outside(visit, found):
        return outside
    return _noted(visit, found, *seat)


def _earlier(visit: Visit, found: Gathering) -> datetime | None:
    return visit.work.session.scalar(select(CheckIn.at).where(found.has(), CheckIn.person_id == visit.member.id))


def _seat(visit: Visit, found: Gathering) -> tuple[int, str | None] | None:
    """The seat with which somebody is there, and its region."""
    match found.row:
        case Announcement():
            return _invited_seat(visit, found.row)
        case Meeting(region_code=code):
            here = (seat for seat in visit.seats if rights.may(seat, Act.SEE_AGENDA, Place(code)))
            return next(((seat.id, seat.region_code) for seat in here), None)


def _invited_seat(visit: Visit, found: Announcement) -> tuple[int, str | None] | None:
    """The invited one, else one within the audience's places."""
    mine = (Reader.announcement_id == found.id) & (Reader.person_id == visit.member.id)
    invited = visit.work.session.execute(select(Reader.seat_id, Reader.region_code).where(mine)).first()
    if invited is not None:
        return invited.seat_id, invited.region_code
    meant = audiences.people(visit.work, audiences.places_of(audience(found))).subquery()
    holder, seat, region = meant.c
    row = visit.work.session.execute(select(seat, region).where(holder == visit.member.id)).first()
    return (row[0], row[1]) if row else None


def _outside(visit: Visit, found: Gathering) -> Say | None:
    """Why the moment is not one to check in; None within the hours of the session."""
    if found.begins is None or found.ends is None:
        return _NOT_VALID
    if visit.at < found.begins - OPENS:
        opens = Moment(found.begins - OPENS, found.zone)
        return _("Check-in opens on {moment}. Please scan or send it again then.", moment=opens)
    if found.is_over(visit.at):
        closed = Moment(found.ends, found.zone)
        return _("Check-in closed on {moment}. Please speak with the organisers.", moment=closed)
    return None


def _noted(visit: Visit, found: Gathering, seat_id: int, region_code: str | None) -> Say:
    work, person = visit.work, visit.member
    row = {"person_id": person.id, "seat_id": seat_id, "region_code": region_code, "at": visit.at, **found.column}
    work.session.execute(insert_ignoring(work.session, CheckIn).values(**row).on_conflict_do_nothing())
    work.audit("check_in", found.subject, found.row.id, region_code=region_code)
    said = _("✅ You are checked in to “{subject}”: {time}.", subject=found.title, time=Clock(visit.at, visit.zone))
    if isinstance(found.row, Meeting):
        return said
    follow_ups.called_back(work, found.row, person.id)
    return said if _is_invited(visit, found.row) else _("{said} You stand on the list as not invited.", said=said)


def _is_invited(visit: Visit, found: Announcement) -> bool:
    mine = exists().where(Reader.announcement_id == found.id, Reader.person_id == visit.member.id)
    return bool(visit.work.session.scalar(select(mine)))


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"check-in": open_up, "check-in-anew": renew}
