"""An announcement leaves: confirmed, approved, called off, sent in waves, paused, stopped; and its progress is told."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bot.buttons import row_number
from bot.flows import announcing as flow
from bot.flows.turns import Wish
from bot.services import announcement_letters, copies, faults, readers, schedule, second_person, series
from bot.services.announcement_letters import title
from bot.services.announcements import (
    audience,
    change,
    counted,
    draft,
    has_begun,
    locked,
    next_number,
    require_event,
    require_reach,
    require_words,
)
from bot.services.conversations import Begin, Grant, Reply
from bot.services.schedule import CALL_OFF
from bot.services.second_person import SECOND_PERSON, opening
from bot.services.visits import Visit
from bot.services.work import Work
from bot.words import Refusal, Say, _, _n, paragraphs
from db.models import Announcement, Reader
from db.vocabulary import AnnouncementState, Confirmation, ReaderState

# Design, section 9: the number by hand above so many readers.
BY_HAND = 100
_GOING = (AnnouncementState.SCHEDULED, AnnouncementState.SENDING, AnnouncementState.PAUSED)
SENT = (AnnouncementState.SENDING, AnnouncementState.PAUSED, AnnouncementState.DONE, AnnouncementState.STOPPED)
# Why a reader's copy does not leave any more.
_ENDED = {AnnouncementState.STOPPED: "stopped", AnnouncementState.RECALLED: "recalled"}
_BEGINS = _("It begins at the hour below; until then it can be called off.")
_CHANGED = _("It was changed meanwhile. Please look once more.")


# --- Confirming


def confirm(visit: Visit, subject: str, version: int) -> Reply | Begin:
    """Send it, or with many readers begin to type their number."""
    found = draft(visit, subject)
    if found.version != version:
        return Reply(toast=_CHANGED, then=f"announcement-check:{found.id}")
    _require_ready(visit, found)
    total, _lost = counted(visit.work, found)
    if total > BY_HAND:
        return Begin(flow.FLOW.name, flow.Counting(announcement_id=found.id, version=version, count=total))
    return Reply(note=_confirm(visit, found, total), then=f"announcement:{found.id}")


def send(visit: Visit, wish: flow.SendAnnouncement) -> Say:
    """Send it to as many as were counted. Raises `Refusal` if they are others by now."""
    found = draft(visit, wish.announcement_id)
    if found.version != wish.version:
        raise Refusal(_CHANGED)
    return _confirm(visit, found, wish.count)


def _require_ready(visit: Visit, found: Announcement) -> None:
    """Raises `Refusal` for what cannot leave as it is, whoever may read it."""
    require_words(found)
    require_event(found, found.local_at or found.starts_at or visit.work.now)
    require_reach(visit, audience(found))
    series.require(visit.work, found)
    if found.local_at is not None:
        schedule.require_zones(visit.work, audience(found))


def _confirm(visit: Visit, found: Announcement, count: int) -> Say:
    """Freeze the list and let it begin in thirty seconds, at its hour, or with a second person's word."""
    work = visit.work
    _require_ready(visit, found)
    frozen = readers.freeze(work, found)
    _require_count(frozen, count)
    series.begin(work, found)
    needs_second = frozen > SECOND_PERSON
    change(
        work,
        found,
        state=AnnouncementState.APPROVAL if needs_second else AnnouncementState.SCHEDULED,
        number=next_number(work),
        parts=announcement_letters.parts(found),
        confirmed_by_id=visit.member.id,
        confirmed_at=work.now,
        starts_at=_starts(work, found) or work.now + CALL_OFF,
    )
    work.audit("confirm_announcement", "announcement", found.id, after={"readers": frozen, "number": found.number})
    return second_person.ask(work, found, visit.member, frozen) if needs_second else _BEGINS


def _require_count(frozen: int, expected: int) -> None:
    """Raises `Refusal` where other readers are meant than were counted, or none at all."""
    if frozen != expected:
        raise Refusal(
            _n(
                "There is {count} reader by now. Please look once more.",
                "There are {count} readers by now. Please look once more.",
                frozen,
            )
        )
    if not frozen:
        raise Refusal(_("Nobody is meant. Please choose the audience."))


def _starts(work: Work, found: Announcement) -> datetime | None:
    """The first moment at which somebody gets it, if one was chosen. Raises `Refusal` where it makes no sense."""
    span = readers.first_and_last(work, found)
    first, last = span or (found.starts_at, found.starts_at)
    if first is not None and first <= work.now:
        raise Refusal(
            _("Its hour has passed for some of the readers. Please choose another one.")
            if span
            else _("Its hour has passed. Please choose another one.")
        )
    if found.valid_until is not None and found.valid_until <= (last or work.now):
        raise Refusal(_("Some readers would get it when it is no longer valid. Please change one of the two moments."))
    return first


def approve(visit: Visit, subject: str, version: int) -> Reply:
    """The second person's word: it begins, at its hour or in thirty seconds; both coordinators read when."""
    series.hold(visit.work.session, row_number(subject))
    found = locked(visit, subject)
    here = f"announcement:{found.id}"
    if found.state is not AnnouncementState.APPROVAL or found.version != version:
        return Reply(toast=_CHANGED, then=here)
    if found.confirmed_by_id == visit.member.id:
        raise Refusal(_("A second coordinator decides: whoever confirmed it cannot approve it too."))
    starts, leaves = second_person.starts(found, visit.work.now), second_person.outlook(found, visit.work.now)
    series.approve(visit.work.session, found, visit.work.now)
    change(
        visit.work,
        found,
        state=AnnouncementState.SCHEDULED,
        approved_by_id=visit.member.id,
        starts_at=starts,
        paused_why="",
    )
    visit.work.audit("approve_announcement", "announcement", found.id)
    visit.work.tell(
        found.author_id,
        paragraphs(
            _("✅ {name} has approved the announcement “{subject}”.", name=visit.member.name, subject=title(found)),
            leaves,
        ),
        key=f"approved:{found.id}:{found.version}",
        rows=((opening(found),),),
    )
    return Reply(note=_("Approved. {leaves}", leaves=leaves), then=here)


def call_off(visit: Visit, subject: str, version: int) -> Reply:
    """Before the first message: back to the draft, as if nothing had been confirmed. Its hour stays chosen."""
    series.hold(visit.work.session, row_number(subject))
    found = locked(visit, subject)
    here = f"announcement:{found.id}"
    if found.state not in (AnnouncementState.SCHEDULED, AnnouncementState.APPROVAL) or found.version != version:
        return Reply(toast=_("It has begun already. It can be paused or stopped."), then=here)
    readers.thaw(visit.work, found)
    visit.work.audit("call_off_announcement", "announcement", found.id)
    if series.call_off(visit.work, found):
        return Reply(toast=_("Called off. Nothing was sent."), then=here)
    change(
        visit.work,
        found,
        state=AnnouncementState.DRAFT,
        starts_at=_chosen_hour(found, visit.work.now),
        number=None,
        confirmed_by_id=None,
        approved_by_id=None,
        paused_why="",
    )
    return Reply(toast=_("Called off. Nothing was sent."), then=here)


def _chosen_hour(found: Announcement, now: datetime) -> datetime | None:
    """The one hour for all that was chosen, also if it passed while a second person was waited for: then another one
    has to be chosen before it can leave."""
    at, waits = found.starts_at, found.state is AnnouncementState.APPROVAL
    is_chosen = second_person.has_hour(found) if waits else at is not None and at > now + CALL_OFF
    return at if is_chosen and found.local_at is None else None


# --- On its way


def pause(visit: Visit, subject: str, _version: int) -> Reply:
    """Nothing more leaves until somebody resumes it."""
    found = locked(visit, subject)
    if found.state is AnnouncementState.SENDING:
        _pause(visit.work, found, "")
    return _told(found, AnnouncementState.PAUSED, _("Paused. Nothing more leaves."))


def _told(found: Announcement, wanted: AnnouncementState, words: Say) -> Reply:
    """Tell that it is as was wanted, if it is."""
    unchanged = _("Nothing changed: here is where the announcement stands.")
    return Reply(toast=words if found.state is wanted else unchanged, then=f"announcement:{found.id}")


def _pause(work: Work, found: Announcement, why: str) -> None:
    readers.hold(work, found)
    change(work, found, state=AnnouncementState.PAUSED, paused_why=why, streak=0)
    work.audit("pause_announcement", "announcement", found.id, reason=why)


def resume(visit: Visit, subject: str, _version: int) -> Reply:
    """Go on with a paused one; if its hour is still to come, it waits for it."""
    found = locked(visit, subject)
    if found.state is AnnouncementState.PAUSED:
        readers.release(visit.work, found)
        state = AnnouncementState.SCHEDULED if is_ahead(found, visit.work.now) else AnnouncementState.SENDING
        change(visit.work, found, state=state, paused_why="", streak=0)
        visit.work.audit("resume_announcement", "announcement", found.id)
    if found.state is AnnouncementState.SCHEDULED:
        return _told(found, AnnouncementState.SCHEDULED, _BEGINS)
    return _told(found, AnnouncementState.SENDING, _("It goes on."))


def is_ahead(announcement: Announcement, now: datetime) -> bool:
    """Whether the hour at which it begins is still to come."""
    return announcement.starts_at is not None and announcement.starts_at > now


def stop(visit: Visit, subject: str, _version: int) -> Reply:
    """What has not left never will; who has it keeps it."""
    found = locked(visit, subject)
    if found.state in (AnnouncementState.SENDING, AnnouncementState.PAUSED):
        readers.cancel(visit.work, found)
        change(visit.work, found, state=AnnouncementState.STOPPED, ended_at=visit.work.now)
        visit.work.audit("stop_announcement", "announcement", found.id)
    return _told(found, AnnouncementState.STOPPED, _("Stopped."))


def is_due(session: Session, now: datetime) -> bool:
    """Whether anything is on its way, or about to be, or carries an earlier wording."""
    begun = (Announcement.confirmation == Confirmation.ATTENDANCE) & (Announcement.event_at <= now)
    lapsed = (Announcement.valid_until <= now) | begun
    sending = (Announcement.state == AnnouncementState.SENDING) & (lapsed | readers.is_moving(now))
    paused = (Announcement.state == AnnouncementState.PAUSED) & (lapsed | readers.is_stirring())
    begins = (Announcement.state == AnnouncementState.SCHEDULED) & (Announcement.starts_at <= now)
    wanted = sending | paused | begins | copies.is_due() | _unsettled()
    return session.scalar(select(Announcement.id).where(wanted).limit(1)) is not None


def _unsettled() -> ColumnElement[bool]:
    """Stopped or recalled while something was under way."""
    under_way = exists().where(Reader.announcement_id == Announcement.id, Reader.state == ReaderState.QUEUED)
    return Announcement.state.in_(tuple(_ENDED)) & under_way


def run(work: Work) -> int:
    """The duty: begin what is due, write results down, send the next wave, end what is complete."""
    going = work.session.scalars(
        select(Announcement)
        .where(Announcement.state.in_(_GOING) | _unsettled())
        .order_by(Announcement.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return faults.each(work, "announcement", going, _advance) + copies.run(work)


def _advance(work: Work, announcement: Announcement) -> int:
    if announcement.state is AnnouncementState.SCHEDULED:
        if announcement.starts_at is None or announcement.starts_at > work.now:
            return 0
        change(work, announcement, state=AnnouncementState.SENDING)
    if announcement.state in _ENDED:
        return readers.cancel(work, announcement, _ENDED[announcement.state])
    settled = readers.harvest(work, announcement)
    if announcement.valid_until is not None and announcement.valid_until <= work.now:
        readers.cancel(work, announcement, "expired")
    elif has_begun(announcement, work.now):
        readers.cancel(work, announcement, "begun")
    elif announcement.state is AnnouncementState.PAUSED:
        readers.hold(work, announcement)
        return settled
    elif announcement.streak >= readers.SUSPICIOUS:
        _alarm(work, announcement)
        return settled + 1
    fed = readers.feed(work, announcement, work.programme.bulk_rate)
    if not fed and not readers.tally(work, announcement).waiting:
        _end(work, announcement)
    return settled + fed


def _alarm(work: Work, announcement: Announcement) -> None:
    _pause(work, announcement, readers.STRANGE)
    for person in {announcement.author_id, announcement.confirmed_by_id} - {None}:
        work.tell(
            person or announcement.author_id,
            _(
                "⚠️ The announcement “{subject}” was paused: of {count} readers in a row nobody knows whether they "
                "got it. Please look at what happened before it goes on.",
                subject=title(announcement),
                count=readers.SUSPICIOUS,
            ),
            key=f"paused:{announcement.id}:{announcement.version}:{person}",
            rows=((opening(announcement),),),
        )


def _end(work: Work, announcement: Announcement) -> None:
    counts = readers.tally(work, announcement)
    change(work, announcement, state=AnnouncementState.DONE, ended_at=work.now)
    work.audit("end_announcement", "announcement", announcement.id, after={"sent": counts.sent, "total": counts.total})
    work.tell(
        announcement.author_id,
        _(
            "📢 “{subject}” is with {sent} of {total} readers. Failed: {failed}. Uncertain: {in_doubt}.",
            subject=title(announcement),
            sent=counts.sent,
            total=counts.total,
            failed=counts.failed + counts.dropped,
            in_doubt=counts.in_doubt,
        ),
        key=f"ended:{announcement.id}:{announcement.version}",
        rows=((opening(announcement),),),
    )


GRANTS: Mapping[type[Wish], Grant] = {flow.SendAnnouncement: send}
DEEDS: Mapping[str, Callable[[Visit, str, int], Reply | Begin]] = {
    "ann-send": confirm,
    "ann-approve": approve,
    "ann-off": call_off,
    "ann-pause": pause,
    "ann-resume": resume,
    "ann-stop": stop,
}
