"""A second coordinator's word on what goes to many."""

from bot.buttons import Button, look
from bot.services.announcement_letters import title
from bot.services.holders import holders
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
