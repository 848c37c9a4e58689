"""A second coordinator's word on what goes to many, and when it leaves with it."""

from datetime import datetime

from bot.buttons import Button, look
from bot.services import schedule
from bot.services.announcement_letters import title
from bot.services.announcements import require_current
from bot.services.holders import holders
from bot.services.schedule import CALL_OFF
from bot.services.work import Work
from bot.words import Say, Words, _, _n, _p
from db.models import Announcement, Person
from db.vocabulary import Role

# Design, section 9: above so many readers.
SECOND_PERSON = 200


def opening(announcement: Announcement) -> Button:
    """Opens an announcement for a coordinator from any message."""
    return look(_p("button", "📢 Open it"), "announcement", announcement.id)


def coordinators(work: Work) -> list[Person]:
    """The coordinators of the whole programme."""
    return holders(work, (Role.COORDINATOR,), None)


def ask(work: Work, found: Announcement, by: Person, count: int) -> Words:
    """Ask all coordinators but the one who confirmed it. Returns what to tell that one."""
    others = [one for one in coordinators(work) if one.id != by.id]
    for other in others:
        key = f"approval:{found.id}:{found.version}:{other.id}"
        work.tell(other, _asked(found, by, count), key=key, rows=((opening(found),),))
    if not others:
        return _(
            "More than {count} readers need a second coordinator. There is none: the operator can confirm it.",
            count=SECOND_PERSON,
        )
    return _("More than {count} readers need a second coordinator. They have been told.", count=SECOND_PERSON)


def _asked(found: Announcement, by: Person, count: int) -> Say:
    return _n(
        "📢 {name} wants to announce “{subject}” to {count} person. A second coordinator decides.",
        "📢 {name} wants to announce “{subject}” to {count} persons. A second coordinator decides.",
        count,
        name=by.name,
        subject=title(found),
    )


def starts(found: Announcement, now: datetime) -> datetime:
    """When it begins with a second person's word. Raises `Refusal` where that is too late."""
    at = max(found.starts_at or now, now + CALL_OFF)
    require_current(found, at)
    return at


def has_hour(found: Announcement) -> bool:
    """Whether an hour was chosen for one that waits: what begins sooner than it can be called off begins because it was
    confirmed."""
    at, confirmed = found.starts_at, found.confirmed_at
    return at is not None and confirmed is not None and at > confirmed + CALL_OFF


def outlook(found: Announcement, now: datetime) -> Say:
    """When one that waits leaves, if it is approved now."""
    at = found.starts_at or now
    if at > now + CALL_OFF:
        return _("It leaves on {moment}.", moment=schedule.words(found) or "")
    if at <= now and has_hour(found):
        return _(
            "⚠️ The hour chosen for it has passed ({moment}): whoever should have it by now gets it in 30 seconds. For "
            "another hour please call it off first.",
            moment=schedule.words(found) or "",
        )
    return _("It begins in 30 seconds; until then it can be called off.")
