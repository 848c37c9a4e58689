"""An announcement that was confirmed: where it stands, and what can be done with it."""

from datetime import timedelta

from bot.buttons import Button, Row, do, look
from bot.screens.announcement_list import STATES, trail
from bot.screens.recalling import standing
from bot.screens.screen import Screen
from bot.services import announcement_letters, copies, reader_lists, readers, schedule, second_person, unreachable
from bot.services.announcements import has_begun
from bot.services.announcing import SENT, is_ahead
from bot.services.recalling import is_possible
from bot.services.visits import DEFAULT_ZONE, Visit
from bot.words import Moment, Plain, Say, _, _n, _p, lines, paragraphs
from db.models import Announcement
from db.vocabulary import AnnouncementState, Confirmation

_BAR = 12
_GOING_ON = (AnnouncementState.SENDING, AnnouncementState.PAUSED, AnnouncementState.DONE)
_REGIONS = 8


def progress(visit: Visit, found: Announcement) -> Screen:
    """How far it has come, who has said what, when it is ready, and what can be done with it."""
    counts = readers.tally(visit.work, found)
    symbol, state = STATES.get(found.state, ("🗑", _("put away")))
    text = paragraphs(
        _(
            "{symbol} <b>Announcement {number}: {subject}</b>\n{state}",
            symbol=symbol,
            number=str(found.number or ""),
            subject=announcement_letters.title(found),
            state=state,
        ),
        _far(visit, found, counts),
        _counts(counts),
        _beyond_change(found, counts),
        _confirmed(found, counts),
        _followed(visit, found),
        _by_region(visit, found),
        _timing(found, counts, visit),
    )
    return Screen(text, _progress_rows(visit, found, counts), trail(found), "announcements")


def _far(visit: Visit, found: Announcement, counts: readers.Tally) -> Say | None:
    """How far sending it has come, or taking it back; nothing before it begins, and where it was stopped."""
    if found.state is AnnouncementState.RECALLED:
        return standing(visit, found)
    return _bar(counts) if found.state in _GOING_ON else None


def _bar(counts: readers.Tally) -> Say:
    share = counts.settled / counts.total if counts.total else 0
    full = round(_BAR * share)
    return _("{bar} {percent}%", bar=Plain("▓" * full + "░" * (_BAR - full)), percent=round(100 * share))


def _counts(counts: readers.Tally) -> Say:
    return lines(
        _n("👥 {count} reader", "👥 {count} readers", counts.total),
        _("✅ sent: {count}", count=counts.sent),
        _("⏳ waiting: {count}", count=counts.waiting) if counts.waiting else None,
        _("⚠️ failed: {count}", count=counts.failed) if counts.failed else None,
        _("❔ uncertain: {count}", count=counts.in_doubt) if counts.in_doubt else None,
        _("⛔ not sent any more: {count}", count=counts.dropped) if counts.dropped else None,
    )


def _beyond_change(found: Announcement, counts: readers.Tally) -> Say | None:
    """Telegram has told us no number of an uncertain copy, so nothing can be changed about it."""
    if not counts.in_doubt or not found.corrections:
        return None
    return _n(
        "❔ {count} uncertain copy can be neither corrected nor recalled; the button below names its reader.",
        "❔ {count} uncertain copies can be neither corrected nor recalled; the button below names their readers.",
        counts.in_doubt,
    )


def _confirmed(found: Announcement, counts: readers.Tally) -> Say | None:
    match found.confirmation:
        case Confirmation.READ:
            return _("👁 Confirmed as read: {count}", count=counts.confirmed)
        case Confirmation.ATTENDANCE:
            return _("🙋 Answered: {count}", count=counts.confirmed)
        case _:
            return None


def _followed(visit: Visit, found: Announcement) -> Say | None:
    count = reader_lists.count(visit.work, found, "followed")
    return _("🔔 Reminded: {count}", count=count) if count else follows(found)


def follows(found: Announcement) -> Say | None:
    """When whoever has not confirmed is reminded; nothing where nobody is."""
    if not found.follow_days or found.confirmation is Confirmation.NONE:
        return None
    return _n(
        "🔔 Whoever has not confirmed is reminded once, {count} working day after it was sent.",
        "🔔 Whoever has not confirmed is reminded once, {count} working days after it was sent.",
        found.follow_days,
    )


def _by_region(visit: Visit, found: Announcement) -> Say | None:
    """The regions with the most readers who have not said a word; every region stands in the list of readers."""
    if found.state is AnnouncementState.SCHEDULED or not _is_awaited(found):
        return None
    silent = reader_lists.silent_by_region(visit.work, found, _REGIONS)
    names = visit.work.programme.regions.by_code
    told = [
        _("• {region}: {silent} of {total}", region=names[code].name, silent=count, total=total)
        for code, count, total in silent
    ]
    invited = found.confirmation is Confirmation.ATTENDANCE
    heading = _("🔕 No answer yet, by region:") if invited else _("🔕 Not confirmed yet, by region:")
    return lines(heading, *told) if told else None


def _is_awaited(found: Announcement) -> bool:
    """Whether a reader's word is still asked: of one that was recalled none is."""
    return found.confirmation is not Confirmation.NONE and found.state is not AnnouncementState.RECALLED


def _timing(found: Announcement, counts: readers.Tally, visit: Visit) -> Say | None:
    match found.state:
        case AnnouncementState.SCHEDULED if when := schedule.words(found):
            return _("It leaves on {moment}.", moment=when)
        case AnnouncementState.SENDING if counts.waiting:
            ends = readers.ready_at(visit.work, found, counts)
            return lines(
                _("Ready at about {moment}.", moment=Moment(ends, DEFAULT_ZONE)),
                _pace(reader_lists.sent_within(visit.work, found, timedelta(minutes=1)), counts),
            )
        case AnnouncementState.APPROVAL:
            return paragraphs(_restored(found), _approved(visit, found))
        case AnnouncementState.PAUSED if found.paused_why == readers.RESTORED and is_ahead(found, visit.work.now):
            return _(
                "Paused after a restore. Once it goes on, it leaves on {moment}.", moment=schedule.words(found) or ""
            )
        case AnnouncementState.PAUSED if found.paused_why == readers.RESTORED:
            return _("Paused after a restore: please look at who may have it by now before it goes on.")
        case AnnouncementState.PAUSED if found.paused_why == readers.STRANGE:
            count = readers.SUSPICIOUS
            return _("Paused by itself: of {count} readers in a row nobody knows whether they got it.", count=count)
        case _:
            return None


def _restored(found: Announcement) -> Say | None:
    """What whoever would approve it after a restore has to know."""
    if found.paused_why != readers.RESTORED:
        return None
    return _(
        "⚠️ This comes from a backup: it may have been approved and sent since. Please ask some of the readers "
        "before it is approved."
    )


def _approved(visit: Visit, found: Announcement) -> Say:
    return lines(_("With the word of a second coordinator:"), second_person.outlook(found, visit.work.now))


def _pace(count: int, counts: readers.Tally) -> Say | None:
    """Nothing is said while only later hours are waited for."""
    if not count and not counts.queued:
        return None
    return _n("🚀 {count} was sent in the last minute.", "🚀 {count} were sent in the last minute.", count)


def _progress_rows(visit: Visit, found: Announcement, counts: readers.Tally) -> tuple[Row, ...]:
    refresh = (look(_p("button", "🔄 Refresh"), "announcement", found.id),)
    attends = found.confirmation is Confirmation.ATTENDANCE
    attendance = ((look(_p("button", "🙋 Attendance"), "ann-attendance", found.id),),) if attends else ()
    results = (
        look(_p("button", "🗺 By place"), "ann-places", found.id),
        do(_p("button", "📊 Report (Excel)"), "export", f"announcement-{found.id}"),
    )
    lists = tuple((button,) for button in (*_lists(visit, found, counts), *_kept(visit, found), *_lost(visit, found)))
    series = ((look(_p("button", "🔁 The series"), "ann-series", found.series_id),),) if found.series_id else ()
    return (_acts(found), refresh, *attendance, *series, *lists, results, *_after(visit, found, counts))


def _after(visit: Visit, found: Announcement, counts: readers.Tally) -> tuple[Row, ...]:
    """What can be done with one that has left."""
    if found.state not in SENT or not (counts.sent or counts.in_doubt):
        return ()
    correct = do(_p("button", "✏️ Correct it"), "ann-correct", found.id)
    share = do(_p("button", "📤 For WhatsApp"), "ann-forward", found.id)
    recall = look(_p("button", "↩️ Recall"), "ann-recalling", found.id)
    return (
        (correct, share),
        *_moves(visit, found),
        *_again(visit, found, counts),
        *(((recall,),) if is_possible(visit.work, found) else ()),
    )


def _moves(visit: Visit, found: Announcement) -> tuple[Row, ...]:
    """The session of an invitation can be moved until it begins."""
    if found.confirmation is not Confirmation.ATTENDANCE or has_begun(found, visit.work.now):
        return ()
    time = do(_p("button", "🕘 Session time"), "ann-move", f"{found.id}-event")
    return ((time, do(_p("button", "📍 Session place"), "ann-move", f"{found.id}-place")),)


def _again(visit: Visit, found: Announcement, counts: readers.Tally) -> tuple[Row, ...]:
    """A second word to whoever gave none. An invitation is answered in one place, so it is only reminded of."""
    if counts.confirmed >= counts.sent or found.state is not AnnouncementState.DONE:
        return ()
    match found.confirmation:
        case Confirmation.READ:
            return ((do(_p("button", "🔁 To the unconfirmed"), "ann-follow", found.id),),)
        case Confirmation.ATTENDANCE if not has_begun(found, visit.work.now):
            return ((do(_p("button", "🔔 Remind now"), "ann-remind-now", found.id),),)
        case _:
            return ()


def _lost(visit: Visit, found: Announcement) -> tuple[Button, ...]:
    """Readers whose chat takes nothing by now, with their numbers."""
    count = len(unreachable.people(visit, found))
    label = _p("button", "📵 Unreachable ({count})", count=count)
    return (look(label, "unreachable", found.id),) if count else ()


def _kept(visit: Visit, found: Announcement) -> tuple[Button, ...]:
    """Those whose copy could not be taken back."""
    count = copies.recall(visit.work, found).kept if found.state is AnnouncementState.RECALLED else 0
    label = _p("button", "⚠️ Not recalled ({count})", count=count)
    return (look(label, "ann-people", found.id, "kept"),) if count else ()


def _acts(found: Announcement) -> Row:
    def act(label: Say, deed: str) -> Button:
        return do(label, deed, found.id, found.version)

    stop = look(_p("button", "⛔ Stop"), "ann-stopping", found.id)
    match found.state:
        case AnnouncementState.APPROVAL:
            return (act(_p("button", "✅ Approve"), "ann-approve"), act(_p("button", "↩️ Call off"), "ann-off"))
        case AnnouncementState.SCHEDULED:
            return (act(_p("button", "↩️ Call off"), "ann-off"),)
        case AnnouncementState.SENDING:
            return (act(_p("button", "⏸ Pause"), "ann-pause"), stop)
        case AnnouncementState.PAUSED:
            return (act(_p("button", "▶ Go on"), "ann-resume"), stop)
        case _:
            return ()


def _lists(visit: Visit, found: Announcement, counts: readers.Tally) -> list[Button]:
    shown: list[Button] = []
    if counts.in_doubt:
        shown.append(
            look(_p("button", "❔ Uncertain ({count})", count=counts.in_doubt), "ann-people", found.id, "in_doubt")
        )
    if counts.failed:
        shown.append(look(_p("button", "⚠️ Failed ({count})", count=counts.failed), "ann-people", found.id, "failed"))
    silent = counts.sent - counts.confirmed
    if _is_awaited(found) and silent > 0:
        shown.append(look(_silent(found, silent), "ann-people", found.id, "silent"))
    if followed := reader_lists.count(visit.work, found, "followed"):
        shown.append(look(_p("button", "🔔 Reminded ({count})", count=followed), "ann-people", found.id, "followed"))
    shown.append(look(_p("button", "👥 All readers"), "ann-people", found.id, "all"))
    return shown


def _silent(found: Announcement, count: int) -> Say:
    if found.confirmation is Confirmation.ATTENDANCE:
        return _p("button", "🔕 No answer ({count})", count=count)
    return _p("button", "🔕 Not confirmed ({count})", count=count)
