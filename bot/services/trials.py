"""A draft tried out, on oneself or in one pilot region: marked as a trial, noted and counted nowhere."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select

from bot.services import announcement_letters
from bot.services.announcements import draft, require_words
from bot.services.conversations import Reply
from bot.services.holders import holders
from bot.services.rights import Act, Forbidden, Place
from bot.services.visits import Visit
from bot.words import Refusal, _, _n
from db.models import Announcement, OutboxMessage
from db.vocabulary import REGION_ROLES, Lane


def on_me(visit: Visit, subject: str, _version: int) -> Reply:
    """Send it to oneself, exactly as it will look."""
    found = draft(visit, subject)
    require_words(found)
    mark = _("🧪 <i>A trial: only you see it, and it counts nowhere.</i>")
    announcement_letters.tell_trial(visit.work, found, visit.member.id, mark, visit.work.cause, Lane.REPLY)
    return Reply(toast=_("The trial is on its way to you."), then=f"announcement:{found.id}", below=True)


def in_region(visit: Visit, subject: str, version: int) -> Reply:
    """Send it to the people of one region (`12-12.76`), once in each wording however often this is pressed."""
    number, _dash, code = subject.partition("-")
    found = draft(visit, number)
    region = visit.work.programme.regions.by_code.get(code)
    visit.require(Act.ANNOUNCE, Place(code))
    if region is None:
        raise Forbidden(Act.ANNOUNCE, Place(code))
    require_words(found)
    here, tag = f"announcement:{found.id}", f"{found.version}:{code}"
    if found.version != version or _was_tried(visit, found, tag):
        return Reply(toast=_("This was tried in {region} already.", region=region.name), then=here)
    people = _people_of(visit, code)
    if not people:
        raise Refusal(_("Nobody of {region} can be reached.", region=region.name))
    mark = _("🧪 <i>A trial in {region}: please only look at it. It counts nowhere.</i>", region=region.name)
    for person_id in people:
        announcement_letters.tell_trial(visit.work, found, person_id, mark, tag, Lane.BULK)
    visit.work.audit("try_announcement", "announcement", found.id, region_code=code, after={"people": len(people)})
    told = _n("The trial goes to {count} person.", "The trial goes to {count} persons.", len(people))
    return Reply(toast=told, then=here)


def _was_tried(visit: Visit, found: Announcement, tag: str) -> bool:
    begins = f"trial:{found.id}:{tag}:"
    sent = select(OutboxMessage.id).where(OutboxMessage.unique_key.startswith(begins, autoescape=True))
    return visit.work.session.scalar(sent.limit(1)) is not None


def _people_of(visit: Visit, code: str) -> Sequence[int]:
    team = holders(visit.work, REGION_ROLES, code)
    return [one.id for one in team if one.telegram_id is not None and one.unreachable_at is None]


def tried(_visit: Visit, _subject: str, _version: int) -> Reply:
    """A press below a trial."""
    return Reply(toast=_("This was a trial: nothing is noted."), still=True)


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {
    "ann-trial": on_me,
    "ann-pilot": in_region,
    "ann-tried": tried,
}
