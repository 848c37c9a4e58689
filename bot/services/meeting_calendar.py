"""What a person may see of the schedule as a calendar file: meetings, and the deadlines of the own region."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.papers.calendar_file import MIME, Entry, calendar_file
from bot.program.regions import Region
from bot.services import meeting_words, meetings
from bot.services.conversations import Reply
from bot.services.deadlines import items_apart, stage_due
from bot.services.rights import Act, Place
from bot.services.visits import Visit
from bot.words import Refusal, _, _n
from db.models import Meeting
from db.vocabulary import Lane

# What is over is kept for so long, so that a calendar hears of late changes too.
PAST = timedelta(days=30)
AHEAD = timedelta(days=400)
# Somebody who sees hundreds of regions gets the earliest; more than that no phone takes in at once.
MOST = 500
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_ALL = "all"


def save(visit: Visit, subject: str, _version: int) -> Reply:
    """Send one meeting as a calendar file, or (`all`) everything of this person's own."""
    if subject == _ALL:
        now = visit.work.now
        found = meetings.between(visit, now - PAST, now + AHEAD, MOST)
        entries = [*(_meeting(visit, one) for one in found), *_deadlines(visit)]
        name = _slug("agenda pandu", visit.region.name if visit.region else "")
    else:
        meeting = meetings.by_id(visit, subject)
        entries = [_meeting(visit, meeting)]
        name = _slug(visit.plain(meeting_words.name(visit.work, meeting)), entries[0].start.strftime("%Y-%m-%d"))
    if not entries:
        raise Refusal(_("There is nothing to save yet."))
    _send(visit, subject, name, entries)
    return Reply(toast=_("The calendar file arrives below in a moment."))


def _send(visit: Visit, subject: str, name: str, entries: Sequence[Entry]) -> None:
    content = calendar_file(visit.work.programme.edition.name, entries)
    visit.work.tell(
        visit.member,
        _n(
            "📆 {count} date. Open the file to save it in your calendar; saved again, it replaces the old one.",
            "📆 {count} dates. Open the file to save them in your calendar; saved again, they replace the old ones.",
            len(entries),
        ),
        key=f"calendar:{subject}:{visit.work.cause}",
        lane=Lane.REPLY,
        method="sendDocument",
        paper=visit.work.paper(f"{name}.ics", MIME, content),
    )


def _meeting(visit: Visit, meeting: Meeting) -> Entry:
    work = visit.work
    outputs = [f"• {item.title}" for item in meetings.outputs(work, meeting)]
    return Entry(
        uid=f"meeting-{meeting.id}@{work.programme.bot_username}",
        sequence=meeting.version,
        stamp=meeting.changed_at,
        title=visit.plain(meeting_words.title(work, meeting)),
        start=meeting.starts_at,
        end=meeting.ends_at,
        place=meeting.place,
        link=meeting.link,
        text="\n".join(part for part in (meeting.cancelled_why, meeting.note, meeting.link, *outputs) if part),
        cancelled=meeting.cancelled_at is not None,
    )


def _deadlines(visit: Visit) -> Iterator[Entry]:
    """The stages of the own region, each on its last day."""
    region = visit.region
    if region is None or not visit.may(Act.SEE_REGION, Place(region.code)):
        return
    for stage in visit.work.programme.edition.milestones:
        yield _deadline(visit, region, stage.key, stage.title)


def _deadline(visit: Visit, region: Region, key: str, title: str) -> Entry:
    work = visit.work
    day = stage_due(work, region.code, key, visit.member.id).day
    apart = items_apart(work, region.code, key, visit.member.id)
    return Entry(
        uid=f"deadline-{work.edition_id}-{key}-{region.code}@{work.programme.bot_username}",
        # A deadline has no version of its own: whatever is sent later counts more.
        sequence=int((work.now - _BEGINNING).total_seconds() // 60),
        stamp=work.now,
        title=visit.plain(_("Deadline: {title} · {where}", title=title, where=region.name)),
        start=day,
        end=day + timedelta(days=1),
        text="\n".join(visit.plain(meeting_words.apart_line(*one)) for one in apart),
    )


def _slug(*parts: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", " ".join(parts).casefold()))[:80] or "agenda"


DEEDS: Mapping[str, Callable[[Visit, str, int], Reply]] = {"calendar": save}
